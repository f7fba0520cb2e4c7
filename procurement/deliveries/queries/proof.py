"""Which claims have evidence: a file, or the word of the group that benefited about the claim as it is now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from procurement.deliveries.models import Claim, Confirmation, Evidence
from procurement.deliveries.vocabulary import ClaimStatus, ConfirmationAnswer


@dataclass(frozen=True, slots=True)
class Waiting:
    """Claims of a commitment that wait for a decision, and how many of them have no evidence yet."""

    how_many: int
    without_evidence: int


def waiting_of(contract_id: int) -> dict[int, Waiting]:
    """By commitment. The caller has shown that the contract may be read."""
    rows = Claim.objects.filter(contract_id=contract_id, status=ClaimStatus.SUBMITTED)
    counted = _by_commitment(rows)
    without = _by_commitment(without_evidence(rows))
    return {pk: Waiting(count, without.get(pk, 0)) for pk, count in counted.items()}


def _by_commitment(rows: QuerySet[Claim]) -> dict[int, int]:
    counted = rows.order_by().values("commitment_id").annotate(how_many=Count("pk"))
    return {row["commitment_id"]: row["how_many"] for row in counted}


def has_evidence(claim_ids: Iterable[int]) -> set[int]:
    """Those of the claims that have evidence. A file that was removed is none; a confirmation is of one version."""
    rows = evidenced(Claim.objects.filter(pk__in=set(claim_ids)))
    return set(rows.order_by().values_list("pk", flat=True))


def evidenced(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Those of the claims that have evidence. A verified claim had it when it was verified."""
    return claims.filter(Q(status=ClaimStatus.VERIFIED) | _shown())


def without_evidence(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    return claims.exclude(status=ClaimStatus.VERIFIED).exclude(_shown())


def _shown() -> Q:
    files = Evidence.objects.filter(claim=OuterRef("pk"), removed_at__isnull=True)
    words = Confirmation.objects.filter(
        claim=OuterRef("pk"),
        answer=ConfirmationAnswer.CONFIRMED,
        claim_version=OuterRef("version"),
    )
    return Q(Exists(files)) | Q(Exists(words))


def disputed_claims(claim_ids: Iterable[int]) -> set[int]:
    """Those of the claims of which, as they are now, the group that benefited says they are not true."""
    rows = Confirmation.objects.filter(
        claim__in=set(claim_ids),
        answer=ConfirmationAnswer.DISPUTED,
        claim_version=F("claim__version"),
    )
    return set(rows.order_by().values_list("claim_id", flat=True))
