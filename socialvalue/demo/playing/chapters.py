"""What happens on a running contract beside claims: links to sites, confirmations, changes, KPIs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from procurement.action_plans.services import agree_plan
from procurement.awards.vocabulary import ChangeKind
from procurement.deliveries.services import (
    add_evidence,
    answer_confirmation,
    ask_confirmation,
    delegate,
    end_delegation,
    hand_in,
    submit_claim,
)
from procurement.deliveries.vocabulary import ConfirmationAnswer
from procurement.remedies.services import agree_change, ask_change, rate_kpi, set_kpi
from procurement.verifications.services import verify_claim
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS, Actor
from socialvalue.core.letters import unsent
from socialvalue.core.periods import add_months
from socialvalue.demo.playing import shortfalls
from socialvalue.demo.stories.running import (
    KPIS,
    SHORTFALLS,
    TRAINING,
    TRAINING_HOURS,
    VISIT_HOURS,
    VISITS,
    Kpi,
)
from socialvalue.demo.words import evidence_for

if TYPE_CHECKING:
    from procurement.deliveries.models import Claim
    from socialvalue.demo.playing.contracting import Life

Chapter = Callable[["Life"], None]


def of(story: str) -> list[Chapter]:
    """The chapters of a story; each adds its deeds to the agenda."""
    told: list[Chapter] = list(CHAPTERS.get(story, ()))
    if story in KPIS:
        told.append(rate_by_the_year)
    if story in SHORTFALLS:
        told.append(shortfalls.fall_short)
    return told


def _lately(life: Life, days_ago: int, hour: int = 10, minute: int = 0) -> datetime:
    """So many days ago, but not before the running quarter began and not after now."""
    days = life.scene.days
    day = max(days.quarter(0), days.today - timedelta(days=days_ago))
    return days.by_now(day, hour, minute)


# --- a commitment passed on to a site ---------------------------------------------------------------


def pass_on(life: Life) -> None:
    days = life.scene.days

    def to_the_depot() -> None:
        with unsent() as letters:
            delegate(
                actor=life.reporter,
                commitment_id=life.commitment("ENV5").id,
                email="southern.depot@puddlestone.example",
                site="Southern depot",
                days=90,
            )
        token = letters[-1][1]["token"]
        life.agenda.add(_lately(life, 4, 16, 15), lambda: from_the_depot(token))

    def from_the_depot(token: str) -> None:
        hand_in(
            actor=ANONYMOUS,
            token=token,
            quarter=days.quarter(0),
            quantity=Decimal("18.5"),
            denominator=Decimal(21),
            narrative="Planings and kerbs reused on site; transfer notes are in the depot's folder.",
        )

    def to_the_college() -> None:
        link = delegate(
            actor=life.reporter,
            commitment_id=life.commitment("GSE7").id,
            email="apprentices@college.example",
            site="Tutor at the college",
        )
        life.agenda.add(
            clock.now() + timedelta(days=21),
            lambda: _end(life, link.pk),
        )

    life.agenda.add(days.moment(days.quarter(-3) + timedelta(days=12), 9, 15), to_the_college)
    life.agenda.add(_lately(life, 19, 9, 20), to_the_depot)


def _end(life: Life, delegation_id: int) -> None:
    end_delegation(actor=life.reporter, delegation_id=delegation_id)


# --- claims day by day, some of them confirmed by whom they helped ------------------------------------


def report_day_by_day(life: Life) -> None:
    """Claims of the running quarter, sent as things happen, that wait for the contract manager."""
    for number in range(1, 7):
        life.agenda.add(_lately(life, 40 - 6 * number, 17, number), partial(_train, life, number))
    for number, visit in enumerate(VISITS):
        life.agenda.add(
            _lately(life, 30 - 5 * number, 18, number),
            partial(_visit, life, number, visit),
        )
    days = life.scene.days
    life.agenda.add(
        days.moment(days.quarter(-1) + timedelta(days=50), 12), lambda: _confirmed_visit(life)
    )


def _train(life: Life, number: int) -> None:
    _claim(life, "GSE10", TRAINING_HOURS, TRAINING.format(number=number), f"training:{number}")


def _visit(life: Life, number: int, visit: str) -> None:
    """The first is shown by the group's word alone; one group has not answered, one says what differs."""
    claim = _claim(life, "HSC1", VISIT_HOURS, visit, f"visit:{number}", has_file=number != 0)
    match number:
        case 0:
            _ask(life, claim, "Day centre committee", "committee@daycentre.example", "Secretary")
        case 1:
            _ask(life, claim, "Residents' association", "residents@garden.example")
        case 2:
            _ask(
                life,
                claim,
                "Older people's forum",
                "forum@older.example",
                "Chair",
                differs="Two helpers came for one hour each, not for the whole afternoon.",
            )


def _confirmed_visit(life: Life) -> None:
    """An earlier one, confirmed and verified on that word."""
    claim = _claim(
        life,
        "HSC1",
        VISIT_HOURS,
        "Coffee morning for unpaid carers.",
        "visit:carers",
        quarter=-1,
        has_file=False,
    )
    _ask(life, claim, "Carers' group", "carers@group.example", "Group leader")

    def verify() -> None:
        verify_claim(actor=life.manager, claim_id=claim.pk, expected_version=claim.version)

    life.agenda.add(clock.now() + timedelta(days=9), verify)


