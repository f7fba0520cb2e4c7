from __future__ import annotations

from django.urls import path, re_path

from toms.frameworks import views

app_name = "frameworks"
urlpatterns = [
    path("", views.Catalogue.as_view(), name="catalogue"),
    re_path(r"^export\.(?P<form>csv|xlsx)$", views.CatalogueExport.as_view(), name="export"),
]
