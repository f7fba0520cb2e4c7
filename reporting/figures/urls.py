from __future__ import annotations

from django.urls import path

from reporting.figures import views

app_name = "figures"
urlpatterns = [
    path("", views.Glossary.as_view(), name="glossary"),
]
