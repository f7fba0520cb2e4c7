from __future__ import annotations

from django.urls import path

from toms.priorities import views

app_name = "priorities"
urlpatterns = [
    path("<slug:edition_slug>/<str:code>/", views.MeasurePage.as_view(), name="measure"),
]
