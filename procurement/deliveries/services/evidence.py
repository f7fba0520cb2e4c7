"""Files, kept before the claim they belong to, and removed when their time is over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from procurement.awards import queries as awards
from procurement.deliveries.models import Delegation, Evidence
from procurement.deliveries.queries import expired
from procurement.deliveries.rules import LOOSE_FOR
from procurement.deliveries.rules.keeping import MEANT_FOR, retain_until
from procurement.deliveries.rules.passing_on import is_open
from procurement.deliveries.services.steps import (
    contract_to_claim,
    locked_claim,
    person_of,
    post_evidenced,
)
from procurement.deliveries.vocabulary import DeliveryDeed, ScanResult
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS, Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.files import CheckedFile, check_file
from socialvalue.core.periods import quarter_start, uk_date
from socialvalue.core.scanning import Finding, scanned
from socialvalue.core.stores import store_errors

if TYPE_CHECKING:
    from procurement.awards.models import Contract
    from procurement.deliveries.models import Claim

logger = logging.getLogger(__name__)
MOST_BY_LINK = 40
"""Files that one link may have waiting: nobody fills the store through a link."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file that was recognised and looked through, before it has a row."""

    checked: CheckedFile
    finding: Finding | None


def add_evidence(
    *,
    actor: Actor,
    contract_id: int,
    name: str,
    content: bytes,
    commitment_id: int | None = None,
    quarter: date | None = None,
    has_consent: bool = False,
) -> Evidence:
    """Keep a file for a claim that is still being written. ``commitment_id`` and ``quarter``: what it is meant for.

    The content decides the kind; photos are kept without their location. NotVisible for another supplier's contract,
    NotAllowed for the buyer, RuleBroken (field ``file``) for a kind or size that is not accepted, for a virus, and
    when the scanner that the settings name does not answer.
    """
    contract = contract_to_claim(actor, contract_id)
    _check_meant_for(contract.pk, commitment_id, quarter)
    # Before the transaction: a scanner may take seconds, and the database waits for nobody.
    kept = _looked_through(name, content)
    with transaction.atomic():
        evidence = _new(kept, contract_to_claim(actor, contract_id))
        evidence.uploaded_by_id = person_of(actor)
        evidence.commitment_id, evidence.quarter = commitment_id, quarter
        evidence.has_consent = has_consent
        return _save(actor, evidence, kept, contract.procurement_id)


def add_evidence_by_link(
    *,
    actor: Actor = ANONYMOUS,
    delegation_id: int,
    quarter: date,
    name: str,
    content: bytes,
    has_consent: bool = False,
) -> Evidence:
    """Keep a file that came through a link, for its commitment in a quarter. The caller knows the link's token.

    NotVisible for no link, Conflict for one that no longer works, RuleBroken as ``add_evidence``.
    """
    link = _open_link(delegation_id)
    _check_meant_for(link.contract_id, link.commitment_id, quarter)
    waiting = Evidence.objects.filter(delegation=link, claim__isnull=True).count()
    if waiting >= MOST_BY_LINK:
        raise RuleBroken(
            f"{MOST_BY_LINK} files wait already. Ask the supplier to use them first", field="file"
        )
    kept = _looked_through(name, content)
    with transaction.atomic():
        link = _open_link(delegation_id)
        contract = awards.contract_brief(link.contract_id)
        evidence = _new(kept, contract)
        evidence.delegation = link
        evidence.commitment_id, evidence.quarter = link.commitment_id, quarter
        evidence.has_consent = has_consent
        sender = Actor(name=f"{link.site}, by link", request_id=actor.request_id)
        return _save(sender, evidence, kept, contract.procurement_id)


def _open_link(delegation_id: int) -> Delegation:
    link = Delegation.objects.filter(pk=delegation_id).first()
    if link is None:
        raise NotVisible
    is_live = awards.contract_brief(link.contract_id).is_live
    if not is_live or not is_open(
        ended_at=link.ended_at, expires_at=link.expires_at, now=clock.now()
    ):
        raise Conflict("This link no longer works.")
    return link


def _check_meant_for(contract_id: int, commitment_id: int | None, quarter: date | None) -> None:
    if commitment_id is None:
        return
    if awards.commitment_info(commitment_id).contract_id != contract_id:
        raise NotVisible
    if quarter is None or quarter != quarter_start(quarter):
        raise RuleBroken("Select a quarter from the list", field="quarter")


def _looked_through(name: str, content: bytes) -> _Kept:
    """Recognised, then scanned as it was sent: what was taken out of it is looked at too."""
    checked = check_file(name=name, content=content, max_bytes=settings.EVIDENCE_MAX_BYTES)
    return _Kept(checked, scanned(content))


def _new(kept: _Kept, contract: Contract | awards.ContractBrief) -> Evidence:
    found, checked = kept.finding, kept.checked
    return Evidence(
        supplier_id=contract.supplier_id,
        contract_id=getattr(contract, "pk", None) or contract.id,
        name=checked.name,
        media_type=checked.media_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_at=clock.now(),
        scan=ScanResult.CLEAN if found else ScanResult.NOT_SCANNED,
        scanned_by=found.by if found else "",
        scanned_at=clock.now() if found else None,
        had_location=checked.had_location,
        retain_until=retain_until(contract.last_day, settings.EVIDENCE_RETENTION_YEARS),
    )


