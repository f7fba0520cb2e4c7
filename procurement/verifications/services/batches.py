"""Verifying from the queue: claims that need not be opened, one or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from procurement.verifications.models import Verification
from procurement.verifications.rules import MAX_BATCH, OPEN_IT, SeenClaim, check_batch
from procurement.verifications.services.decisions import verify_claim
from procurement.verifications.services.steps import claim_to_decide, draw_of
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken

__all__ = ["MAX_BATCH", "Batch", "verify_batch", "verify_from_queue"]


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a batch: the claims verified, and of each other one its number and the reason why not."""

    verified: tuple[int, ...]
    left: tuple[tuple[int, str], ...]


@transaction.atomic
def verify_batch(*, actor: Actor, seen: Sequence[SeenClaim]) -> Batch:
    """Accept the claims as they were seen, each as if verified alone. Those that moved on, or have to be opened,
    are left as they are and named; the others are verified.

    RuleBroken for none and for too many; NotVisible for a claim of another authority, and then nothing is verified.
    """
    check_batch(seen)
    verified, left = [], []
    for one in sorted(seen, key=lambda one: one.claim_id):
        try:
            with transaction.atomic():
                _verify_unopened(actor, one, only_not_drawn=True)
            verified.append(one.claim_id)
        except (Conflict, NotAllowed, RuleBroken) as error:
            left.append((one.claim_id, error.message.rstrip(".")))
    return Batch(tuple(verified), tuple(left))


@transaction.atomic
def verify_from_queue(*, actor: Actor, claim_id: int, expected_version: int) -> Verification:
    """Accept one claim as it stands in the queue. RuleBroken when it is one of those that are opened."""
    return _verify_unopened(actor, SeenClaim(claim_id, expected_version), only_not_drawn=False)


def _verify_unopened(actor: Actor, seen: SeenClaim, *, only_not_drawn: bool) -> Verification:
    draw = draw_of(actor, claim_to_decide(actor, seen.claim_id))
    if draw.must_open or (only_not_drawn and not draw.may_tick):
        raise RuleBroken(OPEN_IT)
    return verify_claim(actor=actor, claim_id=seen.claim_id, expected_version=seen.version)
