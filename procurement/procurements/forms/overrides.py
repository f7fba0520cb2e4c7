"""Asking for another route, answering it, and the register above both."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from procurement.policies.vocabulary import Route
from procurement.procurements.queries import OVERRIDE_SORTS, OverrideFilter
from procurement.procurements.vocabulary import OverrideStatus
from socialvalue.core import clock, widgets
from socialvalue.core.filters import FilterForm, choice
from socialvalue.core.forms import BaseForm
from socialvalue.core.periods import FinancialYear

YEARS_BACK = 5
APPROVE, REFUSE = "approve", "refuse"


class OverrideAskForm(BaseForm):
    """``from_route`` is what the rule says: it is not on offer."""

    to_route = forms.ChoiceField(
        label="Which route do you ask for?",
        widget=widgets.Radios(small=True),
        error_messages={"required": "Select the route that you ask for"},
    )
    reason = forms.CharField(
        label="Why should it go another way?",
        help_text="A councillor or an auditor may read this.",
        max_length=2000,
        widget=widgets.Textarea(rows=6, max_characters=2000),
        error_messages={
            "required": "Say why this procurement should go another way",
            "max_length": "The reason must be 2,000 characters or fewer",
        },
    )

    def __init__(self, *args: Any, from_route: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["to_route"]).choices = [
            choice for choice in Route.choices if choice[0] != from_route
        ]


class OverrideAnswerForm(BaseForm):
    verdict = forms.ChoiceField(
        label="Do you approve it?",
        choices=[
            (APPROVE, "Yes: the procurement goes the way that is asked for"),
            (REFUSE, "No: the rule’s route stays"),
        ],
        widget=widgets.Radios(small=True),
        error_messages={"required": "Select whether you approve it"},
    )
    answer = forms.CharField(
        label="Why?",
        help_text="It stays in the register, beside the reason.",
        max_length=2000,
        widget=widgets.Textarea(rows=4, max_characters=2000),
        error_messages={
            "required": "Say why you approve or refuse it",
            "max_length": "The answer must be 2,000 characters or fewer",
        },
    )


class OverrideFilterForm(FilterForm):
    """A GET form above the register."""

    sorts = tuple(OVERRIDE_SORTS)

    q = forms.CharField(label="Search", required=False, max_length=200)
    status = choice("Status", "Every status", OverrideStatus.choices)
    from_route = choice("Rule said", "Every route", Route.choices)
    to_route = choice("Asked for", "Every route", Route.choices)
    year = choice("Asked in", "Every year")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = FinancialYear.of(clock.today()).start_year
        self.years = {y.slug: y for y in (FinancialYear(this - n) for n in range(YEARS_BACK + 1))}
        self.offer("year", "Every year", ((slug, year.label) for slug, year in self.years.items()))

    @property
    def wanted(self) -> OverrideFilter:
        found = self.given
        year = self.years.get(found.pop("year", ""))
        if year is not None:
            found |= {"first": year.first_day, "last": year.last_day}
        return OverrideFilter(**found)


class DeviationForm(BaseForm):
    reason = forms.CharField(
        label="Why was the route not followed?",
        help_text="This stays as it is. If more becomes known, explain again.",
        max_length=2000,
        widget=widgets.Textarea(rows=6, max_characters=2000),
        error_messages={
            "required": "Say why the route was not followed",
            "max_length": "The reason must be 2,000 characters or fewer",
        },
    )
