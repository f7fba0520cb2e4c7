"""What of this room has had its time. Read by the clock alone, for nobody in particular."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from procurement.deliveries.models import (
    ClaimDraft,
    ClaimUpload,
    Confirmation,
    Contribution,
    Delegation,
    Evidence,
)
from procurement.deliveries.queries.uploads import RUNNING
from procurement.deliveries.rules.claims import LOOSE_FOR
from procurement.deliveries.rules.keeping import MEANT_FOR
from procurement.deliveries.vocabulary import ConfirmationAnswer
from socialvalue.core import clock
from socialvalue.core.purging import REMOVED, kept_since

DAYS_OF_A_YEAR = 365
ANSWERED = (ConfirmationAnswer.CONFIRMED, ConfirmationAnswer.DISPUTED)


def loose_evidence() -> QuerySet[Evidence]:
    """Files that became part of no claim in their time."""
    now = clock.now()
    return Evidence.objects.filter(claim__isnull=True).filter(
        Q(commitment__isnull=True, uploaded_at__lt=now - LOOSE_FOR)
        | Q(uploaded_at__lt=now - MEANT_FOR)
    )


def old_evidence() -> QuerySet[Evidence]:
    """Files of claims whose day has come, as it stands on their row: the contract may have been extended since."""
    return Evidence.objects.filter(claim__isnull=False, removed_at__isnull=True).filter(
        Q(retain_until__isnull=True) | Q(retain_until__lte=clock.today())
    )


def old_drafts() -> QuerySet[ClaimDraft]:
    return ClaimDraft.objects.filter(saved_at__lt=kept_since("claim_drafts")).order_by("pk")


def old_upload_files() -> QuerySet[ClaimUpload]:
    """Spreadsheets of claims that no job works on. Their claims, counts and fingerprint stay."""
    return (
        ClaimUpload.objects.filter(uploaded_at__lt=kept_since("claim_files"))
        .exclude(status__in=RUNNING)
        .exclude(file="", answer="")
        .order_by("pk")
    )


def old_contributions() -> QuerySet[Contribution]:
    """Figures that a site handed in and nobody ever sent."""
    before = kept_since("handed_in_figures")
    return Contribution.objects.filter(claim__isnull=True, handed_in_at__lt=before).order_by("pk")


def old_link_addresses() -> QuerySet[Delegation]:
    """Links that stopped working long enough ago and still name an address."""
    before = kept_since("link_addresses")
    return (
        Delegation.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before))
        .exclude(email__endswith=f"@{REMOVED}")
        .order_by("pk")
    )


def old_confirmation_addresses() -> QuerySet[Confirmation]:
    """Who was asked and did not answer, a while after the link closed; who answered, as long as a file of evidence."""
    before = kept_since("confirmation_addresses")
    years = timedelta(days=settings.EVIDENCE_RETENTION_YEARS * DAYS_OF_A_YEAR)
    proof_ended = clock.today() - years
    return (
        Confirmation.objects.filter(
            Q(answer=ConfirmationAnswer.WAITING, expires_at__lt=before)
            | Q(answer=ConfirmationAnswer.CANCELLED, answered_at__lt=before)
            | Q(answer__in=ANSWERED, claim__contract__ends_on__lt=proof_ended)
        )
        .exclude(email__endswith=f"@{REMOVED}")
        .order_by("pk")
    )


def addressed_to(email: str) -> dict[str, QuerySet[Any]]:
    """Links and questions that were sent to this address."""
    return {
        "links": Delegation.objects.filter(email__iexact=email).order_by("pk"),
        "confirmations": Confirmation.objects.filter(email__iexact=email).order_by("pk"),
    }
