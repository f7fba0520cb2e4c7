from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "socialvalue.core"
    label = "core"

    def ready(self) -> None:
        # By name: core stands below the project package and must not import it.
        import_module("socialvalue.celery")
