"""A change that one party asks for, and the answer of the other."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from procurement.awards.queries import CommitmentInfo
from procurement.remedies.forms.shortfalls import LateForm, text
from procurement.remedies.queries import ChangeChoices, measures_to_add
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, DateField, QuantityField
from socialvalue.core.money import measured, without_sign
from socialvalue.core.periods import quarter_label


class ChangeForm(BaseForm):
    """What every request has: from when on, and why."""

    from_quarter = forms.TypedChoiceField(
        label="Planned again from",
        help_text="What lies before that quarter stays exactly as it is.",
        coerce=date.fromisoformat,
        widget=widgets.Select(),
    )
    reason = text("Reason", help_text="The other party reads it.", rows=3)

    def __init__(self, *args: Any, choices: ChangeChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box: Any = self.fields["from_quarter"]
        box.choices = [(day.isoformat(), quarter_label(day)) for day in choices.quarters]


def _words(row: CommitmentInfo) -> str:
    """A quantity of money in words: a list of choices cannot leave its sign out for who sees counts only."""
    return without_sign(measured(row.quantity, row.measure.unit))


class QuantityForm(ChangeForm):
    field_order = ("commitment", "quantity", "from_quarter", "reason")

    commitment = forms.ChoiceField(
        label="Commitment", widget=widgets.Select(),
        error_messages={"required": "Select the commitment that is to change"},
    )  # fmt: skip
    quantity = QuantityField(
        label="What it is to stand at",
        help_text="The whole new quantity, not the difference. 0 gives the commitment up.",
    )

    def __init__(self, *args: Any, choices: ChangeChoices, **kwargs: Any) -> None:
        super().__init__(*args, choices=choices, **kwargs)
        box: Any = self.fields["commitment"]
        box.choices = [
            ("", "Select a commitment"),
            *(
                (str(row.id), f"{row.measure.label} (stands at {_words(row)})")
                for row in choices.commitments
            ),
        ]


class AddedForm(ChangeForm):
    field_order = ("measure", "quantity", "from_quarter", "reason")

    measure = forms.ChoiceField(
        label="Measure", widget=widgets.Select(),
        help_text="Measures of the edition this contract is valued with that it does not promise yet.",
        error_messages={"required": "Select the measure that is to be added"},
    )  # fmt: skip
    quantity = QuantityField(label="Quantity", above_zero=True)

    def __init__(self, *args: Any, choices: ChangeChoices, **kwargs: Any) -> None:
        super().__init__(*args, choices=choices, **kwargs)
        box: Any = self.fields["measure"]
        box.choices = [
            ("", "Select a measure"),
            *(
                (str(row.id), f"{row.label} ({without_sign(row.unit)})")
                for row in measures_to_add(choices.contract.id)
            ),
        ]


class EndForm(ChangeForm):
    field_order = ("ends_on", "from_quarter", "reason")

    ends_on = DateField(
        label="New end of the contract", noun="The new end of the contract",
        help_text="Later extends it; earlier shortens it. Commitments keep their quantities.",
    )  # fmt: skip


class AnswerForm(LateForm):
    """Yes or no of the other party."""

    decision = forms.ChoiceField(
        label="What is your answer?",
        choices=[("agree", "Agree"), ("refuse", "Refuse")],
        widget=widgets.Radios(
            hints={
                "agree": "The contract and its action plan change at once",
                "refuse": "Nothing changes. The other party is told why",
            }
        ),
        error_messages={"required": "Select whether you agree or refuse"},
    )
    remark = text("Remark", help_text="Needed when you refuse.", required=False, rows=3)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
