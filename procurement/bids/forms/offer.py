"""The offer page's form: built from what the tender asks, read into an ``OfferInput``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import ErrorDict

from procurement.bids.forms.parts import PartForm, PartRows, part_fields
from procurement.bids.queries import LineView, OfferView, asked_of
from procurement.bids.rules import (
    HUNDRED,
    MAX_ANSWER,
    MAX_METHOD,
    MAX_PARTS,
    MAX_PROXY,
    MAX_REASON,
    AnswerInput,
    LineInput,
    OfferInput,
    answer_name,
    attribution_name,
    boxes_of,
    method_name,
    part_name,
    parts_name,
    proxy_name,
    quantity_name,
    reason_name,
)
from procurement.tenders.queries import QuestionInfo, RequirementInfo
from socialvalue.core import widgets
from socialvalue.core.forms import (
    BaseForm,
    DecimalTextField,
    MoneyField,
    PercentField,
    QuantityField,
)
from socialvalue.core.money import measured, without_sign


class UnitValueField(DecimalTextField):
    """Pounds of one unit, to nine places."""

    places = 9
    largest = MAX_PROXY
    noun = "an amount of money"
    example = "250 or 0.85"

    def _show(self, number: Decimal) -> str:
        return "£" + super()._show(number)


def _yes_or_no(text: str) -> Decimal:
    return Decimal(text)


def quantity_field(requirement: RequirementInfo) -> forms.Field:
    """A number in the measure's unit; a choice where the unit is a yes or a statement."""
    asked, measure = asked_of(requirement), requirement.measure
    if asked.is_yes_or_no:
        return forms.TypedChoiceField(
            label=f"Do you offer {measure.code}?",
            choices=[("1", "Yes"), ("0", "No")],
            coerce=_yes_or_no,
            empty_value=None,
            required=False,
            widget=widgets.Radios(inline=True, small=True),
        )
    least = requirement.minimum_quantity
    # In words where it is money: the hint stands as well where no pounds are shown.
    hint = f"At least {without_sign(measured(least, measure.unit))}." if least is not None else ""
    return QuantityField(
        label=f"Quantity of {measure.code} over the whole contract",
        help_text=hint,
        widget=_quantity_input(measure.unit),
        max_value=asked.most if asked.most <= HUNDRED else None,
        required=False,
    )


def _quantity_input(unit: str) -> widgets.NumberText:
    """Pounds before the number, other units behind it."""
    return widgets.MoneyInput() if unit == "£" else widgets.QuantityInput(suffix=unit, width=10)


@dataclass(frozen=True)
class PartBoxes:
    """One row of the page for what somebody else delivers."""

    number: int
    kind: BoundField
    name: BoundField
    quantity: BoundField


@dataclass(frozen=True)
class LineBoxes:
    """One asked measure of the page with its boxes."""

    line: LineView
    quantity: BoundField
    attribution: BoundField | None
    reason: BoundField | None
    proxy: BoundField | None
    method: BoundField
    parts: list[PartBoxes]
    takes_parts: bool

    @property
    def shows_reason(self) -> bool:
        """The share is below 100, or something is said of it."""
        if self.attribution is None or self.reason is None:
            return False
        share = str(self.attribution.value() or "").strip().rstrip("%").strip()
        return bool(self.reason.value() or self.reason.errors or share not in ("", "100"))

    @property
    def parts_prefix(self) -> str:
        return parts_name(self.line.requirement.id)

    @property
    def most_parts(self) -> int:
        return MAX_PARTS


