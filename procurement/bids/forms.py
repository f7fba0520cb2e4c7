"""The offer page's form: built from what the tender asks, read into an ``OfferInput``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from procurement.bids.queries import LineView, OfferView, asked_of
from procurement.bids.rules import (
    HUNDRED,
    MAX_ANSWER,
    MAX_METHOD,
    MAX_PROXY,
    AnswerInput,
    LineInput,
    OfferInput,
    answer_name,
    attribution_name,
    method_name,
    proxy_name,
    quantity_name,
    wrong_with_line,
)
from procurement.bids.rules.workbook import OFFER, PRICE, QUESTIONS, Found, OfferBook, read_offer
from procurement.tenders.queries import QuestionInfo, RequirementInfo
from socialvalue.core import widgets
from socialvalue.core.cells import Problem, Workbook
from socialvalue.core.forms import (
    BaseForm,
    DecimalTextField,
    MoneyField,
    PercentField,
    QuantityField,
)


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
    hint = f"At least {least.normalize():f} {measure.unit}." if least is not None else ""
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
class LineBoxes:
    """One asked measure of the page with its boxes."""

    line: LineView
    quantity: BoundField
    attribution: BoundField | None
    proxy: BoundField | None
    method: BoundField


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

    def __init__(self, *args: Any, view: OfferView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view
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
        if requirement.is_negotiated:
            self.fields[proxy_name(key)] = UnitValueField(
                label=f"Value of one unit of {code} that you propose",
                help_text=f"In £ per {requirement.measure.unit}. Say in the method statement where it comes from.",
                required=False,
                initial=line.negotiated_proxy,
                widget=widgets.MoneyInput(),
            )
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
                self[attribution_name(key)] if attribution_name(key) in self.fields else None,
                self[proxy_name(key)] if proxy_name(key) in self.fields else None,
                self[method_name(key)],
            )

    def answer_boxes(self) -> Iterator[tuple[QuestionInfo, BoundField]]:
        for answer in self.view.answers:
            yield answer.question, self[answer_name(answer.question.id)]

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
        )

    def _unread(self) -> dict[str, str]:
        typed = {name: str(self.data.get(name, "")) for name in self.errors if name in self.fields}
        return {
            name: text
            for name, text in typed.items()
            if text and name not in ("version", "page_key")
        }


def _shown(field: forms.Field, quantity: Decimal | None) -> Any:
    if isinstance(field, forms.TypedChoiceField) and quantity is not None:
        return f"{quantity.normalize():f}"
    return quantity


# --- the workbook ---------------------------------------------------------------------------------


class WorkbookForm(BaseForm):
    """A workbook that was worked on offline. It is read in memory and kept nowhere."""

    file = forms.FileField(
        label="Workbook you worked in",
        widget=widgets.FileInput(limits="XLSX or ODS, up to 1 MB", attrs={"accept": ".xlsx,.ods"}),
        error_messages={
            "required": "Choose the workbook",
            "empty": "The file is empty. Choose the workbook you worked in",
        },
    )


@dataclass(frozen=True)
class Uploaded:
    """What an uploaded workbook comes to: the offer page filled in with it, and what is wrong with it."""

    form: OfferForm
    offer: OfferInput
    problems: list[Problem]
    elsewhere: list[str]
    """Wrong, and in no cell: saved on the page, in a row that the workbook leaves out."""
    left_out: list[str]

    @property
    def boxes(self) -> list[tuple[str, str]]:
        """Names and values of the offer page's boxes, to be sent to it."""
        return [(name, self.form.data.get(name, "")) for name in self.form.fields]


def read_upload(read: Workbook, book: OfferBook, view: OfferView, *, page_key: str) -> Uploaded:
    """The workbook's boxes over the saved ones, checked by the offer page's own form and the rules of its service."""
    found = read_offer(read, book)
    blank = OfferForm(view=view, initial={"price": view.offer.price})
    saved = {name: _typed(blank[name].value()) for name in blank.fields}
    data = saved | found.boxes | {"version": str(view.version), "page_key": page_key}
    form = OfferForm(data, view=view)
    form.is_valid()
    offer = form.offer()
    wrong = [(name, str(texts[0])) for name, texts in form.errors.items()]
    for requirement in view.tender.requirements:
        for one in wrong_with_line(asked_of(requirement), offer.line(requirement.id)):
            wrong.append((one.name, one.message))
    problems, elsewhere = _placed(found, wrong)
    return Uploaded(form, offer, problems, elsewhere, found.left_out)


def _typed(value: Any) -> str:
    return "" if value is None else str(value)


def _placed(found: Found, wrong: list[tuple[str, str]]) -> tuple[list[Problem], list[str]]:
    """Every problem at its cell, once a cell, in the order of the workbook; and those that have none."""
    problems, elsewhere = list(found.problems), []
    marked = {(one.sheet, one.row, one.column) for one in problems}
    for name, message in wrong:
        place = found.places.get(name)
        if place is None:
            elsewhere.append(message)
        elif (place.sheet, place.row, place.column) not in marked:
            marked.add((place.sheet, place.row, place.column))
            problems.append(Problem("error", place.sheet, place.row, place.column, message))
    order = {OFFER: 0, QUESTIONS: 1, PRICE: 2}
    return sorted(
        problems, key=lambda one: (order.get(one.sheet, 3), one.row, one.column)
    ), elsewhere


class BidFilterForm(BaseForm):
    """Narrows a supplier's list of invitations."""

    q = forms.CharField(label="Search", required=False, widget=widgets.TextInput(width=20))
    status = forms.ChoiceField(
        label="Deadline",
        required=False,
        choices=[("", "All"), ("open", "Open"), ("closed", "Closed")],
        widget=widgets.Select(),
    )
