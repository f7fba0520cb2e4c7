from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reporting.showcase.vocabulary import StoryStatus
from socialvalue.core.files import evidence_path


class Story(models.Model):
    """What a delivery meant to people. Written by one person of the authority, published by another.

    The supplier and the figures of its contract are read from the contract and the totals; none is kept here.
    """

    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    slug = models.SlugField(max_length=100, unique=True, null=True, blank=True)
    """Its public address, from the title it was last published under; None before."""
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=200)
    body = models.TextField()
    """Plain words; paragraphs are separated by an empty line."""
    contract = models.ForeignKey(
        "procurement.Contract", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=20, choices=StoryStatus.choices, default=StoryStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)

    photo = models.FileField(upload_to=evidence_path, blank=True)
    photo_name = models.CharField(max_length=120, blank=True)
    photo_media_type = models.CharField(max_length=100, blank=True)
    photo_sha256 = models.CharField(max_length=64, blank=True)
    photo_scanned_by = models.CharField(max_length=100, blank=True)
    """The scanner and its version; empty where no scanner is named."""
    photo_alt = models.CharField(max_length=250, blank=True)
    """What the photo shows, for those who do not see it."""
    has_agreement = models.BooleanField(default=False)
    """Who sent it says that everybody who can be recognised agreed, and that it holds no personal data."""

    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    """Who changed it last. ``writer_ids`` are all who ever did."""
    writer_ids = models.JSONField(default=list)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    """Why it was returned or withdrawn; empty when neither stands."""
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "stories"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("written_by")) & ~Q(approved_by=F("sent_by"))),
                name="story_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(sent_by__isnull=True, sent_at__isnull=True)
                | Q(sent_by__isnull=False, sent_at__isnull=False),
                name="story_sent_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False, sent_at__isnull=False),
                name="story_approved_after_sent",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", sent_at__isnull=True, approved_at__isnull=True)
                | Q(status="awaiting_approval", sent_at__isnull=False, approved_at__isnull=True)
                | Q(status="published", approved_at__isnull=False, slug__isnull=False)
                | Q(status="withdrawn"),
                name="story_state_with_its_facts",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="withdrawn", withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(reason="")
                )
                | (
                    ~Q(status="withdrawn") & Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                ),
                name="story_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | Q(has_agreement=True),
                name="story_shown_with_agreement",
            ),
            models.CheckConstraint(
                condition=Q(photo="", photo_sha256="", photo_alt="")
                | ~Q(photo="")
                & ~Q(photo_sha256="")
                & (Q(status__in=["draft", "withdrawn"]) | ~Q(photo_alt="")),
                name="story_photo_described",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(summary="") & ~Q(body=""), name="story_has_words"
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "status", "-approved_at"], name="story_of_authority")
        ]

    def __str__(self) -> str:
        return self.title
