from __future__ import annotations

from django.conf import settings
from django.db import models

from reporting.cabinet.models.reports import CabinetReport
from reporting.cabinet.vocabulary import SignOffAnswer, SignOffStep


class SignOff(models.Model):
    """What one step of the route said of the words as they stood. Rows are only added."""

    report = models.ForeignKey(CabinetReport, on_delete=models.PROTECT, related_name="sign_offs")
    step = models.CharField(max_length=10, choices=SignOffStep.choices)
    answer = models.CharField(max_length=10, choices=SignOffAnswer.choices)
    note = models.CharField(max_length=1000, blank=True)
    words_hash = models.CharField(max_length=64)
    """SHA-256 of the words that were signed: a change of them asks for the step again."""
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["report", "id"]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_answer_display()}"


class SignOffRequest(models.Model):
    """The author asks the route to sign. It stands until a step returns the report. Rows are only added."""

    report = models.ForeignKey(CabinetReport, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey(
        SignOff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The last answer when it was asked: a return after it ends what was asked."""
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["report", "id"]

    def __str__(self) -> str:
        return f"Sign-off of {self.report_id} asked for"
