from __future__ import annotations

from django.urls import path, re_path

from toms.proxies import views

app_name = "proxies"
urlpatterns = [
    path("differences/", views.Differences.as_view(), name="differences"),
    re_path(
        r"^differences/export\.(?P<form>csv|xlsx)$",
        views.DifferencesExport.as_view(),
        name="differences_export",
    ),
]
