"""What a policy that is being written must hold before it can be proposed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from procurement.policies.vocabulary import MeasureRuleKind, Route
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import pounds

HUNDRED = Decimal(100)
MOST_BANDS = 12
MOST_RULES = 12
MOST_TOOLKIT_LINES = 20
STRICTNESS = {Route.LIGHT_TOUCH: 0, Route.TOMS_ADVISED: 1, Route.TOMS_MANDATORY: 2}
THE_THRESHOLD = "the statutory threshold"

Wrong = tuple[int, str, str]
"""Row (from 0), field, and how to mend it."""


@dataclass(frozen=True, slots=True)
class BandInput:
    """One band as it is written. ``lower`` and ``upper`` in pounds on the policy's VAT basis."""

    name: str
    lower: Decimal | None
    lower_is_threshold: bool
    upper: Decimal | None
    upper_is_threshold: bool
    route: str
    paragraph: str
    guidance: str

    @property
    def from_words(self) -> str:
        return THE_THRESHOLD if self.lower_is_threshold else pounds(self.lower or Decimal(0))

    @property
    def to_words(self) -> str:
        if self.upper_is_threshold:
            return THE_THRESHOLD
        return "no upper limit" if self.upper is None else pounds(self.upper)


@dataclass(frozen=True, slots=True)
class MeasureRuleInput:
    kind: str
    number: int
    paragraph: str
    theme_slug: str = ""
    codes: tuple[str, ...] = ()
    from_value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ApprovalInput:
    role: str
    paragraph: str
    route: str = ""
    from_value: Decimal | None = None


def check_dates(valid_from: date, valid_to: date | None, review_on: date | None) -> None:
    """RuleBroken when the version would end, or be reviewed, before it starts."""
    if valid_to is not None and valid_to < valid_from:
        raise RuleBroken("The last day must be on or after the first day.", field="valid_to")
    if review_on is not None and review_on <= valid_from:
        raise RuleBroken("The review must be after the first day.", field="review_on")


def check_weighting(least: Decimal, most: Decimal) -> None:
    """RuleBroken unless 0 <= least <= most <= 100, and more than nothing can be asked for."""
    if not 0 <= least <= HUNDRED:
        raise RuleBroken("The lowest weighting must be from 0% to 100%.", field="least")
    if not 0 < most <= HUNDRED:
        raise RuleBroken(
            "The highest weighting must be more than 0% and at most 100%.", field="most"
        )
    if most < least:
        raise RuleBroken(
            "The highest weighting must be the same as the lowest or more.", field="most"
        )


def wrong_bands(bands: Sequence[BandInput]) -> list[Wrong]:
    """Why these bands do not cover every value from £0 exactly once, edge by edge; empty when they do.

    A lower edge is inside its band, an upper edge is not. The stricter route never gives way to a lighter one as the
    value rises, so that a larger estimate can never ask for less.
    """
    if not bands:
        return []
    found: list[Wrong] = []
    if bands[0].lower_is_threshold or bands[0].lower != 0:
        found.append((0, "lower", "Band 1 must start at £0, so that every value has a band."))
    for index, (below, above) in enumerate(pairwise(bands), start=1):
        found += _wrong_meeting(index, below, above)
    found += _wrong_widths(bands)
    last = len(bands) - 1
    if bands[last].to_words != "no upper limit":
        found.append(
            (
                last,
                "upper",
                f"Nothing covers {bands[last].to_words} and above. Give band {last + 1} no upper limit, or add a band.",
            )
        )
    if sum(band.lower_is_threshold for band in bands) > 1:
        index = max(i for i, band in enumerate(bands) if band.lower_is_threshold)
        found.append((index, "lower", "Only one band can start at the statutory threshold."))
    return found


def _wrong_meeting(index: int, below: BandInput, above: BandInput) -> list[Wrong]:
    """The edge between band ``index`` and the one above it, and the order of their routes."""
    number = index + 1
    found: list[Wrong] = []
    if below.to_words == "no upper limit":
        found.append(
            (
                index - 1,
                "upper",
                f"Band {index} has no upper limit, so band {number} is never reached. "
                f"End band {index} at {above.from_words}.",
            )
        )
    elif below.to_words != above.from_words:
        found.append((index, "lower", _gap_words(number, below, above)))
    if STRICTNESS[Route(above.route)] < STRICTNESS[Route(below.route)]:
        found.append(
            (
                index,
                "route",
                f"Band {number} is lighter than band {index}, although its values are higher. "
                "Choose the same route or a stricter one.",
            )
        )
    return found


def _gap_words(number: int, below: BandInput, above: BandInput) -> str:
    mend = (
        f"Start band {number} at {below.to_words}, or end band {number - 1} at {above.from_words}."
    )
    amounts = (below.upper, above.lower)
    if amounts[0] is None or amounts[1] is None:
        return f"Band {number - 1} ends at {below.to_words} but band {number} starts at {above.from_words}. {mend}"
    if amounts[0] < amounts[1]:
        return f"No band covers {pounds(amounts[0])} up to {pounds(amounts[1])}. {mend}"
    return f"Bands {number - 1} and {number} both cover {pounds(amounts[1])} up to {pounds(amounts[0])}. {mend}"


