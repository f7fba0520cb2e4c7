"""Recording duties: who may, what is kept, what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.duties import queries
from procurement.duties.models import DutyRecord
from procurement.duties.queries import DutyFilter
from procurement.duties.services import record_duty
from procurement.duties.vocabulary import DutyState, DutyWindow
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of_procurement
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.awards import awarded, evaluated
from tests.factories.evaluations import reference_data
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)


def act(role=Role.PROCUREMENT_OFFICER, slug="warwickshire"):
    return actor_for_role(role, accounts.organisation(slug))


@pytest.fixture
def officer():
    load_law_and_policies()
    return act()


def entered(officer, **more):
    """£260,000 of services excluding VAT: above the threshold."""
    with clock.at(datetime(2026, 3, 1, 9, tzinfo=UTC)):
        return procurement_of(officer, estimate=Decimal("260000"), **more)


def record(officer, procurement, duty="tender-notice", day=date(2026, 3, 20), **more):
    with clock.at(NOON):
        return record_duty(
            actor=officer, procurement_id=procurement.pk, duty=duty, done_on=day, **more
        )


def line(officer, procurement, slug, occurrence=""):
    with clock.at(NOON):
        return queries.duty_line(officer, procurement.pk, slug, occurrence)


def test_a_duty_is_recorded_with_who_when_and_where(officer):
    procurement = entered(officer)
    row = record(officer, procurement, reference=" 2026/S 000-012345 ", note="Late by a day. ")
    assert (row.reference, row.note, row.recorded_by_id) == (
        "2026/S 000-012345", "Late by a day.", officer.user_id,
    )  # fmt: skip
    assert row.recorded_at == NOON
    found = line(officer, procurement, "tender-notice")
    assert found.duty.state == DutyState.DONE
    assert found.duty.done.reference == "2026/S 000-012345"
    (newest, *_) = history_of_procurement(procurement_id=procurement.pk)
    assert newest.sentence == (
        "Publish the tender notice (UK4): done on 20 March 2026 (2026/S 000-012345)."
    )


def test_a_mistake_is_put_right_by_a_later_row(officer):
    procurement = entered(officer)
    record(officer, procurement)
    record(officer, procurement, day=date(2026, 3, 21), reference="2026/S 1")
    assert DutyRecord.objects.count() == 2
    done = line(officer, procurement, "tender-notice").duty.done
    assert (done.done_on, done.corrections) == (date(2026, 3, 21), 1)


def test_the_same_answers_again_change_nothing(officer):
    procurement = entered(officer)
    assert record(officer, procurement).pk == record(officer, procurement).pk
    record(officer, procurement, duty="change-notice", reference="First")
    record(officer, procurement, duty="change-notice", reference="First")
    assert DutyRecord.objects.count() == 2


def test_a_change_can_be_recorded_every_time_it_happens_and_each_put_right(officer):
    procurement = entered(officer)
    record(officer, procurement, duty="change-notice", reference="First")
    record(officer, procurement, duty="change-notice", reference="Second")
    record(officer, procurement, duty="change-notice", occurrence="1", reference="The first")
    rows = DutyRecord.objects.filter(duty="change-notice").order_by("id")
    assert [(row.occurrence, row.reference) for row in rows] == [
        ("1", "First"), ("2", "Second"), ("1", "The first"),
    ]  # fmt: skip
    assert line(officer, procurement, "change-notice", "1").duty.done.reference == "The first"


@pytest.mark.parametrize(
    ("duty", "day", "says"),
    [
        ("tender-notice", date(2026, 8, 4), "today or in the past"),
        ("tender-notice", date(2026, 2, 28), "commenced on 1 March 2026"),
        ("standstill", date(2026, 8, 3), "not recorded here"),
        ("contract-notice", date(2026, 8, 3), "under the Procurement Act 2023"),
        ("consideration", date(2026, 8, 3), "consideration record"),
        ("kpi-assessment", date(2026, 8, 3), "not recorded here"),
    ],
)
def test_what_is_not_recorded_here_is_refused(officer, duty, day, says):
    procurement = entered(officer)
    with pytest.raises(RuleBroken, match=says):
        record(officer, procurement, duty=duty, day=day)
    assert DutyRecord.objects.count() == 0


def test_today_is_not_the_future(officer):
    assert record(officer, entered(officer), day=date(2026, 8, 3)).done_on == date(2026, 8, 3)


def test_an_unknown_duty_is_not_found(officer):
    with pytest.raises(NotVisible):
        record(officer, entered(officer), duty="no-such-duty")


def test_only_officers_and_contract_managers_of_the_authority_record(officer):
    procurement = entered(officer)
    record(act(Role.CONTRACT_MANAGER), procurement)
    for role in (Role.AUDITOR, Role.EVALUATOR, Role.POLICY_OWNER):
        with pytest.raises(NotAllowed):
            record(act(role), procurement)
    with pytest.raises(NotVisible):
        record(act(slug="birmingham"), procurement)
    assert DutyRecord.objects.count() == 1


def test_another_authority_and_a_supplier_see_no_duties(officer):
    procurement = entered(officer)
    for other in (act(slug="birmingham"), act(Role.AUDITOR, "coventry")):
        assert queries.duty_list(other) == []
        assert queries.next_duty_of(other, procurement.pk) is None
        with pytest.raises(NotVisible):
            queries.duties_page(other, procurement.pk)
    with clock.at(NOON):
        assert {row.procurement_id for row in queries.duty_list(act(Role.AUDITOR))} == {
            procurement.pk
        }


def test_the_days_of_a_contract_start_its_clocks(officer):
    """Carried from the tender to the contract through the services: £170,000 net is £204,000, below the line."""
    reference_data()
    bench = evaluated()
    contract = awarded(bench)
    with clock.at(NOON):
        page = queries.duties_page(bench.officer, contract.procurement_id)
    slugs = {row.duty.slug: row for row in (*page.open, *page.done)}
    notice = slugs.get("contract-details-notice") or slugs["below-threshold-details-notice"]
    assert notice.duty.state in (DutyState.DUE, DutyState.OVERDUE)
    assert slugs["contract-signed"].duty.due_on == contract.starts_on


def test_the_list_of_the_authority_is_narrowed_sorted_and_counted(officer):
    first = entered(officer, directorate="Communities", title="Bridges")
    second = entered(officer, directorate="People", title="Advice")
    record(officer, second)
    with clock.at(NOON):
        everything = queries.duty_list(officer)
        assert {row.procurement_id for row in everything} == {first.pk, second.pk}
        people = queries.duty_list(officer, DutyFilter(directorate="People"))
        assert {row.procurement_id for row in people} == {second.pk}
        assert {r.title for r in queries.duty_list(officer, DutyFilter(q="bridge"))} == {"Bridges"}
        done = queries.duty_list(officer, DutyFilter(window=DutyWindow.DONE))
        assert [(row.procurement_id, row.duty.slug) for row in done] == [
            (second.pk, "tender-notice")
        ]
        titles = [row.title for row in queries.duty_list(officer, DutyFilter(sort="-title"))]
        assert titles == sorted(titles, reverse=True)
        counts = queries.duty_counts(officer)
        late = queries.duty_list(officer, DutyFilter(window=DutyWindow.OVERDUE))
        assert counts.overdue == len(late)


def test_the_list_asks_as_often_for_three_procurements_as_for_one(officer):
    def asked():
        with (
            clock.at(NOON),
            CaptureQueriesContext(
                connection,
            ) as log,
        ):
            queries.duty_list(officer)
        return len(log)

    record(officer, entered(officer))
    one = asked()
    for title in ("A", "B"):
        record(officer, entered(officer, title=title, commenced_on=date(2025, 9, 1)))
    assert asked() == one
