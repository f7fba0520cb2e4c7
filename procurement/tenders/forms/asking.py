"""What a tender asks: measures, what is asked of each, and their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms

from procurement.tenders.queries import (
    MeasureCatalogue,
    RequirementInfo,
)
from procurement.tenders.rules import RequirementInput, beyond_unit, measure_weights_sentence, plain
from procurement.tenders.vocabulary import Formula, WeightingKind
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, PercentField, QuantityField
from socialvalue.core.layouts import Question
from toms.frameworks.queries import MeasureInfo


class VersionedForm(BaseForm):
    """Carries the version of the tender that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


MORE = {2: "Maximum and weight", 3: "Maximum, weight and place"}
"""What the further boxes of a measure are called, by how many there are."""
NOT_IN_USE = "No longer in use: untick these"


# --- measures --------------------------------------------------------------------------------------


class MeasuresForm(VersionedForm):
    """Tick what to ask for. What is ticked but not shown by the search stays ticked, as hidden boxes."""

    search = forms.CharField(
        label="Search measures",
        help_text="A code or a word, for example GSE1 or apprentice",
        required=False,
        max_length=100,
        widget=widgets.TextInput(width=20),
    )
    theme = forms.ChoiceField(label="Theme", required=False, widget=widgets.Select())
    measures = forms.MultipleChoiceField(
        label="Measures",
        widget=widgets.Checkboxes(small=True),
        required=False,
        error_messages={"invalid_choice": "Choose measures from the list."},
    )

    def __init__(self, *args: Any, catalogue: MeasureCatalogue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.catalogue = catalogue
        theme = cast(forms.ChoiceField, self.fields["theme"])
        names: dict[str, str] = {}
        for row in catalogue.themes:
            names.setdefault(row.slug, row.name)
        theme.choices = [("", "All themes"), *names.items()]
        self._offer_shown()

    def _offer_shown(self) -> None:
        """All measures are valid; only those that fit the search are drawn, under their theme."""
        field = cast(forms.MultipleChoiceField, self.fields["measures"])
        field.choices = [(str(row.id), row.label) for row in self.catalogue.measures]
        shown = self.shown()
        widget = cast(widgets.Checkboxes, field.widget)
        outside = self.catalogue.outside
        usable = [row for row in shown if row.id not in outside]
        groups = [(NOT_IN_USE, [row for row in shown if row.id in outside])]
        for theme in self.catalogue.themes:
            other = self.catalogue.other_editions.get(theme.edition_id, "")
            name = f"{theme.name} ({other})" if other else theme.name
            groups.append((name, [row for row in usable if row.theme_id == theme.id]))
        widget.choices = [
            (name, [(str(row.id), row.label) for row in rows]) for name, rows in groups if rows
        ]
        widget.hints = {
            str(
                row.id
            ): f"Counted in {row.unit}. {row.kind_label}, {row.aggregation_label.lower()}."
            for row in shown
        }

    def _now(self, name: str) -> Any:
        if self.is_bound:
            return self.fields[name].widget.value_from_datadict(self.data, self.files, name)
        return self.initial.get(name)

    def shown(self) -> list[MeasureInfo]:
        words = str(self._now("search") or "").lower().split()
        theme = str(self._now("theme") or "")
        return [
            row
            for row in self.catalogue.measures
            if row.id in self.catalogue.outside
            or (
                theme in ("", row.theme_slug)
                and all(
                    word in f"{row.label} {row.description} {row.outcome_name}".lower()
                    for word in words
                )
            )
        ]

    @property
    def ticked(self) -> list[str]:
        return [str(value) for value in self._now("measures") or []]

    @property
    def ticked_out_of_sight(self) -> list[str]:
        shown = {str(row.id) for row in self.shown()}
        known = {str(row.id) for row in self.catalogue.measures}
        return [value for value in self.ticked if value in known and value not in shown]

    def clean_measures(self) -> list[int]:
        return [int(value) for value in self.cleaned_data["measures"]]


class DetailsForm(VersionedForm):
    """For each chosen measure: mandatory or not, a minimum, a word of guidance; and more where it is wanted.

    ``places``: where measures can be valued, slug and name. ``here``: what the tender's own place is called.
    """

    def __init__(
        self,
        *args: Any,
        requirements: Sequence[RequirementInfo],
        places: Sequence[tuple[str, str]] = (),
        here: str = "",
        kind: str = "",
        formula: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.requirements = list(requirements)
        self.places = list(places)
        self.here = here
        self.scoring = {"kind": kind, "formula": formula}
        for row in self.requirements:
            self._add_usual(row)
            self._add_more(row)

    def _add_usual(self, row: RequirementInfo) -> None:
        key, code = row.measure.id, row.code
        self.fields[f"mandatory_{key}"] = forms.BooleanField(
            label=f"Every bid must offer {code}",
            required=False,
            initial=row.is_mandatory,
            widget=widgets.Checkbox(small=True),
        )
        self.fields[f"minimum_{key}"] = QuantityField(
            label=f"Minimum of {code} (optional)",
            required=False,
            above_zero=True,
            initial=row.minimum_quantity,
            widget=_quantity_box(row),
        )
        self.fields[f"guidance_{key}"] = forms.CharField(
            label=f"Guidance on {code} for bidders (optional)",
            required=False,
            max_length=500,
            initial=row.guidance,
            widget=widgets.Textarea(rows=2, max_characters=500),
            error_messages={"max_length": f"Guidance on {code} must be 500 characters or fewer"},
        )

    def _add_more(self, row: RequirementInfo) -> None:
        key, code = row.measure.id, row.code
        self.fields[f"maximum_{key}"] = QuantityField(
            label=f"The most of {code} that is scored (optional)",
            help_text="More may be offered, and is promised. It earns no more points.",
            required=False,
            above_zero=True,
            initial=row.maximum_quantity,
            widget=_quantity_box(row),
        )
        self.fields[f"weight_{key}"] = PercentField(
            label=f"Weight of {code} (optional)",
            help_text="Of the points for quantity. Give every measure one, and each is scored by itself.",
            required=False,
            above_zero=True,
            initial=row.weight_percent,
            widget=widgets.PercentInput(attrs={"data-running-total": "weights"}),
        )
        if row.depends_on_place and (self.places or row.place):
            self._add_place(row)

    def _add_place(self, row: RequirementInfo) -> None:
        kept = [] if row.place in dict(self.places) else [(row.place, row.place_name)]
        same = f"As the tender: {self.here}" if self.here else "As the tender"
        self.fields[f"place_{row.measure.id}"] = forms.ChoiceField(
            label=f"Where {row.code} is valued",
            required=False,
            initial=row.place,
            choices=[("", same), *self.places, *(kept if row.place else [])],
            widget=widgets.Select(),
            error_messages={"invalid_choice": "Select a place from the list"},
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for row in self.requirements:
            key = row.measure.id
            least, most = data.get(f"minimum_{key}"), data.get(f"maximum_{key}")
            for name, quantity in (("minimum", least), ("maximum", most)):
                if wrong := beyond_unit(row.measure.unit, quantity):
                    self.add_error(f"{name}_{key}", wrong)
            if least is not None and most is not None and most < least:
                self.add_error(
                    f"maximum_{key}",
                    f"The most of {row.code} that is scored must be {plain(least)} or more, its minimum",
                )
        if not any(name.startswith("weight_") for name in self.errors):
            self._check_weights(data)
        return data

    def _check_weights(self, data: dict[str, Any]) -> None:
        weights = [(row, data.get(f"weight_{row.measure.id}")) for row in self.requirements]
        wrong = measure_weights_sentence(
            [(row.code, weight) for row, weight in weights], **self.scoring
        )
        if wrong:
            given = [row for row, weight in weights if weight is not None]
            without = [row for row, weight in weights if weight is None]
            at = given[0] if self.scoring_takes_none or not without else without[0]
            self.add_error(f"weight_{at.measure.id}", wrong)

    @property
    def scoring_takes_none(self) -> bool:
        return (
            self.scoring["kind"] == WeightingKind.PASS_FAIL
            or self.scoring["formula"] == Formula.TARGET
        )

    def rows(self) -> list[dict[str, Any]]:
        """Each requirement with its boxes, for the page. ``is_open``: the further ones say something, or are wrong."""
        found = []
        for row in self.requirements:
            key = row.measure.id
            more = [self[name] for name in self._more_of(key)]
            found.append(
                {
                    "requirement": row,
                    "usual": [
                        self[f"{name}_{key}"] for name in ("mandatory", "minimum", "guidance")
                    ],
                    "more": more,
                    "more_label": f"{MORE[len(more)]} of {row.code}",
                    "is_open": any(box.value() or box.errors for box in more),
                }
            )
        return found

    def _more_of(self, key: int) -> list[str]:
        return [
            name
            for word in ("maximum", "weight", "place")
            if (name := f"{word}_{key}") in self.fields
        ]

    def inputs(self) -> list[RequirementInput]:
        data = self.cleaned_data
        return [
            RequirementInput(
                row.measure.id,
                data[f"mandatory_{row.measure.id}"],
                data[f"minimum_{row.measure.id}"],
                data[f"guidance_{row.measure.id}"],
                data[f"maximum_{row.measure.id}"],
                data[f"weight_{row.measure.id}"],
                data.get(f"place_{row.measure.id}", row.place),
            )
            for row in self.requirements
        ]


def _quantity_box(row: RequirementInfo) -> forms.Widget:
    return (
        widgets.MoneyInput()
        if row.measure.unit == "£"
        else widgets.QuantityInput(suffix=row.measure.unit)
    )


class PlaceForm(VersionedForm):
    place = forms.ChoiceField(
        label="Where are localised measures valued?",
        required=False,
        widget=widgets.Select(),
        help_text="Their value of one unit depends on the district, for example on local pay.",
        error_messages={"invalid_choice": "Select a place from the list"},
    )
    sector = forms.ChoiceField(
        label="In which sector is the work done?",
        required=False,
        widget=widgets.Select(),
        help_text="Some values of one unit depend on the sector, for example on the pay in it.",
        error_messages={"invalid_choice": "Select a sector from the list"},
    )

    def __init__(
        self,
        *args: Any,
        places: Sequence[tuple[str, str]],
        sectors: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["place"])
        field.choices = [("", "No place: count them, without a value"), *places]
        if not sectors:
            del self.fields["sector"]
            self.helper.layout = Layout("version", Question("place", heading=True))
            return
        sector = cast(forms.ChoiceField, self.fields["sector"])
        sector.choices = [
            ("", "No sector: the value of every sector, where there is one"),
            *sectors,
        ]
        self.helper.layout = Layout("version", "place", "sector")
