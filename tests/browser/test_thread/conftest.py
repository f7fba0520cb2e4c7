"""The law, the policies, the measures and the people of one procurement in a browser."""

from __future__ import annotations

import pytest
from django.utils import timezone

from procurement.policies.services import load_policies, load_thresholds
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.services import (
    add_organisation,
    add_person,
    grant_role,
    load_organisations,
)
from socialvalue.accounts.vocabulary import OrganisationKind, Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.demo.dates import Days
from tests.browser.hands import Person
from tests.browser.test_thread.people import BUYERS, LOSER, PASSWORD, SECOND, WINNER, Dates
from toms.imports.services import load_measure_set, load_priorities

pytest.register_assert_rewrite(
    "tests.browser.test_thread.buying",
    "tests.browser.test_thread.awarding",
    "tests.browser.test_thread.delivering",
    "tests.browser.test_thread.reporting",
)


@pytest.fixture
def dates(transactional_db) -> Dates:
    """The law, the policies, the measures and the region; the day the thread begins."""
    when = Dates(Days(timezone.now()))
    with clock.at(when.before(400)):
        load_organisations(actor=SYSTEM)
        load_thresholds(actor=SYSTEM)
        load_policies(actor=SYSTEM)
        load_priorities(actor=SYSTEM)
        load_measure_set(actor=SYSTEM)
    return when


@pytest.fixture
def people(dates, somebody) -> dict[str, Person]:
    """Everybody of the thread, each with a mailbox, a role and a browser."""
    with clock.at(dates.before(300)):
        seats = [(name, "warwickshire", role) for name, role in BUYERS.items()]
        seats.append(("analyst", "wmca", Role.REGIONAL_ANALYST))
        for name, company in (("winner", WINNER), ("loser", LOSER)):
            add_organisation(
                actor=SYSTEM, kind=OrganisationKind.SUPPLIER, name=company, slug=name, is_sme=True
            )
            seats.append((name, name, Role.SUPPLIER_ADMIN))
        for name, slug, role in seats:
            user = add_person(
                actor=SYSTEM,
                email=f"{name}@example.org",
                full_name=SECOND if name == "second" else role.label,
                password=PASSWORD,
            )
            grant_role(actor=SYSTEM, user=user, organisation=accounts.organisation(slug), role=role)
    return {name: somebody(f"{name}@example.org", PASSWORD) for name, _, _ in seats}
