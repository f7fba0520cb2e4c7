from __future__ import annotations

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self) -> None:
        from procurement.events import entries_posted
        from reporting.rollups.receivers import enqueue_drain

        entries_posted.connect(enqueue_drain, dispatch_uid="rollups.enqueue_drain")
