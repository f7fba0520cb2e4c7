"""One claim, from the supplier's report to what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.deliveries.services import (
    add_evidence,
    resubmit_claim,
    submit_claim,
    withdraw_claim,
)
from procurement.verifications.services import (
    correct_claim,
    reject_claim,
    return_claim,
    verify_claim,
)
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.money import quantity_text
from socialvalue.demo.playing.agenda import Agenda, Deed
from socialvalue.demo.playing.scene import Scene
from socialvalue.demo.stories.shape import Turn
from socialvalue.demo.words import evidence_for, report_of, whole

if TYPE_CHECKING:
    from procurement.awards.models import Contract
    from procurement.awards.queries import CommitmentInfo
    from procurement.deliveries.models import Claim

HUNDRED = Decimal(100)
DISTRICTS = {
    "warwickshire": ("CV34", "CV21", "CV37", "CV11"),
    "birmingham": ("B11", "B29", "B4"),
    "coventry": ("CV1",),
    "solihull": ("B37", "B91"),
    "wmca": ("B70", "WV1"),
}
"""Where what was delivered was done, by the first half of a postcode; some reports do not say."""
WHOLES = {"PLB3": 2000, "ENV4": 900, "ENV5": 1}
"""What one part of the whole is, of a rate: pounds, miles, tonnes."""


@dataclass
class ClaimStory:
    """``planned`` is the milestone's quantity, ``factor`` the part of it that was delivered."""

    scene: Scene
    agenda: Agenda
    contract: Contract
    commitment: CommitmentInfo
    quarter: date
    planned: Decimal
    factor: Decimal
    turn: Turn | None
    share: int
    stays_waiting: bool = False

    @property
    def supplier(self) -> Actor:
        return self.scene.cast.reporter(self.scene.story.bidders[0])

    @property
    def manager(self) -> Actor:
        return self.scene.buyer(Role.CONTRACT_MANAGER)

    @property
    def code(self) -> str:
        return self.commitment.measure.code

    def later(self, days: int, deed: Deed) -> None:
        """Working hours of a later day."""
        day = clock.today() + timedelta(days=days)
        self.agenda.add(self.scene.days.moment(day, 14, 20), deed)

    # --- the supplier ---------------------------------------------------------------------------

    def submit(self) -> None:
        quantity, whole_of = self._delivered()
        if quantity == 0:
            return
        claim = submit_claim(
            actor=self.supplier,
            commitment_id=self.commitment.id,
            quarter=self.quarter,
            quantity=quantity,
            denominator=whole_of,
            narrative=report_of(self.code, self.quarter),
            postcode_district=self._district(),
            evidence_ids=[] if self._has_nothing_yet else [self._evidence(quantity)],
            submission_key=f"demonstration:{self.commitment.id}:{self.quarter.isoformat()}",
        )
        self._what_next(claim)

    @property
    def _has_nothing_yet(self) -> bool:
        """A few of the claims that wait have no evidence yet, so that evidenced is less than claimed."""
        return self.stays_waiting and self.turn is None and self.share % 5 == 0

    def _delivered(self) -> tuple[Decimal, Decimal | None]:
        measure = self.commitment.measure
        if measure.is_rate:
            whole_of = Decimal(self.share * WHOLES[self.code])
            # A share moves less than an amount does.
            reached = min(HUNDRED, self.planned * (3 + self.factor) / 4)
            return whole(whole_of * reached / HUNDRED, self.code), whole_of
        if not measure.adds_up:
            return Decimal(1), None
        return whole(self.planned * self.factor, self.code), None

    def _district(self) -> str:
        known = ("", *DISTRICTS[self.scene.story.authority])
        return known[self.share % len(known)]

    def _evidence(self, quantity: Decimal) -> int:
        name, content = evidence_for(self.commitment.measure, quantity, self.contract.title)
        return add_evidence(
            actor=self.supplier, contract_id=self.contract.pk, name=name, content=content
        ).pk

    def _what_next(self, claim: Claim) -> None:
        wait = 4 + self.share % 12
        match self.turn:
            case Turn.TAKEN_BACK:
                self.later(3, lambda: self._take_back(claim))
            case Turn.RETURNED | Turn.MENDED:
                self.later(wait, lambda: self._return(claim))
            case Turn.REJECTED:
                self.later(wait, lambda: self._reject(claim))
            case _ if not self.stays_waiting:
                self.later(wait, lambda: self._verify(claim))

    def _take_back(self, claim: Claim) -> None:
        withdraw_claim(actor=self.supplier, claim_id=claim.pk, expected_version=claim.version)

    def _mend(self, claim_id: int, version: int) -> None:
        quantity, whole_of = self._delivered()
        if whole_of is None:
            quantity = whole(quantity * 95 / 100, self.code)
        claim = resubmit_claim(
            actor=self.supplier,
            claim_id=claim_id,
            expected_version=version,
            quantity=quantity,
            denominator=whole_of,
            narrative=f"{report_of(self.code, self.quarter)} Entries outside the quarter are taken out.",
            evidence_ids=[self._evidence(quantity)],
        )
        self.later(6, lambda: self._verify(claim))

    # --- the contract manager -------------------------------------------------------------------

    def _verify(self, claim: Claim) -> None:
        quantity, reason = None, ""
        if self.turn == Turn.REDUCED:
            quantity = whole(claim.quantity * 80 / 100, self.code)
            reason = (
                f"The evidence shows {quantity_text(quantity)}; the rest falls outside the quarter."
            )
        verify_claim(
            actor=self.manager,
            claim_id=claim.pk,
            expected_version=claim.version,
            quantity=quantity,
            reason=reason,
        )
        if self.turn == Turn.CORRECTED:
            self.later(40, lambda: self._correct(claim.pk, claim.quantity))

    def _correct(self, claim_id: int, verified: Decimal) -> None:
        correct_claim(
            actor=self.manager,
            claim_id=claim_id,
            quantity=whole(verified * 90 / 100, self.code),
            reason="Internal audit found entries that were counted on another contract as well.",
        )

    def _return(self, claim: Claim) -> None:
        return_claim(
            actor=self.manager,
            claim_id=claim.pk,
            expected_version=claim.version,
            reason="The file covers more than this quarter. Please send the records of the quarter only.",
        )
        if self.turn == Turn.MENDED:
            self.later(9, lambda: self._mend(claim.pk, claim.version + 1))

    def _reject(self, claim: Claim) -> None:
        reject_claim(
            actor=self.manager,
            claim_id=claim.pk,
            expected_version=claim.version,
            reason="These were planted under another contract and are counted there.",
        )
