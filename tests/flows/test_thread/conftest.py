"""The law, the policies, the measures and the people of one procurement."""

from __future__ import annotations

import pytest

from procurement.policies.services import load_policies, load_thresholds
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.services import load_organisations
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.flows.test_thread.people import Thread, day
from toms.imports.services import load_measure_set, load_priorities

pytest.register_assert_rewrite(
    "tests.flows.test_thread.buying",
    "tests.flows.test_thread.awarding",
    "tests.flows.test_thread.delivering",
    "tests.flows.test_thread.reporting",
    "tests.flows.test_thread.trail",
)


@pytest.fixture
def thread(db) -> Thread:
    with clock.at(day(2025, 10, 1)):
        load_organisations(actor=SYSTEM)
        load_thresholds(actor=SYSTEM)
        load_policies(actor=SYSTEM)
        load_priorities(actor=SYSTEM)
        load_measure_set(actor=SYSTEM)
    council = accounts.organisation("warwickshire")
    winner, loser = (
        SupplierFactory(name="Winning Works Ltd"),
        SupplierFactory(name="Second Best Ltd"),
    )
    return Thread(
        council,
        winner,
        loser,
        {
            "officer": actor_for_role(Role.PROCUREMENT_OFFICER, council),
            "evaluator": actor_for_role(Role.EVALUATOR, council),
            "second": actor_for_role(Role.EVALUATOR, council),
            "approver": actor_for_role(Role.APPROVER, council),
            "manager": actor_for_role(Role.CONTRACT_MANAGER, council),
            "author": actor_for_role(Role.REPORT_AUTHOR, council),
            "neighbour": actor_for_role(
                Role.PROCUREMENT_OFFICER, accounts.organisation("birmingham")
            ),
            "neighbours_manager": actor_for_role(
                Role.CONTRACT_MANAGER, accounts.organisation("birmingham")
            ),
            "analyst": actor_for_role(Role.REGIONAL_ANALYST, accounts.organisation("wmca")),
            "winner": actor_for_role(Role.SUPPLIER_ADMIN, winner),
            "loser": actor_for_role(Role.SUPPLIER_ADMIN, loser),
            "stranger": actor_for_role(Role.SUPPLIER_ADMIN),
        },
    )
