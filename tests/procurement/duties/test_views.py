"""The pages, through the client, as the people who use them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from procurement.duties.models import DutyRecord
from procurement.duties.services import record_duty
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_of, user_with_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()


def person(role=Role.PROCUREMENT_OFFICER, slug="warwickshire"):
    return user_with_role(role, accounts.organisation(slug))


@pytest.fixture
def officer(client):
    user = person()
    client.force_login(user)
    return actor_of(user)


def entered(officer, **more):
    return procurement_of(officer, **({"estimate": Decimal("260000")} | more))


def url(name, *args):
    return reverse(f"procurement:duties:{name}", args=args)


def test_the_calendar_says_what_when_who_and_why(client, officer):
    procurement = entered(officer)
    page = client.get(url("procurement", procurement.pk)).content.decode()
    for text in (
        "Publish the tender notice (UK4)",
        "Procurement Act 2023, because it commenced on 1 March 2026",
        "Procurement officer",
        "It was not in force when this procurement commenced, on 1 March 2026.",
        "Certainty: several sources agree",
        "Waits for",
    ):
        assert text in page, text


def test_recording_keeps_what_was_typed_when_it_is_refused(client, officer):
    procurement = entered(officer)
    address = url("record", procurement.pk, "tender-notice")
    typed = {
        "done_on-day": "31", "done_on-month": "2", "done_on-year": "2026", "reference": "2026/S 7",
    }  # fmt: skip
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert "real date" in answer.content.decode()
    assert "2026/S 7" in answer.content.decode()
    answer = client.post(address, typed | {"done_on-day": "3", "done_on-month": "3"})
    assert answer["Location"] == url("procurement", procurement.pk)
    assert DutyRecord.objects.get().done_on == date(2026, 3, 3)
    page = client.get(url("procurement", procurement.pk)).content.decode()
    assert "2026/S 7" in page
    assert "Put it right" in page


def test_a_day_in_the_future_is_an_error_beside_the_box(client, officer):
    procurement = entered(officer)
    answer = client.post(
        url("record", procurement.pk, "tender-notice"),
        {"done_on-day": "1", "done_on-month": "1", "done_on-year": "2099"},
    )
    assert answer.status_code == 422
    assert "must be today or in the past" in answer.content.decode()


def test_somebody_who_reads_sees_no_way_to_record(client, officer):
    procurement = entered(officer)
    client.force_login(person(Role.AUDITOR))
    page = client.get(url("procurement", procurement.pk)).content.decode()
    assert "Publish the tender notice" in page
    assert "Record as done" not in page
    assert client.get(url("record", procurement.pk, "tender-notice")).status_code == 403
    assert client.get(url("list")).status_code == 200


def test_another_authority_gets_a_404_at_every_door(client, officer):
    procurement = entered(officer)
    client.force_login(person(slug="birmingham"))
    for address in (
        url("procurement", procurement.pk),
        url("calendar", procurement.pk),
        url("record", procurement.pk, "tender-notice"),
        url("record_time", procurement.pk, "kpi-assessment", "2027-06-30"),
    ):
        assert client.get(address).status_code == 404, address
    assert "Grounds maintenance" not in client.get(url("list")).content.decode()
    for form in ("csv", "ics"):
        assert b"Grounds maintenance" not in client.get(url("export", form)).content


def test_the_downloads_hold_every_row_of_the_filter(client, officer):
    for number in range(27):
        procurement = entered(officer, title=f"Parks {number}")
        record_duty(
            actor=officer,
            procurement_id=procurement.pk,
            duty="tender-notice",
            done_on=date(2026, 3, 2),
        )
    page = client.get(url("list") + "?window=done")
    assert page.context["page"].paginator.count == 27
    rows = list(
        csv.reader(
            io.StringIO(
                client.get(url("export", "csv") + "?window=done").content.decode("utf-8-sig")
            )
        )
    )
    assert len(rows) == 1 + 27
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(url("export", "xlsx") + "?window=done").content)
    )
    assert sum(row[0].startswith("SV-") for row in book.get_sheet_by_index(0).to_python()) == 27


def test_the_page_of_a_procurement_says_what_the_law_asks_next(client, officer):
    procurement = entered(officer)
    address = reverse("procurement:threads:procurement", args=[procurement.pk])
    page = client.get(address).content.decode()
    assert "What the law asks next" in page
    assert url("procurement", procurement.pk) in page


def test_the_landing_page_counts_what_is_overdue(client, officer):
    with clock.at(datetime(2026, 8, 3, 12, tzinfo=UTC)):
        procurement = entered(officer)
    record_duty(
        actor=officer, procurement_id=procurement.pk, duty="award-notice", done_on=date(2026, 4, 1)
    )
    page = client.get("/").content.decode()
    assert "Duties overdue" in page


def test_what_was_considered_is_recorded_by_an_officer_and_offered_to_no_other(client, officer):
    procurement = entered(officer)
    own = reverse("procurement:procurements:consideration", args=[procurement.pk])
    with clock.at(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        pages = (url("list"), url("procurement", procurement.pk))
        assert [own in client.get(page).content.decode() for page in pages] == [True, True]
        client.force_login(person(Role.CONTRACT_MANAGER))
        assert [own in client.get(page).content.decode() for page in pages] == [False, False]
        assert client.get(own).status_code == 403
