from __future__ import annotations

from django.urls import path, re_path

from reporting.showcase.views import deciding, stories

app_name = "showcase"
urlpatterns = [
    path("", stories.Stories.as_view(), name="list"),
    re_path(r"^export\.(?P<form>csv|xlsx)$", stories.Export.as_view(), name="export"),
    path("new/", stories.Start.as_view(), name="new"),
    path("<int:pk>/", stories.StoryRecord.as_view(), name="story"),
    path("<int:pk>/words/", stories.Change.as_view(), name="change"),
    path("<int:pk>/photo/", stories.Photo.as_view(), name="add_photo"),
    path("<int:pk>/photo/remove/", stories.RemovePhoto.as_view(), name="remove_photo"),
    path("<int:pk>/photo/file/", stories.PhotoBytes.as_view(), name="photo"),
    path("<int:pk>/send/", deciding.Send.as_view(), name="send"),
    path("<int:pk>/take-back/", deciding.TakeBack.as_view(), name="take_back"),
    path("<int:pk>/publish/", deciding.Publish.as_view(), name="publish"),
    path("<int:pk>/return/", deciding.Return.as_view(), name="return"),
    path("<int:pk>/withdraw/", deciding.Withdraw.as_view(), name="withdraw"),
    path("<int:pk>/open-again/", deciding.Reopen.as_view(), name="reopen"),
]