class OfferForm(BaseForm):
    """Gaps are fine in a draft; what is typed must be readable."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    page_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    price = MoneyField(
        label="Whole-life price, excluding VAT",
        help_text="Everything over the whole contract, with extensions and options.",
        above_zero=True,
        required=False,
    )

    def __init__(self, data: Any = None, *args: Any, view: OfferView, **kwargs: Any) -> None:
        self.view = view
        shared = {row.id for row in view.tender.requirements if asked_of(row).takes_parts}
        saved = boxes_of(view.offer) if data is None else {}
        self.rows = PartRows(data, saved, shared)
        super().__init__(self.rows.data, *args, **kwargs)
        for line in view.lines:
            self._add_line(line)
        for answer in view.answers:
            self._add_answer(answer.question, answer.text)
        for name, text in view.offer.unread.items():
            if name in self.fields:
                self.initial[name] = text

    def _add_line(self, line: LineView) -> None:
        requirement = line.requirement
        code, key = requirement.code, requirement.id
        quantity = quantity_field(requirement)
        self.fields[quantity_name(key)] = quantity
        self.initial.setdefault(quantity_name(key), _shown(quantity, line.quantity))
        if requirement.measure.adds_up:
            self.fields[attribution_name(key)] = PercentField(
                label=f"Share of {code} due to this contract",
                help_text="100 unless others pay for the same outcome.",
                above_zero=True,
                required=False,
                initial=line.attribution_percent,
            )
            self.fields[reason_name(key)] = forms.CharField(
                label=f"Who else funds {code}",
                help_text="Needed when the share is below 100. Say who, and how much of it.",
                required=False,
                max_length=MAX_REASON,
                initial=line.attribution_reason,
                widget=widgets.Textarea(rows=2, max_characters=MAX_REASON),
                error_messages={
                    "max_length": f"Who else funds {code} must be {MAX_REASON} characters or fewer"
                },
            )
        if requirement.is_negotiated:
            self.fields[proxy_name(key)] = UnitValueField(
                label=f"Value of one unit of {code} that you propose",
                help_text=f"In £ per {requirement.measure.unit}. Say in the method statement where it comes from.",
                required=False,
                initial=line.negotiated_proxy,
                widget=widgets.MoneyInput(),
            )
        for number in self.rows.numbers(key):
            for box, field in part_fields(requirement.measure.unit, code).items():
                name = part_name(key, number, box)
                self.fields[name] = field
                if name in self.rows.saved:
                    self.initial[name] = self.rows.saved[name]
        self.fields[method_name(key)] = forms.CharField(
            label=f"How you will deliver {code}",
            help_text="Who, where, when, and how you will show it. No personal details.",
            required=False,
            max_length=MAX_METHOD,
            initial=line.method_statement,
            widget=widgets.Textarea(rows=5, max_characters=MAX_METHOD),
            error_messages={
                "max_length": f"How you will deliver {code} must be {MAX_METHOD:,} characters or fewer"
            },
        )

    def _add_answer(self, question: QuestionInfo, text: str) -> None:
        self.fields[answer_name(question.id)] = forms.CharField(
            label=question.text,
            help_text=question.guidance,
            required=False,
            max_length=MAX_ANSWER,
            initial=text,
            widget=widgets.Textarea(rows=8, max_characters=MAX_ANSWER),
            error_messages={"max_length": f"The answer must be {MAX_ANSWER:,} characters or fewer"},
        )

    # --- for the page ---

    def line_boxes(self) -> Iterator[LineBoxes]:
        for line in self.view.lines:
            key = line.requirement.id
            yield LineBoxes(
                line,
                self[quantity_name(key)],
                self._box(attribution_name(key)),
                self._box(reason_name(key)),
                self._box(proxy_name(key)),
                self[method_name(key)],
                list(self._part_boxes(key)),
                key in self.rows.keys,
            )

    def _box(self, name: str) -> BoundField | None:
        return self[name] if name in self.fields else None

    def _part_boxes(self, key: int) -> Iterator[PartBoxes]:
        for number in self.rows.numbers(key):
            kind, name, quantity = (
                self[part_name(key, number, box)] for box in ("kind", "name", "quantity")
            )
            yield PartBoxes(number, kind, name, quantity)

    def blank_part(self) -> PartForm:
        """The row that the page's script adds, for any measure."""
        return PartForm(prefix="__formset__-__prefix__")

    def answer_boxes(self) -> Iterator[tuple[QuestionInfo, BoundField]]:
        for answer in self.view.answers:
            yield answer.question, self[answer_name(answer.question.id)]

    # --- rows ---

    def is_valid(self) -> bool:
        return not self.rows.changed and super().is_valid()

    def full_clean(self) -> None:
        super().full_clean()
        if self.rows.changed:
            self._errors = (
                ErrorDict()
            )  # a row was added or taken away: the page is drawn again, nothing is wrong
        elif self.is_bound:
            self.rows.settle(self.cleaned_data, self._errors or {})

    def add_error(self, field: str | None, error: Any) -> None:
        """Rules name the parts of a line in the order they are kept in; the page has them in the order of typing."""
        super().add_error(self.rows.typed_as(field) if field else field, error)

    # --- for the service ---

    def offer(self) -> OfferInput:
        """What was typed, after ``is_valid()`` was asked. Boxes that could not be read are kept as they are."""
        data = self.cleaned_data
        return OfferInput(
            price=data.get("price"),
            lines=tuple(self._line(line.requirement.id) for line in self.view.lines),
            answers=tuple(
                AnswerInput(a.question.id, data.get(answer_name(a.question.id)) or "")
                for a in self.view.answers
            ),
            unread=self._unread(),
        )

    def _line(self, key: int) -> LineInput:
        data = self.cleaned_data
        return LineInput(
            requirement_id=key,
            quantity=data.get(quantity_name(key)),
            attribution_percent=data.get(attribution_name(key)) or HUNDRED,
            negotiated_proxy=data.get(proxy_name(key)),
            method_statement=data.get(method_name(key)) or "",
            attribution_reason=data.get(reason_name(key)) or "",
            parts=self.rows.parts(key),
        )

    def _unread(self) -> dict[str, str]:
        typed = {name: str(self.data.get(name, "")) for name in self.errors if name in self.fields}
        return {
            self.rows.kept_as(name): text
            for name, text in typed.items()
            if text and name not in ("version", "page_key")
        }


def _shown(field: forms.Field, quantity: Decimal | None) -> Any:
    if isinstance(field, forms.TypedChoiceField) and quantity is not None:
        return f"{quantity.normalize():f}"
    return quantity
