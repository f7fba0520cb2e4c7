from __future__ import annotations

from django.urls import path

from procurement.action_plans import views

app_name = "action_plans"
urlpatterns = [
    path("", views.Plan.as_view(), name="plan"),
    path("start/", views.Start.as_view(), name="start"),
    path("agree/", views.Agree.as_view(), name="agree"),
    path("<int:commitment_pk>/", views.Edit.as_view(), name="edit"),
]
