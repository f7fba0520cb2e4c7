"""Form fields and the base form. Every error says how to mend it; what was typed stays in the box."""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from socialvalue.core import widgets
from socialvalue.core.money import MAX_POUNDS, MAX_QUANTITY, parse_decimal
from socialvalue.core.periods import uk_date

EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 12, 31)
DJANGO_REQUIRED = forms.Field.default_error_messages["required"]

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters nobody sees that make the text after them run the other way: with one in it a name reads as another."""


def no_turning(value: object) -> None:
    """ValidationError for text that would be read in another order than it is written. A field may make a time or
    a key of its text: those turn nothing.
    """
    if isinstance(value, str) and not TURNING.isdisjoint(value):
        raise ValidationError(
            "Type this again. It holds a hidden character that turns the text around", code="turned"
        )


class BaseForm(forms.Form):
    """A form rendered by our pack. ``version`` (if declared) carries the version the person saw."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for field in self.fields.values():
            if field.error_messages.get("required") == DJANGO_REQUIRED:
                verb = "Select" if isinstance(field, forms.ChoiceField) else "Enter"
                field.error_messages["required"] = f"{verb} {_sentence(field.label)}"
            if isinstance(field, forms.CharField):
                field.validators = [*field.validators, no_turning]
            most = getattr(field, "max_length", None)
            if most is not None:
                # A label that asks is no subject: "Why? must be …".
                name = "This" if str(field.label).endswith("?") else _subject(field.label, "This")
                said = f"{name} must be {most:,} characters or fewer"
                field.error_messages.setdefault("max_length", said)

    @cached_property
    def helper(self) -> FormHelper:
        """How crispy draws it. Made when first asked for, of the fields that the form then has."""
        made = FormHelper(self)
        made.form_tag = False
        made.disable_csrf = True
        return made

    def see_version(self, version: int | str) -> None:
        """Carry the version that is there now; what was typed stays. Shown beside it, saving again is a choice."""
        sent: Any = self.data
        data = sent.copy()
        data[self.add_prefix("version")] = str(version)
        self.data = data


def name_figures(form: forms.BaseForm, *, quantity: str, unit: str, whole: str = "") -> None:
    """Call the box ``quantity`` by its name and unit, and ``denominator`` by ``whole``; without a whole it goes."""
    is_money = unit == "£"
    box = form.fields["quantity"]
    box.label = quantity
    box.widget = widgets.QuantityInput(
        prefix="£" if is_money else "", suffix="" if is_money else unit, width=10
    )
    if not whole:
        form.fields.pop("denominator", None)
    elif "denominator" in form.fields:
        other = form.fields["denominator"]
        other.label, other.required = whole, True
        other.widget = widgets.QuantityInput(width=10)
    for name in {"quantity", "denominator"} & {*form.fields}:
        field = form.fields[name]
        field.error_messages["required"] = f"Enter {_sentence(field.label)}"


def _sentence(label: Any) -> str:
    text = str(label or "a value")
    return text[:1].lower() + text[1:] if not text[:2].isupper() else text


def _subject(label: Any, otherwise: str) -> str:
    """The label as a sentence about its box begins: "Minimum", not "Minimum (optional)"."""
    return str(label or otherwise).removesuffix(" (optional)")