def _save(actor: Actor, evidence: Evidence, kept: _Kept, procurement_id: int) -> Evidence:
    before = _sent_before(evidence)
    if before is not None:
        return before
    checked = kept.checked
    evidence.file.save(checked.name, ContentFile(checked.content), save=True)
    record(
        actor=actor,
        deed=DeliveryDeed.EVIDENCE_ADDED,
        sentence=f"Added the file {checked.name}.",
        target=evidence,
        procurement_id=procurement_id,
        after={"sha256": checked.sha256, "size": checked.size, "scan": evidence.scan},
    )
    return evidence


def _sent_before(evidence: Evidence) -> Evidence | None:
    """The very file, sent by the same hand for the same commitment and quarter and part of no claim: a page that was
    sent twice keeps it once."""
    if evidence.commitment_id is None:
        return None
    same = (
        "contract_id", "commitment_id", "quarter", "uploaded_by_id", "delegation_id", "sha256", "has_consent",
    )  # fmt: skip
    return Evidence.objects.filter(
        claim__isnull=True,
        removed_at__isnull=True,
        **{name: getattr(evidence, name) for name in same},
    ).first()


# --- removing ------------------------------------------------------------------------------------------


def take_out(actor: Actor, claim: Claim, evidence_ids: Iterable[int]) -> None:
    """Remove wrong files of a claim that its supplier sends again, inside the caller's transaction."""
    procurement_id = awards.contract_brief(claim.contract_id).procurement_id
    for row in claim.evidence.filter(pk__in=list(evidence_ids), removed_at__isnull=True):
        before = {"sha256": row.sha256, "size": row.size}
        sentence = f"Removed the file {row.name} from the claim."
        for target in (row, claim):
            record(
                actor=actor,
                deed=DeliveryDeed.EVIDENCE_REMOVED,
                sentence=sentence,
                target=target,
                procurement_id=procurement_id,
                before=before,
            )
        name, store = row.file.name or "", row.file.storage
        row.delete()
        # The row can come back when the transaction breaks off; a file could not.
        transaction.on_commit(partial(store.delete, name), robust=True)


def clear_loose_evidence(*, actor: Actor) -> int:
    """Remove the files that have been part of no claim for over a week; how many were removed.

    Those that came for a commitment and a quarter wait half a year for its claim. Each goes by itself, row and file
    together: one that the store does not let go keeps its row, is tried again the next day, and holds up no other.
    NotAllowed for a person: the clock does it.
    """
    _only_the_clock(actor)
    return _each(
        expired.loose_evidence().values_list("pk", flat=True), lambda pk: _remove_loose(actor, pk)
    )


def remove_old_evidence(*, actor: Actor) -> int:
    """Remove the files whose time is over; how many. The row stays: name, size, hash, and when the file went.

    The time runs from the end of the contract as it is now, so a contract that was extended keeps its files longer.
    Each goes by itself, as in ``clear_loose_evidence``. NotAllowed for a person.
    """
    _only_the_clock(actor)
    return _each(
        expired.old_evidence().values_list("pk", flat=True), lambda pk: _remove_old(actor, pk)
    )


def _only_the_clock(actor: Actor) -> None:
    if not actor.is_system:
        raise NotAllowed("Files are removed by the clock.")


def _each(ids: Iterable[int], remove: Callable[[int], bool]) -> int:
    removed = 0
    for pk in list(ids):
        try:
            removed += remove(pk)
        except store_errors():
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
    days = (MEANT_FOR if row.commitment_id else LOOSE_FOR).days
    record(
        actor=actor,
        deed=DeliveryDeed.EVIDENCE_REMOVED,
        sentence=f"Removed the file {row.name}, which was part of no claim for {days} days.",
        target=row,
        procurement_id=awards.contract_brief(row.contract_id).procurement_id,
        before={"sha256": row.sha256, "size": row.size},
    )
    row.delete()
    # Last, so that a row whose file cannot be removed stays to be tried again.
    row.file.delete(save=False)
    return True


@transaction.atomic
def _remove_old(actor: Actor, evidence_id: int) -> bool:
    """False when its contract runs longer by now, or it was removed meanwhile."""
    # Its claim is held first, as every deed on a claim does.
    claim_id = Evidence.objects.filter(pk=evidence_id).values_list("claim_id", flat=True).first()
    claim = None if claim_id is None else locked_claim(claim_id)
    row = (
        Evidence.objects.select_for_update(of=("self",))
        .filter(pk=evidence_id, removed_at__isnull=True)
        .first()
    )
    if row is None:
        return False
    contract = awards.contract_brief(row.contract_id)
    until = retain_until(contract.last_day, settings.EVIDENCE_RETENTION_YEARS)
    Evidence.objects.filter(pk=row.pk).update(retain_until=until)
    if until > clock.today():
        return False
    Evidence.objects.filter(pk=row.pk).update(removed_at=clock.now())
    if claim is not None:
        post_evidenced(actor, claim)
    record(
        actor=actor,
        deed=DeliveryDeed.EVIDENCE_EXPIRED,
        sentence=f"Removed the file {row.name}: it was kept until {uk_date(until)}. Its fingerprint stays.",
        target=row,
        procurement_id=contract.procurement_id,
        before={"sha256": row.sha256, "size": row.size},
    )
    if row.file.name:
        row.file.storage.delete(row.file.name)
    return True
