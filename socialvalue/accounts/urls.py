from __future__ import annotations

from django.urls import path

from socialvalue.accounts import views

app_name = "accounts"
urlpatterns = [
    path("organisations/switch/", views.SwitchOrganisation.as_view(), name="switch"),
    path("organisations/own/", views.OwnOrganisation.as_view(), name="own"),
    path("organisations/place/", views.OwnPlace.as_view(), name="place"),
    path("organisations/region/", views.WhatRegionSees.as_view(), name="region_sees"),
    path(
        "organisations/region/advice/",
        views.RegionSeesAdvice.as_view(),
        name="region_sees_advice",
    ),
    path("register/", views.Register.as_view(), name="register"),
    path("register/sent/", views.RegistrationSent.as_view(), name="register_sent"),
    path("register/<str:token>/", views.RegisterWith.as_view(), name="register_with"),
]
