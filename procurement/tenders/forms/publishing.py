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


def read_moment(form: forms.Form, day: str, at: str, into: str) -> None:
    """Two cleaned boxes, a day and a time in London, become one moment under ``into``."""
    data = form.cleaned_data
    if data.get(day) and data.get(at):
        try:
            data[into] = london_moment(data[day], data[at])
        except ValueError:
            form.add_error(
                at, "The clocks go forward on this day and skip this time. Choose 2am or later."
            )


class TimeField(forms.CharField):
    """A time of day as people write it."""

    def to_python(self, value: Any) -> time | None:  # type: ignore[override]  # a time, not text
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return read_time(text)
        except ValueError as error:
            raise ValidationError("The time must be like 17:00, 5pm or midday") from error


class MovedDeadlineForm(VersionedForm):
    """A day and a time that become ``deadline_at``."""

    deadline_on = DateField(
        label="Deadline for offers",
        help_text="For example, 27 3 2027",
        error_messages={"required": "Enter the day of the deadline"},
    )
    deadline_time = TimeField(
        label="Time of the deadline",
        help_text="UK time, for example 17:00 or midday",
        widget=widgets.TextInput(width=10),
        error_messages={"required": "Enter the time of the deadline, for example 17:00"},
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        read_moment(self, "deadline_on", "deadline_time", "deadline_at")
        return self.cleaned_data


class DeadlineForm(MovedDeadlineForm):
    """The deadline, and when questions end where that is earlier."""

    clarify_on = DateField(
        label="Last day for questions (optional)",
        help_text="Leave it empty to take questions until the deadline.",
        required=False,
    )
    clarify_time = TimeField(
        label="Time on that day",
        help_text="UK time, for example 17:00",
        required=False,
        widget=widgets.TextInput(width=10),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("clarify_on") and "clarify_time" in data and not data["clarify_time"]:
            self.add_error("clarify_time", "Enter the time when questions end, for example 17:00")
        if data.get("clarify_time") and "clarify_on" in data and not data["clarify_on"]:
            self.add_error("clarify_on", "Enter the day when questions end, or empty the time")
        read_moment(self, "clarify_on", "clarify_time", "clarify_until")
        return data
