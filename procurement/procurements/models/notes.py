from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.procurements.models.records import Procurement
from socialvalue.core.files import evidence_path


class LightTouchNote(models.Model):
    """Under the first line: what was considered while quotations were taken. Finished once, then fixed."""

    procurement = models.OneToOneField(
        Procurement, on_delete=models.PROTECT, related_name="light_touch_note"
    )
    considered = models.TextField()
    """What social value was considered, in the officer's words."""
    objectives = models.JSONField(default=list)
    quotations_sought = models.PositiveSmallIntegerField()
    local_quotations = models.PositiveSmallIntegerField()
    chosen_supplier = models.CharField(max_length=200)
    chosen_value = models.DecimalField(max_digits=14, decimal_places=2)
    is_local_or_sme = models.BooleanField(null=True, blank=True)
    agreed = models.TextField(blank=True)
    """What the chosen supplier will do, if anything."""
    finished_at = models.DateTimeField()
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(chosen_value__gte=0), name="light_touch_value_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(local_quotations__lte=F("quotations_sought")),
                name="light_touch_local_within_all",
            ),
        ]

    def __str__(self) -> str:
        return f"Light-touch note for {self.procurement}"


class ConsiderationRecord(models.Model):
    """What was considered under section 1 of the Public Services (Social Value) Act 2012 before starting.

    A correction before publication is a new row; the latest one counts.
    """

    procurement = models.ForeignKey(
        Procurement, on_delete=models.PROTECT, related_name="considerations"
    )
    economic = models.TextField()
    social = models.TextField()
    environmental = models.TextField()
    process = models.TextField()
    """How the way it is bought might secure the improvement."""
    was_consulted = models.BooleanField()
    consultation = models.TextField()
    """Who was consulted and what they said; or why nobody was."""
    considered_on = models.DateField()
    considered_by = models.CharField(max_length=200)
    """Role or team, as the authority names it."""
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    evidence = models.FileField(upload_to=evidence_path, blank=True)
    evidence_name = models.CharField(max_length=120, blank=True)
    evidence_media_type = models.CharField(max_length=100, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["procurement", "-id"]

    def __str__(self) -> str:
        return f"Consideration of {self.procurement}"
