"""The quarterly update: one box a commitment, everything else folded away."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.html import format_html

from procurement.deliveries.forms.fields import ACCEPT, EvidenceField, FilesField, FilesInput
from procurement.deliveries.queries import UpdatePage, UpdateRow
from procurement.deliveries.rules import (
    MAX_NARRATIVE,
    STATEMENT,
    WHOLE_OR_NOTHING,
    Delivery,
    UpdateLine,
    box_name,
    check_delivery,
    check_reason,
    district_of,
    in_words,
    work_out,
)
from socialvalue.core import widgets
from socialvalue.core.errors import RuleBroken
from socialvalue.core.files import ALLOWED_KINDS
from socialvalue.core.forms import BaseForm, QuantityField
from socialvalue.core.money import quantity_text

TYPED = ("quantity", "denominator", "narrative", "postcode_district")
"""The boxes that are kept as a draft."""
NO_FIGURE = "enter a figure, or tick that there is nothing this period"


@dataclass(frozen=True, slots=True)
class RowBoxes:
    """The boxes of one commitment on the page. ``is_unfolded`` when something stands in what is folded away."""

    row: UpdateRow
    quantity: forms.BoundField
    denominator: forms.BoundField | None
    nothing: forms.BoundField
    narrative: forms.BoundField
    postcode_district: forms.BoundField
    file: forms.BoundField
    evidence: forms.BoundField | None
    calculator: tuple[forms.BoundField, ...]
    worked_out: str
    is_unfolded: bool
    is_calculating: bool


class UpdateForm(BaseForm):
    """Every commitment of a quarter that can still be reported. ``lines()`` are those that something was said of.

    ``version`` is that of the drafts, ``seen`` stands for the claims that were there, ``submission_key`` makes a form
    that is sent twice one update.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput())
    seen = forms.CharField(max_length=60, widget=forms.HiddenInput())
    submission_key = forms.CharField(max_length=40, widget=forms.HiddenInput())
    has_consent = forms.BooleanField(
        label="People who can be recognised in a photo or are named in a file agreed to it",
        required=False,
        widget=widgets.Checkbox(small=True),
    )

    def __init__(
        self, *args: Any, page: UpdatePage, max_megabytes: int, today: date, **kwargs: Any
    ) -> None:
        self.page, self.today, self.max_megabytes = page, today, max_megabytes
        self.open_rows = [row for row in page.every_row if row.is_open and row.nil is None]
        self.worked_out: dict[int, str] = {}
        self.file_faults: list[tuple[str, str]] = []
        """Files that could not be kept, by box."""
        super().__init__(*args, **kwargs)
        for row in self.open_rows:
            self._add_row(row)

    def _add_row(self, row: UpdateRow) -> None:
        measure, names = row.commitment.measure, row.names
        first = row.first

        def add(name: str, field: forms.Field) -> None:
            box = box_name(row.id, name)
            self.fields[box] = field
            self.initial.setdefault(box, first.get(name, ""))

        def called(label: str) -> str:
            return format_html(
                '{} <span class="govuk-visually-hidden">of {}</span>', label, measure.label
            )

        add("quantity", _figure(called(names.quantity), measure.code, names.unit))
        if measure.unit in WHOLE_OR_NOTHING:
            self.fields[box_name(row.id, "quantity")].help_text = "1 when it was done"
        if names.whole:
            add("denominator", _figure(called(names.whole), measure.code, ""))
        add(
            "nothing",
            forms.BooleanField(
                label=called("Nothing this period"),
                required=False,
                widget=widgets.Checkbox(small=True),
            ),
        )
        add(
            "narrative",
            forms.CharField(
                label=called("What was delivered, where and for whom"),
                required=False,
                help_text="Roles are enough. Do not name people.",
                widget=widgets.Textarea(rows=3, max_characters=MAX_NARRATIVE),
            ),
        )
        add(
            "postcode_district",
            forms.CharField(
                label=called("First half of the postcode"),
                required=False,
                max_length=20,
                widget=widgets.TextInput(width=5),
            ),
        )
        add("file", self._file(row, called("Photo or file")))
        if row.files:
            choices = [(str(found.id), found.name) for found in row.files]
            add("evidence", EvidenceField(label=called("Files added"), required=False))
            field: Any = self.fields[box_name(row.id, "evidence")]
            field.choices = choices
            self.initial[box_name(row.id, "evidence")] = [value for value, _ in choices]
        for part in row.calculator.parts if row.calculator else ():
            add(f"calc-{part.name}", _figure(called(part.label), part.label, ""))

    def _file(self, row: UpdateRow, label: str) -> forms.Field:
        field = FilesField(label=label, required=False, help_text=row.commitment.measure.evidence)
        field.widget = FilesInput(
            limits=f"{ALLOWED_KINDS}, up to {self.max_megabytes} MB each",
            attrs={"accept": ACCEPT, "multiple": True},
        )
        return field

    # --- what was entered ---

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._lines = []
        for row in self.open_rows:
            try:
                line = self._line(row)
            except RuleBroken as error:
                name, message = error.errors[0]
                box = box_name(row.id, name or "quantity")
                self.add_error(
                    box if box in self.fields else None,
                    _after(row.commitment.measure.code, message),
                )
            else:
                self._lines += [line] if line else []
        return cleaned

    def lines(self) -> list[UpdateLine]:
        return self._lines

    def _line(self, row: UpdateRow) -> UpdateLine | None:
        boxes = {name: box_name(row.id, name) for name in (*TYPED, "nothing", "evidence")}
        if any(box in self.errors for box in boxes.values()):
            return None
        given = {name: self.cleaned_data.get(box) for name, box in boxes.items()}
        quantity, whole = given["quantity"], given["denominator"]
        is_empty = quantity is None and whole is None
        if given["nothing"]:
            if not is_empty and quantity != 0:
                raise RuleBroken("enter a figure or tick nothing this period, not both")
            return _nothing(row, given["narrative"])
        if is_empty:
            if row.commitment.measure.unit == STATEMENT and given["narrative"]:
                quantity = Decimal(1)
            elif given["narrative"] or given["postcode_district"]:
                raise RuleBroken(NO_FIGURE)
            else:
                return None
        if quantity is None:
            raise RuleBroken(f"enter {row.names.quantity[:1].lower()}{row.names.quantity[1:]}")
        if quantity == 0 and row.promise.adds_up:
            return _nothing(row, given["narrative"])
        line = UpdateLine(
            commitment_id=row.id,
            quantity=quantity,
            denominator=whole,
            narrative=given["narrative"] or "",
            postcode_district=district_of(given["postcode_district"] or ""),
            evidence_ids=tuple(given["evidence"] or ()),
        )
        delivery = Delivery(
            self.page.quarter, quantity, whole, line.narrative, len(line.evidence_ids),
            line.postcode_district,
        )  # fmt: skip
        check_delivery(delivery, row.promise, self.today)
        return line

    # --- buttons that only change the page ---

    def without_errors(self) -> None:
        """Drawn again as it was typed: nothing was sent yet."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def see_claims(self, seen: str) -> None:
        """Carry what is claimed now; what was typed stays. Shown beside it, sending again is a choice."""
        data: Any = self.data
        self.data = data = data.copy()
        data["seen"] = seen
        data["submission_key"] = uuid.uuid4().hex

    def say_nothing_for_the_rest(self) -> None:
        """Tick what is planned, not reported and left empty. Called before the form is read."""
        data: Any = self.data
        self.data = data = data.copy()
        for row in self.open_rows:
            boxes = [box_name(row.id, name) for name in TYPED]
            if row in self.page.rows and not row.is_reported and not any(map(data.get, boxes)):
                data[box_name(row.id, "nothing")] = "on"

    def calculate(self, commitment_id: int) -> None:
        """Fill in the figure of one commitment from its calculator, or say which box is missing."""
        self.without_errors()
        row = next((row for row in self.open_rows if row.id == commitment_id), None)
        if row is None or row.calculator is None:
            return
        figures = []
        for part in row.calculator.parts:
            box = box_name(row.id, f"calc-{part.name}")
            try:
                figure = self.fields[box].clean(self.data.get(box, ""))
                if figure is None:
                    raise forms.ValidationError(f"Enter {part.label.lower()}")
                figures.append(figure)
            except forms.ValidationError as error:
                self.add_error(box, error)
        if self.errors:
            return
        self.worked_out[row.id] = in_words(row.calculator, figures)
        data: Any = self.data
        self.data = data = data.copy()
        data[box_name(row.id, "quantity")] = quantity_text(work_out(row.calculator, figures))

    # --- drawing ---

    @property
    def due(self) -> list[tuple[UpdateRow, RowBoxes | None]]:
        """What is due in the quarter, each with its boxes; None where nothing can be entered."""
        return self._drawn(self.page.rows)

    @property
    def others(self) -> list[tuple[UpdateRow, RowBoxes | None]]:
        return self._drawn(self.page.others)

    @property
    def has_others(self) -> bool:
        """Something stands in the boxes of what is not due."""
        return any(
            boxes and (boxes.quantity.value() or boxes.is_unfolded) for _, boxes in self.others
        )

    def _drawn(self, rows: tuple[UpdateRow, ...]) -> list[tuple[UpdateRow, RowBoxes | None]]:
        return [(row, self._boxes(row) if row in self.open_rows else None) for row in rows]

    def _boxes(self, row: UpdateRow) -> RowBoxes:
        def box(name: str) -> Any:
            key = box_name(row.id, name)
            return self[key] if key in self.fields else None

        folded = [box(name) for name in ("narrative", "postcode_district", "file", "evidence")]
        calculator = tuple(
            box(f"calc-{part.name}") for part in (row.calculator.parts if row.calculator else ())
        )
        is_words_only = row.commitment.measure.unit == STATEMENT
        return RowBoxes(
            row=row,
            quantity=box("quantity"),
            denominator=box("denominator"),
            nothing=box("nothing"),
            narrative=box("narrative"),
            postcode_district=box("postcode_district"),
            file=box("file"),
            evidence=box("evidence"),
            calculator=calculator,
            worked_out=self.worked_out.get(row.id, ""),
            is_unfolded=is_words_only
            or any(found and (found.value() or found.errors) for found in folded),
            is_calculating=any(found.value() or found.errors for found in calculator),
        )


def _nothing(row: UpdateRow, words: str | None) -> UpdateLine:
    check_reason(words or "")
    return UpdateLine(row.id, Decimal(0), narrative=words or "", is_nil=True)


def _figure(label: str, subject: str, unit: str) -> QuantityField:
    is_money = unit == "£"
    return QuantityField(
        label=label,
        subject=subject,
        required=False,
        widget=widgets.QuantityInput(
            prefix="£" if is_money else "", suffix="" if is_money else unit, width=10
        ),
    )


def _after(code: str, message: str) -> str:
    """``GSE1: enter more than 0``: the same fault of two commitments reads apart in the summary."""
    return f"{code}: {message[:1].lower()}{message[1:]}"


def typed_lines(data: QueryDict, commitment_ids: list[int]) -> list[dict[str, Any]]:
    """What stands in the boxes that are kept as drafts, as it was typed, by commitment."""
    return [
        {"commitment_id": pk}
        | {name: data.get(box_name(pk, name), "").replace("\r\n", "\n") for name in TYPED}
        for pk in commitment_ids
        if box_name(pk, "quantity") in data
    ]
