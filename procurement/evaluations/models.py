from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from procurement.evaluations.vocabulary import EvaluationStatus, InterestDecision, PanelRole


class Evaluation(models.Model):
    """The marking of one tender's bids, from opening to a ranking."""

    tender = models.OneToOneField("procurement.Tender", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=10, choices=EvaluationStatus.choices, default=EvaluationStatus.OPEN
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    price_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    """What price counts of the whole award, where the whole award is looked at here."""
    quality_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    """What quality apart from social value counts of it. The three add to 100."""
    ranked_at = models.DateTimeField(null=True, blank=True)
    ranked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", ranked_at__isnull=True)
                | Q(status="ranked", ranked_at__isnull=False),
                name="evaluation_ranked_when_dated",
            ),
            models.CheckConstraint(
                condition=Q(price_percent__isnull=True, quality_percent__isnull=True)
                | Q(
                    price_percent__gte=0,
                    price_percent__lte=100,
                    quality_percent__gte=0,
                    quality_percent__lte=100,
                ),
                name="evaluation_other_weights_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"Evaluation {self.pk}"


class EvaluationPanelMember(models.Model):
    """A person on the panel of one tender, in one role. Somebody who left or was recused stays on the record."""

    tender = models.ForeignKey("procurement.Tender", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=PanelRole.choices)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    left_at = models.DateTimeField(null=True, blank=True)
    """Taken off before the bids were opened."""
    recused_at = models.DateTimeField(null=True, blank=True)
    """From here on this person's marks count for nothing."""
    recusal_reason = models.TextField(blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    """When this evaluator's marks were finished: they cannot change, and the others' can be seen."""

    class Meta:
        ordering = ["tender", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tender", "person"],
                condition=Q(left_at__isnull=True),
                name="panel_member_once",
            ),
            models.CheckConstraint(
                condition=Q(recused_at__isnull=True, recusal_reason="")
                | Q(recused_at__isnull=False) & ~Q(recusal_reason=""),
                name="panel_recused_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display().lower()}"


class EvaluationInterest(models.Model):
    """What a panel member declared about one invited supplier, before the bids were opened."""

    member = models.ForeignKey(
        EvaluationPanelMember, on_delete=models.PROTECT, related_name="interests"
    )
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    has_interest = models.BooleanField()
    text = models.TextField(blank=True)
    """The interest, where there is one."""
    wording = models.TextField()
    """The declaration as it read when it was made."""
    declared_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=InterestDecision.choices, blank=True)
    decision_reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["member", "id"]
        constraints = [
            models.UniqueConstraint(fields=["member", "supplier"], name="interest_declared_once"),
            models.CheckConstraint(
                condition=Q(has_interest=False, text="", decision="")
                | Q(has_interest=True) & ~Q(text=""),
                name="interest_in_words",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | ~Q(decision="") & Q(decided_at__isnull=False) & ~Q(decision_reason=""),
                name="interest_decided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Interest {self.pk}"


class EvaluationWording(models.Model):
    """The declaration of interests as an authority words it."""

    authority = models.OneToOneField(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="interest_wording_not_empty"),
        ]

    def __str__(self) -> str:
        return f"Declaration of {self.authority}"


ONE_VERDICT = (
    Q(mark__isnull=False, mark__lte=5, is_met__isnull=True, not_applicable=False)
    | Q(mark__isnull=True, is_met__isnull=False, not_applicable=False)
    | Q(mark__isnull=True, is_met__isnull=True, not_applicable=True)
)
"""A mark 0 to 5, or met or not, or not applicable: exactly one of the three."""


class EvaluationMark(models.Model):
    """One evaluator's own verdict on one answer, with its reason. Locked with all of that evaluator's marks."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="marks")
    member = models.ForeignKey(
        EvaluationPanelMember, on_delete=models.PROTECT, related_name="marks"
    )
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(
        "procurement.TenderQuestion", on_delete=models.PROTECT, related_name="+"
    )
    mark = models.PositiveSmallIntegerField(null=True, blank=True)
    is_met = models.BooleanField(null=True, blank=True)
    not_applicable = models.BooleanField(default=False)
    rationale = models.TextField()
    marked_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["evaluation", "bid", "question", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "bid", "question"], name="evaluation_mark_once"
            ),
            models.CheckConstraint(condition=ONE_VERDICT, name="evaluation_mark_one_verdict"),
            models.CheckConstraint(condition=~Q(rationale=""), name="evaluation_mark_with_reason"),
        ]

    def __str__(self) -> str:
        return f"Mark {self.mark}"


class EvaluationModeration(models.Model):
    """The one verdict on an answer that counts, set after the evaluators locked theirs, with its reason."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="moderations")
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(
        "procurement.TenderQuestion", on_delete=models.PROTECT, related_name="+"
    )
    mark = models.PositiveSmallIntegerField(null=True, blank=True)
    is_met = models.BooleanField(null=True, blank=True)
    not_applicable = models.BooleanField(default=False)
    reason = models.TextField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["evaluation", "bid", "question"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "bid", "question"], name="evaluation_moderated_once"
            ),
            models.CheckConstraint(condition=ONE_VERDICT, name="evaluation_moderated_one_verdict"),
            models.CheckConstraint(
                condition=~Q(reason=""), name="evaluation_moderated_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"Moderated mark {self.mark}"


class EvaluationRuling(models.Model):
    """An offer line that counts as nought, with the reason. The line itself stays as it was offered."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="rulings")
    offer_line = models.ForeignKey(
        "procurement.OfferLine", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField()
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ruled_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["evaluation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer_line"],
                condition=Q(lifted_at__isnull=True),
                name="evaluation_ruled_out_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="evaluation_ruled_with_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_reason="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_reason=""),
                name="evaluation_lifted_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Ruling {self.pk}"


class EvaluationOtherScore(models.Model):
    """A bid's price and quality scores, 0 to 100 each, as entered so that the whole award is seen."""

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, related_name="other_scores"
    )
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="+")
    price_score = models.DecimalField(max_digits=9, decimal_places=6)
    quality_score = models.DecimalField(max_digits=9, decimal_places=6)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["evaluation", "bid"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "bid"], name="evaluation_other_score_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    price_score__gte=0,
                    price_score__lte=100,
                    quality_score__gte=0,
                    quality_score__lte=100,
                ),
                name="evaluation_other_score_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"Scores of bid {self.bid_id}"