def _wrong_widths(bands: Sequence[BandInput]) -> list[Wrong]:
    found: list[Wrong] = []
    for index, band in enumerate(bands):
        if band.lower_is_threshold and band.upper_is_threshold:
            found.append(
                (
                    index,
                    "upper",
                    f"Band {index + 1} starts and ends at {THE_THRESHOLD}. Change one.",
                )
            )
        elif band.lower is not None and band.upper is not None and band.upper <= band.lower:
            found.append(
                (
                    index,
                    "upper",
                    f"Band {index + 1} must end above {pounds(band.lower)}, where it starts.",
                )
            )
    return found


def check_bands(bands: Sequence[BandInput]) -> None:
    """RuleBroken with every edge to mend, fields as ``row:field``."""
    if not bands:
        raise RuleBroken("State at least one band, from £0 up.")
    if len(bands) > MOST_BANDS:
        raise RuleBroken(f"State at most {MOST_BANDS} bands.")
    wrong = [(f"{row}:{field}", message) for row, field, message in wrong_bands(bands)]
    if wrong:
        raise RuleBroken(wrong[0][1], field=wrong[0][0], more=wrong[1:])


def wrong_measure_rules(rows: Sequence[MeasureRuleInput]) -> list[Wrong]:
    """Must-haves that no choice of measures could meet under a cap of the same policy."""
    cap = min(
        (
            row.number
            for row in rows
            if row.kind == MeasureRuleKind.AT_MOST
            and not row.theme_slug
            and not row.codes
            and row.from_value is None
        ),
        default=None,
    )
    found: list[Wrong] = []
    for index, row in enumerate(rows):
        if not 1 <= row.number <= 50:
            found.append((index, "number", "The number of measures must be from 1 to 50."))
        elif (
            row.kind == MeasureRuleKind.AT_LEAST and row.codes and row.number > len(set(row.codes))
        ):
            found.append(
                (
                    index,
                    "number",
                    f"At least {row.number} of {len(set(row.codes))} measures cannot be met. "
                    "Ask for fewer, or name more measures.",
                )
            )
        elif row.kind == MeasureRuleKind.AT_LEAST and cap is not None and row.number > cap:
            found.append(
                (
                    index,
                    "number",
                    f"At least {row.number} cannot be met: another rule allows no more than {cap}.",
                )
            )
    return found


def check_measure_rules(rows: Sequence[MeasureRuleInput]) -> None:
    wrong = [(f"{row}:{field}", message) for row, field, message in wrong_measure_rules(rows)]
    if wrong:
        raise RuleBroken(wrong[0][1], field=wrong[0][0], more=wrong[1:])


def toolkit_lines(text: str) -> list[str]:
    """One question to ask or thing to do a line, without empty ones. RuleBroken when there are too many."""
    lines = [line.strip().lstrip("•*-").strip() for line in text.splitlines()]
    kept = [line for line in lines if line]
    if len(kept) > MOST_TOOLKIT_LINES:
        raise RuleBroken(
            f"The toolkit has {len(kept)} lines. Keep it short: {MOST_TOOLKIT_LINES} or fewer.",
            field="toolkit",
        )
    return kept


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What a draft holds, for the question what it still lacks."""

    valid_from: date
    valid_to: date | None
    review_on: date | None
    source: str
    follows: bool
    """The bands of another policy apply by reference."""
    bands: tuple[BandInput, ...]
    weighting_paragraph: str
    has_toolkit: bool


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing to mend before the draft can be proposed, and the task that does it."""

    task: str
    message: str


def lacks(facts: DraftFacts) -> list[Lack]:
    """Everything between a draft and its proposal, in the order of the tasks."""
    found: list[Lack] = []
    try:
        check_dates(facts.valid_from, facts.valid_to, facts.review_on)
    except RuleBroken as error:
        found.append(Lack("dates", error.message))
    if facts.review_on is None:
        found.append(Lack("dates", "Set the day by which the policy is reviewed."))
    if not facts.source.strip():
        found.append(Lack("dates", "Say where the policy was decided."))
    if not facts.follows:
        if not facts.bands:
            found.append(Lack("bands", "State the bands, or follow the regional table."))
        found += [Lack("bands", message) for _, _, message in wrong_bands(facts.bands)]
    if not facts.weighting_paragraph.strip():
        found.append(Lack("weighting", "Name the paragraph that sets the weighting."))
    has_light_touch = any(band.route == Route.LIGHT_TOUCH for band in facts.bands)
    if has_light_touch and not facts.has_toolkit:
        found.append(
            Lack(
                "toolkit", "Write the toolkit: the light-touch route has nothing to go by without."
            )
        )
    return found
