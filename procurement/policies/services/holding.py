"""Getting hold of a version that may still change, and writing what was done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import F

from procurement.policies.models import PolicyVersion
from procurement.policies.permissions import WHY_NOT_WRITE, can_see_drafts, can_write
from procurement.policies.vocabulary import PolicyDeed, PolicyStatus
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible

Changed = Mapping[str, tuple[str, str]]
NOT_A_DRAFT = "This version is waiting for approval or adopted, so it does not change."
FIRST = "Somebody else changed this draft while you were working on it. Check the page, then save again."


def locked(actor: Actor, version_id: int) -> PolicyVersion:
    """The row, locked, for somebody of the authority who may see it."""
    version = (
        PolicyVersion.objects.select_for_update(of=("self",))
        .select_related("policy__organisation", "inherits")
        .filter(pk=version_id)
        .first()
    )
    if version is None or not can_see_drafts(actor, version.policy.organisation_id):
        raise NotVisible
    return version


def hold_draft(
    actor: Actor,
    version_id: int,
    expected_lock: int,
    changed: Callable[[PolicyVersion], Changed] | None = None,
) -> PolicyVersion:
    """The draft, while it may still change and nobody else has changed it since the page was shown.

    ``changed`` compares what was sent with the draft as it is, for the Conflict of who was second.
    """
    version = locked(actor, version_id)
    if not can_write(actor, version.policy.organisation_id):
        raise NotAllowed(WHY_NOT_WRITE)
    if version.status != PolicyStatus.DRAFT:
        raise Conflict(NOT_A_DRAFT)
    if version.lock != expected_lock:
        raise Conflict(FIRST, changed=changed(version) if changed else None)
    return version


def save(version: PolicyVersion, **fields: Any) -> PolicyVersion:
    """Write the fields, if the row is still as it was read."""
    written = PolicyVersion.objects.filter(
        pk=version.pk, status=version.status, lock=version.lock
    ).update(lock=F("lock") + 1, **fields)
    if not written:
        raise Conflict(FIRST)
    version.refresh_from_db()
    return version


def note(
    actor: Actor,
    deed: PolicyDeed,
    sentence: str,
    version: PolicyVersion,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    record(actor=actor, deed=deed, sentence=sentence, target=version, before=before, after=after)
