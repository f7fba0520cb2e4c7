from __future__ import annotations

from django.urls import path

from reporting.rollups import views

app_name = "rollups"
urlpatterns = [
    path("", views.Runs.as_view(), name="runs"),
    path("restart/", views.Restart.as_view(), name="restart"),
]
