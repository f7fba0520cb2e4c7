from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from procurement.deliveries.vocabulary import ConfirmationAnswer, ScanResult
from socialvalue.core.files import evidence_path


class Evidence(models.Model):
    """A file that shows a delivery. Uploaded first, attached by id, so that a form error never loses it."""

    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    contract = models.ForeignKey("procurement.Contract", on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(
        "procurement.Claim",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
    )
    file = models.FileField(upload_to=evidence_path)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None when it came through a link."""
    delegation = models.ForeignKey(
        "procurement.Delegation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
    )
    """The link it came through."""
    commitment = models.ForeignKey(
        "procurement.Commitment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    quarter = models.DateField(null=True, blank=True)
    """With ``commitment``: what a file that has no claim yet is meant for."""
    scan = models.CharField(
        max_length=12, choices=ScanResult.choices, default=ScanResult.NOT_SCANNED
    )
    scanned_by = models.CharField(max_length=100, blank=True)
    """The scanner and its version."""
    scanned_at = models.DateTimeField(null=True, blank=True)
    had_location = models.BooleanField(default=False)
    """The photo came with a place in it, which was taken out."""
    has_consent = models.BooleanField(default=False)
    """The sender says that the people shown or named agreed to it."""
    retain_until = models.DateField(null=True, blank=True)
    """The day from which the file may be removed; None for files kept before this was recorded."""
    removed_at = models.DateTimeField(null=True, blank=True)
    """When the file was removed because its time was over; the row and its hash stay."""

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(uploaded_by__isnull=False, delegation__isnull=True)
                | Q(uploaded_by__isnull=True, delegation__isnull=False),
                name="evidence_from_somebody",
            ),
            models.CheckConstraint(
                condition=Q(scan="not_scanned", scanned_at__isnull=True)
                | Q(scan="clean", scanned_at__isnull=False),
                name="evidence_scanned_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Confirmation(models.Model):
    """The group that benefited says, through a link that works once, whether a claim is true. It is evidence."""

    claim = models.ForeignKey(
        "procurement.Claim", on_delete=models.PROTECT, related_name="confirmations"
    )
    group = models.CharField(max_length=200)
    """Who benefited: a school, a charity, a residents' association."""
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    claim_version = models.PositiveIntegerField()
    """What they were asked about: a claim changed afterwards is not confirmed by the answer."""
    answer = models.CharField(
        max_length=10, choices=ConfirmationAnswer.choices, default=ConfirmationAnswer.WAITING
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_as = models.CharField(max_length=150, blank=True)
    """The role of who answers, for example "Head teacher": no name is asked for."""
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["claim", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "email"],
                condition=Q(answer="waiting"),
                name="confirmation_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(answer="waiting", answered_at__isnull=True)
                | ~Q(answer="waiting") & Q(answered_at__isnull=False),
                name="confirmation_answered_when_dated",
            ),
            models.CheckConstraint(
                condition=~Q(answer="disputed") | ~Q(words=""),
                name="confirmation_disputed_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"Confirmation {self.pk}"
