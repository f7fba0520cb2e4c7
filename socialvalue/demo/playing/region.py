"""What members let their region see, what the region aims at, and who has a public page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from reporting.dashboards.queries.targets import targets_page
from reporting.dashboards.services import change_target, set_target
from reporting.open_data.queries.publications import AUTHORITY, REGION, choice_of
from reporting.open_data.services import choose_public
from reporting.open_data.vocabulary import Licence
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.services import choose_region_sees
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import FinancialYear
from socialvalue.demo.dates import Days
from socialvalue.demo.people import Cast

LEAD, SLUG = "wmca", "west-midlands"
CHOSEN, AIMED, PUBLISHED, RAISED = (timedelta(days=n) for n in (70, 64, 58, 30))
"""Before today."""
COMPARED = ("warwickshire", "birmingham", "solihull")
"""They agree to be compared: as many as it needs."""
WITHHOLDING = "coventry"


@dataclass(frozen=True, slots=True)
class _Aim:
    """``first``: what was aimed at before the amount was changed."""

    key: str
    last_year: str
    this_year: str
    reason: str
    first: str = ""


AIMS = (
    _Aim(
        "figure:verified_total", "2500000", "3000000", "The board's plan for growth that is shared"
    ),
    _Aim("figure:fte_years_verified", "12", "16", "One in ten of the posts the plan counts on", "14"),
    _Aim("figure:tco2e_verified", "120", "150", "The region's own path to net zero"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Page:
    """Who decides, and what the public page begins with."""

    decided_by: str
    kind: str
    own_slug: str
    intro: str


PAGES = (
    _Page(
        "warwickshire", AUTHORITY, "warwickshire",
        "What the county’s suppliers promised beside the work itself, and what of it has been checked. "
        "Demonstration data: no contract or supplier on this page exists.",
    ),
    _Page(
        "birmingham", AUTHORITY, "birmingham",
        "What is done for people in the city by those the council buys from. "
        "Demonstration data: no contract or supplier on this page exists.",
    ),
    _Page(
        LEAD, AUTHORITY, LEAD,
        "The combined authority’s own contracts for transport and skills. "
        "Demonstration data: no contract or supplier on this page exists.",
    ),
    _Page(
        LEAD, REGION, SLUG,
        "What the authorities of the region and their suppliers do together. "
        "Demonstration data: no contract or supplier on this page exists.",
    ),
)  # fmt: skip


def is_unplayed(cast: Cast) -> bool:
    """Whether any of it is still to be entered; the public pages come last."""
    try:
        return not all(_is_chosen(cast, page) for page in PAGES)
    except NotVisible:
        return True


def _is_chosen(cast: Cast, page: _Page) -> bool:
    """Whether it was decided once; somebody may have stopped it since."""
    return choice_of(_manager(cast, page.decided_by), page.kind, page.own_slug).version > 0


def _manager(cast: Cast, slug: str) -> Actor:
    return cast.at(slug, Role.DIRECTORATE_MANAGER)


def play(days: Days, cast: Cast) -> None:
    """What was decided already stays as it is."""
    if not is_unplayed(cast):
        return
    with clock.at(days.moment(days.today - CHOSEN, 10)):
        for slug in (*COMPARED, WITHHOLDING):
            _choose(_manager(cast, slug), is_withheld=slug == WITHHOLDING)
    _aim(days, cast.at(LEAD, Role.POLICY_OWNER))
    with clock.at(days.moment(days.today - PUBLISHED, 11)):
        for page in PAGES:
            if not _is_chosen(cast, page):
                choose_public(
                    actor=_manager(cast, page.decided_by),
                    kind=page.kind,
                    own_slug=page.own_slug,
                    intro=page.intro,
                    licence=Licence.OGL3,
                    data_note="",
                    expected_version=0,
                )


def _choose(manager: Actor, *, is_withheld: bool) -> None:
    found = accounts.region_choice(manager, SLUG)
    if found is not None and not accounts.region_choice_history(found):
        choose_region_sees(
            actor=manager,
            region_slug=SLUG,
            is_withheld=is_withheld,
            in_benchmark=not is_withheld,
            expected_version=found.version,
        )


def _aim(days: Days, owner: Actor) -> None:
    """The targets of last year and of this one; of this one's, an amount was raised since."""
    for year in (FinancialYear(days.year.start_year - 1), days.year):
        with clock.at(days.moment(days.today - AIMED, 14)):
            if targets_page(owner, year, SLUG).history:
                continue
            for aim in AIMS:
                begun = aim.first or aim.this_year
                amount = begun if year == days.year else aim.last_year
                set_target(
                    actor=owner,
                    region_slug=SLUG,
                    aim_key=aim.key,
                    year=year.slug,
                    amount=Decimal(amount),
                    reason=aim.reason,
                )
    for row in targets_page(owner, days.year, SLUG).standing:
        raised = next(aim for aim in AIMS if aim.key == row.aim.key)
        if raised.first and row.amount == Decimal(raised.first):
            with clock.at(days.moment(days.today - RAISED, 15)):
                change_target(
                    actor=owner,
                    target_id=row.id,
                    amount=Decimal(raised.this_year),
                    reason="The bus depot brings more posts than was known in spring",
                )
