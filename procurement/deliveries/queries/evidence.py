"""Files, for the supplier, and for the buying authority once they are part of a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.deliveries.models import Evidence
from procurement.deliveries.permissions import can_see_claim
from procurement.deliveries.queries.claims import EvidenceInfo, evidence_info
from socialvalue.accounts.permissions import acts_for, is_supplier
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import uk_date

GONE = "This file is no longer in the store. Ask the supplier to send it again."


def loose_evidence(actor: Actor, contract_id: int, ids: Sequence[int]) -> list[EvidenceInfo]:
    """Uploaded files of this contract that are not part of a claim yet, of those named. Others are left out silently:
    the ids come from a form."""
    rows = Evidence.objects.filter(
        pk__in=ids,
        contract_id=contract_id,
        supplier_id__in=actor.organisation_ids,
        claim__isnull=True,
    )
    return [evidence_info(row) for row in rows.order_by("pk")] if is_supplier(actor) else []


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    name: str
    media_type: str
    content: bytes


def evidence_file(actor: Actor, evidence_id: int) -> EvidenceFile:
    """The bytes of a file, to the supplier, and to the buying authority once it is part of a claim.

    NotVisible for anybody else, when its time is over, and when the file is not in the store any more.
    """
    row = Evidence.objects.select_related("claim").filter(pk=evidence_id).first()
    if row is None:
        raise NotVisible
    if row.claim is None:
        if not (is_supplier(actor) and acts_for(actor, row.supplier_id)):
            raise NotVisible
    elif not can_see_claim(actor, row.claim):
        raise NotVisible
    if row.removed_at is not None:
        raise NotVisible(
            f"This file was removed on {uk_date(row.removed_at.date())}, when its time was over. "
            "Its name and fingerprint stay on the claim."
        )
    try:
        with row.file.open("rb") as stored:
            return EvidenceFile(row.name, row.media_type, stored.read())
    except FileNotFoundError as error:
        raise NotVisible(GONE) from error
