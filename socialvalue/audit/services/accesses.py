"""Writing accesses: who came in, took a file out, was refused. They change nothing, and are kept for a time only."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from socialvalue.audit.models import AccessRecord, DailySeal
from socialvalue.audit.rules import ACCESS_RECORD_DAYS, ACCESSES
from socialvalue.audit.vocabulary import AccessKind
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.logs import without_people

NOBODY = "Somebody not signed in"


def record_access(
    *,
    actor: Actor,
    kind: AccessKind,
    sentence: str,
    address: str = "",
    organisation_id: int | None = None,
    subject: str = "",
) -> None:
    """Keep one access: its kind, and the sentence a person reads.

    ``address`` is the page's address on this site: what was asked of it, tokens and e-mail addresses are left out of
    it. ``subject`` is what was looked at or taken out, in words. It stands in the record of ``organisation_id``, or of
    the organisation the actor acts for. What somebody typed who did not come in is never part of it. It may be called
    inside a transaction or outside one.
    """
    AccessRecord.objects.create(
        at=clock.now(),
        user_id=actor.user_id,
        actor_name=actor.name or NOBODY,
        organisation_id=organisation_id or actor.organisation_id,
        kind=kind,
        sentence=sentence,
        address=without_people(address.partition("?")[0])[:500],
        subject=subject[:200],
        request_id=actor.request_id,
    )


@transaction.atomic
def remove_old_accesses(*, actor: Actor, dry_run: bool = False) -> int:
    """Remove accesses at the end of their time; how many there are. With ``dry_run`` they are only counted.

    Only what stands under a seal that is itself that old goes, whole seals at a time: what is left can be held against
    its seals as before.
    """
    before = clock.now() - timedelta(days=ACCESS_RECORD_DAYS)
    seal = DailySeal.objects.filter(made_at__lt=before).order_by("-number").first()
    last_id = next((p["last_id"] for p in seal.parts if p["source"] == ACCESSES), 0) if seal else 0
    rows = AccessRecord.objects.filter(id__lte=last_id)
    if dry_run:
        return rows.count()
    removed, _ = rows.delete()
    return removed
