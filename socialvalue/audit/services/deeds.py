"""Writing deeds. Called by every service, inside its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import Actor


def record(
    *,
    actor: Actor,
    deed: str,
    sentence: str,
    target: Model,
    procurement_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Keep one deed for ever: code, the sentence a person reads, and what changed.

    ``before`` and ``after`` hold JSON values (numbers as text). Must be called inside the transaction of the deed.
    ``at`` is for a deed that had to be kept secret until now and is told with the time it had.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An audit row belongs in the transaction of its deed.")
    AuditRecord.objects.create(
        at=at or clock.now(),
        user_id=actor.user_id,
        actor_name=actor.name or "Somebody not signed in",
        organisation_id=actor.organisation_id,
        organisation_name=actor.organisation_name,
        deed=deed,
        sentence=sentence,
        target_type=target._meta.model_name or "",
        target_id=target.pk,
        procurement_id=procurement_id,
        before=dict(before or {}),
        after=dict(after or {}),
        request_id=actor.request_id,
    )
