"""Recording that a duty was done."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from procurement.duties.models import DutyRecord
from procurement.duties.permissions import why_not_record
from procurement.duties.queries import DutyLine, duty_line
from procurement.duties.vocabulary import DutyDeed, Every
from procurement.procurements.queries import procurement_for
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, RuleBroken
from socialvalue.core.periods import uk_date

MAX_REFERENCE = 300


@transaction.atomic
def record_duty(
    *,
    actor: Actor,
    procurement_id: int,
    duty: str,
    done_on: date,
    occurrence: str = "",
    reference: str = "",
    note: str = "",
) -> DutyRecord:
    """Say that a duty was done, when, and where to see it. Said again, it puts the earlier record right.

    The same answers again change nothing. NotVisible for a duty that the procurement does not have; NotAllowed without
    the role; RuleBroken for a day that has not come or a duty that is not recorded here.
    """
    procurement = procurement_for(actor, procurement_id)
    if reason := why_not_record(actor):
        raise NotAllowed(reason)
    line = duty_line(actor, procurement_id, duty, occurrence)
    reference, note = reference.strip(), note.strip()
    _check(line, done_on, reference, procurement.commenced_on)
    rows = DutyRecord.objects.filter(procurement=procurement, duty=duty)
    is_new_time = line.duty.rule.every == Every.TIME and not occurrence
    before = rows.order_by("-id") if is_new_time else rows.filter(occurrence=occurrence)
    latest = before.order_by("-id").first()
    if latest and (latest.done_on, latest.reference, latest.note) == (done_on, reference, note):
        return latest
    if is_new_time:
        latest, occurrence = None, str(rows.values("occurrence").distinct().count() + 1)
    row = DutyRecord.objects.create(
        procurement=procurement,
        duty=duty,
        occurrence=occurrence,
        done_on=done_on,
        reference=reference,
        note=note,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    record(
        actor=actor,
        deed=DutyDeed.CORRECTED if latest else DutyDeed.RECORDED,
        sentence=f"{line.duty.rule.title}: {'put right, ' if latest else ''}done on {uk_date(done_on)}"
        f"{f' ({reference})' if reference else ''}.",
        target=row,
        procurement_id=procurement.pk,
        before=_facts(latest) if latest else None,
        after=_facts(row),
    )
    return row


def _check(line: DutyLine, done_on: date, reference: str, commenced_on: date) -> None:
    if line.duty.can_be_recorded and line.is_kept_elsewhere:
        raise RuleBroken(
            "What was considered is kept in the consideration record of this procurement."
        )
    if not line.can_be_recorded:
        why = line.duty.reason or "It passes by itself."
        raise RuleBroken(f"This duty is not recorded here. {why}")
    if done_on > clock.today():
        raise RuleBroken("The day must be today or in the past.", field="done_on")
    if done_on < commenced_on:
        raise RuleBroken(
            f"The procurement commenced on {uk_date(commenced_on)}. The day must be on or after that.",
            field="done_on",
        )
    if len(reference) > MAX_REFERENCE:
        raise RuleBroken(
            f"The reference must be {MAX_REFERENCE} characters or fewer.", field="reference"
        )


def _facts(row: DutyRecord) -> dict[str, str]:
    return {
        "duty": row.duty,
        "occurrence": row.occurrence,
        "done_on": row.done_on.isoformat(),
        "reference": row.reference,
        "note": row.note,
    }
