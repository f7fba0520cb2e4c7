from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.policies.rules import whole_percent
from procurement.policies.vocabulary import ShareOf
from procurement.tenders.vocabulary import Formula, TenderStatus, TieRule, WeightingKind


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
    tie_rule = models.CharField(max_length=20, choices=TieRule.choices, default=TieRule.SHARED)
    mark_scale = models.JSONField(default=list, blank=True)
    """What the marks 0 to 5 mean, six texts in that order; empty: the scale every tender may use."""
    clarify_until = models.DateTimeField(null=True, blank=True)
    """The last moment to ask about the tender; None: until the deadline."""
    deadline_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    amendments = models.PositiveSmallIntegerField(default=0)
    """How often it was amended since publication."""
    is_amending = models.BooleanField(default=False)
    """True inside the transaction of an amendment only: the database lets nothing else change what is published."""
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
            models.CheckConstraint(
                condition=Q(is_amending=False) | Q(status="published"),
                name="tender_amended_while_published",
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
    maximum_quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    """The most that is scored. More may be offered and is held to; it earns no more points."""
    weight_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    """Of the points for quantities, where each measure is scored by itself: all requirements have one, or none has."""
    place = models.SlugField(max_length=80, blank=True, default="")
    """Where this measure is valued, when not at the tender's place."""
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
            models.CheckConstraint(
                condition=Q(maximum_quantity__isnull=True)
                | Q(maximum_quantity__gt=0)
                & (
                    Q(minimum_quantity__isnull=True)
                    | Q(maximum_quantity__gte=F("minimum_quantity"))
                ),
                name="tender_maximum_from_minimum",
            ),
            models.CheckConstraint(
                condition=Q(weight_percent__isnull=True)
                | Q(weight_percent__gt=0, weight_percent__lte=100),
                name="tender_requirement_weight_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"Requirement {self.pk}"


class TenderQuestion(models.Model):
    """A question answered in words: marked 0 to 5 with a weight, or judged pass or fail without one."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(max_length=500)
    guidance = models.CharField(max_length=500, blank=True)
    is_pass_fail = models.BooleanField(default=False)
    weight_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    """Of the qualitative part. The weights of a tender's questions add to 100."""
    minimum_mark = models.PositiveSmallIntegerField(null=True, blank=True)
    """An answer marked lower fails the bid."""
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["tender", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_pass_fail=True, weight_percent__isnull=True)
                | Q(is_pass_fail=False, weight_percent__gt=0, weight_percent__lte=100),
                name="tender_question_weight_in_range",
            ),
            models.CheckConstraint(
                condition=Q(minimum_mark__isnull=True)
                | Q(is_pass_fail=False, minimum_mark__gte=1, minimum_mark__lte=5),
                name="tender_question_minimum_1_to_5",
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


class TenderAmendment(models.Model):
    """One change to a published tender: what it said, what it says now, and why. Never changed."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField()
    changes = models.JSONField(default=list)
    """Lines of ``[what, before, after]``, as people read them."""
    deadline_before = models.DateTimeField()
    deadline_after = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["tender", "number"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "number"], name="tender_amendment_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="tender_amendment_with_reason"),
            models.CheckConstraint(
                condition=Q(deadline_after__gte=F("deadline_before")),
                name="tender_deadline_never_earlier",
            ),
        ]

    def __str__(self) -> str:
        return f"Amendment {self.number} of tender {self.tender_id}"


class TenderClarification(models.Model):
    """A question about the tender. Its answer goes to everybody invited; who asked goes to nobody."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="+")
    sealed_asker = models.TextField()
    """Organisation and person who asked, encrypted under the tender's key: they read their own question back."""
    asked_text = models.TextField()
    asked_at = models.DateTimeField()
    published_text = models.TextField(blank=True)
    """The question as everybody reads it: the officer takes out what gives the asker away."""
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["tender", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="", published_text="")
                | Q(answered_at__isnull=False, answered_by__isnull=False)
                & ~Q(answer="")
                & ~Q(published_text=""),
                name="tender_clarification_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Clarification {self.pk}"


class TenderEmailInvitation(models.Model):
    """A link sent to an address. It opens this tender only, until it expires, is revoked, or is used."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    nonce = models.CharField(max_length=32, unique=True)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Who used it."""

    class Meta:
        ordering = ["tender", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False, accepted_at__isnull=True),
                name="tender_link_revoked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, supplier__isnull=True)
                | Q(accepted_at__isnull=False, supplier__isnull=False),
                name="tender_link_used_by_a_supplier",
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation link {self.pk}"
