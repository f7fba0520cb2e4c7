"""Naming the panel, declaring interests and deciding about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from procurement.evaluations.queries import SupplierToDeclare
from procurement.evaluations.vocabulary import InterestDecision, PanelRole
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm

ROLE_HINTS = {
    PanelRole.EVALUATOR: "Marks every answer alone, then locks. At least two.",
    PanelRole.MODERATOR: "Sets the mark that counts, from the evaluators' own. At least one.",
    PanelRole.OBSERVER: "Reads, and sees marks once they are locked.",
}


LONGEST_REASON = 2000


def reason_field(missing: str) -> forms.CharField:
    """Why a person stays or goes. ``missing``: what is said where none is given."""
    return forms.CharField(
        label="Reason",
        max_length=LONGEST_REASON,
        widget=widgets.Textarea(rows=4, max_characters=LONGEST_REASON),
        error_messages={
            "required": missing,
            "max_length": "The reason must be 2,000 characters or fewer",
        },
    )


class AddMemberForm(BaseForm):
    """One person, one role."""

    def __init__(
        self,
        *args: Any,
        people: Sequence[tuple[int, str]],
        roles: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ChoiceField(
            label="Person",
            choices=[("", "Select a person"), *((str(pk), name) for pk, name in people)],
            widget=widgets.Select(),
            error_messages={
                "required": "Select a person",
                "invalid_choice": "Select a person from the list. Whoever is on the panel already is not in it",
            },
        )
        self.fields["role"] = forms.ChoiceField(
            label="Role on the panel",
            choices=[(value, PanelRole(value).label) for value in roles],
            widget=widgets.Radios(
                small=True, hints={value: ROLE_HINTS[PanelRole(value)] for value in roles}
            ),
            error_messages={"required": "Select what this person does on the panel"},
        )


@dataclass(frozen=True, slots=True)
class GivenInterest:
    supplier_id: int
    has_interest: bool
    text: str


class DeclarationForm(BaseForm):
    """Every invited supplier on one page, nothing chosen. One tick says "none" for all of them."""

    none_at_all = forms.BooleanField(
        label="I have no interest in any of these suppliers",
        required=False,
        widget=widgets.Checkbox(),
    )

    def __init__(self, *args: Any, suppliers: Sequence[SupplierToDeclare], **kwargs: Any) -> None:
        self.suppliers = suppliers
        super().__init__(*args, **kwargs)
        for row in suppliers:
            self._add_boxes(row)

    def _add_boxes(self, row: SupplierToDeclare) -> None:
        key = row.supplier_id
        self.fields[f"text_{key}"] = forms.CharField(
            label=f"Your interest in {row.name}",
            required=False,
            max_length=2000,
            widget=widgets.Textarea(rows=3, max_characters=2000),
            initial=row.text,
            error_messages={
                "max_length": f"Your interest in {row.name} must be 2,000 characters or fewer"
            },
        )
        self.fields[f"interest_{key}"] = forms.ChoiceField(
            label=row.name,
            choices=[("no", "No interest"), ("yes", "An interest")],
            required=False,
            widget=widgets.Radios(small=True, reveals={"yes": [f"text_{key}"]}),
            initial=None if row.has_interest is None else "yes" if row.has_interest else "no",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        none_at_all = cleaned.get("none_at_all")
        for row in self.suppliers:
            box, text = f"interest_{row.supplier_id}", f"text_{row.supplier_id}"
            choice = cleaned.get(box)
            if none_at_all and choice == "yes":
                self.add_error(
                    "none_at_all",
                    f"Clear this tick, or select no interest for {row.name}: they contradict each other",
                )
            elif not none_at_all and not choice and box not in self.errors:
                self.add_error(box, f"Select whether you have an interest in {row.name}")
            if choice == "yes" and not cleaned.get(text) and text not in self.errors:
                self.add_error(text, f"Say what your interest in {row.name} is")
        return cleaned

    def given(self) -> list[GivenInterest]:
        found = []
        for row in self.suppliers:
            has_interest = self.cleaned_data.get(f"interest_{row.supplier_id}") == "yes"
            text = self.cleaned_data.get(f"text_{row.supplier_id}") or ""
            found.append(GivenInterest(row.supplier_id, has_interest, text if has_interest else ""))
        return found

    def rows(self) -> list[Any]:
        return [self[f"interest_{row.supplier_id}"] for row in self.suppliers]


class DecisionForm(BaseForm):
    """Stay or go, and why."""

    decision = forms.ChoiceField(
        label="What follows from this interest?",
        choices=[
            (InterestDecision.STAYS, "Stays on the panel"),
            (InterestDecision.RECUSED, "Recused: takes no part in this tender"),
        ],
        widget=widgets.Radios(),
        error_messages={"required": "Select whether this person stays on the panel"},
    )
    reason = reason_field("Enter the reason for this decision")


class RecusalForm(BaseForm):
    reason = reason_field("Enter why this person is recused")


class WordingForm(BaseForm):
    text = forms.CharField(
        label="What people on a panel are asked to declare",
        max_length=5000,
        widget=widgets.Textarea(rows=10, max_characters=5000),
        error_messages={
            "required": "Enter what people are asked to declare",
            "max_length": "The wording must be 5,000 characters or fewer",
        },
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class LockForm(BaseForm):
    """Nothing to fill in: the button is the deed."""
