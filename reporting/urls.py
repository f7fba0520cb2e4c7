"""Gathers the rooms' addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "reporting"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("reporting.home.urls")),
    path("", include("reporting.dashboards.urls")),
    path("figures/", include("reporting.figures.urls")),
    path("reports/stories/", include("reporting.showcase.urls")),
    path("reports/", include("reporting.cabinet.urls")),
    path("", include("reporting.open_data.urls")),
    path("rollups/", include("reporting.rollups.urls")),
]