class EvaluationRound(models.Model):
    """One ranking of all bids. A ruling or reopened marks lead to the next one; earlier ones are kept."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=500)
    """Why the bids were ranked (again), in one sentence."""
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["evaluation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="evaluation_round_once"),
        ]

    def __str__(self) -> str:
        return f"Ranking {self.number}"


class EvaluationResult(models.Model):
    """One bid's scores in one ranking. Never changed; the last ranking holds."""

    round = models.ForeignKey(EvaluationRound, on_delete=models.PROTECT, related_name="results")
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="results")
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="+")
    social_value_pence = models.BigIntegerField()
    """What counted: without the lines that were ruled out and what lies above a cap."""
    quantitative_score = models.DecimalField(max_digits=9, decimal_places=6)
    qualitative_score = models.DecimalField(max_digits=9, decimal_places=6)
    total_score = models.DecimalField(max_digits=9, decimal_places=6)
    """Points out of 100 of the social value part."""
    is_passed = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["round", "rank", "bid"]
        constraints = [
            models.UniqueConstraint(fields=["round", "bid"], name="evaluation_result_once"),
            models.CheckConstraint(
                condition=Q(is_passed=True, rank__isnull=False)
                | Q(is_passed=False, rank__isnull=True) & ~Q(reason=""),
                name="evaluation_ranked_if_passed",
            ),
        ]

    def __str__(self) -> str:
        return f"Result {self.pk}"
