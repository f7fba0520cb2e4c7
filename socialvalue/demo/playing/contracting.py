"""The life of a contract: its plan, what the supplier reports, what the contract manager makes of it, its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.action_plans import queries as plans
from procurement.action_plans.services import agree_plan, change_milestones, start_plan
from procurement.awards import queries as awards
from procurement.awards.services import end_contract
from procurement.deliveries.services import report_nothing
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.periods import quarter_end, quarter_start
from socialvalue.demo.playing import chapters
from socialvalue.demo.playing.agenda import Agenda
from socialvalue.demo.playing.claims import ClaimStory
from socialvalue.demo.playing.scene import Scene
from socialvalue.demo.stories.running import OWNERS, WHY_NOTHING
from socialvalue.demo.stories.shape import Course, Turn

if TYPE_CHECKING:
    from procurement.awards.models import Contract
    from procurement.awards.queries import CommitmentInfo

LATE_DAYS = 70
CLOSED_AFTER_DAYS = 120
HALF_YEARLY_FROM = 3
"""The fourth measure of a contract and those after it are reported twice a year."""


def follow(scene: Scene, contract: Contract) -> None:
    """Everything that has happened to the contract by now."""
    with clock.at(scene.days.by_now(scene.awarded_on, 10, 50)):
        start_plan(actor=scene.officer, contract_id=contract.pk)
    Life(scene, contract).run()


@dataclass
class Life:
    scene: Scene
    contract: Contract
    agenda: Agenda = field(init=False)
    turns: dict[tuple[str, int], Turn] = field(init=False)

    def __post_init__(self) -> None:
        self.agenda = Agenda(self.scene.days.now)
        self.turns = {(code, number): turn for code, number, turn in self.scene.story.turns}

    def run(self) -> None:
        scene, agreed_on = self.scene, self.scene.starts_on - timedelta(days=12)
        if scene.story.moves_plan:
            self.agenda.add(scene.days.moment(agreed_on - timedelta(days=5), 11), self._move_plan)
        self.agenda.add(scene.days.moment(agreed_on, 14), self._agree)
        self.agenda.add(scene.days.moment(agreed_on, 14, 30), self._agree_too)
        if scene.story.names_owners:
            self.agenda.add(scene.days.moment(agreed_on - timedelta(days=4), 10), self._name_owners)
        # The plan as agreed is what the supplier delivers against.
        self.agenda.add(scene.days.moment(agreed_on, 15), self._plan_claims)
        closed_on = scene.ends_on + timedelta(days=CLOSED_AFTER_DAYS)
        self.agenda.add(scene.days.moment(closed_on, 16), self._close)
        for begin in chapters.of(scene.story.key):
            begin(self)
        self.agenda.run()

    # --- who acts, and on what --------------------------------------------------------------------

    @property
    def manager(self) -> Actor:
        return self.scene.buyer(Role.CONTRACT_MANAGER)

    @property
    def supplier(self) -> Actor:
        """The supplier's administrator, who speaks for it."""
        return self.scene.cast.supplier(self.scene.story.bidders[0])

    @property
    def reporter(self) -> Actor:
        return self.scene.cast.reporter(self.scene.story.bidders[0])

    def commitment(self, code: str) -> CommitmentInfo:
        """As it stands when it is asked for."""
        found = awards.commitments_of(self.contract.pk)
        return next(row for row in found if row.measure.code == code)

    # --- the plan -------------------------------------------------------------------------------

    def _move_plan(self) -> None:
        """Work outdoors follows the seasons: a third of every summer quarter moves to the winter after it."""
        commitment = awards.commitments_of(self.contract.pk)[1]
        quantities = {
            row.quarter: row.quantity
            for row in plans.milestones_of([self.contract.pk])
            if row.commitment_id == commitment.id
        }
        quarters = sorted(quantities)
        for earlier, later in zip(quarters[::2], quarters[1::2], strict=False):
            moved = (quantities[earlier] / 3).quantize(Decimal(1))
            quantities[earlier] -= moved
            quantities[later] += moved
        change_milestones(
            actor=self.scene.buyer(Role.CONTRACT_MANAGER),
            contract_id=self.contract.pk,
            commitment_id=commitment.id,
            expected_version=1,
            quantities=quantities,
            owner="Contract manager of the supplier",
            authority_owner=f"Contract manager, {self.contract.authority.name}",
            evidence="Count on site and photographs of each bed",
        )

    def _name_owners(self) -> None:
        version = plans.plan_of(self.manager, self.contract.pk).version
        milestones = plans.milestones_of([self.contract.pk])
        for commitment in awards.commitments_of(self.contract.pk):
            owners = OWNERS[commitment.measure.code]
            version = change_milestones(
                actor=self.manager,
                contract_id=self.contract.pk,
                commitment_id=commitment.id,
                expected_version=version,
                quantities={
                    row.quarter: row.quantity
                    for row in milestones
                    if row.commitment_id == commitment.id
                },
                owner=owners.supplier,
                authority_owner=owners.authority,
                evidence=owners.evidence,
            ).version

    def _agree(self) -> None:
        """The authority first …"""
        agree_plan(actor=self.scene.buyer(Role.CONTRACT_MANAGER), contract_id=self.contract.pk)

    def _agree_too(self) -> None:
        """… then the supplier, who reads the same version."""
        agree_plan(
            actor=self.scene.cast.supplier(self.scene.story.bidders[0]),
            contract_id=self.contract.pk,
        )

    def _close(self) -> None:
        end_contract(actor=self.scene.buyer(Role.CONTRACT_MANAGER), contract_id=self.contract.pk)

    # --- what is reported -----------------------------------------------------------------------

    def _plan_claims(self) -> None:
        for place, commitment in enumerate(awards.commitments_of(self.contract.pk)):
            milestones = [
                row
                for row in plans.milestones_of([self.contract.pk])
                if row.commitment_id == commitment.id
            ]
            every = 2 if place >= HALF_YEARLY_FROM and not self._turns_oddly(commitment) else 1
            for number, milestone in enumerate(milestones, start=1):
                part = milestones[max(0, number - every) : number]
                planned = sum((row.quantity for row in part), Decimal(0))
                if not commitment.measure.adds_up:
                    planned = milestone.quantity
                elif number % every:
                    continue
                self._plan_claim(place, commitment, number, milestone.quarter, planned)

    def _plan_claim(
        self, place: int, commitment: CommitmentInfo, number: int, quarter: date, planned: Decimal
    ) -> None:
        measure, chance = commitment.measure, self.scene.chance
        turn = self.turns.get((measure.code, number))
        # Drawn whether used or not, so that one turn changes nothing else.
        wait, swing, share = (
            chance.randrange(2, 17),
            chance.randrange(-8, 9),
            chance.randrange(30, 61),
        )
        once = not (measure.adds_up or measure.is_rate)
        if turn == Turn.NOTHING:
            told_on = self.scene.days.moment(quarter_end(quarter) + timedelta(days=wait), 9, 50)
            self.agenda.add(told_on, lambda: self._report_nothing(commitment, quarter))
            return
        if turn == Turn.MISSED or (once and number > 1):
            return
        factor = self._factor(number) + Decimal(swing) / 100
        claim = ClaimStory(
            self.scene,
            self.agenda,
            self.contract,
            commitment,
            quarter,
            planned,
            factor,
            turn,
            share,
        )
        today = self.scene.days.today
        ended = quarter_end(quarter)
        if ended < today:
            is_last = quarter_start(today) - timedelta(days=1) == ended
            moment = self.scene.days.moment(
                ended + timedelta(days=wait + (LATE_DAYS if turn == Turn.LATE else 0)),
                9 + place,
                35,
            )
            if is_last and turn != Turn.LATE:
                moment = min(moment, self.scene.days.now)
            claim.stays_waiting = is_last and place % 2 == 1
            self.agenda.add(moment, claim.submit)
        elif quarter <= today and place == 0 and self._reports_early():
            claim.factor = Decimal("0.3")
            claim.stays_waiting = True
            day = max(quarter, today - timedelta(days=1))
            self.agenda.add(self.scene.days.by_now(day, 9, 5), claim.submit)

    def _report_nothing(self, commitment: CommitmentInfo, quarter: date) -> None:
        report_nothing(
            actor=self.reporter,
            commitment_id=commitment.id,
            quarter=quarter,
            reason=WHY_NOTHING[commitment.measure.code],
        )

    def _turns_oddly(self, commitment: CommitmentInfo) -> bool:
        """Something happens to a report of this measure that half-yearly reporting would not have."""
        return any(code == commitment.measure.code and number % 2 for code, number in self.turns)

    def _factor(self, number: int) -> Decimal:
        """How much of the planned quantity is delivered in the quarter of this number."""
        match self.scene.story.course:
            case Course.STRONG:
                return Decimal("1.12")
            case Course.SLIPPING:
                return max(Decimal("0.55"), Decimal("1.08") - Decimal("0.06") * number)
            case Course.SHORT:
                return Decimal("0.62")
            case _:
                return Decimal("1.01")

    def _reports_early(self) -> bool:
        return self.scene.story.course in (Course.STRONG, Course.STEADY)
