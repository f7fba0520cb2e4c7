"""Examples for the style guide page. The figures are invented and belong to nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms, template
from django.core.paginator import Page, Paginator
from django.forms import formset_factory

from socialvalue.core import widgets
from socialvalue.core.charts import Chart, Series, Tile, grouped_bars, line_through_time, tile_map
from socialvalue.core.formsets import RowsFormSet
from socialvalue.core.layouts import Columns, Group
from socialvalue.core.tables import Column, Table

register = template.Library()

THEMES = (
    "Growth, skills and employment",
    "Local business",
    "Communities",
    "Environment",
    "Innovation",
)


class ExampleForm(forms.Form):
    """One of every control."""

    title = forms.CharField(
        label="Title of the procurement",
        help_text="Use the name suppliers will see in the notice, for example “Highways maintenance 2027 to 2031”",
        error_messages={"required": "Enter a title for the procurement"},
    )
    estimate = forms.DecimalField(
        label="Estimated contract value",
        help_text="Whole life value in pounds, excluding VAT",
        widget=widgets.MoneyInput(),
        error_messages={"invalid": "Estimated contract value must be a number, like 75,000"},
    )
    weighting = forms.DecimalField(label="Social value weighting", widget=widgets.PercentInput())
    hours = forms.DecimalField(label="Volunteering", widget=widgets.QuantityInput(suffix="hours"))
    starts_on = forms.Field(
        label="When does it start?",
        help_text="For example, 27 3 2027",
        widget=widgets.DateInput(),
        error_messages={"required": "Enter the day it starts"},
    )
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
    share = forms.DecimalField(label="Weighting", required=False, widget=widgets.PercentInput())
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
        from crispy_forms.helper import FormHelper

        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        names = [name for name in self.fields if name not in {"estimate", "weighting", "hours"}]
        self.helper.layout = None
        self.helper.add_layout(
            Group(
                "Everything a form can hold",
                "title",
                Columns("estimate", "weighting", "hours"),
                *names[1:],
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
            Column("Committed (£)", "money"),
            Column("Verified (£)", "money"),
            Column("Ends on", "date"),
        ],
        rows=[
            ("Highways maintenance 2024 to 2028", "Northgate Civils Ltd", Decimal(2410000), Decimal("915800.50"), date(2028, 3, 31)),
            ("Home care framework lot 3", "CareBridge CIC", Decimal(684500), Decimal(485995), date(2027, 9, 30)),
            ("School catering services", "Fresh Plate Foods Ltd", Decimal(512200), None, date(2027, 7, 31)),
        ],
        total=("Total", None, Decimal(3606700), Decimal("1401795.50"), None),
        links=["#table", "#table", "#table"],
    )


def _page() -> Page[int]:
    return Paginator(range(1, 1113), 25).page(6)


@register.simple_tag
def samples() -> dict[str, Any]:
    """Everything the style guide shows."""
    blank = ExampleForm(prefix="blank", initial={"method": "weighted", "themes": ["0", "3"]})
    wrong = ExampleForm({"wrong-estimate": "180 thousand", "wrong-kind": "services", "wrong-starts_on-day": "3", "wrong-method": "weighted", "wrong-weighting": "45"}, prefix="wrong")
    rows = formset_factory(MilestoneForm, formset=MilestoneRows, extra=0)(
        prefix="rows",
        initial=[{"name": "First placements", "quantity": Decimal("12.5")}, {"name": "Second placements", "quantity": Decimal(20)}],
    )
    at = datetime(2026, 9, 9, 13, 30, tzinfo=UTC)
    return {
        "form": blank,
        "wrong_form": wrong,
        "filter_form": FilterForm(),
        "formset": rows,
        "charts": _charts(),
        "table": _table(),
        "empty_table": Table(caption="Bids received", columns=[Column("Bid")], rows=[], empty="No bids yet. Suppliers you invite appear here."),
        "page": _page(),
        "statuses": ["on_track", "at_risk", "behind", "not_due", "draft", "submitted", "verified", "returned", "sealed", "light_touch", "toms_advised", "toms_mandatory"],
        "tasks": [
            {"title": "The procurement", "href": "#tasks", "status": "completed"},
            {"title": "Measures", "href": "#tasks", "status": "in_progress", "hint": "4 of 6 chosen"},
            {"title": "Weighting", "href": "#tasks", "status": "not_started"},
            {"title": "Publish", "href": "", "status": "cannot_start", "hint": "Choose the measures and the weighting first"},
        ],
        "stages": [
            SimpleNamespace(label="Policy", state="done", href="#stages", note="1 April 2026"),
            SimpleNamespace(label="Route", state="done", href="#stages", note="TOMs advised"),
            SimpleNamespace(label="Tender", state="done", href="#stages", note="3 June 2026"),
            SimpleNamespace(label="Bids", state="current", href="#stages", note="Closes 9 September 2026"),
            SimpleNamespace(label="Evaluation", state="next", href="", note=""),
            SimpleNamespace(label="Award", state="next", href="", note=""),
            SimpleNamespace(label="Delivery", state="next", href="", note=""),
        ],
        "rows": [("Buyer", "Westshire Council"), ("Estimate", "£180,000 excluding VAT", "#summary"), ("Starts on", "1 April 2027", "#summary")],
        "bar_rows": [("Highways maintenance", Decimal(38), "38%", "Behind"), ("Home care", Decimal(71), "71%", "On track"), ("Grounds", Decimal(92), "92%", "Ahead")],
        "working": [("Quantity verified", "120 hours", "Claim 14, verified 2 June 2026"), ("Proxy, price year 2025", "£16.93 an hour", "Open source A, edition 2025"), ("Attribution", "100%", "")],
        "history": [
            SimpleNamespace(sentence="Verified 120 hours of volunteering", at=at, by="Contract manager"),
            SimpleNamespace(sentence="Claimed 120 hours of volunteering with 1 file", at=at, by="Supplier"),
        ],
        "people": ["Officers of Westshire Council", "The supplier of this contract", "Auditors"],
    }
