"""What an offer workbook says, and how it is known again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from procurement.bids.rules.offers import YES_OR_NO
from socialvalue.core.cells import Problem, Workbook, text_of

FORMAT = "1"
MAX_ROWS = 2000
HOW_TO, OFFER, PARTNERS, QUESTIONS, PRICE, IDENTITY = (
    "How to", "Offer", "Partners", "Questions", "Price", "Workbook",
)  # fmt: skip
KEY, CODE = "Key", "Code"
QUANTITY = "Quantity over the whole contract"
PROXY = "Your value of one unit (£)"
SHARE = "Share due to this contract"
REASON = "Who else funds it, if less than 100%"
PART_KIND, PART_NAME, PART_QUANTITY = "They are a", "Name", "How much of it they deliver"
METHOD = "How you will deliver it"
ANSWER = "Your answer"
AMOUNT = "Price (£)"
PRICE_KEY = "P"
NOT_OURS = "This is not an offer workbook. Download the workbook of this tender, fill it in and choose that."
NOT_ASKED = "This box is not asked for here. Clear the cell."
FAILED = "The formula in this cell gives an error. Mend it, or type what it should give."


@dataclass(frozen=True, slots=True)
class BookLine:
    """A measure asked, as its row says it. ``value`` is the £ of one unit in words, "" where it has none."""

    requirement_id: int
    code: str
    title: str
    unit: str
    is_mandatory: bool
    minimum: str
    guidance: str
    value: str
    source: str
    has_share: bool
    is_negotiated: bool
    maximum: str = ""
    """The most that is scored; empty where all is."""
    weight: str = ""
    """Of the points for quantities; empty where measures are not weighted."""
    place: str = ""
    """Where it is valued, when not at the tender's place."""

    @property
    def key(self) -> str:
        return f"M{self.requirement_id}"

    @property
    def is_yes_or_no(self) -> bool:
        return self.unit in YES_OR_NO

    @property
    def takes_parts(self) -> bool:
        return not self.is_yes_or_no and self.unit != "%"

    @property
    def label(self) -> str:
        return f"{self.code} {self.title}"


@dataclass(frozen=True, slots=True)
class BookQuestion:
    question_id: int
    text: str
    guidance: str
    weight: str

    @property
    def key(self) -> str:
        return f"Q{self.question_id}"


@dataclass(frozen=True, slots=True)
class OfferBook:
    """Everything the workbook of one supplier's offer on one tender says. ``boxes`` are named as on the offer page."""

    tender_id: int
    reference: str
    title: str
    authority_name: str
    supplier_id: int
    supplier_name: str
    deadline: str
    lines: tuple[BookLine, ...]
    questions: tuple[BookQuestion, ...]
    boxes: Mapping[str, Any]
    receipt: str = ""
    """What was submitted, to read: its receipt in words. "" while it is worked on."""
    is_closed: bool = False

    @property
    def is_read_only(self) -> bool:
        return bool(self.receipt) or self.is_closed


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box of the page stands in the workbook. ``row`` counts from 1, ``column`` from 0."""

    sheet: str
    row: int
    column: int


@dataclass(slots=True)
class Found:
    """What an uploaded workbook holds: boxes as typed, where each stands, what is wrong, which rows are not there."""

    boxes: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    has_parts: bool = False
    """The sheet of partners is there: it lists all of them."""


def identity(book: OfferBook) -> list[tuple[str, str]]:
    """The rows by which an uploaded workbook is known again."""
    return [
        ("Do not change this sheet: it says which offer this is.", ""),
        ("Format", FORMAT),
        ("Tender", str(book.tender_id)),
        ("Reference", book.reference),
        ("Title", book.title),
        ("Supplier", str(book.supplier_id)),
    ]


def refusal(read: Workbook, book: OfferBook) -> str:
    """Why an uploaded workbook cannot be this offer; "" when it is."""
    sheet = read.sheet(IDENTITY)
    said = {text_of(row[0]): text_of(row[1]) for row in sheet.rows if len(row) > 1} if sheet else {}
    if said.get("Format") != FORMAT or not said.get("Tender") or not said.get("Supplier"):
        return NOT_OURS
    if said["Tender"] != str(book.tender_id):
        other = f"{said.get('Title', '')} ({said.get('Reference', '')})"[:200]
        return (
            f"This workbook is for another tender: {other}. This page is for {book.title} ({book.reference}). "
            "Download the workbook of this tender and use that."
        )
    if said["Supplier"] != str(book.supplier_id):
        return (
            "This workbook was made for another organisation. Download the workbook again, signed in for "
            f"{book.supplier_name}."
        )
    long = next((one.name for one in read.sheets if len(one.rows) > MAX_ROWS), "")
    too_long = f"The sheet “{long[:31]}” has more than {MAX_ROWS:,} rows. Delete those that are not needed."
    return too_long if long else ""
