"""What a tender asks: measures, place, scoring, questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

from procurement.tenders.queries import (
    MeasureCatalogue,
    RequirementInfo,
)
from procurement.tenders.rules import (
    MOST_QUESTIONS,
    QuestionInput,
    RequirementInput,
    WeightingRange,
    weights_sentence,
)
from procurement.tenders.vocabulary import Formula, WeightingKind
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, MoneyField, PercentField, QuantityField
from socialvalue.core.formsets import VersionedRows
from socialvalue.core.layouts import Question
from toms.frameworks.queries import MeasureInfo


class VersionedForm(BaseForm):
    """Carries the version of the tender that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


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
    """For each chosen measure: mandatory or not, a minimum, and a word of guidance."""

    def __init__(self, *args: Any, requirements: Sequence[RequirementInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requirements = list(requirements)
        for row in self.requirements:
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
                widget=widgets.MoneyInput()
                if row.measure.unit == "£"
                else widgets.QuantityInput(suffix=row.measure.unit),
            )
            self.fields[f"guidance_{key}"] = forms.CharField(
                label=f"Guidance on {code} for bidders (optional)",
                required=False,
                max_length=500,
                initial=row.guidance,
                widget=widgets.Textarea(rows=2, max_characters=500),
                error_messages={
                    "max_length": f"Guidance on {code} must be 500 characters or fewer"
                },
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each requirement with its three boxes, for the page."""
        return [
            {
                "requirement": row,
                "mandatory": self[f"mandatory_{row.measure.id}"],
                "minimum": self[f"minimum_{row.measure.id}"],
                "guidance": self[f"guidance_{row.measure.id}"],
            }
            for row in self.requirements
        ]

    def inputs(self) -> list[RequirementInput]:
        data = self.cleaned_data
        return [
            RequirementInput(
                row.measure.id,
                data[f"mandatory_{row.measure.id}"],
                data[f"minimum_{row.measure.id}"],
                data[f"guidance_{row.measure.id}"],
            )
            for row in self.requirements
        ]


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


# --- scoring ---------------------------------------------------------------------------------------


class ScoringForm(VersionedForm):
    """Weighted within the policy's range or pass or fail, and the split of the score."""

    weighting_kind = forms.ChoiceField(
        label="How does social value count?",
        error_messages={"required": "Select a weighted score or pass or fail"},
    )
    weighting_percent = PercentField(label="Weighting of the whole award", required=False)
    quality_percent = PercentField(
        label="The quality score's share of the whole award",
        help_text="For example 60, when price counts 40. The page says what it comes to.",
        required=False,
        above_zero=True,
    )
    quantitative_percent = PercentField(
        label="Share of the social value score for quantities",
        help_text="The rest is for answers in words, marked 0 to 5. For example 50.",
        error_messages={
            "required": "Enter the share of the social value score for quantities, for example 50"
        },
    )

    formula = forms.ChoiceField(
        label="How do quantities become points?",
        choices=Formula.choices,
        initial=Formula.SHARE_OF_HIGHEST,
        required=False,
        widget=widgets.Radios(
            small=True,
            reveals={Formula.TARGET.value: ["target_value"]},
            hints={
                Formula.SHARE_OF_HIGHEST.value: "The bid that offers most earns every point",
                Formula.SHARE_OF_PRICE.value: "So that a dear bid has to offer more",
                Formula.TARGET.value: "Beyond the target nothing more is earned",
            },
        ),
    )
    target_value = MoneyField(
        label="Target",
        help_text="Pounds of social value that earn every point",
        required=False,
        above_zero=True,
    )

    def __init__(self, *args: Any, allowed: WeightingRange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["weighting_kind"])
        choices = [(WeightingKind.WEIGHTED.value, WeightingKind.WEIGHTED.label)]
        if allowed.pass_fail_allowed:
            choices.append((WeightingKind.PASS_FAIL.value, WeightingKind.PASS_FAIL.label))
        field.widget = widgets.Radios(
            reveals={WeightingKind.WEIGHTED.value: self._weighted_boxes(allowed)},
            hints={
                WeightingKind.WEIGHTED.value: "Points by quantity and by answers",
                WeightingKind.PASS_FAIL.value: "Every mandatory measure must be offered; no points",
            },
        )
        field.choices = choices
        self.fields["weighting_percent"].help_text = allowed.words

    def _weighted_boxes(self, allowed: WeightingRange) -> list[str]:
        """What a weighted score asks for: where the policy takes a share of quality, how much quality counts too."""
        if not allowed.is_share_of_quality:
            del self.fields["quality_percent"]
            return ["weighting_percent"]
        self.fields["weighting_percent"].label = "Weighting of the quality score"
        return ["weighting_percent", "quality_percent"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["formula"] = data.get("formula") or Formula.SHARE_OF_HIGHEST.value
        is_weighted = data.get("weighting_kind") == WeightingKind.WEIGHTED
        if (
            data["formula"] == Formula.TARGET
            and data.get("target_value") is None
            and "target_value" not in self.errors
        ):
            self.add_error(
                "target_value",
                "Enter the social value in £ that earns every point, for example 150,000",
            )
        missing = data.get("weighting_percent") is None and "weighting_percent" not in self.errors
        if is_weighted and missing:
            whole = "the quality score" if "quality_percent" in self.fields else "the whole award"
            self.add_error("weighting_percent", f"Enter the weighting as a percentage of {whole}")
        if (
            is_weighted
            and "quality_percent" in self.fields
            and data.get("quality_percent") is None
            and "quality_percent" not in self.errors
        ):
            self.add_error(
                "quality_percent", "Enter how much of the whole award the quality score counts"
            )
        return data


# --- questions -------------------------------------------------------------------------------------


class QuestionForm(BaseForm):
    text = forms.CharField(
        label="Question",
        max_length=500,
        widget=widgets.Textarea(rows=2, max_characters=500),
        error_messages={
            "required": "Enter the question, or remove this row",
            "max_length": "The question must be 500 characters or fewer",
        },
    )
    guidance = forms.CharField(
        label="What a good answer covers (optional)",
        required=False,
        max_length=500,
        widget=widgets.Textarea(rows=2, max_characters=500),
        error_messages={"max_length": "The guidance must be 500 characters or fewer"},
    )
    weight_percent = PercentField(
        label="Weight",
        above_zero=True,
        error_messages={"required": "Enter the weight of the question, for example 50"},
        widget=widgets.PercentInput(attrs={"data-running-total": "weights"}),
    )


class BaseQuestions(VersionedRows):
    """The questions of a tender. Their weights add to 100, or there are none."""

    row_title = "Question"
    add_text = "Add a question"

    def clean(self) -> None:
        if any(self.errors):
            return
        weights = [row["weight_percent"] for row in self.filled()]
        wrong = weights_sentence(weights)
        if wrong:
            raise ValidationError(wrong)

    def inputs(self) -> list[QuestionInput]:
        return [
            QuestionInput(row["text"], row["guidance"], row["weight_percent"])
            for row in self.filled()
        ]


QuestionsFormSet = forms.formset_factory(
    QuestionForm, formset=BaseQuestions, extra=0, can_delete=False, max_num=MOST_QUESTIONS
)
