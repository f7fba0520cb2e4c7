from __future__ import annotations

from django.urls import path, re_path

from reporting.open_data import views

FILE = r"(?P<table>[a-z]+)\.(?P<form>csv|xlsx|json)$"
CHOICE = r"^publishing/(?P<owner>authority|region)/(?P<own_slug>[-\w]+)/"

app_name = "open_data"
urlpatterns = [
    path("open/", views.Index.as_view(), name="index"),
    path("open/<slug:slug>/", views.PublicPage.as_view(), name="page"),
    re_path(rf"^open/(?P<slug>[-\w]+)/{FILE}", views.PublicFile.as_view(), name="file"),
    path("open/<slug:slug>/stories/<slug:story>/", views.PublicStory.as_view(), name="story"),
    path("publishing/", views.Choices.as_view(), name="choices"),
    re_path(rf"{CHOICE}$", views.Choose.as_view(), name="choose"),
    re_path(rf"{CHOICE}stop/$", views.Stop.as_view(), name="stop"),
    re_path(rf"{CHOICE}preview/$", views.Preview.as_view(), name="preview"),
    re_path(rf"{CHOICE}preview/{FILE}", views.PreviewFile.as_view(), name="preview_file"),
    re_path(
        rf"{CHOICE}preview/stories/(?P<story>[-\w]+)/$",
        views.PreviewStory.as_view(),
        name="preview_story",
    ),
]
