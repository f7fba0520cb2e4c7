"""Controls a person types into.

Every widget carries what the ``govuk`` template pack needs to draw it (a prefix, a unit, a width,
hints per option, what an option reveals). The markup itself lives in ``templates/govuk/``; these
classes only read what was typed and give it back unchanged, so that nothing typed is lost.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from django import forms


class DateParts(NamedTuple):
    """The three boxes of a date exactly as they were typed."""

    day: str
    month: str
    year: str

    @property
    def is_blank(self) -> bool:
        return not any(self)


class TextInput(forms.TextInput):
    """One line of text with an optional prefix, suffix and width in characters.

    ``width`` is one of 2, 3, 4, 5, 10, 20, 30; without it the box is as wide as its column.
    """

    input_mode = ""
    default_prefix = ""
    default_suffix = ""
    default_width: int | None = None

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        prefix: str | None = None,
        suffix: str | None = None,
        width: int | None = None,
    ) -> None:
        super().__init__(attrs)
        self.prefix = self.default_prefix if prefix is None else prefix
        self.suffix = self.default_suffix if suffix is None else suffix
        self.width = self.default_width if width is None else width
        if self.input_mode:
            self.attrs.setdefault("inputmode", self.input_mode)


class NumberText(TextInput):
    """A number typed as text: what was typed comes back untouched when it cannot be read."""

    input_mode = "decimal"
    default_width = 10

    def __init__(self, attrs: dict[str, Any] | None = None, **options: Any) -> None:
        super().__init__(attrs, **options)
        self.attrs.setdefault("spellcheck", "false")

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, Decimal):
            return self.format_number(value)
        return None if value is None or value == "" else str(value)

    def format_number(self, value: Decimal) -> str:
        """Show a stored number in full, without an exponent or empty decimals."""
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text


class MoneyInput(NumberText):
    """Pounds. Shows a stored amount as ``180,000`` or ``180,000.50``."""

    default_prefix = "£"

    def format_number(self, value: Decimal) -> str:
        whole = value == value.to_integral_value()
        return f"{value:,.0f}" if whole else f"{value:,.2f}"


class PercentInput(NumberText):
    """A share of one hundred."""

    default_suffix = "%"
    default_width = 3


class QuantityInput(NumberText):
    """A number of something; say what with ``suffix``, for example ``suffix="hours"``."""

    default_width = 5


class WholeNumberInput(NumberText):
    """A count: digits only on a phone keyboard."""

    input_mode = "numeric"
    default_width = 5


class DateInput(forms.Widget):
    """Day, month and year in three boxes named ``<name>-day``, ``<name>-month``, ``<name>-year``.

    Gives :class:`DateParts` to the field, or ``None`` when all three are blank. A single ISO date
    posted under the plain name is read as well, which suits imports and scripts.
    """

    use_fieldset = True
    parts: ClassVar[tuple[str, ...]] = ("day", "month", "year")

    def format_value(self, value: Any) -> DateParts:
        if isinstance(value, DateParts):
            return value
        if isinstance(value, datetime.date):
            return DateParts(str(value.day), str(value.month), str(value.year))
        return self._from_iso(str(value)) if value else DateParts("", "", "")

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> DateParts | None:
        typed = DateParts(*(str(data.get(f"{name}-{part}") or "").strip() for part in self.parts))
        if typed.is_blank and data.get(name):
            typed = self.format_value(data.get(name))
        return None if typed.is_blank else typed

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(f"{name}-{part}" not in data for part in self.parts) and name not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-day" if id_ else id_

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """Never drawn alone: the template pack draws the three boxes with their labels."""
        raise NotImplementedError("Draw a date field with {{ form|crispy }} or {% crispy form %}.")

    @staticmethod
    def _from_iso(text: str) -> DateParts:
        year, _, rest = text.partition("-")
        month, _, day = rest.partition("-")
        if year.isdecimal() and month.isdecimal() and day.isdecimal():
            return DateParts(str(int(day)), str(int(month)), year)
        return DateParts(text, "", "")


class _Options:
    """What a list of radios or checkboxes adds to Django's own."""

    def _set_options(
        self,
        *,
        inline: bool,
        small: bool,
        hints: Mapping[Any, str] | None,
        reveals: Mapping[Any, Sequence[str]] | None,
        divider_before: Any,
    ) -> None:
        self.inline = inline
        self.small = small
        self.hints = {str(key): text for key, text in (hints or {}).items()}
        self.reveals = {str(key): tuple(names) for key, names in (reveals or {}).items()}
        self.divider_before = None if divider_before is None else str(divider_before)


class Radios(_Options, forms.RadioSelect):
    """One choice of a few.

    ``hints`` maps a value to a line under it; ``reveals`` maps a value to the names of fields of the
    same form shown while it is chosen; ``divider_before`` names the value an "or" stands before.
    """

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        inline: bool = False,
        small: bool = False,
        hints: Mapping[Any, str] | None = None,
        reveals: Mapping[Any, Sequence[str]] | None = None,
        divider_before: Any = None,
    ) -> None:
        super().__init__(attrs, choices)
        self._set_options(
            inline=inline,
            small=small,
            hints=hints,
            reveals=reveals,
            divider_before=divider_before,
        )


class Checkboxes(_Options, forms.CheckboxSelectMultiple):
    """Any number of a few; the same options as :class:`Radios`."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        small: bool = False,
        hints: Mapping[Any, str] | None = None,
        reveals: Mapping[Any, Sequence[str]] | None = None,
        divider_before: Any = None,
    ) -> None:
        super().__init__(attrs, choices)
        self._set_options(
            inline=False,
            small=small,
            hints=hints,
            reveals=reveals,
            divider_before=divider_before,
        )


class Checkbox(forms.CheckboxInput):
    """One statement to agree to; ``reveals`` names the fields shown while it is ticked."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        small: bool = False,
        reveals: Sequence[str] = (),
    ) -> None:
        super().__init__(attrs)
        self.small = small
        self.reveals = {"on": tuple(reveals)} if reveals else {}


class Select(forms.Select):
    """A list that drops down, for more than about seven choices."""


class Textarea(forms.Textarea):
    """Several lines; with ``max_characters`` or ``max_words`` it counts what is left."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        rows: int = 5,
        max_characters: int | None = None,
        max_words: int | None = None,
        threshold: int | None = None,
    ) -> None:
        super().__init__({"rows": rows, **(attrs or {})})
        self.attrs.pop("cols", None)
        self.max_characters = max_characters
        self.max_words = max_words
        self.threshold = threshold

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """A new line is one character, as the person was told who saw what was left, not the two that browsers send."""
        text = super().value_from_datadict(data, files, name)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text


class FileInput(forms.FileInput):
    """A file, with its limits said beside it: ``FileInput(limits="PDF or photo, up to 10 MB")``."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, limits: str = "") -> None:
        super().__init__(attrs)
        self.limits = limits


class PasswordInput(forms.PasswordInput):
    """A password with a button that shows and hides it."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        render_value: bool = False,
        *,
        autocomplete: str = "current-password",
    ) -> None:
        super().__init__({"autocomplete": autocomplete, **(attrs or {})}, render_value)
