"""What groups were asked and said, for the parties of a claim; and the page of one link, for whoever holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from procurement.awards import queries as awards
from procurement.deliveries.models import Claim, Confirmation
from procurement.deliveries.rules.confirming import is_about_now
from procurement.deliveries.rules.passing_on import hash_of
from procurement.deliveries.vocabulary import ConfirmationAnswer, ConfirmationState
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import measured, quantity_text
from socialvalue.core.periods import quarter_end, uk_date
from socialvalue.core.purging import shown_address

CONFIRM_GONE = {
    ConfirmationState.ANSWERED: "This was answered already. The link works once.",
    ConfirmationState.CANCELLED: "The question was taken back. There is nothing left to answer.",
    ConfirmationState.EXPIRED: "The time to answer is over.",
    ConfirmationState.CHANGED: "What is claimed has changed since you were asked, so this question is closed.",
}
LOOKS = {
    ConfirmationState.OPEN: "submitted",
    ConfirmationState.CANCELLED: "skipped",
    ConfirmationState.EXPIRED: "overdue",
    ConfirmationState.CHANGED: "skipped",
}


def _is_current(row: Confirmation, claim: Claim) -> bool:
    return is_about_now(
        asked_version=row.claim_version,
        asked_at=row.asked_at,
        version=claim.version,
        status=claim.status,
        submitted_at=claim.submitted_at,
    )


def state_of(row: Confirmation, claim: Claim, now: datetime) -> ConfirmationState:
    """What its link can still do. It works before its expiry, not at it."""
    if row.answer == ConfirmationAnswer.CANCELLED:
        return ConfirmationState.CANCELLED
    if row.answer != ConfirmationAnswer.WAITING:
        return ConfirmationState.ANSWERED
    if not _is_current(row, claim):
        return ConfirmationState.CHANGED
    return ConfirmationState.EXPIRED if now >= row.expires_at else ConfirmationState.OPEN


@dataclass(frozen=True, slots=True)
class ConfirmationInfo:
    """One question to a group, as both parties see it. ``is_current``: the claim still says what it was asked about."""

    id: int
    group: str
    email: str
    asked_at: datetime
    asked_by: str
    asked_by_id: int
    expires_at: datetime
    answer: str
    answered_at: datetime | None
    answered_as: str
    words: str
    state: ConfirmationState
    is_current: bool

    @property
    def is_proof(self) -> bool:
        """It counts as evidence."""
        return self.answer == ConfirmationAnswer.CONFIRMED and self.is_current

    @property
    def is_waiting(self) -> bool:
        return self.state == ConfirmationState.OPEN

    @property
    def label(self) -> str:
        if self.state != ConfirmationState.ANSWERED:
            return str(self.state.label)
        said = str(ConfirmationAnswer(self.answer).label)
        return said if self.is_current else f"{said}, before the claim changed"

    @property
    def look(self) -> str:
        """A key of the status component."""
        if self.state != ConfirmationState.ANSWERED:
            return LOOKS[self.state]
        if self.answer == ConfirmationAnswer.DISPUTED:
            return "at_risk"
        return "verified" if self.is_current else "skipped"


def confirmations_of(claims: Iterable[Claim]) -> dict[int, list[ConfirmationInfo]]:
    """By claim, oldest first, of claims the actor may see: one query for all of them."""
    by_id = {claim.pk: claim for claim in claims}
    found: dict[int, list[ConfirmationInfo]] = {}
    rows = Confirmation.objects.filter(claim_id__in=by_id).select_related("asked_by")
    now = clock.now()
    for row in rows.order_by("pk"):
        claim = by_id[row.claim_id]
        info = ConfirmationInfo(
            id=row.pk,
            group=row.group,
            email=shown_address(row.email),
            asked_at=row.asked_at,
            asked_by=str(row.asked_by),
            asked_by_id=row.asked_by_id,
            expires_at=row.expires_at,
            answer=row.answer,
            answered_at=row.answered_at,
            answered_as=row.answered_as,
            words=row.words,
            state=state_of(row, claim, now),
            is_current=_is_current(row, claim),
        )
        found.setdefault(claim.pk, []).append(info)
    return found


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """What whoever holds a link may know: who says what was done, when and where. No prices, no people, no files."""

    group: str
    supplier_name: str
    authority_name: str
    contract_title: str
    what: str
    amount: str
    counted_as: str
    first_day: date
    last_day: date
    narrative: str
    district: str
    expires_at: datetime
    state: ConfirmationState
    answer: str
    gone: str

    @property
    def is_open(self) -> bool:
        return self.state == ConfirmationState.OPEN

    @property
    def is_confirmed(self) -> bool:
        return self.answer == ConfirmationAnswer.CONFIRMED

    @property
    def period(self) -> str:
        return f"{uk_date(self.first_day)} to {uk_date(self.last_day)}"


def confirm_page(token: str) -> ConfirmPage:
    """The page of a link. NotVisible for a token that was never sent."""
    row = Confirmation.objects.select_related("claim").filter(token_hash=hash_of(token)).first()
    if row is None:
        raise NotVisible("This link is not known. Open it again from the e-mail, as a whole.")
    claim = row.claim
    contract = awards.contract_brief(claim.contract_id)
    measure = awards.commitment_info(claim.commitment_id).measure
    state = state_of(row, claim, clock.now())
    # A claim that changed is a matter between its parties: what it says now was not asked.
    shows = state in (ConfirmationState.OPEN, ConfirmationState.ANSWERED) and _is_current(
        row, claim
    )
    return ConfirmPage(
        group=row.group,
        supplier_name=contract.supplier_name,
        authority_name=contract.authority_name,
        contract_title=contract.title,
        what=measure.title if shows else "",
        amount=_amount(claim, measure.unit) if shows else "",
        counted_as=measure.counting_rule if shows else "",
        first_day=claim.quarter,
        last_day=quarter_end(claim.quarter),
        narrative=claim.narrative if shows else "",
        district=claim.postcode_district if shows else "",
        expires_at=row.expires_at,
        state=state,
        answer=row.answer,
        gone=CONFIRM_GONE.get(state, ""),
    )


def _amount(claim: Claim, unit: str) -> str:
    if claim.denominator is not None:
        return f"{quantity_text(claim.quantity)} of {quantity_text(claim.denominator)}"
    return measured(claim.quantity, unit)
