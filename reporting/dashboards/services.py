"""Setting a region's targets. The rows are the history: a target that changes is ended, and another one set."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction

from reporting.dashboards.models import RegionTarget
from reporting.dashboards.permissions import NOT_THEIRS, sets_targets
from reporting.dashboards.queries.targets import Aim, aims_of, region_to_aim, target_to_change
from reporting.dashboards.vocabulary import TargetDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.money import MAX_QUANTITY
from socialvalue.core.periods import FinancialYear

YEARS_AHEAD = 5
YEARS_BACK = 5
LONGEST = 300
SET_ALREADY = "There is a target for this in that year already. Change that one."
CHANGED = "Somebody else changed this target while you were deciding. Open the targets again."


@transaction.atomic
def set_target(
    *, actor: Actor, region_slug: str, aim_key: str, year: str, amount: Decimal, reason: str = ""
) -> RegionTarget:
    """A first target of a figure or regional measure in a financial year like ``2026-27``.

    NotAllowed and NotVisible for who does not set targets of that region; RuleBroken for an amount, year or aim that
    cannot be, or one that has a target already.
    """
    if not sets_targets(actor):
        raise NotAllowed(NOT_THEIRS)
    region_id, _, name = region_to_aim(actor, region_slug)
    chosen = _year(year)
    aim = next((row for row in aims_of(region_id, chosen) if row.key == aim_key), None)
    if aim is None:
        raise RuleBroken("Select what the target is of from the list", field="aim")
    row = _add(actor, region_id, aim, chosen, amount, reason)
    record(
        actor=actor,
        deed=TargetDeed.SET,
        sentence=f"{actor.name} set {aim.shown(amount)} as target of {name} for {chosen.label}: {aim.label}.",
        target=row,
        after={"amount": str(amount), "aim": aim.key, "financial_year": chosen.slug},
    )
    return row


@transaction.atomic
def change_target(
    *, actor: Actor, target_id: int, amount: Decimal, reason: str = ""
) -> RegionTarget:
    """Another amount for the same aim. Conflict when the target no longer stands."""
    found = target_to_change(actor, target_id)
    _end(actor, target_id)
    row = _add(actor, found.region_id, found.aim, found.year, amount, reason)
    record(
        actor=actor,
        deed=TargetDeed.CHANGED,
        sentence=f"{actor.name} changed a target for {found.year.label} from {found.shown} to "
        f"{found.aim.shown(amount)}: {found.aim.label}.",
        target=row,
        before={"amount": str(found.amount)},
        after={"amount": str(amount)},
    )
    return row


@transaction.atomic
def end_target(*, actor: Actor, target_id: int) -> RegionTarget:
    """The target no longer stands; it stays in the history. Conflict when it did not stand."""
    found = target_to_change(actor, target_id)
    _end(actor, target_id)
    row = RegionTarget.objects.get(pk=target_id)
    record(
        actor=actor,
        deed=TargetDeed.ENDED,
        sentence=f"{actor.name} took away a target for {found.year.label}: {found.aim.label}, {found.shown}.",
        target=row,
        before={"amount": str(found.amount)},
    )
    return row


def _year(text: str) -> FinancialYear:
    try:
        year = FinancialYear.parse(text)
    except ValueError:
        raise RuleBroken("Select a financial year from the list", field="year") from None
    this = FinancialYear.of(clock.today()).start_year
    if not this - YEARS_BACK <= year.start_year <= this + YEARS_AHEAD:
        raise RuleBroken("Select a financial year from the list", field="year")
    return year


def _add(
    actor: Actor, region_id: int, aim: Aim, year: FinancialYear, amount: Decimal, reason: str
) -> RegionTarget:
    _check_amount(aim, amount)
    words = " ".join(reason.split())
    if len(words) > LONGEST:
        raise RuleBroken(f"The reason must be {LONGEST} characters or fewer", field="reason")
    kind, _, name = aim.key.partition(":")
    try:
        with transaction.atomic():
            return RegionTarget.objects.create(
                region_id=region_id,
                figure=name if kind == "figure" else "",
                measure_id=int(name) if kind == "measure" else None,
                financial_year=year.slug,
                amount=amount,
                reason=words,
                set_by_id=actor.person_id,
                set_at=clock.now(),
            )
    except IntegrityError:
        raise RuleBroken(SET_ALREADY, field="aim") from None


def _check_amount(aim: Aim, amount: Decimal) -> None:
    if amount <= 0:
        raise RuleBroken("The target must be more than 0", field="amount")
    if amount > MAX_QUANTITY:
        raise RuleBroken("The target is too large. Check the amount", field="amount")
    places = 2 if aim.is_money else 3
    if amount != round(amount, places):
        raise RuleBroken(f"The target must have at most {places} decimal places", field="amount")


def _end(actor: Actor, target_id: int) -> None:
    """Of two who change a target at once, the second finds that it no longer stands."""
    standing = RegionTarget.objects.filter(pk=target_id, ended_at__isnull=True)
    if not standing.update(ended_at=clock.now(), ended_by_id=actor.person_id):
        raise Conflict(CHANGED)
