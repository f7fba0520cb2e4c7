"""The rows of an offer line that say who else delivers part of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from django import forms

from procurement.bids.rules import (
    MAX_PART_NAME,
    MAX_PARTS,
    PartInput,
    part_name,
    part_order,
    parts_name,
)
from procurement.bids.vocabulary import PartKind
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm, QuantityField
from socialvalue.core.formsets import changed_rows

BOXES = ("kind", "name", "quantity")
_BOX = re.compile(r"part_(\d{1,18})-(\d{1,9})-(kind|name|quantity)")
_BUTTON = re.compile(r"part_(\d{1,18})-(add|remove)")


def part_fields(unit: str, code: str) -> dict[str, forms.Field]:
    """The boxes of one row."""
    is_money = unit == "£"
    return {
        "kind": forms.ChoiceField(
            label="They are a",
            choices=PartKind.choices,
            initial=PartKind.SUBCONTRACTOR,
            required=False,
            widget=widgets.Select(),
        ),
        "name": forms.CharField(
            label="Name",
            max_length=MAX_PART_NAME,
            required=False,
            widget=widgets.TextInput(width=20),
            error_messages={
                "max_length": f"A name beside {code} must be {MAX_PART_NAME} characters or fewer"
            },
        ),
        "quantity": QuantityField(
            label=f"How much of {code} they deliver" if code else "How much they deliver",
            required=False,
            widget=widgets.QuantityInput(
                width=10, prefix="£" if is_money else "", suffix="" if is_money else unit
            ),
        ),
    }


class PartForm(BaseForm):
    """A row that nobody has filled in, to be copied by the page's script."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(part_fields("", ""))


class PartRows:
    """The rows of every line: as typed, as saved, and which is which.

    On the page rows stand in the order they were typed in and are counted from 0 without gaps. An offer keeps them by
    kind and name; ``settle`` finds both numbers of each row once the boxes were read.
    """

    def __init__(self, data: Any, saved: Mapping[str, Any], keys: Collection[int]) -> None:
        self.keys = keys
        self.saved = saved
        self.data, self.changed = data, False
        self._added: set[int] = set()
        if data is not None:
            self._press_buttons()
        names = saved if data is None else self.data
        self._numbers: dict[int, list[int]] = {}
        for key, number in sorted(_places(names)):
            if key in keys:
                self._numbers.setdefault(key, []).append(number)
        if data is not None:
            self._close_gaps()
        for key in self._added:
            here = self._numbers.setdefault(key, [])
            if len(here) < MAX_PARTS:
                # As in the row that the page's script adds; a browser would choose the first kind of the list.
                self.data[part_name(key, len(here), "kind")] = PartKind.SUBCONTRACTOR.value
                here.append(len(here))
        self._parts: dict[int, tuple[PartInput, ...]] = {}
        self._typed_as: dict[str, str] = {}
        self._kept_as: dict[str, str] = {}

    def numbers(self, key: int) -> list[int]:
        return self._numbers.get(key, [])

    def _press_buttons(self) -> None:
        for name in list(self.data):
            found = _BUTTON.fullmatch(name)
            if found is None or int(found[1]) not in self.keys:
                continue
            key = int(found[1])
            self.changed = True
            if found[2] == "add":
                self._added.add(key)
                self.data = self.data.copy()
            else:
                self.data, _ = changed_rows(self.data, parts_name(key))

    def _close_gaps(self) -> None:
        """Rows are counted without gaps, whatever the page sent."""
        moved = {
            part_name(key, old, box): part_name(key, new, box)
            for key, numbers in self._numbers.items()
            for new, old in enumerate(numbers)
            for box in BOXES
            if new != old
        }
        if moved:
            data = self.data.copy()
            held = {new: data.get(old, "") for old, new in moved.items()}
            for old in moved:
                data.pop(old, None)
            for new, value in held.items():
                data[new] = value
            self.data = data
        self._numbers = {key: list(range(len(rows))) for key, rows in self._numbers.items()}

    def settle(self, cleaned: Mapping[str, Any], errors: Mapping[str, Any]) -> None:
        """Read the rows into parts, in the order an offer keeps them."""
        for key, numbers in self._numbers.items():
            rows = [(self._part(cleaned, key, number), number) for number in numbers]
            kept = sorted(
                ((part, number) for part, number in rows if not part.is_blank),
                key=lambda row: part_order(row[0]),
            )
            unread = [
                (part, number)
                for part, number in rows
                if part.is_blank and any(part_name(key, number, box) in errors for box in BOXES)
            ]
            for at, (_, number) in enumerate(kept + unread):
                for box in BOXES:
                    here, there = part_name(key, number, box), part_name(key, at, box)
                    self._typed_as[there], self._kept_as[here] = here, there
            self._parts[key] = tuple(part for part, _ in kept)

    @staticmethod
    def _part(cleaned: Mapping[str, Any], key: int, number: int) -> PartInput:
        kind, name, quantity = (cleaned.get(part_name(key, number, box)) for box in BOXES)
        return PartInput(kind or PartKind.SUBCONTRACTOR, name or "", quantity)

    def parts(self, key: int) -> tuple[PartInput, ...]:
        return self._parts.get(key, ())

    def typed_as(self, name: str) -> str:
        """The box on the page of a box as rules name it."""
        return self._typed_as.get(name, name)

    def kept_as(self, name: str) -> str:
        """The inverse of ``typed_as``."""
        return self._kept_as.get(name, name)


def _places(names: Any) -> set[tuple[int, int]]:
    found = (_BOX.fullmatch(name) for name in names)
    return {(int(one[1]), int(one[2])) for one in found if one}
