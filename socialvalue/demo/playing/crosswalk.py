"""The region says how measures beside its own count: Warwickshire's, and those the combined authority tries out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.demo.dates import Days
from socialvalue.demo.people import Cast
from toms.frameworks import queries as frameworks
from toms.frameworks.services import adopt_edition
from toms.priorities import queries
from toms.priorities.services import map_measure
from toms.priorities.vocabulary import Counted

LEAD = "wmca"
TRIED = "open-2026-27"
TRIED_CODES = ("GSE16", "PLB9", "HSC15", "HSC17", "ENV13")
"""Measures of the newer edition that the combined authority asks for before the region takes the edition over."""
SINCE, DECIDED = timedelta(days=40), timedelta(days=20)
"""Before today."""


@dataclass(frozen=True, slots=True)
class _Answer:
    code: str
    target: str
    reason: str
    factor: Decimal | None = None


ANSWERS = (
    _Answer(
        "WCC2",
        "ENV7",
        "A metre of native hedge is planted with five young trees, counted once they are alive a year later.",
        Decimal(5),
    ),
    _Answer("WCC3", "", "It tells of one county's own scheme and cannot be added to other rates."),
    _Answer("HSC15", "HSC5", "An eviction avoided keeps a household in its home."),
    _Answer("GSE16", "GSE10", "Counted with other training until the region takes the newer edition over."),
    _Answer("PLB9", "", "Meeting a firm is a beginning, and the region counts what came of it."),
)  # fmt: skip
"""What nobody has answered yet stays listed: WCC1, HSC17 and ENV13."""


def is_unplayed(cast: Cast) -> bool:
    """Whether one of the answers is still to be given."""
    try:
        return bool(_left(cast.at(LEAD, Role.POLICY_OWNER)))
    except NotVisible:
        return True


def play(days: Days, cast: Cast) -> None:
    """After the newer edition and Warwickshire's own measures. What is decided already stays as it is."""
    if not is_unplayed(cast):
        return
    owner = cast.at(LEAD, Role.POLICY_OWNER)
    with clock.at(days.moment(days.today - SINCE, 10)):
        _try_out(owner)
    with clock.at(days.moment(days.today - DECIDED, 15)):
        region = queries.regions_read(owner, clock.today())[0]
        known = {row.code: row.id for row in queries.ground(region.id, clock.today()).measures.values()}  # fmt: skip
        for answer, source_id in _left(owner):
            map_measure(
                actor=owner,
                region_id=region.id,
                source_id=source_id,
                target_id=known[answer.target] if answer.target else None,
                factor=answer.factor,
                reason=answer.reason,
            )


def _try_out(owner: Actor) -> None:
    edition = frameworks.edition(TRIED)
    adopter = frameworks.adopter_of(owner)
    if not frameworks.adoptions_of(adopter).filter(edition=edition).exists():
        known = {row.code: row.id for row in frameworks.measures_of(edition.pk)}
        adopt_edition(
            actor=owner,
            adopter=adopter,
            edition_id=edition.pk,
            from_on=clock.today(),
            is_main=False,
            measure_ids=[known[code] for code in TRIED_CODES],
            reference="Demonstration: decided by its board",
        )


def _left(owner: Actor) -> list[tuple[_Answer, int]]:
    """The answers still to be given, each with its measure; NotVisible while a measure is not in use yet."""
    today = clock.today()
    rows = queries.crosswalk(owner, queries.regions_read(owner, today)[0].id, today).rows
    found = {row.measure.code: row for row in rows}
    if not {answer.code for answer in ANSWERS} <= found.keys():
        raise NotVisible("The measures beside the region's own are not in use yet.")
    return [
        (answer, found[answer.code].measure.id)
        for answer in ANSWERS
        if found[answer.code].standing == Counted.NOT_MAPPED
    ]
