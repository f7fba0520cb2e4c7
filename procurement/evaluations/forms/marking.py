"""The forms of one bid: a verdict and a reason for each answer; an evaluator's own, or the moderator's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from procurement.evaluations.queries import AnswerToMark, AnswerToModerate
from procurement.evaluations.rules import Verdict
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm

NOT_APPLICABLE = ("na", "Not applicable")
PASS_FAIL_CHOICES = [("met", "Met"), ("not_met", "Not met"), NOT_APPLICABLE]
LONGEST = 2000


def mark_choices(descriptors: Sequence[str]) -> list[tuple[str, str]]:
    """The scale of the tender, best first."""
    scale = [(str(mark), f"{mark} – {text}") for mark, text in enumerate(descriptors)]
    return [*reversed(scale), NOT_APPLICABLE]


def as_verdict(choice: str) -> Verdict:
    if choice == "na":
        return Verdict(not_applicable=True)
    if choice in ("met", "not_met"):
        return Verdict(is_met=choice == "met")
    return Verdict(mark=int(choice))


def as_choice(verdict: Verdict | None) -> str | None:
    if verdict is None:
        return None
    if verdict.not_applicable:
        return "na"
    if verdict.is_met is not None:
        return "met" if verdict.is_met else "not_met"
    return str(verdict.mark)


@dataclass(frozen=True, slots=True)
class GivenVerdict:
    """One answer as given on the page."""

    question_id: int
    verdict: Verdict
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer the form asks about: what is stored, and what the boxes start with where nothing is."""

    question_id: int
    number: int
    is_pass_fail: bool
    verdict: Verdict | None
    reason: str
    version: int
    preset: tuple[Verdict, str] | None = None
    must_be_set_again: bool = False


class VerdictForm(BaseForm):
    """Two boxes a question; an answer may be left for later, but not half given."""

    verdict_label = "Mark for question {number}"
    criterion_label = "Is question {number} met?"
    reason_label = "Reason for the mark of question {number}"
    reason_hint = ""

    def __init__(
        self, *args: Any, asked: Sequence[Asked], descriptors: Sequence[str], **kwargs: Any
    ) -> None:
        self.asked = asked
        super().__init__(*args, **kwargs)
        for row in asked:
            self._add_boxes(row, mark_choices(descriptors))

    def _add_boxes(self, row: Asked, scale: list[tuple[str, str]]) -> None:
        key, number = row.question_id, row.number
        start = (row.verdict, row.reason) if row.verdict else row.preset or (None, "")
        label = self.criterion_label if row.is_pass_fail else self.verdict_label
        self.fields[f"mark_{key}"] = forms.ChoiceField(
            label=label.format(number=number),
            choices=PASS_FAIL_CHOICES if row.is_pass_fail else scale,
            required=False,
            widget=widgets.Radios(small=True, divider_before="na"),
            initial=as_choice(start[0]),
        )
        self.fields[f"rationale_{key}"] = forms.CharField(
            label=self.reason_label.format(number=number),
            help_text=self.reason_hint,
            max_length=LONGEST,
            required=False,
            widget=widgets.Textarea(rows=4, max_characters=LONGEST),
            initial=start[1],
            error_messages={
                "max_length": f"The reason for question {number} must be 2,000 characters or fewer"
            },
        )
        self.fields[f"version_{key}"] = forms.IntegerField(
            min_value=0, required=False, widget=forms.HiddenInput, initial=row.version
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for row in self.asked:
            mark, reason = f"mark_{row.question_id}", f"rationale_{row.question_id}"
            if self.errors.keys() & {mark, reason}:
                continue
            if cleaned.get(mark) and not cleaned.get(reason):
                self.add_error(reason, f"Enter the reason for question {row.number}")
            if not cleaned.get(mark) and (cleaned.get(reason) or row.verdict is not None):
                what = "whether it is met" if row.is_pass_fail else "a mark"
                self.add_error(mark, f"Select {what} for question {row.number}")
        return cleaned

    def given(self) -> list[GivenVerdict]:
        """The answers that were marked or changed on this page."""
        found = []
        for row in self.asked:
            choice = self.cleaned_data.get(f"mark_{row.question_id}")
            if not choice:
                continue
            reason = self.cleaned_data.get(f"rationale_{row.question_id}") or ""
            is_same = as_choice(row.verdict) == choice and row.reason == reason
            if is_same and not row.must_be_set_again:
                # Sent twice, or not touched: nothing to save.
                continue
            version = self.cleaned_data.get(f"version_{row.question_id}") or 0
            found.append(GivenVerdict(row.question_id, as_verdict(choice), reason, version))
        return found

    def see_versions(self, asked: Sequence[Asked]) -> None:
        """Carry the versions that are there now; what was typed stays."""
        data: Any = self.data
        data = data.copy()
        for row in asked:
            data[f"version_{row.question_id}"] = str(row.version)
        self.data = data

    def boxes(self, question_id: int) -> dict[str, Any]:
        """The bound boxes of one answer, for the page."""
        return {
            "mark": self[f"mark_{question_id}"],
            "rationale": self[f"rationale_{question_id}"],
            "version": self[f"version_{question_id}"],
        }


class MarkingForm(VerdictForm):
    """An evaluator's own marks of one bid."""

    reason_hint = "What in the answer earned this mark. The bidder may be told."

    def __init__(
        self,
        *args: Any,
        answers: Sequence[AnswerToMark],
        descriptors: Sequence[str],
        **kwargs: Any,
    ) -> None:
        self.answers = answers
        super().__init__(
            *args, asked=[own_asked(row) for row in answers], descriptors=descriptors, **kwargs
        )

    def rows(self) -> list[dict[str, Any]]:
        return [{"answer": row, **self.boxes(row.question_id)} for row in self.answers]


def own_asked(row: AnswerToMark) -> Asked:
    return Asked(
        row.question_id, row.number, row.is_pass_fail, row.verdict, row.rationale, row.version
    )


class ModeratingForm(VerdictForm):
    """The moderator's verdicts on one bid; where all evaluators agree the boxes start with what they said."""

    verdict_label = "Moderated mark for question {number}"
    reason_label = "Reason for the moderated mark of question {number}"
    reason_hint = "Why this mark. The bidder is told."

    def __init__(
        self,
        *args: Any,
        answers: Sequence[AnswerToModerate],
        descriptors: Sequence[str],
        **kwargs: Any,
    ) -> None:
        self.answers = answers
        super().__init__(
            *args,
            asked=[moderated_asked(row) for row in answers],
            descriptors=descriptors,
            **kwargs,
        )

    def rows(self) -> list[dict[str, Any]]:
        return [{"row": row, **self.boxes(row.answer.question_id)} for row in self.answers]


def moderated_asked(row: AnswerToModerate) -> Asked:
    answer, settled = row.answer, row.answer.moderated
    return Asked(
        answer.question_id,
        answer.number,
        answer.is_pass_fail,
        settled.verdict if settled else None,
        settled.reason if settled else "",
        settled.version if settled else 0,
        row.preset,
        must_be_set_again=bool(settled and settled.is_stale),
    )
