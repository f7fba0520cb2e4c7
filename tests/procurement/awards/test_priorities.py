"""A contract is shown against the statements in force when its procurement commenced."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import actor_for_role
from tests.factories.awards import awarded, evaluated
from tests.factories.evaluations import AFTER, reference_data
from tests.factories.priorities import link, own_statement
from toms.imports.services import load_priorities

pytestmark = pytest.mark.django_db


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def test_both_sides_see_the_statements_of_that_day_and_the_council_its_own_plan():
    reference_data()
    load_priorities(actor=SYSTEM)
    with clock.at(AFTER):
        bench = evaluated()
        contract = awarded(bench)
        buyer = bench.procurement.authority
        owner = actor_for_role(Role.POLICY_OWNER, buyer)
        day = bench.procurement.commenced_on
        # One that ended the day before, and one that began on the day itself.
        own_statement(
            owner, "Old aim", first=date(2020, 4, 1), last=day - timedelta(days=1), name="Old plan"
        )
        plan = own_statement(
            owner, "Local firms", "Clean air", first=day, last=day, name="Plan of the day"
        )
        link(owner, plan, 0, "open/outcome/T2O1")
        own_statement(owner, "New aim", first=day + timedelta(days=1), name="New plan")
        for client, address, own in (
            (client_of(bench.officer), f"/contracts/{contract.pk}/", True),
            (client_of(bench.officer), f"/procurements/{bench.procurement.pk}/", True),
            (client_of(bench.bidders[0]), f"/contracts/{contract.pk}/", False),
        ):
            page = client.get(address).content.decode()
            assert "Priorities served" in page
            assert "National priorities 2025" in page
            assert ("Plan of the day" in page, "Local firms" in page) == (own, own)
            assert "Old plan" not in page
            assert "New plan" not in page
            assert "Clean air" not in page
