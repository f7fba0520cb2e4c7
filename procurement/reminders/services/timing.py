"""When an authority's people and suppliers are reminded."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction

from procurement.reminders.models import ReminderRule
from procurement.reminders.permissions import SET_REASON, can_set
from procurement.reminders.rules import Timing, check_timing
from procurement.reminders.vocabulary import ReminderDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.periods import uk_date


@transaction.atomic
def set_rule(*, actor: Actor, timing: Timing) -> ReminderRule:
    """A new rule of the actor's authority, from today; from tomorrow when one was set today already.

    A rule that was set never changes: what was sent under it can be checked. NotAllowed without the role, RuleBroken
    for days that are not in order.
    """
    if not can_set(actor) or actor.organisation_id is None:
        raise NotAllowed(SET_REASON)
    check_timing(timing)
    today = clock.today()
    latest = (
        ReminderRule.objects.filter(authority_id=actor.organisation_id)
        .order_by("-from_date")
        .first()
    )
    if latest is not None and latest.from_date > today:
        raise RuleBroken(
            f"A change from {uk_date(latest.from_date)} is set already. Change it again from that day on."
        )
    is_second = latest is not None and latest.from_date == today
    rule = _kept(actor, timing, is_second=is_second)
    record(
        actor=actor,
        deed=ReminderDeed.RULE_SET,
        sentence=f"Set reminders from {uk_date(rule.from_date)}: {timing.sentence}",
        target=rule,
        after={"before": list(timing.before), "after": list(timing.after)},
    )
    return rule


def _kept(actor: Actor, timing: Timing, *, is_second: bool) -> ReminderRule:
    try:
        with transaction.atomic():
            return ReminderRule.objects.create(
                authority_id=actor.organisation_id or 0,
                from_date=clock.today() + timedelta(days=is_second),
                first_before=timing.before[0],
                second_before=timing.before[1],
                first_after=timing.after[0],
                second_after=timing.after[1],
                made_at=clock.now(),
                made_by_id=actor.person_id,
            )
    except IntegrityError:
        raise Conflict("Somebody else set the reminders at the same moment.") from None
