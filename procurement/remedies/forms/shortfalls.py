"""Terms, a shortfall raised and closed, its plan, its remedy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import formset_factory
from django.forms.utils import ErrorDict

from procurement.remedies.queries import Instead
from procurement.remedies.rules import MAX_TEXT, Terms
from procurement.remedies.rules.texts import MAX_STEPS, Step
from procurement.remedies.vocabulary import RemedyKind
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, DateField, PercentField, QuantityField
from socialvalue.core.formsets import RowsFormSet

Version = forms.IntegerField


def text(
    label: str, *, help_text: str = "", required: bool = True, rows: int = 4
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=MAX_TEXT,
        widget=widgets.Textarea(rows=rows, max_characters=MAX_TEXT),
    )


class LateForm(BaseForm):
    """A form whose page may have lost it by the time it is sent: what was typed is shown all the same."""

    def typed(self) -> list[tuple[str, str]]:
        """What was answered, in words."""
        return [
            (str(box.label), _answer(box.field, value))
            for box in self.visible_fields()
            if (value := self.cleaned_data.get(box.name))
        ]


def _answer(field: Any, value: object) -> str:
    choices: dict[object, object] = dict(getattr(field, "choices", ()))
    return str(choices.get(value, value))


def carry(form: forms.BaseForm, name: str, value: object) -> None:
    """Put what is there now into a hidden box, so that sending again is a choice; what was typed stays."""
    data: Any = form.data
    form.data = data = data.copy()
    data[form.add_prefix(name)] = str(value)


class TermsForm(BaseForm):
    """Which remedies the contract provides."""

    remedies = forms.MultipleChoiceField(
        label="Which remedies does the contract provide for a shortfall?",
        help_text="Tick only what the contract says. What is not ticked cannot be used.",
        required=False,
        choices=RemedyKind.choices,
        widget=widgets.Checkboxes(
            hints={
                RemedyKind.SUBSTITUTION: "Another commitment is raised by at least the missing value",
                RemedyKind.SERVICE_CREDIT: "A percentage of the missing value is credited",
                RemedyKind.COMMUNITY_FUND: "The missing value is paid into a fund",
                RemedyKind.TERMINATION: "The contract can be ended",
            },
            reveals={
                RemedyKind.SERVICE_CREDIT: ["service_credit_percent", "service_credit_cap_percent"],
                RemedyKind.COMMUNITY_FUND: ["fund_name"],
            },
        ),
    )
    service_credit_percent = PercentField(
        label="Percentage of the missing value", required=False, above_zero=True
    )
    service_credit_cap_percent = PercentField(
        label="Cap, as a percentage of the contract value (optional)",
        help_text="Over the whole life of the contract. Leave it empty if there is no cap.",
        required=False,
        above_zero=True,
    )
    fund_name = forms.CharField(
        label="Name of the fund", required=False, max_length=200, widget=widgets.TextInput()
    )
    clause = forms.CharField(
        label="Where the contract says so",
        help_text="For example: Schedule 4, clause 7",
        required=False,
        max_length=500,
        widget=widgets.TextInput(),
    )
    version = Version(min_value=0, widget=forms.HiddenInput)

    def terms(self) -> Terms:
        data = self.cleaned_data
        chosen = data["remedies"]
        return Terms(
            substitution="substitution" in chosen,
            service_credit="service_credit" in chosen,
            service_credit_percent=data["service_credit_percent"],
            service_credit_cap_percent=data["service_credit_cap_percent"],
            community_fund="community_fund" in chosen,
            fund_name=data["fund_name"],
            termination="termination" in chosen,
            clause=data["clause"],
        )


class RaiseForm(LateForm):
    message = text(
        "Message to the supplier (optional)",
        required=False,
        help_text="What you see, and what you would like to know. The supplier can answer.",
    )
    missing = forms.DecimalField(max_digits=14, decimal_places=3, widget=forms.HiddenInput)

    def see_version(self, version: object) -> None:
        """What is missing now is what is raised when it is sent again."""
        carry(self, "missing", version)


class MessageForm(LateForm):
    text = text("Your message", rows=3)


class CloseForm(BaseForm):
    outcome = text(
        "How it ended",
        help_text="One sentence that both parties will read, like: Caught up in the quarter after.",
        rows=3,
    )
    version = Version(min_value=1, widget=forms.HiddenInput)


class EndContractForm(BaseForm):
    """Only the button: what closing does stands on the page, and it asks for nothing more."""


class StepForm(BaseForm):
    what = forms.CharField(
        label="What is done", max_length=500, widget=widgets.TextInput(),
        error_messages={"required": "Enter what is done in this step"},
    )  # fmt: skip
    owner = forms.CharField(
        label="Who does it", max_length=150, widget=widgets.TextInput(width=20),
        help_text="A role, not a person’s name",
        error_messages={"required": "Enter who does this step"},
    )  # fmt: skip
    due_on = DateField(
        label="Done by",
        error_messages={"required": "Enter the day this step is done by, like 27 3 2027"},
    )


class BaseSteps(RowsFormSet):
    row_title = "Step"
    add_text = "Add a step"


StepRows = formset_factory(
    StepForm, formset=BaseSteps, extra=0, can_delete=False, max_num=MAX_STEPS
)


class PlanForm(BaseForm):
    """Why less was delivered, how it is caught up, by when. The steps are rows of their own."""

    cause = text("Why less was delivered than planned", rows=3)
    recover_by = DateField(
        label="Caught up by",
        error_messages={"required": "Enter the day you have caught up by, like 27 3 2027"},
    )
    version = Version(min_value=1, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        first_steps: Sequence[dict[str, Any]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.rows: Any = StepRows(data, prefix="steps", initial=list(first_steps) or [{}])

    def is_valid(self) -> bool:
        if self.rows.rows_changed:
            self._errors = ErrorDict()  # a row is added or taken away: nothing is judged yet
            return False
        return all([super().is_valid(), self.rows.is_valid()])

    def steps(self) -> list[Step]:
        return [
            Step(row["what"], row["owner"], row["due_on"])
            for row in (form.cleaned_data for form in self.rows.forms)
            if row
        ]


class RemedyForm(BaseForm):
    """One of the remedies that the contract provides."""

    kind = forms.ChoiceField(
        label="Which remedy do you propose?",
        error_messages={"required": "Select the remedy you propose"},
        widget=widgets.Radios(),
    )
    instead = forms.ChoiceField(
        label="Commitment that is raised instead", required=False, widget=widgets.Select()
    )
    quantity = QuantityField(label="Raised by", required=False)
    reason = text("Why this is right here", help_text="The approver decides on it.", rows=3)
    version = Version(min_value=1, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[RemedyKind],
        hints: dict[str, str],
        insteads: Sequence[Instead],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["kind"]
        choices.widget = widgets.Radios(
            hints=hints, reveals={RemedyKind.SUBSTITUTION: ["instead", "quantity"]}
        )
        choices.choices = [(kind.value, kind.label) for kind in kinds]
        box: Any = self.fields["instead"]
        box.choices = [("", "Select a commitment"), *((str(row.id), row.shown) for row in insteads)]
        if RemedyKind.SUBSTITUTION not in kinds:
            del self.fields["instead"], self.fields["quantity"]

    @property
    def instead_id(self) -> int | None:
        chosen = self.cleaned_data.get("instead")
        return int(chosen) if chosen else None


class DecideForm(LateForm):
    """An approver's yes or no to a remedy."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[("approve", "Approve it"), ("refuse", "Refuse it")],
        widget=widgets.Radios(
            hints={
                "approve": "It stands, and the supplier is told",
                "refuse": "The shortfall stays open. The contract manager is told why",
            }
        ),
        error_messages={"required": "Select whether you approve or refuse the remedy"},
    )
    remark = text("Remark", help_text="Needed when you refuse.", required=False, rows=3)
