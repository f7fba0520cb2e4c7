"""Warwickshire's own priorities, with what serves them. Invented: no published plan says these words."""

from __future__ import annotations

from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.demo.dates import OLDEST_QUARTER, Days
from socialvalue.demo.people import Cast
from toms.priorities import queries
from toms.priorities.rules import RowInput
from toms.priorities.services import set_links, start_statement

AUTHORITY = "warwickshire"
NAME = "Council plan priorities"
PRIORITIES = (
    (
        "Fair work close to home",
        "People in every district find lasting work and learn new skills.",
        ("outcome/T1O1", "outcome/T1O2", "outcome/T1O3", "outcome/T1O4"),
    ),
    (
        "Money that stays in the county",
        "Small firms, charities and social enterprises win more of what the council buys.",
        ("outcome/T2O1", "outcome/T2O3", "measure/PLB2"),
    ),
    (
        "Cleaner air and lower emissions",
        "What we buy moves less, burns less and wastes less.",
        ("outcome/T4O1", "outcome/T4O2", "outcome/T4O3"),
    ),
    (
        "Help that comes early",
        "Families, older people and carers find help before there is a crisis.",
        ("outcome/T3O2", "outcome/T3O4"),
    ),
    ("Easy to deal with", "People reach the right service the first time they ask.", ()),
)


def is_unplayed(cast: Cast) -> bool:
    """Whether it is still to be entered, links and all."""
    try:
        owner = cast.at(AUTHORITY, Role.POLICY_OWNER)
    except NotVisible:
        return True
    return _left(owner) > 0


def _left(owner: Actor) -> int:
    """How many priorities are not entered or not linked yet."""
    own = _own(owner)
    if own is None:
        return len(PRIORITIES)
    linked = queries.links_of(row.id for row in own.priorities)
    wanted = zip(own.priorities, PRIORITIES, strict=False)
    return sum(bool(links) and row.id not in linked for row, (_, _, links) in wanted)


def _own(owner: Actor) -> queries.PrioritySetInfo | None:
    found = queries.statements(owner)
    return next((row for row in found if row.authority_id == owner.organisation_id), None)


def play(days: Days, cast: Cast) -> None:
    """Enter what is missing, on the first day of the demonstration."""
    owner = cast.at(AUTHORITY, Role.POLICY_OWNER)
    if _left(owner) == 0:
        return
    first = days.quarter(OLDEST_QUARTER - 4)
    with clock.at(days.moment(first, hour=11)):
        if _own(owner) is None:
            start_statement(
                actor=owner,
                name=NAME,
                document="Invented for the demonstration",
                address="",
                valid_from=first,
                valid_to=None,
                rows=[RowInput(None, "", name, about) for name, about, _ in PRIORITIES],
            )
        for place, (_, _, links) in enumerate(PRIORITIES):
            own = _own(owner)
            if own is not None and links:
                set_links(
                    actor=owner,
                    priority_id=own.priorities[place].id,
                    expected_version=own.version,
                    chosen=[f"open/{link}" for link in links],
                )
