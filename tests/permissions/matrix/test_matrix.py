"""Every route for every viewer: let in, refused, not found or asked to sign in, as declared; and nothing leaks.

The world is the demonstration. Somebody of another place who opens an address of the owner's is told that there is no
such page, never that there is one; and no answer to a stranger, given or refused, holds a text of the owner's rows.
"""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import connection, transaction
from django.urls import resolve, reverse

from socialvalue.audit.models import AuditRecord
from tests.permissions.matrix import asking, canaries
from tests.permissions.matrix.declared import BEYOND_ROLES, PEOPLE, Answer, declared
from tests.permissions.matrix.objects import FINDERS, things
from tests.permissions.matrix.viewers import (
    BY_NAME,
    OWNER,
    STRANGERS,
    VIEWERS,
    client_of,
)
from tests.permissions.matrix.world import demonstration

FEWEST_CASES = 1_000
FEWEST_FOUND = 80
BUSINESS = ("procurement", "reporting")
ROWS = declared()
ROUTES = asking.routes()
BUTTONS = asking.buttons()
slow = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="Every page for every viewer takes minutes: read on PostgreSQL, where make test runs it.",
)


# --- the declaration ------------------------------------------------------------------------------


def test_every_route_is_declared_and_every_line_is_a_route():
    assert sorted(set(ROUTES) - set(ROWS)) == [], "say in declared.txt who may open these"
    assert sorted(set(ROWS) - set(ROUTES)) == [], "these are no routes any more"


def test_a_line_names_people_and_things_that_there_are():
    for row in ROWS.values():
        assert row.page in PEOPLE or row.page in BEYOND_ROLES, row
        assert row.kind == "-" or row.kind in FINDERS, row
        assert not row.inside or row.inside in PEOPLE, row


def test_there_are_enough_cases(capsys):
    asked = [row for row in ROWS.values() if row.page != "allauth"]
    count = len(asked) * len(VIEWERS)
    with capsys.disabled():
        print(f"\nmatrix: {len(asked)} routes x {len(VIEWERS)} viewers = {count} cases")
    assert count >= FEWEST_CASES


# --- the world ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with demonstration(django_db_blocker):
        yield things({row.kind for row in ROWS.values()})


@pytest.fixture(scope="module")
def marks(world, django_db_blocker):
    with django_db_blocker.unblock():
        return canaries.gather()


def cases(world):
    """Route, its line, its thing and its address."""
    for route, forms in ROUTES.items():
        row = ROWS[route]
        if row.page != "allauth":
            yield route, row, world[row.kind], asking.address_of(row, forms[0], world[row.kind])


# --- reading --------------------------------------------------------------------------------------


@slow
def test_every_address_leads_to_its_own_view(world, db):
    wrong = {
        route: resolve(address.partition("?")[0]).view_name
        for route, _, _, address in cases(world)
        if resolve(address).view_name != route
    }
    assert wrong == {}, "another view stands before these"


@slow
@pytest.mark.parametrize("name", list(BY_NAME))
def test_everybody_gets_what_is_declared_and_no_more(world, marks, db, name):
    viewer = BY_NAME[name]
    client, wrong = client_of(viewer), []
    cache.clear()
    for route, row, thing, address in cases(world):
        said = row.answer(viewer, thing, is_button=route in BUTTONS)
        response = asking.opened(client, address)
        got = asking.as_declared(response)
        if got != said or response.status_code >= 500:
            wrong.append(f"{route} {address}: {said.value}, but {response.status_code}")
        if name in STRANGERS or got is not Answer.SHOWN:
            text = asking.text_of(response).replace(address, "")
            told = [mark for mark, words in marks.items() if words in text]
            if told:
                wrong.append(f"{route} {address}: shows {told}")
    assert wrong == []


@slow
def test_the_control_the_owners_auditor_reads_what_strangers_do_not(world, marks, db):
    """Texts that are looked for in vain are there to be found: by somebody who may."""
    viewer = BY_NAME[f"auditor at {OWNER}"]
    client, found = client_of(viewer), set()
    for route, row, thing, address in cases(world):
        if row.answer(viewer, thing) is Answer.SHOWN and route not in BUTTONS:
            text = asking.text_of(asking.opened(client, address))
            found |= {mark for mark, words in marks.items() if words in text}
    assert len(found) >= FEWEST_FOUND, sorted(set(marks) - found)


@slow
@pytest.mark.parametrize("name", list(BY_NAME))
def test_the_administrators_tables_are_for_operators_with_an_access(world, db, name):
    """Tables of business open to an operator with an access to the whole service, and to nobody else."""
    viewer = BY_NAME[name]
    client, wrong = client_of(viewer), []
    for model in admin.site._registry:
        label = model._meta.app_label
        address = reverse(f"admin:{label}_{model._meta.model_name}_changelist")
        code = client.get(address).status_code
        may = viewer.has_whole_service if label in BUSINESS else viewer.is_operator
        if (code == 200) is not may and (may is False or label in BUSINESS):
            wrong.append(f"{address}: {code}")
    assert wrong == []


# --- writing --------------------------------------------------------------------------------------


@slow
@pytest.mark.parametrize("name", list(BY_NAME))
def test_nobody_writes_where_they_may_not(world, db, name):
    """A button or a form with somebody else's id: the same answer as for reading, and nothing is done."""
    viewer, posts = BY_NAME[name], asking.takes_posts()
    client, wrong = client_of(viewer), []
    cache.clear()
    for route, row, thing, address in cases(world):
        if route not in posts:
            continue
        said = row.answer(viewer, thing)
        point, before = transaction.savepoint(), AuditRecord.objects.count()
        response = client.post(address, {"version": "1"})
        deeds = AuditRecord.objects.count() - before
        if response.get("Location") == address:
            # Back to the page the button would be on: what that page says is the answer.
            response = client.get(address)
        transaction.savepoint_rollback(point)
        got = asking.as_declared(response)
        if response.status_code >= 500:
            wrong.append(f"{route} {address}: {response.status_code}")
        if said is not Answer.SHOWN and (got is Answer.SHOWN or deeds):
            wrong.append(
                f"{route} {address}: {said.value}, but {response.status_code}, {deeds} done"
            )
    assert wrong == []
