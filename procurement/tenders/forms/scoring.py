"""How a tender is scored: the weighting, the split, ties, the scale of marks; and its questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from procurement.tenders.forms.asking import VersionedForm
from procurement.tenders.rules import (
    MARKS,
    MOST_IN_A_MARK,
    MOST_QUESTIONS,
    TOP_MARK,
    QuestionInput,
    WeightingRange,
    own_marks,
    tie_rule_wrong,
    weights_sentence,
)
from procurement.tenders.vocabulary import Formula, TieRule, WeightingKind
from socialvalue.core import widgets
from socialvalue.core.errors import RuleBroken
from socialvalue.core.forms import BaseForm, MoneyField, PercentField
from socialvalue.core.formsets import VersionedRows

MARK_BOXES = tuple(f"mark_{mark}" for mark in MARKS)


class ScoringForm(VersionedForm):
    """Weighted within the policy's range or pass or fail, the split of the score, ties, and what the marks mean.

    ``mark_scale``: what the marks 0 to 5 mean now.
    """

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

    tie_rule = forms.ChoiceField(
        label="What decides between bids with equal points?",
        choices=TieRule.choices,
        initial=TieRule.SHARED,
        required=False,
        widget=widgets.Select(),
        error_messages={"invalid_choice": "Select what decides between equal bids"},
    )

    def __init__(
        self, *args: Any, allowed: WeightingRange, mark_scale: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for mark, name in enumerate(MARK_BOXES):
            self.fields[name] = forms.CharField(
                label=f"{mark} means",
                required=False,
                max_length=MOST_IN_A_MARK,
                initial=mark_scale[mark] if mark_scale else "",
                widget=widgets.Textarea(rows=2),
                error_messages={
                    "max_length": f"What the mark {mark} means must be {MOST_IN_A_MARK} characters or fewer"
                },
            )
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
        self.helper.layout = Layout(*(name for name in self.fields if name not in MARK_BOXES))

    def marks(self) -> list[BoundField]:
        """The boxes that say what the marks mean, drawn apart."""
        return [self[name] for name in MARK_BOXES]

    @property
    def has_wrong_marks(self) -> bool:
        return any(self[name].errors for name in MARK_BOXES)

    def mark_scale(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data.get(name, "") for name in MARK_BOXES)

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
        data["tie_rule"] = data.get("tie_rule") or TieRule.SHARED.value
        self._check_marks()
        wrong = tie_rule_wrong(
            data["tie_rule"],
            kind=data.get("weighting_kind", ""),
            quantitative_percent=data.get("quantitative_percent"),
        )
        if wrong and "tie_rule" not in self.errors:
            self.add_error("tie_rule", wrong)
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

    def _check_marks(self) -> None:
        if self.has_wrong_marks:
            return
        try:
            own_marks(self.mark_scale())
        except RuleBroken as error:
            for name, message in error.errors:
                self.add_error(name, message)


# --- questions -------------------------------------------------------------------------------------

MARKED, JUDGED = "marked", "judged"


class QuestionForm(BaseForm):
    """A question that is marked, with a weight; or one that is judged pass or fail, without."""

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
    kind = forms.ChoiceField(
        label="How is the answer judged?",
        choices=[(MARKED, f"Marked 0 to {TOP_MARK}"), (JUDGED, "Pass or fail")],
        initial=MARKED,
        required=False,
        widget=widgets.Radios(small=True, reveals={MARKED: ["weight_percent", "minimum_mark"]}),
        error_messages={"invalid_choice": "Select how the answer is judged"},
    )
    weight_percent = PercentField(
        label="Weight",
        required=False,
        above_zero=True,
        widget=widgets.PercentInput(attrs={"data-running-total": "weights"}),
    )
    minimum_mark = forms.TypedChoiceField(
        label="Lowest mark that passes",
        choices=[("", "Any mark passes"), *((n, str(n)) for n in MARKS if n)],
        coerce=int,
        empty_value=None,
        required=False,
        widget=widgets.Select(),
        error_messages={"invalid_choice": f"Choose a mark from 1 to {TOP_MARK}, or any"},
    )

    @property
    def changed_data(self) -> list[str]:
        """A row in which only its kind is chosen is an empty row."""
        return [name for name in super().changed_data if name != "kind"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == JUDGED:
            for name in ("weight_percent", "minimum_mark"):
                self.errors.pop(name, None)
                data[name] = None
        elif data.get("weight_percent") is None and "weight_percent" not in self.errors:
            self.add_error("weight_percent", "Enter the weight of the question, for example 50")
        return data

    def question(self) -> QuestionInput:
        data = self.cleaned_data
        return QuestionInput(
            data["text"],
            data["guidance"],
            data["weight_percent"],
            data["kind"] == JUDGED,
            data["minimum_mark"],
        )


class BaseQuestions(VersionedRows):
    """The questions of a tender. The weights of those that are marked add to 100."""

    row_title = "Question"
    add_text = "Add a question"

    def clean(self) -> None:
        if any(self.errors):
            return
        weights = [row["weight_percent"] for row in self.filled()]
        wrong = weights_sentence([weight for weight in weights if weight is not None])
        if wrong:
            raise ValidationError(wrong)

    def inputs(self) -> list[QuestionInput]:
        return [form.question() for form in self.forms if form.cleaned_data]


QuestionsFormSet = forms.formset_factory(
    QuestionForm, formset=BaseQuestions, extra=0, can_delete=False, max_num=MOST_QUESTIONS
)


def question_row(row: Any) -> dict[str, Any]:
    """A question of the tender as the boxes of its row hold it."""
    return {
        "text": row.text,
        "guidance": row.guidance,
        "kind": JUDGED if row.is_pass_fail else MARKED,
        "weight_percent": row.weight_percent,
        "minimum_mark": row.minimum_mark or "",
    }
