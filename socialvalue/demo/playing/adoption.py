"""The region adopts the open measures; Warwickshire chooses among them and makes its own pack for home care."""

from __future__ import annotations

from dataclasses import dataclass

from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.demo.dates import OLDEST_QUARTER, Days
from socialvalue.demo.people import Cast
from toms.frameworks import queries
from toms.frameworks.rules import PackInput
from toms.frameworks.services import adopt_edition, set_packs

EDITION = "open-2026"
MOST_MEASURES = 12
LEFT_OUT = frozenset(
    {"GSE1a", "GSE1b", "GSE6", "GSE7a", "GSE12", "HSC6a", "HSC11", "PLB7", "INN5", "INN6"}
)
"""What the council does not ask for; every measure of its stories is kept."""
HOME_CARE = "Home care and support"
HOME_CARE_CPV = ("8531",)
HOME_CARE_CODES = (
    "GSE1", "GSE2", "GSE4", "GSE10", "GSE11", "HSC1", "HSC6", "HSC13", "PLB2",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Who:
    slug: str
    region: str
    decision: str


WHO = (
    _Who("wmca", "west-midlands", "Demonstration: decided by its board"),
    _Who("warwickshire", "", "Demonstration: decided by its Cabinet"),
)


def is_unplayed(cast: Cast) -> bool:
    """Whether one of the two is still to be entered, packs and all."""
    return any(_left(cast, who) for who in WHO)


def _left(cast: Cast, who: _Who) -> bool:
    try:
        page = queries.adopter_page(cast.at(who.slug, Role.POLICY_OWNER), who.region)
    except NotVisible:
        return True
    return not any(line.pack_count or who.region for line in page.lines)


def play(days: Days, cast: Cast) -> None:
    """Before anything is tendered. What is there already stays as it is."""
    with clock.at(days.moment(days.quarter(OLDEST_QUARTER - 4), 11)):
        for who in WHO:
            if _left(cast, who):
                _adopt(cast, who)


def _adopt(cast: Cast, who: _Who) -> None:
    owner = cast.at(who.slug, Role.POLICY_OWNER)
    adopter = queries.adopter_of(owner, who.region)
    edition = queries.edition(EDITION)
    known = {row.code: row.id for row in queries.measures_of(edition.pk)}
    chosen = [pk for code, pk in known.items() if code not in LEFT_OUT]
    row = queries.adoptions_of(adopter).filter(edition=edition).first() or adopt_edition(
        actor=owner,
        adopter=adopter,
        edition_id=edition.pk,
        from_on=clock.today(),
        reference=who.decision,
        max_measures=None if who.region else MOST_MEASURES,
        measure_ids=[] if who.region else chosen,
    )
    if who.region:
        return
    offered = queries.packs_used(edition.pk, row.pk, chosen)
    care = PackInput(HOME_CARE, HOME_CARE_CPV, tuple(known[code] for code in HOME_CARE_CODES))
    set_packs(
        actor=owner,
        adoption_id=row.pk,
        expected_version=row.version,
        packs=[
            *(PackInput(pack.name, pack.cpv_prefixes, pack.measure_ids) for pack in offered),
            care,
        ],
    )
