"""Where routes are left in the open: an override that was approved, one that waits, and a procurement in lots."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from procurement.procurements import queries as procurements
from procurement.procurements.rules import LotInput
from procurement.procurements.services import (
    approve_override,
    ask_override,
    create_procurement,
    finish_light_touch,
    set_lots,
    tender_in_lots,
)
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.demo.dates import Days
from socialvalue.demo.people import Cast
from socialvalue.demo.playing.entering import submission_key

AUTHORITY = "warwickshire"
SCANNING = "archive-scanning"
WAITING = "museum-chairs"
IN_LOTS = "respite"
LOTS = (("North of the county", "540000"), ("South of the county", "350000"))


def is_unplayed(cast: Cast) -> bool:
    """Whether any of it is still to be entered; the override that waits comes last."""
    try:
        return not procurements.overrides(cast.at(AUTHORITY, Role.PROCUREMENT_OFFICER)).filter(
            procurement__submission_key=submission_key(WAITING)
        )
    except NotVisible:
        return True


def play(days: Days, cast: Cast) -> None:
    if not is_unplayed(cast):
        return
    officer, approver = (
        cast.at(AUTHORITY, role) for role in (Role.PROCUREMENT_OFFICER, Role.APPROVER)
    )
    _overridden(days, officer, approver)
    chairs, short_breaks = _known(officer, WAITING), _known(officer, IN_LOTS)
    with clock.at(days.now):
        set_lots(
            actor=officer,
            procurement_id=short_breaks.pk,
            expected_version=short_breaks.version,
            lots=[LotInput(title, Decimal(amount)) for title, amount in LOTS],
        )
        tender_in_lots(actor=officer, procurement_id=short_breaks.pk)
        ask_override(
            actor=officer,
            procurement_id=chairs.pk,
            to_route="toms_advised",
            reason="A pilot with repaired furniture: we would like to ask for measures although the value is small.",
        )


def _known(officer: Actor, key: str):  # type: ignore[no-untyped-def]  # rooms keep their tables private
    return procurements.procurement_list(officer).get(submission_key=submission_key(key))


def _overridden(days: Days, officer: Actor, approver: Actor) -> None:
    """One scanner fits the bound volumes: the officer asks for quotations instead of a tender, and a second agrees."""
    entered = days.lawful(days.today - timedelta(days=150), "services")
    later: list[date] = [days.today - timedelta(days=n) for n in (149, 147, 120)]
    with clock.at(days.moment(days.today - timedelta(days=150), 10)):
        procurement = create_procurement(
            actor=officer,
            title="Scanning of bound volumes for the county archive",
            category="services",
            estimate=Decimal(64_000),
            estimate_basis="excl",
            vat_rate_percent=Decimal(20),
            commenced_on=entered,
            starts_on=days.today - timedelta(days=110),
            ends_on=days.today + timedelta(days=250),
            cpv="79999100",
            directorate="Communities",
            submission_key=submission_key(SCANNING),
        )
    with clock.at(days.moment(later[0], 11)):
        asked = ask_override(
            actor=officer,
            procurement_id=procurement.pk,
            to_route="light_touch",
            reason="One scanner in the region fits volumes of this size, so only its two operators can quote.",
        )
    with clock.at(days.moment(later[1], 15)):
        approve_override(
            actor=approver,
            override_id=asked.pk,
            answer="The market was checked; the note must say what was asked of the operators.",
        )
    with clock.at(days.moment(later[2], 14)):
        finish_light_touch(
            actor=officer,
            procurement_id=procurement.pk,
            considered="Asked both operators for work experience for students of conservation.",
            objectives=["GSE"],
            quotations_sought=2,
            local_quotations=1,
            chosen_supplier="Teasel and Tansy Consulting LLP",
            chosen_value=Decimal(61_500),
            is_local_or_sme=True,
            agreed="Two students spend a week each with the scanning team.",
        )
