"""Files, kept before the claim they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from procurement.deliveries.models import Evidence
from procurement.deliveries.services.steps import contract_to_claim, person_of
from procurement.deliveries.vocabulary import DeliveryDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.files import check_file

if TYPE_CHECKING:
    pass


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
