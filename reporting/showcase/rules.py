"""What a story must be before it is shown, and what of its contract may be told to everybody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from socialvalue.core.errors import RuleBroken

LONGEST_TITLE = 120
LONGEST_SUMMARY = 200
LONGEST_BODY = 10_000
LONGEST_ALT = 250
LONGEST_REASON = 500
PHOTO_TYPES = ("image/jpeg", "image/png")

_LABELS = {"title": "title", "summary": "summary", "body": "story"}
_LIMITS = {"title": LONGEST_TITLE, "summary": LONGEST_SUMMARY, "body": LONGEST_BODY}
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_PHONE = re.compile(r"(?<![\d£.,])(?:\+44|0)(?:[ ()-]{0,2}\d){9,10}(?!\d)")
TOLD_UNITS = frozenset(
    {"£", "hours", "staff hours", "volunteer hours", "tco2e", "tonnes", "kg", "litres", "kwh", "mwh", "miles", "km",
     "trees", "square metres", "hectares", "cubic metres", "biodiversity units"}
)  # fmt: skip
"""Units that count no people and are not made from a number of people."""


@dataclass(frozen=True, slots=True)
class StoryWords:
    """Title, summary and body, tidied: one space between words, paragraphs apart by one empty line."""

    title: str
    summary: str
    body: str


def words_of(*, title: str, summary: str, body: str) -> StoryWords:
    """The words as they are kept. RuleBroken with every fault: empty, too long, or a way to reach a person in it."""
    found = StoryWords(
        " ".join(title.split()), " ".join(summary.split()), "\n\n".join(paragraphs(body))
    )
    faults: list[tuple[str, str]] = []
    for name, label in _LABELS.items():
        text = getattr(found, name)
        if not text:
            faults.append((name, f"Enter the {label}"))
        elif len(text) > _LIMITS[name]:
            faults.append(
                (name, f"{label.capitalize()} must be {_LIMITS[name]:,} characters or fewer")
            )
        elif reached := reaches_somebody(text):
            faults.append(
                (name, f"Take out “{reached}”: a story does not say how to reach a person")
            )
    if faults:
        (field, message), *more = faults
        raise RuleBroken(message, field=field, more=more)
    return found


def paragraphs(body: str) -> tuple[str, ...]:
    """The paragraphs of a body, in order, each on one line."""
    parts = re.split(r"\n\s*\n", body.replace("\r\n", "\n").replace("\r", "\n"))
    return tuple(" ".join(part.split()) for part in parts if part.strip())


def reaches_somebody(text: str) -> str:
    """The first email address or telephone number in a text; empty when there is none."""
    found = _EMAIL.search(text) or _PHONE.search(text)
    return found[0].strip() if found else ""


def alt_of(text: str) -> str:
    """What a photo shows, tidied. RuleBroken (field ``alt``) when it is missing, too long, or only says photo."""
    alt = " ".join(text.split())
    if not alt:
        raise RuleBroken("Enter what the photo shows", field="alt")
    if len(alt) > LONGEST_ALT:
        raise RuleBroken(
            f"What the photo shows must be {LONGEST_ALT} characters or fewer", field="alt"
        )
    if alt.lower().strip(".") in {"photo", "image", "picture", "a photo", "an image", "a picture"}:
        raise RuleBroken(
            "Say what can be seen, like “Six people plant a tree beside a school”", field="alt"
        )
    return alt


def reason_of(text: str) -> str:
    """Why a story is returned or withdrawn. RuleBroken (field ``reason``) without one."""
    reason = text.replace("\r\n", "\n").strip()
    if not reason:
        raise RuleBroken("Enter a reason", field="reason")
    if len(reason) > LONGEST_REASON:
        raise RuleBroken(f"Reason must be {LONGEST_REASON} characters or fewer", field="reason")
    return reason


@dataclass(frozen=True, slots=True)
class VerifiedFigure:
    """What is verified of one measure under a contract. ``quantity`` None: its figures stand alone or are a rate."""

    measure_id: int
    label: str
    unit: str
    quantity: Decimal | None
    shown: str
    """The quantity with its unit, or what else can be said, in words."""
    value: Decimal | None
    """Pounds; None for what is counted and not valued."""
    is_about_pay: bool = False
    """What local people are paid: as telling as their number."""

    @property
    def may_be_told(self) -> bool:
        """It may stand beside one contract in public."""
        return (
            self.quantity is not None
            and not self.is_about_pay
            and self.unit.strip().lower() in TOLD_UNITS
        )


def for_everybody(figures: Iterable[VerifiedFigure]) -> tuple[VerifiedFigure, ...]:
    """Those that may stand beside one contract in public: none that counts people, nor what such a count is worth.

    A count of people under one contract, taken from the authority's total, tells of the few that are left; and one
    that is read twice tells of the few that came between. So none is shown, large or small.
    """
    return tuple(figure for figure in figures if figure.may_be_told)


def total_of(figures: Iterable[VerifiedFigure]) -> Decimal | None:
    """Pounds of these figures together; None when none of them is valued."""
    values = [figure.value for figure in figures if figure.value is not None]
    return sum(values, Decimal(0)) if values else None
