"""What a tender must hold, how its scores are worked out in words, and how its key is kept. Pure."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from procurement.policies.vocabulary import Route
from procurement.tenders.vocabulary import WeightingKind
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import pounds, quantity_text

HUNDRED = Decimal(100)
TOP_MARK = 5
MOST_MEASURES = 10
"""More than this is warned about: bidders answer fewer measures better."""
MOST_QUESTIONS = 20


# --- what is written ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequirementInput:
    """One measure to ask for. ``minimum_quantity`` is in the measure's unit; None asks for no minimum."""

    measure_id: int
    is_mandatory: bool = False
    minimum_quantity: Decimal | None = None
    guidance: str = ""


@dataclass(frozen=True, slots=True)
class QuestionInput:
    """A question to be marked. ``weight_percent`` is its share of the qualitative part."""

    text: str
    guidance: str = ""
    weight_percent: Decimal = HUNDRED


@dataclass(frozen=True, slots=True)
class WeightingRange:
    """What the policy allows, from the route decision."""

    least: Decimal
    most: Decimal
    pass_fail_allowed: bool


def check_scoring(
    *,
    allowed: WeightingRange,
    kind: str,
    percent: Decimal | None,
    quantitative_percent: Decimal,
) -> None:
    """RuleBroken unless the weighting lies in the policy's range and the split is a percentage."""
    if kind == WeightingKind.PASS_FAIL:
        if not allowed.pass_fail_allowed:
            raise RuleBroken(
                "The policy does not allow pass or fail here. Choose a weighted score.",
                field="weighting_kind",
            )
    elif kind == WeightingKind.WEIGHTED:
        if percent is None:
            raise RuleBroken(
                "Enter the weighting as a percentage of the whole award", field="weighting_percent"
            )
        if not allowed.least <= percent <= allowed.most:
            raise RuleBroken(
                f"The weighting must be between {plain(allowed.least)}% and {plain(allowed.most)}%, "
                "the range of the policy",
                field="weighting_percent",
            )
    else:
        raise RuleBroken("Select a weighted score or pass or fail", field="weighting_kind")
    if not 0 <= quantitative_percent <= HUNDRED:
        raise RuleBroken("The share must be between 0% and 100%", field="quantitative_percent")


def check_requirements(requirements: Sequence[RequirementInput]) -> None:
    """RuleBroken for a measure asked for twice or a minimum that is not above zero."""
    ids = [row.measure_id for row in requirements]
    if len(ids) != len(set(ids)):
        raise RuleBroken("A measure can be asked for once only. Remove the second one.")
    if any(row.minimum_quantity is not None and row.minimum_quantity <= 0 for row in requirements):
        raise RuleBroken("A minimum quantity must be more than 0. Leave it empty for none.")


def weights_sentence(weights: Sequence[Decimal]) -> str:
    """What is wrong with the weights, or an empty string when they add to 100 exactly."""
    total = sum(weights, Decimal(0))
    if not weights or total == HUNDRED:
        return ""
    gap = HUNDRED - total
    mend = f"Add {plain(gap)} more" if gap > 0 else f"Take {plain(-gap)} away"
    return f"The weights add to {plain(total)}. They must add to 100. {mend}."


def check_questions(questions: Sequence[QuestionInput]) -> None:
    """RuleBroken for empty text, a weight outside (0, 100], too many rows, or weights that do not add to 100."""
    if len(questions) > MOST_QUESTIONS:
        raise RuleBroken(f"Ask at most {MOST_QUESTIONS} questions.")
    for number, row in enumerate(questions, start=1):
        if not row.text.strip():
            raise RuleBroken(f"Enter the text of question {number}, or remove it.")
        if not 0 < row.weight_percent <= HUNDRED:
            raise RuleBroken(
                f"The weight of question {number} must be more than 0 and at most 100."
            )
    wrong = weights_sentence([row.weight_percent for row in questions])
    if wrong:
        raise RuleBroken(wrong)


def check_deadline(deadline_at: datetime, now: datetime, *, now_shown: str) -> None:
    """RuleBroken unless the deadline is later than now."""
    if deadline_at <= now:
        raise RuleBroken(
            f"The deadline must be in the future. It is {now_shown} now.", field="deadline_on"
        )


# --- what is missing ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to do before publication, and the page that does it."""

    label: str
    url_name: str


@dataclass(frozen=True, slots=True)
class TenderFacts:
    """What the publication check looks at."""

    route: str
    measure_count: int
    weighting_kind: str
    weighting_percent: Decimal | None
    quantitative_percent: Decimal
    allowed: WeightingRange
    question_weights: tuple[Decimal, ...]
    invited_count: int


def missing_from(facts: TenderFacts) -> list[Missing]:
    """Everything that stands between this tender and its publication, in the order of the pages."""
    return [*_measures_missing(facts), *_scoring_missing(facts), *_rest_missing(facts)]


def _measures_missing(facts: TenderFacts) -> list[Missing]:
    if facts.measure_count:
        return []
    why = (
        "the route makes measures mandatory"
        if facts.route == Route.TOMS_MANDATORY
        else ("a tender asks for at least one")
    )
    return [Missing(f"Choose measures: {why}", "procurement:tenders:measures")]


def _scoring_missing(facts: TenderFacts) -> list[Missing]:
    if not facts.weighting_kind:
        return [Missing("Set the weighting, or pass or fail", "procurement:tenders:scoring")]
    try:
        check_scoring(
            allowed=facts.allowed,
            kind=facts.weighting_kind,
            percent=facts.weighting_percent,
            quantitative_percent=facts.quantitative_percent,
        )
    except RuleBroken as error:
        return [Missing(error.message, "procurement:tenders:scoring")]
    return []