class DecimalTextField(forms.CharField):
    """A number typed as text. ``example`` is shown when it cannot be read.

    ``subject`` begins the sentences of its errors where the label does not say enough.
    """

    places = 2
    largest = MAX_POUNDS
    example = "75000"
    noun = "a number"

    def __init__(
        self,
        *,
        min_value: Decimal | None = Decimal(0),
        max_value: Decimal | None = None,
        above_zero: bool = False,
        subject: str = "",
        **kwargs: Any,
    ) -> None:
        self.subject = subject
        self.min_value = min_value
        self.max_value = max_value if max_value is not None else self.largest
        self.above_zero = above_zero
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # a number, not text
        if value in self.empty_values:
            return None
        text = str(value).strip()
        name = self.subject or _subject(self.label, "This")
        try:
            number = parse_decimal(text.rstrip("%") if self.noun == "a percentage" else text)
        except ValueError as error:
            raise ValidationError(
                f"{name} must be {self.noun}, like {self.example}", code="invalid"
            ) from error
        exponent = number.as_tuple().exponent
        if (
            isinstance(exponent, int)
            and -exponent > self.places
            and number != round(number, self.places)
        ):
            raise ValidationError(
                f"{name} must have at most {self.places} decimal places", code="places"
            )
        if self.above_zero and number <= 0:
            raise ValidationError(f"{name} must be more than 0", code="min")
        if self.min_value is not None and number < self.min_value:
            raise ValidationError(
                f"{name} must be {self._show(self.min_value)} or more", code="min"
            )
        if self.max_value is not None and number > self.max_value:
            raise ValidationError(
                f"{name} must be {self._show(self.max_value)} or less", code="max"
            )
        return number

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The checks above are all there are: text validators do not fit a number."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            text = f"{value:,f}"
            return (
                text.rstrip("0").rstrip(".")
                if "." in text and self.places > 2
                else text.removesuffix(".00")
            )
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")

    def _show(self, number: Decimal) -> str:
        return f"{number:,f}".removesuffix(".00")


class MoneyField(DecimalTextField):
    """Pounds to the penny: accepts 180000, 180,000 and £180,000.50."""

    noun = "an amount of money"
    example = "75,000 or £75,000.50"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", widgets.MoneyInput())
        super().__init__(**kwargs)

    def _show(self, number: Decimal) -> str:
        return "£" + super()._show(number)


class QuantityField(DecimalTextField):
    """A quantity to three places. ``unit`` is shown behind the box."""

    places = 3
    largest = MAX_QUANTITY
    example = "12 or 12.5"

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", widgets.QuantityInput(suffix=unit))
        super().__init__(**kwargs)


class PercentField(DecimalTextField):
    """A percentage, 0 to 100 unless said otherwise; accepts a trailing %."""

    places = 2
    noun = "a percentage"
    example = "20"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_value", Decimal(100))
        kwargs.setdefault("widget", widgets.PercentInput())
        super().__init__(**kwargs)


class DateField(forms.DateField):
    """A date in three boxes: day, month, year. Accepts month names; says which part is missing.

    ``noun`` begins the sentences of its errors where the label does not: "The start of the contract".
    """

    widget = widgets.DateInput

    def __init__(
        self,
        *,
        min_value: date = EARLIEST,
        max_value: date = LATEST,
        noun: str = "",
        **kwargs: Any,
    ) -> None:
        self.noun = noun
        self.min_value = min_value
        self.max_value = max_value
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        name = self.noun or _subject(self.label, "The date")
        if isinstance(value, date):
            found = value
        else:
            found = _read_date(name, value)
        if found < self.min_value:
            raise ValidationError(
                f"{name} must be on or after {uk_date(self.min_value)}", code="min"
            )
        if found > self.max_value:
            raise ValidationError(
                f"{name} must be on or before {uk_date(self.max_value)}", code="max"
            )
        return found


MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}


def _month(typed: str) -> str | int:
    """The number of a month typed by name or by its first letters, three at least; else what was typed."""
    word = typed.lower().rstrip(".")
    named = [number for name, number in MONTHS.items() if len(word) >= 3 and name.startswith(word)]
    return named[0] if named else typed


def _read_date(name: str, parts: widgets.DateParts) -> date:
    """Day, month (number or name) and year as typed. ValidationError names the part that is missing."""
    missing = [box for box, text in zip(("day", "month", "year"), parts, strict=True) if not text]
    if missing:
        raise ValidationError(f"{name} must include a {' and a '.join(missing)}", code="invalid")
    try:
        return date(int(parts.year), int(_month(parts.month)), int(parts.day))
    except ValueError as error:
        raise ValidationError(
            f"{name} must be a real date, like 27 3 2026", code="invalid"
        ) from error
