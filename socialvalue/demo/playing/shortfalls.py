"""What becomes of a shortfall: raised, talked about, a plan to catch up, a remedy proposed and decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from procurement.remedies.queries import shortfall_page
from procurement.remedies.rules.texts import Step
from procurement.remedies.services import (
    agree_plan,
    approve_remedy,
    mark_step,
    propose_plan,
    propose_remedy,
    raise_shortfall,
    say,
    set_terms,
)
from socialvalue.accounts.vocabulary import Role
from socialvalue.demo.stories.running import (
    SHORTFALLS,
    TERMS,
    Recovery,
    Remedy,
    Said,
    Shortfall,
)

if TYPE_CHECKING:
    from socialvalue.demo.playing.contracting import Life


def fall_short(life: Life) -> None:
    """The terms when the contract begins; each shortfall adds what follows once it is raised."""
    scene = life.scene
    life.agenda.add(
        scene.days.moment(scene.starts_on + timedelta(days=3), 15), lambda: _terms(life)
    )
    for told in SHORTFALLS[scene.story.key]:
        tale = _Tale(life, told)
        life.agenda.add(tale.at(told.raised, 10), tale.begin)


def _terms(life: Life) -> None:
    set_terms(
        actor=life.manager,
        contract_id=life.contract.pk,
        expected_version=0,
        terms=TERMS[life.scene.story.key],
    )


@dataclass
class _Tale:
    life: Life
    told: Shortfall
    id: int = 0

    def day(self, offset: int) -> date:
        return self.life.scene.days.today + timedelta(days=offset)

    def at(self, offset: int, hour: int) -> datetime:
        return self.life.scene.days.moment(self.day(offset), hour, 40)

    @property
    def version(self) -> int:
        return shortfall_page(self.life.manager, self.id).version

    def begin(self) -> None:
        life, told = self.life, self.told
        self.id = raise_shortfall(
            actor=life.manager,
            contract_id=life.contract.pk,
            commitment_id=life.commitment(told.code).id,
            message=told.message,
        ).pk
        for turn in told.said:
            life.agenda.add(self.at(turn.day, 11), partial(self._say, turn))
        if told.recovery:
            self._recover(told.recovery)
        if told.remedy:
            self._remedy(told.remedy)

    def _say(self, turn: Said) -> None:
        actor = self.life.supplier if turn.by_supplier else self.life.manager
        say(actor=actor, shortfall_id=self.id, text=turn.text)

    def _recover(self, recovery: Recovery) -> None:
        def propose() -> None:
            propose_plan(
                actor=self.life.supplier,
                shortfall_id=self.id,
                expected_version=self.version,
                cause=recovery.cause,
                recover_by=self.day(recovery.recover_by),
                steps=[Step(s.what, s.owner, self.day(s.due)) for s in recovery.steps],
            )

        def agree() -> None:
            agree_plan(actor=self.life.manager, shortfall_id=self.id, expected_version=self.version)

        self.life.agenda.add(self.at(recovery.proposed, 12), propose)
        self.life.agenda.add(self.at(recovery.agreed, 13), agree)
        for number, day in recovery.done:
            self.life.agenda.add(self.at(day, 14), partial(self._tick, number))

    def _tick(self, number: int) -> None:
        mark_step(actor=self.life.reporter, shortfall_id=self.id, number=number)

    def _remedy(self, remedy: Remedy) -> None:
        """The contract manager proposes; the approver, another person, decides."""

        def propose() -> None:
            decision = propose_remedy(
                actor=self.life.manager,
                shortfall_id=self.id,
                expected_version=self.version,
                kind=remedy.kind,
                reason=remedy.reason,
            )
            if remedy.approved is not None:
                self.life.agenda.add(self.at(remedy.approved, 16), lambda: decide(decision.pk))

        def decide(decision_id: int) -> None:
            approver = self.life.scene.buyer(Role.APPROVER)
            approve_remedy(actor=approver, decision_id=decision_id, remark=remedy.remark)

        self.life.agenda.add(self.at(remedy.proposed, 15), propose)