def _rest_missing(facts: TenderFacts) -> list[Missing]:
    found = []
    is_scored_by_words = (
        facts.weighting_kind == WeightingKind.WEIGHTED and facts.quantitative_percent < HUNDRED
    )
    wrong = weights_sentence(facts.question_weights)
    if wrong:
        found.append(Missing(wrong, "procurement:tenders:questions"))
    elif not facts.question_weights and is_scored_by_words:
        share = plain(HUNDRED - facts.quantitative_percent)
        found.append(
            Missing(
                f"Write at least one question: {share}% of the social value score is for answers in words",
                "procurement:tenders:questions",
            )
        )
    if not facts.invited_count:
        found.append(Missing("Invite at least one supplier", "procurement:tenders:suppliers"))
    return found


# --- the formula in words ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ScoringInWords:
    """How social value is scored: sentences, and a worked example line by line (what, how much)."""

    sentences: tuple[str, ...]
    example: tuple[tuple[str, str], ...]
    example_result: str
    point: str
    """What one point of the whole award costs a bidder, as a sentence; empty when there is none."""


def scoring_in_words(
    *, kind: str, percent: Decimal | None, quantitative_percent: Decimal
) -> ScoringInWords | None:
    """The published formula in words with an example of round numbers. None while the scoring is not set."""
    if kind == WeightingKind.PASS_FAIL:
        return _pass_fail_in_words()
    if kind != WeightingKind.WEIGHTED or percent is None:
        return None
    qualitative = HUNDRED - quantitative_percent
    sentences = [f"Social value decides {plain(percent)}% of the award."]
    if quantitative_percent:
        sentences.append(
            f"{plain(quantitative_percent)} of the 100 social value points are for quantity: a bid's social value in £ "
            f"divided by the highest social value in £ of all bids that pass, times {plain(quantitative_percent)}."
        )
    if qualitative:
        sentences.append(
            f"{plain(qualitative)} of the 100 points are for quality: each answer is marked 0 to {TOP_MARK}; "
            f"mark ÷ {TOP_MARK} × the weight of the question, added up, times {plain(qualitative)}%."
        )
    return _worked_example(percent, quantitative_percent, qualitative, tuple(sentences))


def _pass_fail_in_words() -> ScoringInWords:
    return ScoringInWords(
        (
            "Social value is pass or fail and adds no points to the award.",
            "A bid passes when it offers every mandatory measure, at or above the minimum where one is set.",
        ),
        (
            ("Mandatory measure with a minimum of 10", "10 or more offered: pass"),
            ("The same measure", "9.5 offered: fail"),
        ),
        "Pass or fail",
        "",
    )


def _worked_example(
    percent: Decimal, quantitative: Decimal, qualitative: Decimal, sentences: tuple[str, ...]
) -> ScoringInWords:
    highest, offered, mark = Decimal(200_000), Decimal(150_000), Decimal(4)
    lines: list[tuple[str, str]] = []
    total = Decimal(0)
    if quantitative:
        points = offered / highest * quantitative
        total += points
        lines.append(
            (
                f"This bid offers {pounds(offered)}; the highest offers {pounds(highest)}",
                f"{pounds(offered)} ÷ {pounds(highest)} × {plain(quantitative)} = {points_text(points)} points",
            )
        )
    if qualitative:
        points = mark / TOP_MARK * qualitative
        total += points
        lines.append(
            (
                f"Every answer is marked {plain(mark)} of {TOP_MARK}",
                f"{plain(mark)} ÷ {TOP_MARK} × {plain(qualitative)} = {points_text(points)} points",
            )
        )
    lines.append(("Social value points of 100", points_text(total)))
    share = total * percent / HUNDRED
    result = f"{points_text(total)} × {plain(percent)}% = {points_text(share)} of 100 points of the award"
    return ScoringInWords(
        sentences, tuple(lines), result, _point_cost(percent, quantitative, highest)
    )


def _point_cost(percent: Decimal, quantitative: Decimal, highest: Decimal) -> str:
    if not quantitative:
        return ""
    cost = highest / (percent * quantitative / HUNDRED)
    return (
        f"If the highest offer is {pounds(highest)} of social value, one point of the award costs another bidder "
        f"{pounds(cost.quantize(Decimal(1), rounding=ROUND_HALF_UP))} of social value."
    )


def points_text(points: Decimal) -> str:
    """``37.5``: at most two places, half up."""
    return plain(points.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def plain(number: Decimal) -> str:
    """A number without empty decimals."""
    return quantity_text(number)


# --- the key -----------------------------------------------------------------------------------


def new_key() -> bytes:
    """A fresh key for the bids of one tender."""
    return Fernet.generate_key()


def wrap_key(key: bytes, *, sealing_key: str, tender_id: int) -> str:
    """The tender's key encrypted under the site's sealing key, for this tender only."""
    return _wrapper(sealing_key, tender_id).encrypt(key).decode()


def unwrap_key(wrapped: str, *, sealing_key: str, tender_id: int) -> bytes:
    """The tender's key. ``cryptography.fernet.InvalidToken`` under another sealing key or tender."""
    return _wrapper(sealing_key, tender_id).decrypt(wrapped.encode())


def _wrapper(sealing_key: str, tender_id: int) -> Fernet:
    info = f"socialvalue tender key {tender_id}".encode()
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(sealing_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
