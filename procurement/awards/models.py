from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.awards.vocabulary import ChangeKind, ContractStatus, ProposalStatus
from procurement.procurements.vocabulary import EstimateBasis


class AwardProposal(models.Model):
    """The award as one person proposes it; another person approves or refuses it."""

    procurement = models.ForeignKey(
        "procurement.Procurement", on_delete=models.PROTECT, related_name="+"
    )
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(
        "procurement.EvaluationRound", on_delete=models.PROTECT, related_name="+"
    )
    """The ranking it rests on."""
    reason = models.TextField()
    value = models.DecimalField(max_digits=14, decimal_places=2)
    value_basis = models.CharField(max_length=4, choices=EstimateBasis.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    status = models.CharField(
        max_length=10, choices=ProposalStatus.choices, default=ProposalStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(blank=True)

    class Meta:
        ordering = ["procurement", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["procurement"],
                condition=Q(status__in=["proposed", "approved"]),
                name="award_proposed_once",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(status="proposed") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="award_proposal_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "withdrawn"]) | ~Q(decided_by=F("proposed_by")),
                name="award_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(remark=""), name="award_refused_with_reason"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="award_proposed_with_reason"),
        ]

    def __str__(self) -> str:
        return f"Proposal {self.pk}"


class Award(models.Model):
    """The decision: which bid, by whom, why. Never changed."""

    procurement = models.OneToOneField(
        "procurement.Procurement", on_delete=models.PROTECT, related_name="+"
    )
    bid = models.OneToOneField("procurement.Bid", on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    """Who proposed it."""
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The second person; None for awards made before a second person was asked for."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("decided_by")),
                name="award_by_two_people",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="award_with_reason"),
        ]

    def __str__(self) -> str:
        return f"Award {self.pk}"


class AwardSummary(models.Model):
    """What one bidder is told of its assessment. Scores and reasons are read from the evaluation; this is the rest."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="summaries")
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="+")
    advantages = models.TextField(blank=True)
    """The winner's advantages over this bid, with what is confidential taken out; empty for the winner."""
    redactions = models.JSONField(default=list, blank=True)
    """Passages of the reasons that this bidder is not shown."""
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True, blank=True)
    content = models.JSONField(null=True, blank=True)
    """The whole summary as it was issued."""
    content_hash = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["award", "bid"]
        constraints = [
            models.UniqueConstraint(fields=["award", "bid"], name="award_summary_once"),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True, content__isnull=True, content_hash="")
                | Q(issued_at__isnull=False, content__isnull=False) & ~Q(content_hash=""),
                name="award_summary_issued_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Summary {self.pk}"


class AwardStandstill(models.Model):
    """From the notice of the award to the first day the contract may be signed."""

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="standstill")
    notice_on = models.DateField()
    """The day the contract award notice was published."""
    notice_reference = models.CharField(max_length=300, blank=True)
    ends_on = models.DateField()
    """The last day of the standstill. Signed on the next day at the earliest."""
    basis = models.CharField(max_length=500)
    """Which rule gives the length, as a sentence."""
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("notice_on")), name="standstill_ends_after_notice"
            ),
        ]

    def __str__(self) -> str:
        return f"Standstill of award {self.award_id}"


class Contract(models.Model):
    """What the award makes: the authority, the supplier, a value and two dates."""

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="contract")
    procurement = models.OneToOneField(
        "procurement.Procurement", on_delete=models.PROTECT, related_name="+"
    )
    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    value = models.DecimalField(max_digits=14, decimal_places=2)
    value_basis = models.CharField(max_length=4, choices=EstimateBasis.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    status = models.CharField(
        max_length=10, choices=ContractStatus.choices, default=ContractStatus.AWARDED
    )
    signed_on = models.DateField(null=True, blank=True)
    """None for contracts made before signatures were recorded."""
    ended_on = models.DateField(null=True, blank=True)
    """Once it is closed: the last day it ran, before ``ends_on`` when it was terminated."""

    class Meta:
        ordering = ["-starts_on", "-id"]
        indexes = [
            models.Index(fields=["authority", "status"], name="contract_authority"),
            models.Index(fields=["supplier", "status"], name="contract_supplier"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="contract_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="contract_value_not_negative"),
            models.CheckConstraint(
                condition=~Q(status="awarded") | Q(signed_on__isnull=True),
                name="contract_live_when_signed",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(status="ended", ended_on__lte=F("ends_on")),
                name="contract_ended_by_its_end",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def last_day(self) -> date:
        """The day it ended, or the day it is to end."""
        return self.ended_on or self.ends_on


class Commitment(models.Model):
    """A promise the contract holds: quantity, and the proxy it will be valued with for ever. Never changed.

    What it stands at after the parties agreed a change is in the latest ``ContractChange`` that names it.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="commitments")
    offer_line = models.OneToOneField(
        "procurement.OfferLine", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None for a commitment that a change of the contract added."""
    measure = models.ForeignKey("toms.Measure", on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey("toms.Edition", on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit_value = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    """£ of one unit. NULL: this commitment is counted, not valued."""
    unit_value_source = models.CharField(max_length=500, blank=True)
    place = models.SlugField(max_length=80, blank=True)
    attribution_percent = models.DecimalField(max_digits=5, decimal_places=2)
    value_pence = models.BigIntegerField()
    """0 when there is no unit value."""
    method_statement = models.TextField(blank=True)

    class Meta:
        ordering = ["contract", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "measure"], name="commitment_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="commitment_quantity_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(unit_value__isnull=True, value_pence=0)
                | Q(unit_value__isnull=False, value_pence__gte=0),
                name="commitment_value_needs_unit_value",
            ),
            models.CheckConstraint(
                condition=Q(attribution_percent__gt=0, attribution_percent__lte=100),
                name="commitment_attribution_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"Commitment {self.pk}"


class ContractChange(models.Model):
    """What both parties agreed to change while the contract runs. Never changed: a later one names its own before."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="changes"
    )
    quantity_before = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    """None for a commitment that is added."""
    quantity_after = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    value_pence_after = models.BigIntegerField(null=True, blank=True)
    """The quantity after, at the commitment's own frozen unit value and attribution."""
    ends_on_before = models.DateField(null=True, blank=True)
    ends_on_after = models.DateField(null=True, blank=True)
    from_quarter = models.DateField()
    """The first quarter that is planned again; what lies before it stays as it was."""
    reason = models.TextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField()

    class Meta:
        ordering = ["contract", "id"]
        indexes = [models.Index(fields=["commitment", "-id"], name="change_of_commitment")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["quantity", "added"],
                    commitment__isnull=False,
                    quantity_after__isnull=False,
                    value_pence_after__isnull=False,
                    ends_on_after__isnull=True,
                )
                | Q(
                    kind="extension",
                    commitment__isnull=True,
                    quantity_after__isnull=True,
                    ends_on_before__isnull=False,
                    ends_on_after__isnull=False,
                ),
                name="change_says_what",
            ),
            models.CheckConstraint(
                condition=Q(quantity_after__isnull=True) | Q(quantity_after__gte=0),
                name="change_quantity_not_negative",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="change_with_reason"),
            models.CheckConstraint(
                condition=~Q(asked_by=F("agreed_by")), name="change_agreed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(from_quarter__day=1, from_quarter__month__in=[1, 4, 7, 10]),
                name="change_from_quarter",
            ),
        ]

    def __str__(self) -> str:
        return f"Change {self.pk}"
