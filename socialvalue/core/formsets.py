"""Rows of the same few fields that a person adds and removes, with or without JavaScript."""

from __future__ import annotations

from typing import Any

from django.forms import Field
from django.forms.formsets import BaseFormSet
from django.forms.utils import ErrorDict
from django.http import QueryDict


class RowsFormSet(BaseFormSet):
    """A formset whose "Add another" and "Remove" buttons work as plain submits.

    While one of them was pressed the formset is not valid and shows no errors, so that the page is
    simply drawn again with one row more or less and everything typed kept. ``row_title`` names one
    row ("Milestone"); ``add_text`` names the button.
    """

    row_title = "Row"
    add_text = "Add another"
    can_add_rows = True

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        prefix = kwargs.get("prefix") or self.get_default_prefix()
        data, self.rows_changed = changed_rows(data, prefix)
        super().__init__(data, *args, **kwargs)

    def is_valid(self) -> bool:
        return not self.rows_changed and super().is_valid()

    def full_clean(self) -> None:
        super().full_clean()
        if self.rows_changed:
            self._errors = [ErrorDict() for _ in self.forms]
            self._non_form_errors = self.error_class()
            for form in self.forms:
                form._errors = ErrorDict()  # drawn without errors


class VersionedRows(RowsFormSet):
    """Rows with the version of the record that the person saw; the page holds it in a hidden box, ``version``."""

    fields: dict[str, Field] = {}
    """None besides the rows: what a page that shows a form or a formset may ask of both."""

    def __init__(self, *args: Any, version: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_version = version

    @property
    def version(self) -> str:
        """For the page's hidden box."""
        return str(self.data.get("version", "")) if self.is_bound else str(self.first_version)

    @property
    def expected_version(self) -> int:
        return int(self.version) if self.version.isdecimal() else 0

    def see_version(self, version: int) -> None:
        """Carry the version that is there now; what was typed stays."""
        sent: Any = self.data
        data = sent.copy()
        data["version"] = str(version)
        self.data = data

    def add_error(self, name: str | None, message: str) -> None:
        """A rule that the service found broken, said above the rows."""
        self.non_form_errors().append(message)

    def filled(self) -> list[dict[str, Any]]:
        """What was typed, row by row; rows left empty are none."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data]


def changed_rows(data: Any, prefix: str) -> tuple[Any, bool]:
    """The posted data after the row button that was pressed, and whether one was."""
    if data is None:
        return None, False
    if f"{prefix}-add" in data:
        copy = data.copy()
        copy[f"{prefix}-TOTAL_FORMS"] = str(_total(data, prefix) + 1)
        return copy, True
    removed = str(data.get(f"{prefix}-remove", ""))
    if removed.isdecimal():
        return _without_row(data, prefix, int(removed)), True
    return data, False


def _total(data: Any, prefix: str) -> int:
    text = str(data.get(f"{prefix}-TOTAL_FORMS", "0"))
    return int(text) if text.isdecimal() else 0


def _without_row(data: Any, prefix: str, removed: int) -> QueryDict:
    """Rows after the removed one move up by one."""
    total = _total(data, prefix)
    kept = QueryDict(mutable=True)
    for name in data:
        head, _, rest = name.removeprefix(f"{prefix}-").partition("-")
        is_row = name.startswith(f"{prefix}-") and head.isdecimal() and bool(rest)
        number = int(head) if is_row else -1
        if number == removed:
            continue
        target = f"{prefix}-{number - 1}-{rest}" if number > removed else name
        values = data.getlist(name) if hasattr(data, "getlist") else [data[name]]
        kept.setlist(target, values)
    if 0 <= removed < total:
        kept[f"{prefix}-TOTAL_FORMS"] = str(total - 1)
        initial = data.get(f"{prefix}-INITIAL_FORMS", "0")
        if str(initial).isdecimal() and removed < int(initial):
            kept[f"{prefix}-INITIAL_FORMS"] = str(int(initial) - 1)
    return kept
