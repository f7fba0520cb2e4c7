"""Examples for the style guide page. The figures are invented and belong to nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Layout
from django import forms, template
from django.core.paginator import Page, Paginator
from django.forms import formset_factory

from socialvalue.core import widgets
from socialvalue.core.charts import Chart, Series, Tile, grouped_bars, line_through_time, tile_map
from socialvalue.core.forms import BaseForm, DateField, MoneyField, PercentField, QuantityField
from socialvalue.core.formsets import RowsFormSet
from socialvalue.core.layouts import Columns, Group
from socialvalue.core.tables import Column, Table
from socialvalue.core.templatetags.ui import LOOKS

D = Decimal
register = template.Library()

THEMES = (
    "Growth, skills and employment",
    "Local business",
    "Communities",
    "Environment",
    "Innovation",
)


class ExampleForm(BaseForm):
    """One of every control."""

    title = forms.CharField(
        label="Title of the procurement",
        help_text="Use the name suppliers will see in the notice, for example “Highways maintenance 2027 to 2031”",
        error_messages={"required": "Enter a title for the procurement"},
    )
    estimate = MoneyField(
        label="Estimated contract value", help_text="Whole life value in pounds, excluding VAT"
    )
    weighting = PercentField(label="Social value weighting", max_value=Decimal(30))
    hours = QuantityField(label="Volunteering", unit="hours")
    starts_on = DateField(label="Start date", help_text="For example, 27 3 2027")
    directorate = forms.ChoiceField(
        label="Directorate",
        choices=[("", "Select a directorate"), ("place", "Place"), ("people", "People")],
        widget=widgets.Select(),
        error_messages={"required": "Select a directorate"},
    )
    kind = forms.ChoiceField(
        label="What are you buying?",
        choices=[("services", "Services"), ("goods", "Goods"), ("works", "Works")],
        widget=widgets.Radios(inline=True),
        error_messages={"required": "Select what you are buying"},
    )
    method = forms.ChoiceField(
        label="How will social value be evaluated?",
        choices=[("weighted", "Weighted score"), ("pass", "Pass or fail")],
        widget=widgets.Radios(
            hints={"weighted": "Between 5% and 30% of the whole score"},
            reveals={"weighted": ["share"]},
        ),
        error_messages={"required": "Select how social value will be evaluated"},
    )
    share = PercentField(label="Weighting", required=False)
    themes = forms.MultipleChoiceField(
        label="Which themes matter most?",
        help_text="Select all that apply",
        choices=[(str(number), name) for number, name in enumerate(THEMES)],
        widget=widgets.Checkboxes(small=True),
        required=False,
    )
    notes = forms.CharField(
        label="Notes for the panel (optional)",
        widget=widgets.Textarea(max_characters=500),
        required=False,
    )
    evidence = forms.FileField(
        label="Evidence",
        widget=widgets.FileInput(limits="PDF, Word, Excel or a photo, up to 10 MB"),
        required=False,
    )
    secret = forms.CharField(label="Password", widget=widgets.PasswordInput(), required=False)
    agrees = forms.BooleanField(
        label="I have read the specification",
        widget=widgets.Checkbox(),
        error_messages={"required": "Confirm that you have read the specification"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest = [n for n in self.fields if n not in {"title", "estimate", "weighting", "hours"}]
        self.helper.layout = Layout(
            Group(
                "Everything a form can hold",
                "title",
                Columns("estimate", "weighting", "hours"),
                *rest,
            )
        )


class FilterForm(forms.Form):
    q = forms.CharField(label="Search", required=False)
    route = forms.ChoiceField(
        label="Route",
        required=False,
        choices=[("", "All routes"), ("light", "Light touch"), ("advised", "TOMs advised")],
    )


class MilestoneForm(forms.Form):
    name = forms.CharField(label="Milestone", required=False)
    quantity = forms.DecimalField(
        label="Quantity",
        required=False,
        widget=widgets.QuantityInput(suffix="hours", attrs={"data-running-total": "sample"}),
    )


class MilestoneRows(RowsFormSet):
    row_title = "Milestone"
    add_text = "Add a milestone"


def _pounds(*thousands: int | None) -> list[Decimal | None]:
    return [None if value is None else Decimal(value * 1000) for value in thousands]


def _charts() -> dict[str, Chart]:
    return {
        "bars": grouped_bars(
            title="Committed, claimed and verified value by theme",
            categories=THEMES,
            series=[
                Series("Committed", _pounds(4200, 3100, 2400, 1900, 800)),
                Series("Claimed", _pounds(3300, 1900, 1750, 1100, None)),
                Series("Verified", _pounds(2900, 1400, 1600, 900, 300)),
            ],
            uid="sample-bars",
            note="n/r means not reported.",
        ),
        "line": line_through_time(
            title="Planned and verified value by quarter",
            categories=[f"Quarter {n}" for n in range(1, 9)],
            series=[
                Series("Planned", _pounds(250, 600, 1100, 1800, 2600, 3500, 4500, 5600)),
                Series("Verified", _pounds(210, 480, 1050, 1500, 2450, 3150, None, None)),
            ],
            uid="sample-line",
        ),
        "map": tile_map(
            title="Verified share of what is due, by authority",
            tiles=[
                Tile("WOL", "Wolverhampton", 0, 0, Decimal(62), "#map"),
                Tile("WAL", "Walsall", 1, 0, Decimal(41), "#map"),
                Tile("DUD", "Dudley", 0, 1, Decimal(77), "#map"),
                Tile("SAN", "Sandwell", 1, 1, Decimal(55), "#map"),
                Tile("BIR", "Birmingham", 2, 1, Decimal(69), "#map"),
                Tile("SOL", "Solihull", 2, 2, Decimal(83), "#map"),
                Tile("COV", "Coventry", 3, 2, Decimal(35), "#map"),
                Tile("WAR", "Warwickshire", 3, 3, None, "#map"),
            ],
            uid="sample-map",
            is_share=True,
        ),
    }


def _table() -> Table:
    return Table(
        caption="Contracts needing attention",
        columns=[
            Column("Contract"),
            Column("Supplier"),
            Column("Committed (£)", "money", is_social_value=True),
            Column("Verified (£)", "money", is_social_value=True),
            Column("Ends on", "date"),
        ],
        rows=[
            (
                "Highways maintenance",
                "Northgate Civils",
                D("2410000"),
                D("915800.50"),
                date(2028, 3, 31),
            ),
            (
                "Home care framework lot 3",
                "CareBridge",
                D("684500"),
                D("485995"),
                date(2027, 9, 30),
            ),
            ("School catering", "Fresh Plate Foods", D("512200"), None, date(2027, 7, 31)),
        ],
        total=("Total", None, Decimal(3606700), Decimal("1401795.50"), None),
        links=["#table", "#table", "#table"],
    )


def _page() -> Page[int]:
    return Paginator(range(1, 1113), 25).page(6)


@register.simple_tag
def samples() -> dict[str, Any]:
    """Everything the style guide shows."""
    typed = {
        "wrong-estimate": "180 thousand",
        "wrong-kind": "services",
        "wrong-starts_on-day": "3",
        "wrong-method": "weighted",
        "wrong-weighting": "45",
    }
    rows = formset_factory(MilestoneForm, formset=MilestoneRows, extra=0)(
        prefix="rows",
        initial=[{"name": "First", "quantity": D("12.5")}, {"name": "Second", "quantity": D(20)}],
    )
    return {
        "form": ExampleForm(prefix="blank", initial={"method": "weighted", "themes": ["0", "3"]}),
        "wrong_form": ExampleForm(typed, prefix="wrong"),
        "filter_form": FilterForm(),
        "formset": rows,
        "charts": _charts(),
        "table": _table(),
        "empty_table": Table(
            caption="Bids received",
            columns=[Column("Bid")],
            rows=[],
            empty="No bids yet. Suppliers you invite appear here.",
        ),
        "page": _page(),
        **_records(),
    }


def _records() -> dict[str, Any]:
    at = datetime(2026, 9, 9, 13, 30, tzinfo=UTC)
    return {
        "statuses": list(LOOKS),
        "tasks": [
            ("The procurement", "#tasks", "completed"),
            ("Measures", "#tasks", "in_progress", "4 of 6 chosen"),
            ("Weighting", "#tasks", "not_started"),
            ("Publish", "", "cannot_start", "Choose the measures and the weighting first"),
        ],
        "stages": [
            ("Policy", "done", "#stages", "1 April 2026"),
            ("Route", "done", "#stages", "TOMs advised"),
            ("Tender", "done", "#stages", "3 June 2026"),
            ("Bids", "current", "#stages", "Closes 9 September 2026"),
            ("Evaluation", "next"),
            ("Award", "next"),
            ("Delivery", "next"),
        ],
        "rows": [
            ("Buyer", "Westshire Council"),
            ("Estimate", "£180,000 excluding VAT", "#summary"),
            ("Starts on", "1 April 2027", "#summary"),
        ],
        "bar_rows": [
            ("Highways maintenance", D(38), "38%", "Behind"),
            ("Home care", D(71), "71%", "On track"),
            ("Grounds", D(92), "92%", "Ahead"),
        ],
        "working": [
            ("Quantity verified", "120 hours", "Claim 14, verified 2 June 2026"),
            ("Proxy, price year 2025", "£16.93 an hour", "Open source A, edition 2025"),
            ("Attribution", "100%"),
        ],
        "history": [
            ("Verified 120 hours of volunteering", at, "Contract manager"),
            ("Claimed 120 hours of volunteering with 1 file", at, "Supplier"),
        ],
        "people": ["Officers of Westshire Council", "The supplier of this contract", "Auditors"],
    }
