from __future__ import annotations

from django.urls import path

from socialvalue.core import api, pages

app_name = "core"
urlpatterns = [
    path("healthz", pages.Health.as_view(), name="healthz"),
    path("counts/", pages.Counts.as_view(), name="counts"),
    path("accessibility/", pages.Accessibility.as_view(), name="accessibility"),
    path("cookies/", pages.Cookies.as_view(), name="cookies"),
    path(".well-known/security.txt", pages.SecurityText.as_view(), name="security_txt"),
    path("api/v1/schema/", api.Schema.as_view(), name="schema"),
    path("styleguide/", pages.StyleGuide.as_view(), name="styleguide"),
]
