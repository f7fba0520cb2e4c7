"""Passing a commitment on, and what somebody with the link types."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from procurement.deliveries.forms.fields import ACCEPT, FilesField, FilesInput
from procurement.deliveries.queries import LinkPage
from procurement.deliveries.rules import MAX_NARRATIVE, WHOLE_OR_NOTHING, figure_names
from procurement.deliveries.rules.passing_on import DAYS, MAX_SITE, USUAL_DAYS
from socialvalue.core import widgets
from socialvalue.core.files import ALLOWED_KINDS
from socialvalue.core.forms import BaseForm, QuantityField, name_figures
from socialvalue.core.periods import quarter_label


class PassOnForm(BaseForm):
    """Who gets a link to one commitment, and for how long."""

    site = forms.CharField(
        label="Who or where",
        max_length=MAX_SITE,
        help_text="A role or a site, for example Walsall depot. It needs no name.",
        widget=widgets.TextInput(),
        error_messages={"required": "Enter a role or a site, for example Walsall depot"},
    )
    email = forms.CharField(
        label="Email the link goes to",
        max_length=254,
        widget=widgets.TextInput({"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
        error_messages={"required": "Enter the email address the link goes to"},
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label="The link works for",
        choices=[(days, f"{days} days") for days in DAYS],
        initial=USUAL_DAYS,
        coerce=int,
        widget=widgets.Select(),
    )


class HandInForm(BaseForm):
    """One figure of one commitment in one quarter."""

    quarter = forms.ChoiceField(
        widget=forms.HiddenInput(),
        error_messages={"invalid_choice": "Open the link again and choose the quarter there"},
    )
    quantity = QuantityField(label="Quantity")
    denominator = QuantityField(label="Out of", required=False)
    narrative = forms.CharField(
        label="What was delivered (optional)",
        required=False,
        help_text="Roles are enough. Do not name people.",
        widget=widgets.Textarea(rows=3, max_characters=MAX_NARRATIVE),
    )
    file = FilesField(label="Photo or file (optional)", required=False)
    has_consent = forms.BooleanField(
        label="People who can be recognised in it or are named in it agreed to it",
        required=False,
        widget=widgets.Checkbox(small=True),
    )
    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, link: LinkPage, max_megabytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = figure_names(link.commitment.measure)
        name_figures(self, quantity=names.quantity, unit=names.unit, whole=names.whole)
        if link.commitment.measure.unit in WHOLE_OR_NOTHING:
            self.fields["quantity"].help_text = "1 when it was done, 0 when it was not"
        quarters: Any = self.fields["quarter"]
        quarters.choices = [(day.isoformat(), quarter_label(day)) for day in link.quarters]
        self.fields["file"].widget = FilesInput(
            limits=f"{ALLOWED_KINDS}, up to {max_megabytes} MB each",
            attrs={"accept": ACCEPT, "multiple": True},
        )

    def clean_quarter(self) -> date:
        return date.fromisoformat(self.cleaned_data["quarter"])
