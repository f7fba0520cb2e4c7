"""What was considered under the Public Services (Social Value) Act 2012, kept for ever."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from procurement.procurements.models import ConsiderationRecord, Procurement
from procurement.procurements.permissions import OFFICER, why_not_consider
from procurement.procurements.queries import procurement_for
from procurement.procurements.rules import check_consideration
from procurement.procurements.vocabulary import ProcurementDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, RuleBroken
from socialvalue.core.files import CheckedFile, check_file


@transaction.atomic
def record_consideration(
    *,
    actor: Actor,
    procurement_id: int,
    economic: str,
    social: str,
    environmental: str,
    process: str,
    was_consulted: bool,
    consultation: str,
    considered_on: date,
    considered_by: str,
    evidence_name: str = "",
    evidence_content: bytes = b"",
) -> ConsiderationRecord:
    """Keep what was considered, before publication. A correction is another record; the latest one counts.

    ``considered_by``: a role or team. The evidence is optional; its content decides its kind. RuleBroken names the
    fields to mend (``evidence`` for the file).
    """
    procurement = procurement_for(actor, procurement_id)
    if not OFFICER.allows(actor) or actor.user_id is None:
        raise NotAllowed(why_not_consider(actor, procurement))
    if reason := why_not_consider(actor, procurement):
        raise RuleBroken(reason)
    texts = {
        "economic": economic.strip(),
        "social": social.strip(),
        "environmental": environmental.strip(),
        "process": process.strip(),
        "consultation": consultation.strip(),
        "considered_by": considered_by.strip(),
    }
    check_consideration(texts, considered_on, clock.today())
    kept = ConsiderationRecord(
        procurement=procurement,
        was_consulted=was_consulted,
        considered_on=considered_on,
        recorded_at=clock.now(),
        recorded_by_id=actor.user_id,
        **texts,
    )
    if evidence_content or evidence_name:
        _keep_evidence(kept, _checked(evidence_name, evidence_content))
    # Before the row: a row of this table never changes, so its file is in the store first.
    is_first = not ConsiderationRecord.objects.filter(procurement=procurement).exists()
    kept.save()
    _tell(actor, procurement, kept, is_first)
    return kept


def _checked(name: str, content: bytes) -> CheckedFile:
    try:
        return check_file(name=name, content=content, max_bytes=settings.EVIDENCE_MAX_BYTES)
    except RuleBroken as error:
        raise RuleBroken(error.message, field="evidence") from error


def _keep_evidence(kept: ConsiderationRecord, checked: CheckedFile) -> None:
    kept.evidence.save(checked.name, ContentFile(checked.content), save=False)
    kept.evidence_name = checked.name
    kept.evidence_media_type = checked.media_type
    kept.evidence_sha256 = checked.sha256


def _tell(
    actor: Actor, procurement: Procurement, kept: ConsiderationRecord, is_first: bool
) -> None:
    what = "was recorded" if is_first else "was recorded again, as a correction"
    record(
        actor=actor,
        deed=ProcurementDeed.CONSIDERED,
        sentence=f"What was considered for {procurement.reference} under the Social Value Act {what}.",
        target=kept,
        procurement_id=procurement.pk,
        after={
            "considered_on": kept.considered_on.isoformat(),
            "was_consulted": kept.was_consulted,
            "evidence": kept.evidence_name,
            "sha256": kept.evidence_sha256,
        },
    )
