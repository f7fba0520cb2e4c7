"""Proposing an award."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from procurement.awards.queries import AwardOptions
from procurement.procurements.vocabulary import EstimateBasis
from socialvalue.core import money, widgets
from socialvalue.core.forms import BaseForm, DateField, MoneyField
from socialvalue.core.layouts import Columns, Question


class AwardForm(BaseForm):
    """Which bid, why, for how much and how long. Only the reason is not filled in already."""

    bid = forms.TypedChoiceField(label="Winning bid", coerce=int, choices=())
    reason = forms.CharField(
        label="Reason for the award",
        help_text="Why this bid is the most advantageous, price and quality included.",
        max_length=2000,
        widget=widgets.Textarea(rows=4, max_characters=2000),
        error_messages={"required": "Enter the reason for the award"},
    )
    value = MoneyField(
        label="Contract value",
        above_zero=True,
        error_messages={"required": "Enter the contract value, like 75,000"},
    )
    value_basis = forms.ChoiceField(
        label="The value is",
        choices=EstimateBasis.choices,
        widget=widgets.Radios(inline=True, small=True),
        error_messages={"required": "Select whether the contract value includes VAT"},
    )
    starts_on = DateField(
        label="Contract starts",
        noun="The start of the contract",
        error_messages={"required": "Enter the day the contract starts"},
    )
    ends_on = DateField(
        label="Contract ends",
        noun="The end of the contract",
        error_messages={"required": "Enter the day the contract ends"},
    )

    def __init__(
        self, *args: Any, options: AwardOptions, counts_only: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        passed = [bid for bid in options.bids if bid.is_passed]
        field = self.fields["bid"]
        field.choices = [(bid.bid_id, bid.supplier_name) for bid in passed]  # type: ignore[attr-defined]  # a ChoiceField
        field.widget = widgets.Radios(
            choices=field.choices,  # type: ignore[attr-defined]  # a ChoiceField
            hints={bid.bid_id: bid_hint(options, bid, counts_only=counts_only) for bid in passed},
        )
        field.error_messages["required"] = "Select the winning bid"
        field.error_messages["invalid_choice"] = "Select the winning bid from the list"
        self.helper.layout = Layout(
            Question("bid", size="m"),
            Question("reason", size="m"),
            Question("value", size="m"),
            Question("value_basis"),
            Columns("starts_on", "ends_on"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "The end date must be on or after the start date")
        return cleaned


def bid_hint(options: AwardOptions, bid: Any, *, counts_only: bool) -> SafeString:
    """Places, social value and price of a bid, in one line; the social value opens to what the bid offers."""
    price = money.pounds(bid.price) if bid.price is not None else "not given"
    worth = format_html(
        ', <a class="govuk-link" href="{}">{} of social value</a>',
        reverse("procurement:evaluations:bid", args=[options.procurement_id, bid.bid_id]),
        money.pounds_from_pence(bid.social_value_pence),
    )
    whole = "" if bid.whole_rank is None else f"Rank {bid.whole_rank} of the whole award, "
    return format_html(
        '{} {} on social value{}, price <span class="sv-price">{}</span> excluding VAT',
        f"{whole}rank" if whole else "Rank",
        bid.rank,
        "" if counts_only else worth,
        price,
    )
