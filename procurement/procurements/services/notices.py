"""Notices from outside: previewed, then applied; or taken in at once by the command.

A preview is the import itself, undone: what it promises is what applying does.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from django.db import transaction

from procurement.procurements import rules
from procurement.procurements.models import NoticeImport
from procurement.procurements.permissions import OFFICER
from procurement.procurements.queries import notice_import
from procurement.procurements.services.taking_in import Buyers, ImportOutcome, take_in
from procurement.procurements.vocabulary import (
    BuyerMatch,
    ImportStatus,
    NoticeAction,
    ProcurementDeed,
)
from socialvalue.accounts import queries as accounts
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken

MAX_BYTES = 5 * 1024 * 1024


def import_notices(
    *,
    actor: Actor,
    content: str,
    file_name: str,
    authority_slug: str = "",
    create_buyers: bool = False,
    dry_run: bool = False,
) -> ImportOutcome:
    """Take in a file at once, for the platform. RuleBroken when the file cannot be read; a dry run writes nothing."""
    if not actor.is_system:
        raise NotAllowed("Importing for every authority is done by the platform.")
    releases = rules.read_releases(content)
    with transaction.atomic():
        authority_id = accounts.organisation(authority_slug).pk if authority_slug else None
        if authority_id is not None and not accounts.authorities().filter(pk=authority_id).exists():
            raise RuleBroken(f"{authority_slug} is not a council or combined authority.")
        outcome = take_in(
            actor, releases, Buyers(actor, authority_id=authority_id, create=create_buyers)
        )
        if outcome.count(NoticeAction.CREATED) + outcome.count(NoticeAction.UPDATED):
            kept = _keep(
                actor, content, file_name, authority_id, ImportStatus.APPLIED, _stored(outcome)
            )
            record(
                actor=actor,
                deed=ProcurementDeed.IMPORT_APPLIED,
                sentence=outcome.sentence(),
                target=kept,
            )
        if dry_run:
            transaction.set_rollback(True)
    return outcome


@transaction.atomic
def preview_notices(
    *, actor: Actor, file_name: str, content: bytes, match: BuyerMatch
) -> NoticeImport:
    """Keep an uploaded file with what applying it would do. RuleBroken (field ``file``) when it cannot be read."""
    if not OFFICER.allows(actor) or actor.organisation_id is None:
        raise NotAllowed(OFFICER.reason)
    text = _decode(content)
    outcome = _rehearse(actor, text, match)
    kept = _keep(
        actor,
        text,
        file_name,
        actor.organisation_id,
        ImportStatus.PREVIEWED,
        _stored(outcome) | {"match": match},
    )
    record(
        actor=actor,
        deed=ProcurementDeed.IMPORT_PREVIEWED,
        sentence=f"{kept.file_name} was previewed. {outcome.sentence()}",
        target=kept,
    )
    return kept


@transaction.atomic
def apply_notices(*, actor: Actor, import_id: int) -> NoticeImport:
    """Do what the preview showed. Conflict when it was applied already."""
    kept = notice_import(actor, import_id)
    if not OFFICER.allows(actor):
        raise NotAllowed(OFFICER.reason)
    if kept.status == ImportStatus.PREVIEWED and not kept.content:
        raise RuleBroken("This file is kept no longer: it was not applied in time. Send it again.")
    match = BuyerMatch(kept.outcome.get("match", BuyerMatch.OWN))
    done = NoticeImport.objects.filter(pk=kept.pk, status=ImportStatus.PREVIEWED).update(
        status=ImportStatus.APPLIED, applied_at=clock.now()
    )
    if not done:
        raise Conflict("This file has been applied already.")
    outcome = take_in(actor, rules.read_releases(kept.content), _own(actor, match))
    kept.refresh_from_db()
    kept.outcome = _stored(outcome) | {"match": match}
    kept.save(update_fields=["outcome"])
    record(
        actor=actor, deed=ProcurementDeed.IMPORT_APPLIED, sentence=outcome.sentence(), target=kept
    )
    return kept


def _own(actor: Actor, match: BuyerMatch) -> Buyers:
    if match == BuyerMatch.ALL:
        return Buyers(actor, authority_id=actor.organisation_id)
    return Buyers(actor, only_id=actor.organisation_id)


def _rehearse(actor: Actor, text: str, match: BuyerMatch) -> ImportOutcome:
    releases = rules.read_releases(text)
    with transaction.atomic():
        outcome = take_in(actor, releases, _own(actor, match))
        # Undo the savepoint only: the preview itself is kept by the transaction around it.
        transaction.set_rollback(True)
    return outcome


def _decode(content: bytes) -> str:
    if not content:
        raise RuleBroken("The file is empty. Choose another file.", field="file")
    if len(content) > MAX_BYTES:
        raise RuleBroken("The file is larger than 5 MB. Choose a smaller one.", field="file")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    raise RuleBroken("The file is not text. Choose an OCDS release file in JSON.", field="file")


def _keep(
    actor: Actor,
    text: str,
    file_name: str,
    authority_id: int | None,
    status: ImportStatus,
    outcome: dict[str, Any],
) -> NoticeImport:
    now = clock.now()
    return NoticeImport.objects.create(
        authority_id=authority_id,
        file_name=file_name[-200:] or "notices.json",
        file_hash=hashlib.sha256(text.encode()).hexdigest(),
        content=text,
        status=status,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
        applied_at=now if status == ImportStatus.APPLIED else None,
        outcome=outcome,
    )


def _stored(outcome: ImportOutcome) -> dict[str, Any]:
    return outcome.as_json() | {"rows": [asdict(row) for row in outcome.rows]}
