"""Telling every bidder how its bid was judged: written by the officer, issued to all at once, never changed after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse

from procurement.awards.models import AwardSummary
from procurement.awards.permissions import TELL_REASON, can_award
from procurement.awards.queries.summaries import kept_summaries, summary_to_issue, texts_of
from procurement.awards.queries.telling import judged
from procurement.awards.rules import (
    LONGEST_ADVANTAGES,
    as_content,
    content_hash,
    passages_of,
    unknown_passages,
)
from procurement.awards.services.steps import locked_contract, write_to
from procurement.awards.vocabulary import AwardDeed
from socialvalue.accounts.vocabulary import SUPPLIER_ROLES
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken

if TYPE_CHECKING:
    from procurement.awards.models import Contract
    from procurement.awards.queries.telling import Judged

ISSUED_ALREADY = "The assessment summaries are issued, so they no longer change."


@transaction.atomic
def write_summary(
    *,
    actor: Actor,
    award_id: int,
    bid_id: int,
    advantages: str,
    passages: Sequence[str] = (),
    expected_version: int = 0,
) -> AwardSummary:
    """Write what one bidder is told of the winner's advantages, and which passages it is not shown.

    NotVisible for a bid of another tender, NotAllowed without the officer's role; RuleBroken without advantages for
    a bidder that lost, or for a passage that stands nowhere; Conflict when issued or changed meanwhile.
    """
    contract = _to_tell(actor, award_id)
    found = judged(actor, contract)
    if bid_id not in found.opened:
        raise NotVisible
    kept = kept_summaries(award_id).get(bid_id)
    _check_version(kept, expected_version)
    is_winner = bid_id == found.winner_id
    advantages = "" if is_winner else advantages.strip().replace("\r\n", "\n")
    wanted = passages_of("\n".join(passages))
    _check_text(found, bid_id, advantages, wanted)
    row = kept or AwardSummary(award_id=award_id, bid_id=bid_id, version=0)
    before = {"advantages": row.advantages, "withheld": len(row.redactions)} if kept else {}
    row.advantages, row.redactions = advantages, list(wanted)
    row.written_by_id, row.written_at = actor.person_id, clock.now()
    row.version += 1
    row.save()
    record(
        actor=actor,
        deed=AwardDeed.SUMMARY_WRITTEN,
        sentence=f"Wrote the assessment summary of {found.opened[bid_id].supplier_name}"
        f"{_withheld(len(wanted))}.",
        # Not the contract: its history is read by the winner too, and other bidders are none of its business.
        target=contract.award,
        procurement_id=contract.procurement_id,
        before=before,
        after={"advantages": advantages, "withheld": len(wanted)},
    )
    return row


@transaction.atomic
def issue_summaries(*, actor: Actor, award_id: int) -> int:
    """Issue every bidder's summary at once and write to all of them; how many there are.

    What nobody wrote goes out as drafted. The whole content is kept with its hash and never changes. NotAllowed
    without the officer's role; Conflict when they are issued already.
    """
    contract = _to_tell(actor, award_id)
    found = judged(actor, contract)
    kept = kept_summaries(award_id)
    now = clock.now()
    hashes = {}
    for bid_id in found.bid_ids:
        row = kept.get(bid_id)
        summary = summary_to_issue(found, bid_id, row)
        if row is None:
            row = AwardSummary(award_id=award_id, bid_id=bid_id, advantages=summary.advantages)
            row.written_by_id, row.written_at = actor.person_id, now
        row.content = as_content(summary)
        row.content_hash = content_hash(row.content)
        row.issued_at = now
        row.save()
        hashes[found.opened[bid_id].supplier_name] = row.content_hash
    record(
        actor=actor,
        deed=AwardDeed.SUMMARIES_ISSUED,
        sentence=f"Issued the assessment summaries to {len(hashes)} bidders.",
        # Not the contract: its history is read by the winner too, and other bidders are none of its business.
        target=contract.award,
        procurement_id=contract.procurement_id,
        after=hashes,
    )
    for bid_id in found.bid_ids:
        _tell(contract, found, bid_id)
    return len(hashes)


# --- parts ------------------------------------------------------------------------------------


def _to_tell(actor: Actor, award_id: int) -> Contract:
    contract = locked_contract(actor, award_id=award_id)
    if not can_award(actor, contract.authority_id):
        raise NotAllowed(TELL_REASON)
    if any(row.issued_at for row in kept_summaries(award_id).values()):
        raise Conflict(ISSUED_ALREADY)
    return contract


def _withheld(count: int) -> str:
    if not count:
        return ""
    return ", with 1 passage withheld" if count == 1 else f", with {count} passages withheld"


def _check_version(kept: AwardSummary | None, expected: int) -> None:
    if (kept.version if kept else 0) != expected:
        raise Conflict("This summary was changed meanwhile. Check it before you change it.")


def _check_text(found: Judged, bid_id: int, advantages: str, passages: Sequence[str]) -> None:
    faults: list[tuple[str | None, str]] = []
    if bid_id != found.winner_id and not advantages:
        faults.append(("advantages", "Enter the winner's advantages over this bid"))
    if len(advantages) > LONGEST_ADVANTAGES:
        faults.append(
            ("advantages", f"The advantages must be {LONGEST_ADVANTAGES:,} characters or fewer")
        )
    unknown = unknown_passages(texts_of(found, bid_id, advantages), passages)
    if unknown:
        faults.append(
            (
                "passages",
                f"“{unknown[0]}” is not in this summary. Copy each passage exactly as it stands there.",
            )
        )
    if faults:
        field, message = faults[0]
        raise RuleBroken(message, field=field, more=faults[1:])


def _tell(contract: Contract, found: Judged, bid_id: int) -> None:
    bid = found.opened[bid_id]
    write_to(
        bid.supplier_id,
        sorted(SUPPLIER_ROLES),
        "summary_issued",
        {
            "title": contract.title,
            "reference": contract.procurement.reference,
            "authority": contract.authority.name,
            "is_winner": bid_id == found.winner_id,
            "path": reverse("procurement:awards:my_summary", args=[found.tender.pk]),
        },
    )
