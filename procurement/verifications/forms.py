"""What a contract manager decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from procurement.deliveries.queries import ClaimRow
from procurement.deliveries.rules import figure_names
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.verifications.queries import SeedRow
from procurement.verifications.rules import MAX_REASON
from procurement.verifications.vocabulary import EvidenceShown, SampleShown, VerificationDecision
from socialvalue.core import widgets
from socialvalue.core.forms import (
    BaseForm,
    DateField,
    MoneyField,
    PercentField,
    QuantityField,
    name_figures,
)
from socialvalue.core.money import quantity_text

ALL = "all"


class DecisionForm(BaseForm):
    """Verify, return or reject one claim."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[
            (VerificationDecision.VERIFIED, "Verify it"),
            (VerificationDecision.RETURNED, "Return it to be mended"),
            (VerificationDecision.REJECTED, "Reject it"),
        ],
        widget=widgets.Radios(
            reveals={VerificationDecision.VERIFIED: ["quantity"]},
            hints={
                VerificationDecision.VERIFIED: "It is posted to the ledger as verified",
                VerificationDecision.RETURNED: "The supplier mends it and sends it again",
                VerificationDecision.REJECTED: "For good: nothing of it is claimed",
            },
        ),
        error_messages={"required": "Select whether you verify, return or reject the claim"},
    )
    quantity = QuantityField(
        label="Quantity you accept",
        help_text="Leave it as it is to accept all of it",
        required=False,
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        help_text="Needed to return or reject a claim, or to accept less than was claimed. The supplier reads it.",
        widget=widgets.Textarea(rows=3, max_characters=MAX_REASON),
    )
    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, claim: ClaimRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = figure_names(claim.commitment.measure, "Quantity you accept")
        name_figures(self, quantity=names.quantity, unit=names.unit)
        if names.whole:
            self.fields["quantity"].label = f"{names.quantity} that you accept"

    def typed(self) -> list[tuple[str, str]]:
        """What was decided, in words: shown when it came too late."""
        decision = VerificationDecision(self.cleaned_data["decision"])
        rows = [("Decision", dict(self.fields["decision"].choices)[decision])]  # type: ignore[attr-defined]  # a ChoiceField
        return rows + ([("Reason", reason)] if (reason := self.cleaned_data["reason"]) else [])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        sent_back = data.get("decision") in (
            VerificationDecision.RETURNED,
            VerificationDecision.REJECTED,
        )
        if sent_back and not (data.get("reason") or "").strip():
            self.add_error(
                "reason", ValidationError("Enter the reason, so that the supplier knows what to do")
            )
        return data


class CorrectionForm(BaseForm):
    """Another figure in place of what was verified."""

    quantity = QuantityField(label="Right quantity")
    denominator = QuantityField(label="Out of", required=False)
    is_sure = forms.BooleanField(
        label="This is more than the supplier claimed, and it is right",
        required=False,
        help_text="Tick only if so. Say in the reason how you know",
        widget=widgets.Checkbox(small=True),
    )
    reason = forms.CharField(
        label="Reason for the correction",
        help_text="It stands beside both entries in the ledger. The supplier reads it.",
        widget=widgets.Textarea(rows=3, max_characters=MAX_REASON),
        error_messages={"required": "Enter the reason for the correction"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, claim: ClaimRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measure = claim.commitment.measure
        names = figure_names(measure, "Right quantity")
        name_figures(self, quantity=names.quantity, unit=names.unit, whole=names.whole)
        if measure.adds_up:
            # Never more than was claimed: the rest takes a claim of its own.
            del self.fields["is_sure"]
            said = quantity_text(claim.quantity)
            self.fields["quantity"].help_text = f"No more than was claimed: {said}"


class QueueFilter(BaseForm):
    """Search the queue, and look at what was decided."""

    q = forms.CharField(
        label="Search", required=False, max_length=100, widget=widgets.TextInput(width=20),
        help_text="Contract, supplier or measure",
    )  # fmt: skip
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Waiting for verification"), *[(s.value, s.label) for s in ClaimStatus if s != "submitted"],
                 (ALL, "All claims")],
        widget=widgets.Select(),
    )  # fmt: skip
    evidence = forms.ChoiceField(
        label="Evidence", required=False, choices=EvidenceShown.choices, widget=widgets.Select()
    )
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput())


class SamplingRuleForm(BaseForm):
    """Which claims are opened one by one."""

    from_date = DateField(
        label="First day",
        help_text="Claims sent from this day on follow the rule. It must lie ahead.",
    )
    always_above = MoneyField(
        label="Always open claims worth this much social value or more",
        help_text="Claims without a value in pounds are always opened",
        error_messages={"required": "Enter the value from which every claim is opened"},
    )
    share_percent = PercentField(
        label="Share of the others to open",
        help_text="Drawn by a number that nobody chose. The rest can be ticked and verified together",
        error_messages={"required": "Enter the share of the others to open, from 0 to 100"},
    )
    reason = forms.CharField(
        label="Reason for this rule",
        help_text="Everybody of your authority can read it",
        widget=widgets.Textarea(rows=3, max_characters=500),
        error_messages={"required": "Enter the reason for this rule"},
    )


class SampleForm(BaseForm):
    """Which quarter is drawn again."""

    quarter = forms.ChoiceField(label="Quarter", required=False, widget=widgets.Select())
    show = forms.ChoiceField(
        label="Show", required=False, choices=SampleShown.choices, widget=widgets.Select()
    )

    def __init__(self, *args: Any, seeds: Sequence[SeedRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", "Choose a quarter"),
            *((seed.quarter.isoformat(), seed.label) for seed in seeds),
        ]

    def clean_quarter(self) -> date | None:
        asked = self.cleaned_data["quarter"]
        return date.fromisoformat(asked) if asked else None
