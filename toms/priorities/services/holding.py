"""Getting hold of a statement that may change, and writing down that it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F

from socialvalue.accounts.permissions import acts_for
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible
from socialvalue.core.periods import uk_date
from toms.priorities.models import Priority, PrioritySet
from toms.priorities.permissions import why_not_write
from toms.priorities.rules import RowInput
from toms.priorities.vocabulary import PriorityLevel, StatementDeed

SECOND = "Somebody else changed this statement while you were working on it. Check the page, then save again."
LABELS = {
    "name": "Name", "source": "Document", "valid_from": "First day", "valid_to": "Last day",
    "priorities": "Priorities",
}  # fmt: skip


def held_for_links(
    actor: Actor, priority_id: int, why_not: Callable[[Actor, str, int | None], str]
) -> Priority:
    """The priority with its statement locked, for somebody ``why_not`` has nothing against."""
    row = Priority.objects.select_related("priority_set").filter(pk=priority_id).first()
    if row is None:
        raise NotVisible
    found = _locked(actor, row.priority_set.slug)
    if reason := why_not(actor, found.level, found.authority_id):
        raise NotAllowed(reason)
    return row


def held(actor: Actor, slug: str) -> PrioritySet:
    found = _locked(actor, slug)
    if reason := why_not_write(actor, found.level, found.authority_id):
        raise NotAllowed(reason)
    return found


def _locked(actor: Actor, slug: str) -> PrioritySet:
    """The row, locked. NotVisible when it is another council's."""
    found = PrioritySet.objects.select_for_update(of=("self",)).filter(slug=slug).first()
    is_anothers = (
        found is not None
        and found.level == PriorityLevel.COUNCIL
        and not (actor.is_system or acts_for(actor, found.authority_id))
    )
    if found is None or is_anothers:
        raise NotVisible
    return found


def authority_of(found: PrioritySet) -> int:
    if found.authority_id is None:
        raise NotAllowed("Only a council’s own statement changes here.")
    return found.authority_id


def check_version(found: PrioritySet, expected: int, sent: Mapping[str, Any]) -> None:
    if found.version == expected:
        return
    now = {name: getattr(found, name) for name in LABELS if name != "priorities"}
    now["priorities"] = "\n".join(
        _line(row.code, row.name, row.about) for row in _priorities(found)
    )
    raise Conflict(SECOND, changed=differences(LABELS, now, sent))


def save(found: PrioritySet, **fields: Any) -> None:
    """Write the fields, if the row is still as it was read."""
    written = PrioritySet.objects.filter(pk=found.pk, version=found.version).update(
        version=F("version") + 1, **fields
    )
    if not written:
        raise Conflict(SECOND)
    found.refresh_from_db()


def touch(found: PrioritySet) -> None:
    """Another version of the statement, because what hangs from it changed."""
    save(found)


def write_last_day(actor: Actor, found: PrioritySet, last: date | None) -> None:
    before = found.valid_to
    if before == last:
        return
    save(found, valid_to=last)
    until = f"applies until {uk_date(last)}" if last else "has no last day"
    record(
        actor=actor,
        deed=StatementDeed.STATEMENT_LAST_DAY,
        sentence=f"“{found.name}” {until}.",
        target=found,
        before={"valid_to": before.isoformat() if before else ""},
        after={"valid_to": last.isoformat() if last else ""},
    )


def _priorities(found: PrioritySet) -> list[Priority]:
    return list(Priority.objects.filter(priority_set=found).order_by("position", "pk"))


def _line(code: str, name: str, about: str) -> str:
    return f"{code} {name.strip()}: {about.strip()}".strip().rstrip(":")


def said(rows: Sequence[RowInput]) -> str:
    return "\n".join(_line(row.code.strip().upper(), row.name, row.about) for row in rows)


def as_it_is(found: PrioritySet) -> dict[str, Any]:
    """For the record: days and words as text."""
    return {
        "name": found.name,
        "source": found.source,
        "valid_from": found.valid_from.isoformat(),
        "valid_to": found.valid_to.isoformat() if found.valid_to else "",
        "priorities": [_line(row.code, row.name, row.about) for row in _priorities(found)],
    }
