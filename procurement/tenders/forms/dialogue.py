"""What is said after publication: invitations by e-mail, amendments, questions and answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from procurement.tenders.forms.publishing import MovedDeadlineForm
from procurement.tenders.queries import QuestionInfo, RequirementInfo
from procurement.tenders.rules import MOST_IN_A_QUESTION, QuestionChange, RequirementChange
from socialvalue.core import widgets
from socialvalue.core.clock import LONDON
from socialvalue.core.forms import BaseForm, QuantityField

MOST_AT_ONCE = 50


class EmailsForm(BaseForm):
    """Several addresses at once, one on a line; every wrong one is named."""

    emails = forms.CharField(
        label="E-mail addresses",
        help_text="One on a line.",
        widget=widgets.Textarea(rows=4),
        error_messages={"required": "Enter at least one e-mail address"},
    )

    def clean_emails(self) -> list[str]:
        found = re.split(r"[\s,;]+", self.cleaned_data["emails"].strip().lower())
        found = list(dict.fromkeys(text for text in found if text))
        if len(found) > MOST_AT_ONCE:
            raise ValidationError(f"Enter {MOST_AT_ONCE} addresses or fewer at once")
        wrong = [text for text in found if not _is_address(text)]
        if wrong:
            raise ValidationError(
                [f"{text} is no e-mail address. Write it like name@example.com." for text in wrong]
            )
        if not found:
            raise ValidationError("Enter at least one e-mail address")
        return found


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


class AmendForm(MovedDeadlineForm):
    """Everything an amendment may change, with what is published in the boxes."""

    reason = forms.CharField(
        label="Why is the tender changed?",
        help_text="Every invited supplier reads it.",
        max_length=2000,
        widget=widgets.Textarea(rows=3, max_characters=2000),
        error_messages={"required": "Write down why: every invited supplier reads it"},
    )

    def __init__(
        self,
        *args: Any,
        requirements: Sequence[RequirementInfo],
        questions: Sequence[QuestionInfo],
        deadline_at: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.requirements, self.questions = list(requirements), list(questions)
        self.published_deadline = deadline_at
        local = deadline_at.astimezone(LONDON)
        self.fields["deadline_on"].initial = local.date()
        self.fields["deadline_time"].initial = f"{local:%H:%M}"
        self.fields["deadline_on"].help_text = "It can only move later."
        for row in self.requirements:
            self._add_requirement(row)
        for number, question in enumerate(self.questions, start=1):
            self._add_question(number, question)

    def _add_requirement(self, row: RequirementInfo) -> None:
        is_money = row.measure.unit == "£"
        self.fields[f"mandatory_{row.id}"] = forms.BooleanField(
            label=f"Every bid must offer {row.code}",
            required=False,
            initial=row.is_mandatory,
            widget=widgets.Checkbox(small=True),
        )
        self.fields[f"minimum_{row.id}"] = QuantityField(
            label=f"Minimum of {row.code} (optional)",
            required=False,
            above_zero=True,
            initial=row.minimum_quantity,
            widget=widgets.MoneyInput()
            if is_money
            else widgets.QuantityInput(suffix=row.measure.unit),
        )
        self.fields[f"guidance_{row.id}"] = _text(
            f"Guidance on {row.code} for bidders (optional)", row.guidance
        )

    def _add_question(self, number: int, row: QuestionInfo) -> None:
        self.fields[f"text_{row.id}"] = _text(
            f"Text of question {number}", row.text, is_required=True
        )
        self.fields[f"covers_{row.id}"] = _text(
            f"A good answer to question {number} covers (optional)", row.guidance
        )

    def requirement_rows(self) -> list[dict[str, Any]]:
        """Each requirement with its boxes, for the page."""
        return [
            {
                "requirement": row,
                "boxes": [
                    self[f"{name}_{row.id}"] for name in ("mandatory", "minimum", "guidance")
                ],
            }
            for row in self.requirements
        ]

    def question_rows(self) -> list[dict[str, Any]]:
        return [
            {"number": number, "boxes": [self[f"{name}_{row.id}"] for name in ("text", "covers")]}
            for number, row in enumerate(self.questions, start=1)
        ]

    def changed_requirements(self) -> dict[int, RequirementChange]:
        data = self.cleaned_data
        return {
            row.id: RequirementChange(
                data[f"mandatory_{row.id}"], data[f"minimum_{row.id}"], data[f"guidance_{row.id}"]
            )
            for row in self.requirements
        }

    def changed_questions(self) -> dict[int, QuestionChange]:
        data = self.cleaned_data
        return {
            row.id: QuestionChange(data[f"text_{row.id}"], data[f"covers_{row.id}"])
            for row in self.questions
        }

    def new_deadline(self) -> datetime | None:
        """None when the boxes still show the published one."""
        sent: datetime = self.cleaned_data["deadline_at"]
        is_same = sent == self.published_deadline.replace(second=0, microsecond=0)
        return None if is_same else sent


def _text(label: str, initial: str, *, is_required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=is_required,
        initial=initial,
        max_length=500,
        widget=widgets.Textarea(rows=2, max_characters=500),
        error_messages={
            "required": f"Enter the {label[:1].lower()}{label[1:]}",
            "max_length": f"{label.removesuffix(' (optional)')} must be 500 characters or fewer",
        },
    )


class AskForm(BaseForm):
    text = forms.CharField(
        label="Your question",
        help_text="Everybody invited reads the answer. Leave out what gives you away.",
        max_length=MOST_IN_A_QUESTION,
        widget=widgets.Textarea(rows=5, max_characters=MOST_IN_A_QUESTION),
        error_messages={"required": "Enter your question"},
    )


class AnswerForm(BaseForm):
    published_text = forms.CharField(
        label="The question as everybody reads it",
        help_text="Take out what gives the asker away.",
        max_length=MOST_IN_A_QUESTION,
        widget=widgets.Textarea(rows=4, max_characters=MOST_IN_A_QUESTION),
        error_messages={
            "required": "Enter the question as everybody reads it",
            "max_length": f"The question must be {MOST_IN_A_QUESTION:,} characters or fewer",
        },
    )
    answer = forms.CharField(
        label="Answer",
        max_length=MOST_IN_A_QUESTION,
        widget=widgets.Textarea(rows=6, max_characters=MOST_IN_A_QUESTION),
        error_messages={
            "required": "Enter the answer",
            "max_length": f"The answer must be {MOST_IN_A_QUESTION:,} characters or fewer",
        },
    )
