from __future__ import annotations

from django.urls import path, re_path

from toms.proxies import views

app_name = "proxies"
urlpatterns = [
    path("differences/", views.Differences.as_view(), name="differences"),
    re_path(
        r"^differences/export\.(?P<form>csv|xlsx)$",
        views.DifferencesExport.as_view(),
        name="differences_export",
    ),
    path("own/", views.OwnMeasures.as_view(), name="own"),
    path("own/start/", views.OwnStart.as_view(), name="own_start"),
    path("own/<slug:slug>/", views.OwnVersionPage.as_view(), name="own_version"),
    path("own/<slug:slug>/add/", views.OwnAdd.as_view(), name="own_add"),
    path("own/<slug:slug>/measures/<int:pk>/", views.OwnChange.as_view(), name="own_change"),
    path("own/<slug:slug>/measures/<int:pk>/remove/", views.OwnRemove.as_view(), name="own_remove"),
    path("own/<slug:slug>/publish/", views.OwnPublish.as_view(), name="own_publish"),
    path("own/<slug:slug>/discard/", views.OwnDiscard.as_view(), name="own_discard"),
]
