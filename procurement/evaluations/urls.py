from __future__ import annotations

from django.urls import path

from procurement.evaluations import views

app_name = "evaluations"
urlpatterns = [
    path("", views.Board.as_view(), name="board"),
    path("open/", views.Open.as_view(), name="open"),
    path("bids/<int:bid_pk>/", views.MarkBid.as_view(), name="bid"),
    path("rank/", views.Rank.as_view(), name="rank"),
    path("reopen/", views.Reopen.as_view(), name="reopen"),
]
