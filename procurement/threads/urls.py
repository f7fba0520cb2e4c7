from __future__ import annotations

from django.urls import path

from procurement.threads import views

app_name = "threads"
urlpatterns = [path("", views.ProcurementThread.as_view(), name="procurement")]
