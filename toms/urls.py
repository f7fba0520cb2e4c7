"""Gathers the rooms' addresses."""

from __future__ import annotations

from django.urls import include, path

app_name = "toms"
urlpatterns = [
    path("", include("toms.frameworks.urls")),
    path("", include("toms.proxies.urls")),
    path("", include("toms.imports.urls")),
    path("", include("toms.priorities.urls")),
]
