from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "socialvalue.audit"
    label = "audit"
