from __future__ import annotations

from django.urls import path

from procurement.downloads import views

app_name = "downloads"
urlpatterns = [
    path("", views.Files.as_view(), name="files"),
    path("<int:pk>/", views.File.as_view(), name="file"),
    path("<int:pk>/file/", views.Kept.as_view(), name="kept"),
]
