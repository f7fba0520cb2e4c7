"""Files, kept before the claim they belong to."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from procurement.awards.queries import contract_briefs
from procurement.deliveries.models import Evidence
from procurement.deliveries.rules import LOOSE_FOR
from procurement.deliveries.services.steps import contract_to_claim, person_of
from procurement.deliveries.vocabulary import DeliveryDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed
from socialvalue.core.files import check_file

logger = logging.getLogger(__name__)


@transaction.atomic
def add_evidence(*, actor: Actor, contract_id: int, name: str, content: bytes) -> Evidence:
    """Keep a file for a claim that is still being written.

    The content decides the kind; photos are kept without their location. NotVisible for another supplier's contract,
    NotAllowed for the buyer, RuleBroken (field ``file``) for a kind or size that is not accepted.
    """
    contract = contract_to_claim(actor, contract_id)
    checked = check_file(name=name, content=content, max_bytes=settings.EVIDENCE_MAX_BYTES)
    evidence = Evidence(
        supplier_id=contract.supplier_id,
        contract_id=contract.pk,
        name=checked.name,
        media_type=checked.media_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_at=clock.now(),
        uploaded_by_id=person_of(actor),
    )
    evidence.file.save(checked.name, ContentFile(checked.content), save=True)
    record(
        actor=actor,
        deed=DeliveryDeed.EVIDENCE_ADDED,
        sentence=f"Added the file {checked.name}.",
        target=evidence,
        procurement_id=contract.procurement_id,
        after={"sha256": checked.sha256, "size": checked.size},
    )
    return evidence


def clear_loose_evidence(*, actor: Actor) -> int:
    """Remove the files that have been part of no claim for over a week; how many were removed.

    Each goes by itself, row and file together: one that the store does not let go keeps its row, is
    tried again the next day, and holds up no other. NotAllowed for a person: the clock does it.
    """
    if not actor.is_system:
        raise NotAllowed("Files that belong to no claim are removed by the clock.")
    loose = Evidence.objects.filter(claim__isnull=True, uploaded_at__lt=clock.now() - LOOSE_FOR)
    removed = 0
    for pk in list(loose.values_list("pk", flat=True)):
        try:
            removed += _remove_loose(actor, pk)
        except OSError:
            logger.exception("Evidence %s could not be removed from the store.", pk)
    return removed


@transaction.atomic
def _remove_loose(actor: Actor, evidence_id: int) -> bool:
    """False when it became part of a claim meanwhile, or somebody else removed it."""
    row = (
        Evidence.objects.select_for_update(of=("self",))
        .filter(pk=evidence_id, claim__isnull=True)
        .first()
    )
    if row is None:
        return False
    record(
        actor=actor,
        deed=DeliveryDeed.EVIDENCE_REMOVED,
        sentence=f"Removed the file {row.name}, which was part of no claim for {LOOSE_FOR.days} days.",
        target=row,
        procurement_id=contract_briefs([row.contract_id])[row.contract_id].procurement_id,
        before={"sha256": row.sha256, "size": row.size},
    )
    row.delete()
    # Last, so that a row whose file cannot be removed stays to be tried again.
    row.file.delete(save=False)
    return True
