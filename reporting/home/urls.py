from __future__ import annotations

from django.urls import path

from reporting.home import views

app_name = "home"
urlpatterns = [
    path("", views.Landing.as_view(), name="landing"),
]
