"""The site as gunicorn serves it, and one address more: a view that says hello through the same middleware."""

# The settings are changed before anything reads them.
# ruff: noqa: E402

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialvalue.settings")

from django.conf import settings

settings.ROOT_URLCONF = "tests.benchmarks.served"
if os.environ.get("SV_BENCH_CACHE") == "off":
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

from django.http import HttpRequest, HttpResponse
from django.urls import path

from socialvalue import wsgi
from socialvalue.urls import urlpatterns as addresses

application = wsgi.application


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [path("hello/", hello), *addresses]
