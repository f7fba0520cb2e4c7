"""A measure as an authority writes it itself: its code, what goes together, what is still missing. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from toms.frameworks.vocabulary import Aggregation, MeasureKind

OWN_KINDS = (
    MeasureKind.RECORD_ONLY,
    MeasureKind.POUND_FOR_POUND,
    MeasureKind.NEGOTIATED,
    MeasureKind.PROXY,
)
"""A localised measure is left out: a council's own measure holds in its own area."""
IN_POUNDS = (MeasureKind.POUND_FOR_POUND, MeasureKind.PROXY)
SHORT, LONG = 2, 20
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]")
_LITTLE = {"of", "and", "the", "for", "on", "in", "upon", "with"}

Wrong = tuple[str, str]
"""The field, and a sentence that says how to mend it."""


@dataclass(frozen=True, slots=True)
class OwnMeasure:
    """All that is written of a measure, but for its value. ``outcome`` is its name within the theme."""

    code: str
    title: str
    description: str
    theme_slug: str
    outcome: str
    unit: str
    kind: str
    aggregation: str
    numerator_label: str = ""
    denominator_label: str = ""
    target_requirements: str = ""
    evidence: str = ""
    counting_rule: str = ""
    is_local_employment: bool = False
    partners: tuple[str, ...] = ()
    """Codes of measures of the same edition that may count the same deed."""
    additionality: Mapping[str, str] = field(default_factory=dict)
    """What its method takes off, by name, as fraction text."""

    @property
    def label(self) -> str:
        return f"{self.code} {self.title}"


def own_family(authority_slug: str) -> str:
    """The slug of the family that holds an authority's own measures."""
    return f"own-{authority_slug[:52].strip('-')}"


def own_edition(family: str, number: int) -> str:
    return f"{family}-{number}"


def wrong_with(measure: OwnMeasure) -> list[Wrong]:
    """What does not go together, in the order of the page."""
    found = [
        ("code", wrong_code(measure.code)),
        ("unit", _wrong_unit(measure)),
        ("kind", _wrong_kind(measure)),
        ("aggregation", _wrong_sum(measure)),
        ("takes_off", _wrong_taking(measure)),
    ]
    if measure.aggregation == Aggregation.RATIO:
        if not measure.numerator_label:
            found.append(
                ("numerator_label", "Enter what is counted on top, for example local staff")
            )
        if not measure.denominator_label:
            found.append(
                ("denominator_label", "Enter what it is a share of, for example all staff")
            )
    for name, text in measure.additionality.items():
        if not Decimal(0) <= Decimal(text) <= Decimal(1):
            found.append((name, "Enter a percentage from 0 to 100"))
    return [(name, message) for name, message in found if message]


def wrong_code(code: str) -> str:
    if not SHORT <= len(code) <= LONG:
        return f"The code must have between {SHORT} and {LONG} characters, for example WCC1"
    if not _CODE.fullmatch(code):
        return "The code must begin with a letter and hold letters, digits and hyphens only, for example WCC1"
    return ""


def _wrong_unit(measure: OwnMeasure) -> str:
    if measure.kind == MeasureKind.POUND_FOR_POUND and measure.unit != "£":
        return "A measure that counts £1 for £1 is counted in £. Enter £, or change its kind"
    return ""


def _wrong_kind(measure: OwnMeasure) -> str:
    return "" if measure.kind in OWN_KINDS else "Select what one unit is worth"


def _wrong_sum(measure: OwnMeasure) -> str:
    if measure.aggregation not in Aggregation.values:
        return "Select how the figures come together"
    if measure.kind in IN_POUNDS and measure.aggregation != Aggregation.SUM:
        return "A measure with a value in £ is added up. Select added up, or change its kind"
    return ""


def _wrong_taking(measure: OwnMeasure) -> str:
    if measure.additionality and measure.kind == MeasureKind.RECORD_ONLY:
        return "A measure that is recorded only has no value to take anything off"
    return ""


def missing_from(measure: OwnMeasure) -> list[str]:
    """What has to be written before a measure can be published."""
    wanted = {
        "a description": measure.description,
        "a counting rule": measure.counting_rule,
        "the evidence that proves it": measure.evidence,
    }
    return [f"{measure.code} needs {what}." for what, text in wanted.items() if not text.strip()]


def initials(authority: str) -> str:
    """``Warwickshire County Council`` is WCC; a name of one word its first three letters."""
    words = [word for word in re.findall(r"[A-Za-z]+", authority) if word.lower() not in _LITTLE]
    if len(words) < 2:
        return "".join(words)[:3].upper() or "OWN"
    return "".join(word[0] for word in words[:5]).upper()


def next_code(prefix: str, codes: Iterable[str]) -> str:
    """The prefix with the first number after the highest in use."""
    used = [re.fullmatch(rf"{re.escape(prefix)}(\d+)", code, re.I) for code in codes]
    return f"{prefix}{max((int(found[1]) for found in used if found), default=0) + 1}"


def fraction_text(percent: Decimal) -> str:
    """``27`` per cent is ``0.27``, as an edition keeps it."""
    text = f"{percent / 100:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
