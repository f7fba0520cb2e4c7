"""What every service that writes in a report asks first, and how it says what was changed."""

from __future__ import annotations

from collections.abc import Mapping

from reporting.cabinet.models import CabinetReport, CabinetSection
from reporting.cabinet.permissions import can_see, why_not_write
from reporting.cabinet.rules import references
from reporting.cabinet.rules.references import Known
from reporting.cabinet.vocabulary import CabinetDeed
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken

CHANGED = "Somebody else changed this report while you were writing. What you typed is still here."


def to_write(actor: Actor, report_id: int) -> CabinetReport:
    """The report under a lock. NotVisible for another authority's, NotAllowed when it may not change."""
    report = CabinetReport.objects.select_for_update(of=("self",)).filter(pk=report_id).first()
    if report is None or not can_see(actor, report):
        raise NotVisible
    if reason := why_not_write(actor, report):
        raise NotAllowed(reason)
    return report


def writer_id(actor: Actor) -> int:
    """Who writes. NotAllowed for nobody."""
    if actor.user_id is None:
        raise NotAllowed("Sign in to write.")
    return actor.user_id


def section_to_write(report: CabinetReport, kind: str) -> CabinetSection:
    """A section of it under a lock. NotVisible when it has none of this key."""
    found = (
        CabinetSection.objects.select_for_update(of=("self",))
        .filter(report=report, kind=kind)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def check_version(now: int, expected: int, changed: Mapping[str, tuple[str, str]]) -> None:
    """Conflict, with what is there and what was sent, when somebody else was first."""
    if now != expected:
        raise Conflict(CHANGED, changed=changed)


def check_references(narrative: str, known: Known) -> None:
    """RuleBroken with a sentence for each reference that names nothing."""
    if found := references.misspelt(narrative, known):
        first, *others = found
        raise RuleBroken(first, field="narrative", more=[("narrative", one) for one in others])


def tell_changed(
    actor: Actor,
    report: CabinetReport,
    what: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    """Records that a part of the report was changed: ``what`` completes "changed the … of"."""
    record(
        actor=actor,
        deed=CabinetDeed.CHANGED,
        sentence=f"{actor.name} changed the {what} of “{report.title}”.",
        target=report,
        before=dict(before),
        after=dict(after),
    )
