from __future__ import annotations

from django.apps import AppConfig


class TomsConfig(AppConfig):
    name = "toms"