def _claim(
    life: Life,
    code: str,
    quantity: Decimal,
    words: str,
    key: str,
    *,
    quarter: int = 0,
    has_file: bool = True,
) -> Claim:
    commitment = life.commitment(code)
    files = []
    if has_file:
        name, content = evidence_for(commitment.measure, quantity, life.contract.title)
        files.append(
            add_evidence(
                actor=life.reporter, contract_id=life.contract.pk, name=name, content=content
            ).pk
        )
    return submit_claim(
        actor=life.reporter,
        commitment_id=commitment.id,
        quarter=life.scene.days.quarter(quarter),
        quantity=quantity,
        narrative=words,
        evidence_ids=files,
        submission_key=f"demonstration:{commitment.id}:{key}",
    )


def _ask(
    life: Life, claim: Claim, group: str, email: str, role: str = "", *, differs: str = ""
) -> None:
    """Without a role nobody answers."""
    with unsent() as letters:
        ask_confirmation(actor=life.reporter, claim_id=claim.pk, group=group, email=email)
    token = letters[-1][1]["token"]
    answer = ConfirmationAnswer.DISPUTED if differs else ConfirmationAnswer.CONFIRMED

    def reply() -> None:
        answer_confirmation(token=token, answer=answer, role=role, words=differs)

    if role:
        two_days_on = clock.now() + timedelta(days=2)
        life.agenda.add(min(two_days_on, life.scene.days.now), reply)


# --- changes of the contract --------------------------------------------------------------------------


def change_agreed(life: Life) -> None:
    """The authority asks for more hours from the next quarter on; the supplier agrees."""
    days = life.scene.days
    asked_on = days.quarter(-2) + timedelta(days=20)

    def ask() -> None:
        commitment = life.commitment("HSC1")
        row = ask_change(
            actor=life.manager,
            contract_id=life.contract.pk,
            kind=ChangeKind.QUANTITY,
            reason="Two more day centres ask for helpers, and the supplier has the people.",
            from_quarter=days.quarter(-1),
            commitment_id=commitment.id,
            quantity=commitment.quantity + 60,
        )
        life.agenda.add(
            days.moment(asked_on + timedelta(days=9), 11),
            lambda: _agree(life, row.pk, row.version),
        )

    life.agenda.add(days.moment(asked_on, 15), ask)


def _agree(life: Life, request_id: int, version: int) -> None:
    agree_change(
        actor=life.supplier,
        request_id=request_id,
        expected_version=version,
        remark="Agreed. Our staff asked for it.",
    )
    # The plan is planned again from there on, so both read it and agree it again.
    for days_later, actor in ((2, life.manager), (6, life.supplier)):
        life.agenda.add(
            clock.now() + timedelta(days=days_later),
            partial(_agree_plan, life, actor),
        )


def _agree_plan(life: Life, actor: Actor) -> None:
    agree_plan(actor=actor, contract_id=life.contract.pk)


def change_waits_for_the_authority(life: Life) -> None:
    def ask() -> None:
        commitment = life.commitment("GSE7")
        ask_change(
            actor=life.supplier,
            contract_id=life.contract.pk,
            kind=ChangeKind.QUANTITY,
            reason="The college drops its spring intake, so one apprentice starts a quarter later.",
            from_quarter=life.scene.days.quarter(1),
            commitment_id=commitment.id,
            quantity=commitment.quantity - 26,
        )

    life.agenda.add(life.scene.days.moment(life.scene.days.today - timedelta(days=5), 11, 30), ask)


def change_waits_for_the_supplier(life: Life) -> None:
    days = life.scene.days

    def ask() -> None:
        ask_change(
            actor=life.manager,
            contract_id=life.contract.pk,
            kind=ChangeKind.EXTENSION,
            reason="The next contract starts half a year later than planned.",
            from_quarter=days.quarter(0),
            ends_on=add_months(life.scene.ends_on + timedelta(days=1), 6) - timedelta(days=1),
        )

    life.agenda.add(days.moment(days.today - timedelta(days=3), 14), ask)


# --- KPIs ---------------------------------------------------------------------------------------------


def rate_by_the_year(life: Life) -> None:
    scene = life.scene
    kpis = KPIS[scene.story.key]
    ids: dict[str, int] = {}

    def set_all() -> None:
        for kpi in kpis:
            ids[kpi.name] = set_kpi(
                actor=life.manager,
                contract_id=life.contract.pk,
                name=kpi.name,
                target=kpi.target,
                commitment_id=life.commitment(kpi.code).id if kpi.code else None,
            ).pk

    life.agenda.add(scene.days.moment(scene.starts_on + timedelta(days=20), 15), set_all)
    for year in range(max(len(kpi.ratings) for kpi in kpis)):
        rated_on = add_months(scene.starts_on, 12 * (year + 1)) + timedelta(days=8)
        life.agenda.add(scene.days.moment(rated_on, 15), partial(_rate, life, kpis, ids, year))


def _rate(life: Life, kpis: tuple[Kpi, ...], ids: dict[str, int], year: int) -> None:
    first = add_months(life.scene.starts_on, 12 * year)
    for kpi in kpis:
        if year < len(kpi.ratings):
            word, reason = kpi.ratings[year]
            rate_kpi(
                actor=life.manager,
                kpi_id=ids[kpi.name],
                year_from=first,
                rating=word,
                reason=reason,
            )


CHAPTERS: dict[str, tuple[Chapter, ...]] = {
    "highways": (pass_on, change_waits_for_the_authority),
    "home-care": (report_day_by_day, change_agreed),
    "street-lighting": (change_waits_for_the_supplier,),
}
