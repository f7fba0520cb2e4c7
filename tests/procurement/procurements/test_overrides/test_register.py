"""The register of overrides and their pages."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.procurements import queries, services
from procurement.procurements.models import RouteOverride
from procurement.procurements.queries import OverrideFilter
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role, user_with_role
from tests.factories.procurements import procurement_of
from tests.procurement.procurements.test_overrides.steps import (
    REASON,
    approve,
    ask,
    change,
    text,
    url,
)

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def register(officer, approver):
    """Three of Warwickshire in three states, and one of Coventry."""
    rows = {}
    for number, name in enumerate(("waits", "approved", "refused")):
        # 22:59:59 in UTC is the last second of the day in London in summer time.
        at = datetime(2026, 3 + number, (31, 30, 31)[number], 22, 59, 59, tzinfo=UTC)
        with clock.at(at):
            rows[name] = ask(
                officer, procurement_of(officer, title=f"Purchase that {name}", estimate=D(90000))
            )
    approve(approver, rows["approved"])
    services.refuse_override(actor=approver, override_id=rows["refused"].pk, answer="No")
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry"))
    ask(stranger, procurement_of(stranger, title="Purchase of others", estimate=D(90000)))
    return rows


def test_the_register_narrows_and_sorts(officer, register):
    def titles(**wanted):
        return [
            row.procurement.title.split()[-1]
            for row in queries.overrides(officer, OverrideFilter(**wanted))
        ]

    assert titles() == ["refused", "approved", "waits"]
    assert titles(sort="title") == ["approved", "refused", "waits"]
    assert titles(sort="-asked") == ["refused", "approved", "waits"]
    assert titles(status="asked") == ["waits"]
    assert titles(q="that app") == ["approved"]
    assert titles(to_route="toms_mandatory") == []
    assert titles(from_route="toms_advised", status="refused") == ["refused"]
    assert titles(first=date(2026, 3, 31), last=date(2026, 3, 31)) == ["waits"]
    assert titles(first=date(2026, 4, 1)) == ["refused", "approved"]
    assert titles(last=date(2026, 3, 30)) == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DIRECTORATE_MANAGER, Role.CONTRACT_MANAGER])
def test_auditors_and_managers_read_and_export_the_register(client, register, role):
    client.force_login(user_with_role(role, accounts.organisation("warwickshire")))
    page = text(client.get(url("overrides")))
    assert "<strong>3</strong> overrides" in page
    assert "Purchase of others" not in page
    sheet = client.get(url("overrides_export", "csv"), {"status": "refused"}).content
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["Title", "Purchase that refused"]
    assert client.get(url("overrides_export", "xlsx")).status_code == 200
    single = text(client.get(url("override", register["waits"].pk)))
    assert REASON in single
    assert "Send the answer" not in single


def test_an_approver_answers_on_the_page_and_sees_what_waits_at_home(client, register):
    client.force_login(user_with_role(Role.APPROVER, accounts.organisation("warwickshire")))
    waits = register["waits"]
    assert "Purchase that waits" in text(client.get("/"))
    assert "Purchase that approved" not in text(client.get("/"))
    assert (
        client.post(url("override", waits.pk), {"verdict": "approve", "answer": ""}).status_code
        == 422
    )
    done = client.post(url("override", waits.pk), {"verdict": "approve", "answer": "Yes"})
    assert done.headers["Location"] == url("override", waits.pk)
    waits.refresh_from_db()
    assert waits.status == "approved"
    assert "No override waits for you" in text(client.get("/"))


def test_an_officer_asks_on_the_page_and_takes_it_back(client, home, procurement):
    user = user_with_role(Role.PROCUREMENT_OFFICER, home)
    client.force_login(user)
    form = client.get(url("override_new", procurement.pk)).context["form"]
    assert [value for value, _ in form.fields["to_route"].choices] == [
        "light_touch",
        "toms_mandatory",
    ]
    sent = {"to_route": "light_touch", "reason": REASON}
    assert client.post(url("override_new", procurement.pk), sent).status_code == 302
    override = RouteOverride.objects.get()
    assert (
        client.post(
            url("override", override.pk), {"verdict": "approve", "answer": "Me"}
        ).status_code
        == 403
    )
    assert "waits for an answer" in text(client.get(url("override_new", procurement.pk)))
    thread = reverse("procurement:threads:procurement", args=[procurement.pk])
    assert "It waits for a second person" in text(client.get(thread))
    assert client.post(url("override_take_back", override.pk)).status_code == 302
    override.refresh_from_db()
    assert override.status == "taken_back"
    page = text(client.get(url("override", override.pk)))
    assert "Taken back by" in page
    assert "Answered by" not in page


def test_the_page_says_when_an_override_has_lapsed(client, officer, approver, home, procurement):
    override = approve(approver, ask(officer, procurement))
    client.force_login(user_with_role(Role.AUDITOR, home))
    assert "Lapsed since" not in text(client.get(url("override", override.pk)))
    change(officer, procurement, estimate=D(300000))
    assert "Lapsed since" in text(client.get(url("override", override.pk)))


@pytest.mark.parametrize("name", ["override", "override_take_back"])
def test_another_authoritys_override_is_not_there(client, officer, procurement, name):
    override = ask(officer, procurement)
    client.force_login(user_with_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry")))
    method = client.post if name == "override_take_back" else client.get
    assert method(url(name, override.pk)).status_code == 404
