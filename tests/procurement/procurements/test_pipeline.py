"""The pipeline through its services and pages."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from procurement.procurements import queries, services
from procurement.procurements.models import PlannedProcurement, Procurement, YearlySpend
from procurement.procurements.queries import PlanFilter
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import FinancialYear
from tests.factories.accounts import actor_for_role, user_with_role
from tests.factories.pipeline import planned, planned_values
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import values

pytestmark = pytest.mark.django_db
MAY = datetime(2026, 5, 27, 9, tzinfo=UTC)
YEAR = FinancialYear(2026)


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()


def act(role=Role.PROCUREMENT_OFFICER, slug="warwickshire"):
    return actor_for_role(role, accounts.organisation(slug))


def person(role=Role.PROCUREMENT_OFFICER, slug="warwickshire"):
    return user_with_role(role, accounts.organisation(slug))


def spent(amount="412000000", actor=None):
    return services.record_spend(
        actor=actor or act(Role.DIRECTORATE_MANAGER),
        year=YEAR,
        amount=Decimal(amount),
        source="Budget",
    )


def url(name, *args):
    return reverse(f"procurement:procurements:{name}", args=args)


# --- planning ---------------------------------------------------------------------------------


def test_the_same_form_twice_is_one_plan():
    officer = act()
    first = planned(officer, submission_key="k")
    assert planned(officer, submission_key="k").pk == first.pk
    with pytest.raises(Conflict):
        planned(officer, submission_key="k", title="Another")
    with pytest.raises(NotVisible):
        planned(act(slug="birmingham"), submission_key="k")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CONTRACT_MANAGER, Role.POLICY_OWNER])
def test_only_an_officer_plans(role):
    plan = planned(act())
    for deed in (
        lambda: planned(act(role)),
        lambda: services.drop_plan(actor=act(role), plan_id=plan.pk, reason="No"),
        lambda: services.change_plan(
            actor=act(role), plan_id=plan.pk, expected_version=1, **planned_values()
        ),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_a_plan_of_another_authority_does_not_exist():
    plan = planned(act())
    other = act(slug="birmingham")
    for deed in (
        lambda: queries.plan_for(other, plan.pk),
        lambda: services.drop_plan(actor=other, plan_id=plan.pk, reason="No"),
        lambda: services.start_planned(actor=other, plan_id=plan.pk, **values()),
    ):
        with pytest.raises(NotVisible):
            deed()
    assert queries.plan_list(other) == []


def test_somebody_who_saved_in_between_is_a_conflict():
    officer = act()
    plan = planned(officer)
    services.change_plan(
        actor=officer, plan_id=plan.pk, expected_version=1, **planned_values(title="Parks")
    )
    with pytest.raises(Conflict) as caught:
        services.change_plan(
            actor=officer, plan_id=plan.pk, expected_version=1, **planned_values(title="Woods")
        )
    assert caught.value.changed == {"Title": ("Parks", "Woods")}


def test_dropping_needs_a_reason_and_ends_it():
    officer = act()
    plan = planned(officer)
    with pytest.raises(RuleBroken, match="Say why"):
        services.drop_plan(actor=officer, plan_id=plan.pk, reason="  ")
    services.drop_plan(actor=officer, plan_id=plan.pk, reason="Bought together with the region")
    plan.refresh_from_db()
    assert (plan.status, plan.dropped_reason) == ("dropped", "Bought together with the region")
    with pytest.raises(RuleBroken, match="dropped already"):
        services.change_plan(
            actor=officer, plan_id=plan.pk, expected_version=2, **planned_values(title="X")
        )


def test_starting_enters_the_procurement_once_and_ties_the_two():
    officer = act()
    plan = planned(officer)
    facts = values(submission_key="one")
    procurement = services.start_planned(actor=officer, plan_id=plan.pk, **facts)
    again = services.start_planned(actor=officer, plan_id=plan.pk, **facts)
    plan.refresh_from_db()
    assert again.pk == procurement.pk
    assert (plan.status, plan.procurement_id) == ("started", procurement.pk)
    with pytest.raises(Conflict):
        services.start_planned(actor=officer, plan_id=plan.pk, **values(submission_key="two"))
    assert Procurement.objects.count() == 1


# --- the notice of the year -------------------------------------------------------------------


def test_only_a_large_spender_has_procurements_in_its_notice():
    officer = act()
    planned(officer)
    planned(officer, title="Small", estimate=Decimal("1666666.66"))
    with clock.at(MAY):
        assert [one.in_notice for one in queries.plan_list(officer)] == [False, False]
        spent("100000000")
        assert [one.in_notice for one in queries.plan_list(officer)] == [False, False]
        spent("100000000.01")
        assert [one.in_notice for one in queries.plan_list(officer)] == [True, False]
        only = queries.plan_list(officer, PlanFilter(in_notice=True))
        assert [one.plan.title for one in only] == ["Care of country parks"]


def test_spend_is_for_managers_and_policy_owners_and_replaces_the_figure():
    with pytest.raises(NotAllowed):
        spent(actor=act())
    spent("1000")
    spent("2000", actor=act(Role.POLICY_OWNER))
    assert [row.amount for row in YearlySpend.objects.all()] == [Decimal("2000")]


def test_a_notice_is_recorded_once_the_spend_is():
    officer = act()
    told = {"actor": officer, "year": YEAR, "reference": "2026/S 1"}
    with clock.at(MAY):
        with pytest.raises(RuleBroken, match="Record first"):
            services.record_pipeline_notice(published_on=date(2026, 5, 20), **told)
        spent()
        assert queries.pipeline_now(officer).state == "overdue"
        with pytest.raises(RuleBroken, match="today or in the past"):
            services.record_pipeline_notice(published_on=date(2026, 5, 28), **told)
        services.record_pipeline_notice(published_on=date(2026, 5, 27), **told)
        stand = queries.pipeline_now(officer)
        assert (stand.state, stand.is_reminder) == ("completed", False)
        assert queries.pipeline_now(act(slug="birmingham")).published_on is None
    with pytest.raises(NotAllowed):
        services.record_pipeline_notice(
            actor=act(Role.AUDITOR), year=YEAR, published_on=date(2026, 5, 20), reference="x"
        )


# --- pages ------------------------------------------------------------------------------------


def typed(**more):
    found = {
        "title": "Care of country parks", "category": "services", "estimate": "2,000,000",
        "estimate_basis": "excl", "notice_expected_on": "2027-03-01", "starts_expected_on": "2027-09-01",
        **more,
    }  # fmt: skip
    for name in [name for name in found if name.endswith("_on")]:
        year, month, day = found.pop(name).split("-")
        found |= {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}
    return found


def test_adding_keeps_what_was_typed_and_names_the_wrong_date(client):
    client.force_login(person())
    answer = client.post(url("plan_new"), typed(starts_expected_on="2027-02-01"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "start on or after the day the notice is expected" in page
    assert "Care of country parks" in page
    assert client.post(url("plan_new"), typed()).status_code == 302
    plan = PlannedProcurement.objects.get()
    assert (plan.estimate, plan.suits_sme) == (Decimal("2000000.00"), False)


def test_start_opens_the_form_of_a_new_procurement_filled_in(client):
    user = person()
    client.force_login(user)
    plan = planned(act(), vat_rate_percent=Decimal(20))
    page = client.get(url("plan_start", plan.pk), follow=True).content.decode()
    for text in ("Care of country parks", "2,000,000", "77310000", "Communities", "2027"):
        assert text in page, text
    answer = client.post(
        url("plan_start", plan.pk),
        {
            "title": plan.title, "category": "services", "estimate": "2,000,000",
            "estimate_basis": "excl", "vat_kind": "unknown", "commenced_on-day": "1",
            "commenced_on-month": "3", "commenced_on-year": "2026", "submission_key": "k",
        },
    )  # fmt: skip
    procurement = Procurement.objects.get()
    assert answer["Location"] == reverse("procurement:threads:procurement", args=[procurement.pk])
    listed = client.get(url("pipeline")).content.decode()
    assert procurement.reference in listed
    assert "started already" in client.get(url("plan_start", plan.pk), follow=True).content.decode()


def test_who_may_open_which_page(client):
    plan = planned(act())
    client.force_login(person(Role.AUDITOR))
    assert client.get(url("pipeline")).status_code == 200
    assert "Start this procurement" not in client.get(url("pipeline")).content.decode()
    for address in (
        url("plan_new"),
        url("plan", plan.pk),
        url("plan_drop", plan.pk),
        url("plan_start", plan.pk),
        url("spend", "2026-27"),
        url("pipeline_published", "2026-27"),
    ):
        assert client.get(address).status_code == 403, address
    client.force_login(person(slug="birmingham"))
    for name in ("plan", "plan_drop", "plan_start"):
        assert client.get(url(name, plan.pk), follow=True).status_code == 404
    assert "Care of country parks" not in client.get(url("pipeline")).content.decode()
    for form in ("csv", "json"):
        assert b"Care of country parks" not in client.get(url("pipeline_export", form)).content


def test_a_year_that_is_none_is_not_found(client):
    client.force_login(person(Role.DIRECTORATE_MANAGER))
    assert client.get(url("spend", "2026-27")).status_code == 200
    assert client.get(url("spend", "2026-28")).status_code == 404


def test_the_exports_have_the_fields_of_the_notice_and_every_row(client):
    officer = act()
    for number in range(27):
        planned(officer, title=f"Parks {number}", vat_rate_percent=Decimal(20))
    planned(officer, title="Roads", category="works")
    client.force_login(person(Role.AUDITOR))
    query = "?category=services"
    content = client.get(url("pipeline_export", "csv") + query).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == 27
    row = rows[0]
    assert row["Authority"] == "Warwickshire County Council"
    assert row["Estimated value excluding VAT (£)"] == "2000000.00"
    assert row["Estimated value including VAT (£)"] == "2400000.00"
    assert row["Tender notice expected"] == "2027-03-01"
    assert row["Suitable for small and medium-sized enterprises"] == "yes"
    found = json.loads(client.get(url("pipeline_export", "json") + query).content)
    assert found["count"] == len(found["planned"]) == 27
    assert found["buyer"] == {"name": "Warwickshire County Council"}
    one = found["planned"][0]
    assert one["value"] == {"amount": "2000000.00", "amountGross": "2400000.00", "currency": "GBP"}
    assert one["classification"] == {"scheme": "CPV", "id": "77310000"}
    assert one["communication"] == {"futureNoticeDate": "2027-03-01"}
    assert one["contractPeriod"] == {"startDate": "2027-09-01", "endDate": "2030-08-31"}
    assert one["suitability"] == {"sme": True, "vcse": False}
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(url("pipeline_export", "xlsx") + query).content)
    )
    sheet = book.get_sheet_by_index(0).to_python()
    assert sum(str(row[1]).startswith("Parks") for row in sheet) == 27


def test_the_list_is_sorted_and_counted(client):
    officer = act()
    planned(officer, title="B", estimate=Decimal("10"))
    planned(officer, title="A", estimate=Decimal("20"))
    client.force_login(person())
    for sort, titles in (
        ("title", "AB"),
        ("-title", "BA"),
        ("estimate", "BA"),
        ("-estimate", "AB"),
    ):
        page = client.get(url("pipeline"), {"sort": sort}).context["page"]
        assert "".join(one.plan.title for one in page) == titles
    assert client.get(url("pipeline"), {"q": "nothing"}).context["page"].paginator.count == 0


def test_the_reminder_is_on_the_landing_page_until_the_notice_is_recorded(client):
    spent()
    client.force_login(person())
    with clock.at(MAY):
        page = client.get("/").content.decode()
        assert "Pipeline notice for 2026 to 2027" in page
        assert "was due by 26 May 2026" in page
        services.record_pipeline_notice(
            actor=act(), year=YEAR, published_on=date(2026, 5, 27), reference="2026/S 1"
        )
        assert "Pipeline notice for" not in client.get("/").content.decode()
