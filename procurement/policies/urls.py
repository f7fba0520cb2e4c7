from __future__ import annotations

from django.urls import path, re_path

from procurement.policies import views

app_name = "policies"
urlpatterns = [
    path("", views.CurrentPolicy.as_view(), name="current"),
    path("thresholds/", views.Thresholds.as_view(), name="thresholds"),
    re_path(
        r"^thresholds\.(?P<form>csv|xlsx)$",
        views.ThresholdsExport.as_view(),
        name="thresholds_export",
    ),
    path("<slug:policy_slug>/<int:number>/", views.PolicyVersionPage.as_view(), name="version"),
]
