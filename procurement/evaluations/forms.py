"""The marking form of one bid: a mark and a reason for each answer, on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from procurement.evaluations.queries import AnswerToMark
from procurement.evaluations.vocabulary import Mark
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm

CHOICES = [(str(mark.value), f"{mark.value} – {mark.label}") for mark in reversed(Mark)]


@dataclass(frozen=True, slots=True)
class GivenMark:
    """One answer as marked on the page."""

    question_id: int
    mark: int
    rationale: str
    version: int


class MarkingForm(BaseForm):
    """Two boxes a question; an answer may be left for later, but not half marked."""

    def __init__(self, *args: Any, answers: Sequence[AnswerToMark], **kwargs: Any) -> None:
        self.answers = answers
        super().__init__(*args, **kwargs)
        for number, answer in enumerate(answers, start=1):
            key = answer.question_id
            self.fields[f"mark_{key}"] = forms.ChoiceField(
                label=f"Mark for question {number}",
                choices=CHOICES,
                required=False,
                widget=widgets.Radios(small=True),
                initial=None if answer.mark is None else str(answer.mark),
            )
            self.fields[f"rationale_{key}"] = forms.CharField(
                label=f"Reason for the mark of question {number}",
                help_text="What in the answer earned this mark. The bidder may be told.",
                max_length=2000,
                required=False,
                widget=widgets.Textarea(rows=4, max_characters=2000),
                initial=answer.rationale,
                error_messages={
                    "max_length": f"The reason for the mark of question {number} must be "
                    "2,000 characters or fewer"
                },
            )
            self.fields[f"version_{key}"] = forms.IntegerField(
                min_value=0, required=False, widget=forms.HiddenInput, initial=answer.version
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number, answer in enumerate(self.answers, start=1):
            key = answer.question_id
            if self.errors.keys() & {f"mark_{key}", f"rationale_{key}"}:
                continue
            mark, rationale = cleaned.get(f"mark_{key}"), cleaned.get(f"rationale_{key}")
            if mark and not rationale:
                self.add_error(
                    f"rationale_{key}", f"Enter the reason for the mark of question {number}"
                )
            if rationale and not mark:
                self.add_error(f"mark_{key}", f"Select a mark for question {number}")
            if answer.mark is not None and not mark and not rationale:
                self.add_error(f"mark_{key}", f"Select a mark for question {number}")
        return cleaned

    def given(self) -> list[GivenMark]:
        """The answers that were marked or changed on this page."""
        found = []
        for answer in self.answers:
            key = answer.question_id
            mark = self.cleaned_data.get(f"mark_{key}")
            rationale = self.cleaned_data.get(f"rationale_{key}") or ""
            version = self.cleaned_data.get(f"version_{key}") or 0
            if not mark:
                continue
            if str(answer.mark) == mark and answer.rationale == rationale:
                # Sent twice, or not touched: nothing to save.
                continue
            found.append(GivenMark(key, int(mark), rationale, version))
        return found

    def see_versions(self, answers: Sequence[AnswerToMark]) -> None:
        """Carry the versions that are there now; what was typed stays."""
        data: Any = self.data
        data = data.copy()
        for answer in answers:
            data[f"version_{answer.question_id}"] = str(answer.version)
        self.data = data

    def rows(self) -> list[dict[str, Any]]:
        """Each answer with its bound boxes, for the page."""
        return [
            {
                "answer": answer,
                "mark": self[f"mark_{answer.question_id}"],
                "rationale": self[f"rationale_{answer.question_id}"],
                "version": self[f"version_{answer.question_id}"],
            }
            for answer in self.answers
        ]
