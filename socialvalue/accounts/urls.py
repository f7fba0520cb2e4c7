from __future__ import annotations

from django.urls import path

from socialvalue.accounts import views

app_name = "accounts"
urlpatterns = [
    path("switch/", views.SwitchOrganisation.as_view(), name="switch"),
]
