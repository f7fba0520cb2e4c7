"""What somebody has typed in a section and not saved yet: kept as typed, for them alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from reporting.cabinet.models import CabinetSection, SectionDraft
from reporting.cabinet.services.guards import section_to_write, to_write, writer_id
from socialvalue.core import clock
from socialvalue.core.actor import Actor

LONGEST_DRAFT = 40_000


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What became of the text: ``is_kept`` is False where it is what the section says already."""

    is_kept: bool
    has_moved: bool
    """Somebody else has saved the section since the text was begun."""


@transaction.atomic
def keep_draft(
    *, actor: Actor, report_id: int, kind: str, based_on: int, narrative: str
) -> KeptDraft:
    """Keep what the actor has typed, whatever it says; the section stays as it is.

    ``based_on`` is the version of the section that the text was begun from.
    """
    report = to_write(actor, report_id)
    section = section_to_write(report, kind)
    text = narrative.replace("\r\n", "\n")[:LONGEST_DRAFT]
    has_moved = section.version != based_on
    if text.strip() == section.narrative:
        forget(actor, section)
        return KeptDraft(is_kept=False, has_moved=has_moved)
    SectionDraft.objects.update_or_create(
        section=section,
        user_id=writer_id(actor),
        defaults={
            "narrative": text,
            "based_on": min(based_on, section.version),
            "kept_at": clock.now(),
        },
    )
    return KeptDraft(is_kept=True, has_moved=has_moved)


@transaction.atomic
def drop_draft(*, actor: Actor, report_id: int, kind: str) -> None:
    """Throw away what the actor has typed and not saved."""
    forget(actor, section_to_write(to_write(actor, report_id), kind))


def forget(actor: Actor, section: CabinetSection) -> None:
    SectionDraft.objects.filter(section=section, user_id=writer_id(actor)).delete()
