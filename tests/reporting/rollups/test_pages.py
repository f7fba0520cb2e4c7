from __future__ import annotations

import pytest
from django.urls import reverse

from procurement.ledger.services import post_entries
from reporting.rollups import services, tasks
from reporting.rollups.models import Cell, RollupRun
from reporting.rollups.vocabulary import RollupDeed, RunKind, RunState
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import user_with_role
from tests.factories.ledger import Promise, contract_with, measure, posting

pytestmark = pytest.mark.django_db
RUNS = "/rollups/"


@pytest.fixture
def keeper(client):
    client.force_login(user_with_role(Role.ORGANISATION_ADMIN))
    return client


@pytest.fixture
def posted():
    _, (commitment,) = contract_with(Promise(measure("M1")))
    post_entries(actor=SYSTEM, postings=[posting(commitment)])


def test_the_page_says_how_far_behind_the_totals_are(keeper, posted) -> None:
    page = keeper.get(reverse("reporting:rollups:runs"))
    assert page.context["freshness"].pending == 1
    assert "Not compared yet" in page.content.decode()
    services.drain()
    services.reconcile()
    page = keeper.get(RUNS)
    assert page.context["freshness"].is_current
    assert [run.kind for run in page.context["page"]] == [RunKind.RECONCILE, RunKind.DRAIN]
    assert [run.kind for run in keeper.get(f"{RUNS}?kind=drain").context["page"]] == [RunKind.DRAIN]


def test_a_wrong_cell_shows_without_its_figures(keeper, posted) -> None:
    services.drain()
    Cell.objects.update(value_pence=987_654_321)
    services.reconcile()
    text = keeper.get(RUNS).content.decode()
    assert "cell of authority" in text
    assert "987654321" not in text


ALARM = "1 total differs from the ledger"


@pytest.mark.owner
def test_a_wrong_cell_alarms_administrators_on_every_page_until_the_totals_are_made_again(
    keeper, posted
) -> None:
    services.drain()
    services.reconcile()
    assert ALARM not in keeper.get("/").content.decode()
    Cell.objects.update(value_pence=1)
    services.reconcile()
    page = keeper.get("/").content.decode()
    assert ALARM in page
    assert f'href="{RUNS}"' in page
    tasks.rebuild()
    assert ALARM not in keeper.get("/").content.decode()


def test_nobody_else_is_alarmed(client, posted) -> None:
    services.drain()
    Cell.objects.update(value_pence=1)
    services.reconcile()
    assert ALARM not in client.get("/account/login/").content.decode()
    client.force_login(user_with_role(Role.CONTRACT_MANAGER))
    assert ALARM not in client.get("/").content.decode()


@pytest.mark.owner
@pytest.mark.parametrize(
    ("kind", "job"),
    [("drain", RunKind.DRAIN), ("rebuild", RunKind.REBUILD), ("reconcile", RunKind.RECONCILE)],
)
def test_a_run_is_asked_for_with_a_button_and_it_happens(
    keeper, posted, kind, job, jobs_at_once, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = keeper.post(reverse("reporting:rollups:restart"), {"kind": kind})
    assert answer.url == RUNS
    # Totals that were made again are shown to hold.
    after = [RunKind.RECONCILE] if job == RunKind.REBUILD else []
    assert list(RollupRun.objects.order_by("id").values_list("kind", flat=True)) == [job, *after]
    assert AuditRecord.objects.filter(deed=RollupDeed.RESTARTED).count() == 1


def test_a_run_of_the_kind_that_is_at_work_is_waited_for(keeper) -> None:
    RollupRun.objects.create(kind=RunKind.REBUILD, state=RunState.RUNNING, started_at=clock.now())
    assert keeper.post(f"{RUNS}restart/", {"kind": "rebuild"}).status_code == 409
    assert keeper.post(f"{RUNS}restart/", {"kind": "no such"}).status_code == 302
    assert not AuditRecord.objects.exists()


@pytest.mark.parametrize(
    "role", [Role.PROCUREMENT_OFFICER, Role.CONTRACT_MANAGER, Role.SUPPLIER_ADMIN]
)
def test_the_page_is_for_those_who_look_after_the_totals(client, role) -> None:
    client.force_login(user_with_role(role))
    assert client.get(RUNS).status_code == 403
    assert client.post(f"{RUNS}restart/", {"kind": "drain"}).status_code == 403
    assert RollupRun.objects.count() == 0
