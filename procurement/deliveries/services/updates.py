"""The quarterly update of one contract: kept as it is typed, sent as one deed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction

from procurement.awards import queries as awards
from procurement.deliveries.models import Claim, ClaimDraft, Contribution, NilReturn
from procurement.deliveries.queries import draft_version, promise_of, seen_claims
from procurement.deliveries.rules import (
    CHANGED,
    UpdateLine,
    check_lines,
    check_quarter,
    district_of,
    gathered,
    line_key,
)
from procurement.deliveries.services.claims import submit_claim
from procurement.deliveries.services.nothing import report_nothing
from procurement.deliveries.services.steps import contract_to_claim, hold, person_of
from procurement.deliveries.vocabulary import DeliveryDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotVisible, RuleBroken
from socialvalue.core.periods import quarter_label

SENT_ALREADY = "This page was sent already, with other figures. See what stands now, and send only what is missing."

TYPED_MEANWHILE = "Somebody else typed on this page after you opened it."


@transaction.atomic
def submit_update(
    *,
    actor: Actor,
    contract_id: int,
    quarter: date,
    lines: Sequence[UpdateLine],
    submission_key: str,
    seen: str | None = None,
) -> list[Claim]:
    """Report a quarter of a contract in one go: a claim a line, or the word that nothing was delivered. All or none.

    The same ``submission_key`` again gives the claims it made the first time and posts nothing; with other figures it
    is a Conflict. ``seen`` is what
    ``seen_claims`` gave when the page was opened. NotVisible for another supplier's contract or a commitment that is
    not of this contract, NotAllowed for the buyer, Conflict when other claims of the quarter came meanwhile,
    RuleBroken with the first fault of each line under ``box_name`` of it.
    """
    contract = contract_to_claim(actor, contract_id)
    check_lines(lines, submission_key)
    own = {info.id for info in awards.commitments_of(contract.pk)}
    if any(line.commitment_id not in own for line in lines):
        raise NotVisible
    hold(contract)
    made = list(
        Claim.objects.filter(
            submission_key__startswith=line_key(submission_key, ""), contract_id=contract.pk
        ).order_by("pk")
    )
    if made:
        if not _says_the_same(made, lines, quarter):
            raise Conflict(SENT_ALREADY)
        return made
    if seen is not None and seen != seen_claims(contract.pk, quarter):
        raise Conflict(CHANGED)
    claims, faults = [], []
    for line in sorted(lines, key=lambda line: line.commitment_id):
        try:
            claim = _send(actor, line, quarter, submission_key)
        except RuleBroken as error:
            faults.append((line.commitment_id, error))
        else:
            claims += [claim] if claim else []
    broken = gathered(faults)
    if broken is not None:
        raise broken
    return claims


def _says_the_same(made: Sequence[Claim], lines: Sequence[UpdateLine], quarter: date) -> bool:
    """Whether this is the update that made these claims, pressed twice, and not the page changed and sent again."""
    figures = {
        (row.commitment_id, row.quarter, row.quantity, row.denominator, row.narrative)
        for row in made
    }
    said = {
        (line.commitment_id, quarter, line.quantity, line.denominator, line.narrative.strip())
        for line in lines
        if not line.is_nil
    }
    empty = {line.commitment_id for line in lines if line.is_nil}
    nil = NilReturn.objects.filter(commitment_id__in=empty, quarter=quarter)
    return figures == said and nil.count() == len(empty)


def _send(actor: Actor, line: UpdateLine, quarter: date, submission_key: str) -> Claim | None:
    if line.is_nil:
        report_nothing(
            actor=actor,
            commitment_id=line.commitment_id,
            quarter=quarter,
            reason=line.narrative,
        )
        return None
    claim = submit_claim(
        actor=actor,
        commitment_id=line.commitment_id,
        quarter=quarter,
        quantity=line.quantity,
        denominator=line.denominator,
        narrative=line.narrative,
        postcode_district=line.postcode_district,
        evidence_ids=line.evidence_ids,
        submission_key=line_key(submission_key, line.commitment_id),
    )
    Contribution.objects.filter(
        delegation__commitment_id=line.commitment_id, quarter=quarter, claim__isnull=True
    ).update(claim=claim)
    return claim


# --- drafts ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DraftLine:
    """The boxes of one commitment, as they are typed."""

    commitment_id: int
    quantity: str = ""
    denominator: str = ""
    narrative: str = ""
    postcode_district: str = ""

    def clipped(self) -> DraftLine:
        """No longer than is kept; of a whole postcode the second half is not."""
        return replace(
            self,
            quantity=self.quantity[:60],
            denominator=self.denominator[:60],
            postcode_district=district_of(self.postcode_district)[:20],
        )

    @property
    def typed(self) -> dict[str, str]:
        return {
            "quantity": self.quantity,
            "denominator": self.denominator,
            "narrative": self.narrative,
            "postcode_district": self.postcode_district,
        }


@transaction.atomic
def save_drafts(
    *,
    actor: Actor,
    contract_id: int,
    quarter: date,
    lines: Sequence[DraftLine],
    expected_version: int,
) -> int:
    """Keep what is typed and not sent, whether it can be read or not. Returns the version of what is kept now.

    NotVisible for another supplier's contract, NotAllowed for the buyer, Conflict when a colleague typed meanwhile.
    """
    contract = contract_to_claim(actor, contract_id)
    commitments = {info.id: info for info in awards.commitments_of(contract.pk)}
    if any(line.commitment_id not in commitments for line in lines):
        raise NotVisible
    for line in lines[:1]:
        promise = promise_of(commitments[line.commitment_id], contract)
        check_quarter(quarter, promise, clock.today())
    kept = {
        row.commitment_id: row
        for row in ClaimDraft.objects.select_for_update(of=("self",)).filter(
            contract_id=contract.pk, quarter=quarter
        )
    }
    if sum(row.version for row in kept.values()) != expected_version:
        raise Conflict(TYPED_MEANWHILE)
    is_first = not kept
    for line in lines:
        _keep(actor, contract.pk, contract.supplier_id, quarter, line.clipped(), kept)
    first = ClaimDraft.objects.filter(contract_id=contract.pk, quarter=quarter).first()
    if is_first and first is not None:
        record(
            actor=actor,
            deed=DeliveryDeed.CLAIM_DRAFTED,
            sentence=f"Began the update for {quarter_label(quarter)}.",
            target=first,
            procurement_id=contract.procurement_id,
        )
    return draft_version(contract.pk, quarter)


def _keep(
    actor: Actor,
    contract_id: int,
    supplier_id: int,
    quarter: date,
    line: DraftLine,
    kept: dict[int, ClaimDraft],
) -> None:
    row = kept.get(line.commitment_id)
    if row is None:
        if not any(line.typed.values()):
            return
        row = ClaimDraft(
            commitment_id=line.commitment_id,
            contract_id=contract_id,
            supplier_id=supplier_id,
            quarter=quarter,
        )
    elif all(getattr(row, name) == text for name, text in line.typed.items()):
        return
    else:
        row.version += 1
    for name, text in line.typed.items():
        setattr(row, name, text)
    row.saved_at, row.saved_by_id = clock.now(), person_of(actor)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        # Two people began the same box at the same time.
        raise Conflict(TYPED_MEANWHILE) from error
