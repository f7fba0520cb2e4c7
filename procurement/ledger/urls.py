from __future__ import annotations

from django.urls import path, re_path

from procurement.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.Entries.as_view(), name="entries"),
    re_path(r"^entries\.(?P<form>csv|xlsx)$", views.Export.as_view(), name="export"),
]
