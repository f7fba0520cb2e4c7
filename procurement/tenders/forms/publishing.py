"""What comes before publication: a reason, an approval, the suppliers, the deadline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from procurement.tenders.forms.asking import VersionedForm
from procurement.tenders.queries import (
    SupplierChoice,
)
from socialvalue.core import widgets
from socialvalue.core.clock import LONDON
from socialvalue.core.forms import BaseForm, DateField

# --- what the policy asks --------------------------------------------------------------------------


class WhyNotForm(VersionedForm):
    """Comply or explain: the reason, and whether the tender asks for no measures at all."""

    reason = forms.CharField(
        label="Why does the tender not follow the policy's advice on measures?",
        help_text="Kept with the tender and shown in the compliance register.",
        max_length=2000,
        widget=widgets.Textarea(rows=5, max_characters=2000),
        error_messages={"required": "Write down why, or choose measures"},
    )
    ask_for_none = forms.BooleanField(
        label="Take the chosen measures away: the tender asks for none",
        required=False,
        widget=widgets.Checkbox(),
    )

    def __init__(self, *args: Any, has_measures: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_measures:
            del self.fields["ask_for_none"]


class ApproveForm(VersionedForm):
    remark = forms.CharField(
        label="Note (optional)",
        help_text="Kept with your approval.",
        required=False,
        max_length=1000,
        widget=widgets.Textarea(rows=3, max_characters=1000),
    )


# --- suppliers -------------------------------------------------------------------------------------


class SupplierSearchForm(BaseForm):
    """Narrows the list of suppliers to invite."""

    q = forms.CharField(
        label="Search suppliers by name", required=False, widget=widgets.TextInput(width=20)
    )


class InviteForm(BaseForm):
    suppliers = forms.MultipleChoiceField(
        label="Suppliers to invite",
        widget=widgets.Checkboxes(small=True),
        error_messages={
            "required": "Tick at least one supplier",
            "invalid_choice": "Choose suppliers from the list. This one was invited already, or is not known.",
        },
    )

    def __init__(self, *args: Any, choices: Sequence[SupplierChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.MultipleChoiceField, self.fields["suppliers"])
        field.choices = [(str(row.id), row.name) for row in choices]

    def clean_suppliers(self) -> list[int]:
        return [int(value) for value in self.cleaned_data["suppliers"]]


# --- the deadline ----------------------------------------------------------------------------------

_TIME = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$")
_NAMED = {"midday": time(12), "noon": time(12)}


def read_time(text: str) -> time:
    """``17:00``, ``5pm``, ``5:30 pm``, ``midday``. ValueError for anything else, and for midnight by name."""
    cleaned = text.strip().lower().replace("a.m.", "am").replace("p.m.", "pm")
    if cleaned in _NAMED:
        return _NAMED[cleaned]
    found = _TIME.match(cleaned)
    if found is None or not (found.group(2) or found.group(3)):
        raise ValueError(f"{text!r} is not a time")
    hour, minute, half = int(found.group(1)), int(found.group(2) or 0), found.group(3)
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"{text!r} is not a time")
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute)


def london_moment(day: date, at: time) -> datetime:
    """The moment a London clock shows this. ValueError when the clocks skip it in spring."""
    moment = datetime.combine(day, at, tzinfo=LONDON)
    if datetime.fromtimestamp(moment.timestamp(), LONDON).time() != at:
        raise ValueError("The clocks go forward over this time")
    return moment


class DeadlineForm(VersionedForm):
    deadline_on = DateField(
        label="Deadline for offers",
        help_text="For example, 27 3 2027",
        error_messages={"required": "Enter the day of the deadline"},
    )
    deadline_time = forms.CharField(
        label="Time of the deadline",
        help_text="UK time, for example 17:00 or midday",
        widget=widgets.TextInput(width=10),
        error_messages={"required": "Enter the time of the deadline, for example 17:00"},
    )

    def clean_deadline_time(self) -> time:
        try:
            return read_time(self.cleaned_data["deadline_time"])
        except ValueError as error:
            raise ValidationError("The time must be like 17:00, 5pm or midday") from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("deadline_on") and data.get("deadline_time"):
            try:
                data["deadline_at"] = london_moment(data["deadline_on"], data["deadline_time"])
            except ValueError:
                self.add_error(
                    "deadline_time",
                    "The clocks go forward on this day and skip this time. Choose 2am or later.",
                )
        return data
