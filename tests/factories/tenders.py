"""Tenders for tests, made by the services: law, policies and the open measure set are the real files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from procurement.procurements.models import Procurement
from procurement.tenders.models import Tender
from procurement.tenders.rules import QuestionInput, RequirementInput
from procurement.tenders.services import (
    choose_measures,
    invite_supplier,
    publish_tender,
    set_questions,
    set_scoring,
    start_tender,
)
from socialvalue.accounts.models import Organisation
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import considered, procurement_of
from toms.frameworks.models import Measure
from toms.imports.services import load_measure_set

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 4, 1, 11, 0, tzinfo=UTC)
"""12:00 in London: the clocks have gone forward."""
QUESTIONS = (
    QuestionInput("How will you find local people?", "Name your partners.", Decimal(60)),
    QuestionInput("How will you keep them in work?", "", Decimal(40)),
)


@dataclass
class World:
    """One authority's officer with a procurement, a tender and suppliers, each with somebody who acts for it."""

    officer: Actor
    authority: Organisation
    procurement: Procurement
    tender: Tender
    suppliers: list[Organisation] = field(default_factory=list)
    bidders: list[Actor] = field(default_factory=list)

    @property
    def bidder(self) -> Actor:
        return self.bidders[0]

    def refresh(self) -> Tender:
        self.tender = Tender.objects.get(pk=self.tender.pk)
        return self.tender


def measure_id(code: str) -> int:
    return Measure.objects.get(code=code).pk


def asked(code: str, **more: Any) -> RequirementInput:
    return RequirementInput(measure_id(code), **more)


def _wanted(row: str | tuple[str, Mapping[str, Any]] | RequirementInput) -> RequirementInput:
    if isinstance(row, RequirementInput):
        return row
    code, more = (row, {}) if isinstance(row, str) else row
    return asked(code, **more)


def load_everything() -> None:
    load_law_and_policies()
    load_measure_set(actor=SYSTEM)


def started(*, authority: str = "birmingham", suppliers: int = 2, **more: Any) -> World:
    """A tender that was started and asks nothing yet; ``suppliers`` exist and are not invited."""
    load_everything()
    buyer = organisation(authority)
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, buyer)
    with clock.at(NOW):
        procurement = procurement_of(officer, **more)
        tender = start_tender(actor=officer, procurement_id=procurement.pk)
    world = World(officer, buyer, procurement, tender)
    for _ in range(suppliers):
        supplier = SupplierFactory()
        world.suppliers.append(supplier)
        world.bidders.append(actor_for_role(Role.SUPPLIER_ADMIN, supplier))
    return world


def prepared(
    *,
    codes: Sequence[str | tuple[str, Mapping[str, Any]] | RequirementInput] = (),
    questions: Sequence[QuestionInput] = QUESTIONS,
    invite: int | None = None,
    quantitative: Decimal = Decimal(50),
    weighting: Decimal = Decimal(10),
    quality: Decimal | None = None,
    scoring: Mapping[str, Any] | None = None,
    **more: Any,
) -> World:
    """A tender that lacks nothing but its publication: GSE1 mandatory with a minimum of 2, PLB1, HSC1; 10%, 50/50.

    ``scoring``: what else ``set_scoring`` takes: formula, target_value, tie_rule, mark_scale; or another kind.
    """
    world = started(**more)
    with clock.at(NOW):
        considered(world.officer, world.procurement, considered_on=NOW.date())
        wanted = [_wanted(row) for row in codes] or [
            asked("GSE1", is_mandatory=True, minimum_quantity=Decimal(2)),
            asked("PLB1"),
            asked("HSC1"),
        ]
        tender_id = world.tender.pk
        act = {"actor": world.officer, "tender_id": tender_id}
        choose_measures(**act, expected_version=world.tender.version, requirements=wanted)
        set_scoring(
            **act,
            expected_version=world.refresh().version,
            **{
                "weighting_kind": "weighted",
                "weighting_percent": weighting,
                "quality_percent": quality,
                "quantitative_percent": quantitative,
                **(scoring or {}),
            },
        )
        set_questions(**act, expected_version=world.refresh().version, questions=questions)
        for supplier in world.suppliers[: len(world.suppliers) if invite is None else invite]:
            invite_supplier(**act, supplier_id=supplier.pk)
    world.refresh()
    return world


def published(*, deadline_at: datetime = DEADLINE, **more: Any) -> World:
    """A tender sent to its invited suppliers, open until ``DEADLINE``."""
    world = prepared(**more)
    with clock.at(NOW):
        publish_tender(actor=world.officer, tender_id=world.tender.pk, deadline_at=deadline_at)
    world.refresh()
    return world
