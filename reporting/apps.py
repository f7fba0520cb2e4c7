from __future__ import annotations

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self) -> None:
        from procurement.events import entries_posted, letters_written
        from reporting.cabinet.receivers import sign_offs_for_letters
        from reporting.rollups.receivers import enqueue_drain

        entries_posted.connect(enqueue_drain, dispatch_uid="rollups.enqueue_drain")
        letters_written.connect(sign_offs_for_letters, dispatch_uid="cabinet.sign_offs_for_letters")
