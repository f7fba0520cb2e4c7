"""What the page of entries is asked for, by a person or by the figure that opened it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from procurement.ledger.queries import CUTS, Cut, EntryFilters, filter_choices
from procurement.ledger.vocabulary import Basis
from socialvalue.core import widgets
from socialvalue.core.actor import Actor
from socialvalue.core.forms import BaseForm
from socialvalue.core.periods import FinancialYear
from toms.frameworks.queries import MeasureInfo

MANY = 500


class _OneOrMany(widgets.Select):
    """A list to choose from that also carries several values, when a figure names several."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        values = data.getlist(name) if isinstance(data, QueryDict) else [data.get(name)]
        return [value for value in values if value]

    def format_value(self, value: Any) -> list[str]:
        return (
            [str(item) for item in value]
            if isinstance(value, list | tuple)
            else super().format_value(value)
        )


class _Hidden(forms.MultipleHiddenInput):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [value for value in super().value_from_datadict(data, files, name) or [] if value]


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) < 19


def _apart(text: str) -> list[str]:
    """The ids of ``1,2,3``. Anything else stays as it was typed, to be refused as that."""
    keys = text.split(",")
    return keys if all(map(_is_id, keys)) else [text]


class IdsField(forms.Field):
    """Row ids: none means all. An address gives them apart, or in one with commas between."""

    def to_python(self, value: Any) -> tuple[int, ...]:
        texts = list(value or ())
        if len(texts) > MANY or not all(_is_id(text) for text in texts):
            raise ValidationError(
                "Open this list from the figure again: its address is not complete"
            )
        return tuple(dict.fromkeys(int(text) for text in texts))


class MonthField(forms.CharField):
    """A day as ``2026-04-01``, or a month as ``2026-04``."""

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]  # a day, not text
        if value in self.empty_values:
            return None
        text = str(value).strip()
        try:
            return date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
        except ValueError as error:
            raise ValidationError("Write a period like 2026-04-01") from error

    def validate(self, value: Any) -> None:
        """Any day will do."""

    def run_validators(self, value: Any) -> None:
        """The checks above are all there are: text validators do not fit a day."""


class EntryFilterForm(BaseForm):
    """Basis, year, theme and measure to choose; everything else comes from the figure that was opened."""

    q = forms.CharField(
        label="Search", required=False, max_length=100, widget=widgets.TextInput(width=20),
        help_text="Contract, supplier or measure",
    )  # fmt: skip
    basis = forms.ChoiceField(label="Basis", choices=Basis.choices, widget=widgets.Select())
    year = forms.ChoiceField(label="Financial year", required=False, widget=widgets.Select())
    theme = IdsField(label="Theme", required=False, widget=_OneOrMany())
    measure = IdsField(label="Measure", required=False, widget=_OneOrMany())
    authority = IdsField(required=False, widget=_Hidden())
    supplier = IdsField(required=False, widget=_Hidden())
    contract = IdsField(required=False, widget=_Hidden())
    commitment = IdsField(required=False, widget=_Hidden())
    claim = IdsField(required=False, widget=_Hidden())
    directorate = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput())
    place = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput())
    size = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput())
    route = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput())
    outcome = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput())
    objective = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput())
    priority = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput())
    to = MonthField(required=False, widget=forms.HiddenInput())
    at = MonthField(required=False, widget=forms.HiddenInput())
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput())

    def __init__(
        self,
        data: QueryDict,
        *,
        measures: Sequence[MeasureInfo],
        years: Sequence[FinancialYear],
        **kwargs: Any,
    ) -> None:
        data = data.copy()
        data.setdefault("basis", Basis.VERIFIED)
        for name, field in self.base_fields.items():
            if isinstance(field, IdsField) and name in data:
                data.setlist(name, [key for text in data.getlist(name) for key in _apart(text)])
        super().__init__(data, **kwargs)
        self.sent = data
        themes = dict.fromkeys((measure.theme_id, measure.theme_name) for measure in measures)
        self._offer("year", [("", "All years"), *((year.slug, year.label) for year in years)])
        self._offer("theme", [("", "All themes"), *((str(pk), name) for pk, name in themes)])
        self._offer("measure", [("", "All measures"), *((str(m.id), m.label) for m in measures)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Put the choices in the list; a list that cannot show what the address asks for steps aside."""
        field = self.fields[name]
        sent = self.sent.getlist(name)
        if name != "year" and (len(sent) > 1 or not {*sent} <= {value for value, _ in choices}):
            field.widget = _Hidden()
        elif isinstance(field, forms.ChoiceField):
            field.choices = choices
        else:
            field.widget.choices = choices

    def filters(self) -> EntryFilters:
        """The valid form as filters. A financial year narrows the period further."""
        data = self.cleaned_data
        first, last = data["from"], data["to"]
        if data["year"]:
            year = FinancialYear.parse(data["year"])
            first = max(first or year.first_day, year.first_day)
            last = min(last or year.last_day, year.last_day)
        return EntryFilters(
            basis=data["basis"],
            authority_ids=data["authority"],
            theme_ids=data["theme"],
            measure_ids=data["measure"],
            contract_ids=data["contract"],
            commitment_ids=data["commitment"],
            claim_ids=data["claim"],
            supplier_ids=data["supplier"],
            first=first,
            last=last,
            at=data["at"],
            cut=Cut(**{name: data[name] for name in CUTS}),
            text=data["q"].strip(),
            order=data["sort"] or "-posted",
        )


# "from" is a word of the language, so it cannot be written as an attribute.
EntryFilterForm.base_fields["from"] = MonthField(required=False, widget=forms.HiddenInput())


def entry_filter_form(actor: Actor, given: QueryDict) -> EntryFilterForm:
    """The form as sent, with what occurs in the entries this person may see to choose from."""
    choices = filter_choices(actor)
    return EntryFilterForm(given, measures=choices.measures, years=choices.years)
