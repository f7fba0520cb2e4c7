from __future__ import annotations

from django.db import models

from reporting.cabinet.vocabulary import ReportKind


class ReportTemplate(models.Model):
    """An organisation's own form of a report. Reports begun from it keep their words when it changes."""

    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=ReportKind.choices)
    name = models.CharField(max_length=120)
    committee = models.CharField(max_length=80)
    sections = models.JSONField(default=list)
    """In order: ``kind`` (the key), ``heading``, ``is_numbered``, ``narrative``."""
    contact_roles = models.JSONField(default=list)
    sign_off_steps = models.JSONField(default=list)
    needs_sign_off = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "name"],
                condition=models.Q(archived_at__isnull=True),
                name="report_template_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name
