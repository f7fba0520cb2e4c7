from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from procurement.policies.rules import whole_percent
from procurement.policies.vocabulary import ShareOf
from procurement.tenders.vocabulary import Formula, TenderStatus, WeightingKind


class Tender(models.Model):
    """What the authority asks and how it will score the answers. Frozen when published."""

    procurement = models.OneToOneField(
        "procurement.Procurement", on_delete=models.PROTECT, related_name="+"
    )
    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    edition = models.ForeignKey("toms.Edition", on_delete=models.PROTECT, related_name="+")
    place = models.SlugField(max_length=80, blank=True)
    """Where localised measures are valued; empty when no place has a figure."""
    sector = models.SlugField(max_length=80, blank=True, default="")
    """The industry localised measures are valued in; empty where no value asks for one."""
    status = models.CharField(
        max_length=10, choices=TenderStatus.choices, default=TenderStatus.DRAFT
    )
    weighting_kind = models.CharField(max_length=10, choices=WeightingKind.choices, blank=True)
    weighting_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    """Social value as a share of ``weighting_share_of``."""
    weighting_share_of = models.CharField(
        max_length=10, choices=ShareOf.choices, default=ShareOf.TOTAL
    )
    quality_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    """The quality score's share of the whole award; only where the weighting is a share of quality."""
    no_measures_reason = models.TextField(blank=True, default="")
    """On the advised route: why no measures are asked for, where none are."""
    quantitative_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(50))
    """Share of the social value score that the offered quantities decide; the questions decide the rest."""
    formula = models.CharField(
        max_length=20, choices=Formula.choices, default=Formula.SHARE_OF_HIGHEST
    )
    target_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    """£ of social value that earn every point for quantity; with the target formula only."""
    deadline_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weighting_kind="", weighting_percent__isnull=True)
                | Q(weighting_kind="pass_fail", weighting_percent__isnull=True)
                | Q(
                    weighting_kind="weighted",
                    weighting_percent__gt=0,
                    weighting_percent__lte=100,
                ),
                name="tender_weighted_or_pass_fail",
            ),
            models.CheckConstraint(
                condition=Q(weighting_share_of="total", quality_percent__isnull=True)
                | Q(weighting_share_of="quality", weighting_kind="")
                | Q(weighting_share_of="quality", weighting_kind="pass_fail")
                | Q(
                    weighting_share_of="quality",
                    weighting_kind="weighted",
                    quality_percent__gt=0,
                    quality_percent__lte=100,
                ),
                name="tender_share_of_quality_names_quality",
            ),
            models.CheckConstraint(
                condition=Q(formula="target", target_value__gt=0)
                | ~Q(formula="target") & Q(target_value__isnull=True),
                name="tender_target_with_its_formula",
            ),
            models.CheckConstraint(
                condition=Q(quantitative_percent__gte=0, quantitative_percent__lte=100),
                name="tender_split_in_range",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", published_at__isnull=True)
                | ~Q(status="draft") & Q(published_at__isnull=False, deadline_at__isnull=False),
                name="tender_published_with_deadline",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published"], opened_at__isnull=True)
                | Q(status__in=["opened", "awarded"], opened_at__isnull=False),
                name="tender_opened_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Tender {self.pk}"

    @property
    def is_share_of_quality(self) -> bool:
        return self.weighting_share_of == ShareOf.QUALITY

    @property
    def whole_percent(self) -> Decimal | None:
        """Social value as a share of the whole award, whatever the weighting is stated as a share of."""
        return whole_percent(
            self.weighting_percent,
            is_share_of_quality=self.is_share_of_quality,
            quality_percent=self.quality_percent,
        )


class TenderRequirement(models.Model):
    """One measure asked for."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="requirements")
    measure = models.ForeignKey("toms.Measure", on_delete=models.PROTECT, related_name="+")
    is_mandatory = models.BooleanField(default=False)
    minimum_quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    guidance = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["tender", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "measure"], name="tender_measure_once"),
            models.CheckConstraint(
                condition=Q(minimum_quantity__isnull=True) | Q(minimum_quantity__gt=0),
                name="tender_minimum_above_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"Requirement {self.pk}"


class TenderQuestion(models.Model):
    """A question answered in words and marked 0 to 5."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(max_length=500)
    guidance = models.CharField(max_length=500, blank=True)
    weight_percent = models.DecimalField(max_digits=5, decimal_places=2)
    """Of the qualitative part. The weights of a tender's questions add to 100."""
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["tender", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight_percent__gt=0, weight_percent__lte=100),
                name="tender_question_weight_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class TenderInvitation(models.Model):
    """A supplier asked to bid."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="invitations")
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["tender", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "supplier"], name="tender_invited_once"),
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk}"


class TenderKey(models.Model):
    """The key that bids of this tender are encrypted under, itself encrypted under the site's sealing key."""

    tender = models.OneToOneField(Tender, on_delete=models.PROTECT, related_name="+")
    wrapped_key = models.TextField()

    def __str__(self) -> str:
        return f"Key of tender {self.tender_id}"


class TenderApproval(models.Model):
    """A second person's yes to this version of the tender, where the policy asks for one. A change asks for it anew."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="approvals")
    rule = models.ForeignKey(
        "procurement.PolicyApproval", on_delete=models.PROTECT, related_name="+"
    )
    tender_version = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["tender", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tender", "rule", "tender_version"], name="tender_approved_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Approval of tender {self.tender_id}"
