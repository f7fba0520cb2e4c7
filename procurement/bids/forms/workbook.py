"""The uploaded workbook, held against the offer page's own form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from procurement.bids.forms.offer import OfferForm
from procurement.bids.queries import OfferView, asked_of
from procurement.bids.rules import OfferInput, wrong_with_line
from procurement.bids.rules.workbook import (
    OFFER,
    PARTNERS,
    PRICE,
    QUESTIONS,
    Found,
    OfferBook,
    read_offer,
)
from socialvalue.core import widgets
from socialvalue.core.cells import Problem, Workbook
from socialvalue.core.forms import BaseForm


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
    if found.has_parts:
        saved = {name: text for name, text in saved.items() if not name.startswith("part_")}
    data = saved | found.boxes | {"version": str(view.version), "page_key": page_key}
    form = OfferForm(data, view=view)
    form.is_valid()
    offer = form.offer()
    wrong = [(name, str(texts[0])) for name, texts in form.errors.items()]
    for requirement in view.tender.requirements:
        for one in wrong_with_line(asked_of(requirement), offer.line(requirement.id)):
            wrong.append((form.rows.typed_as(one.name), one.message))
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
    order = {OFFER: 0, PARTNERS: 1, QUESTIONS: 2, PRICE: 3}
    return sorted(
        problems, key=lambda one: (order.get(one.sheet, 4), one.row, one.column)
    ), elsewhere
