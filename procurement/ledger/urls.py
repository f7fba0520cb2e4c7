from __future__ import annotations

from django.urls import path, re_path

from procurement.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.Entries.as_view(), name="entries"),
    path("second-opinion/", views.SecondOpinion.as_view(), name="second_opinion"),
    re_path(
        r"^second-opinion\.(?P<form>csv|xlsx)$",
        views.SecondOpinionExport.as_view(),
        name="second_opinion_export",
    ),
    path("entries/make/", views.AskEntries.as_view(), name="make"),
    re_path(r"^entries\.(?P<form>csv|xlsx)$", views.Export.as_view(), name="export"),
]
