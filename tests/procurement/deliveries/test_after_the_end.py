"""A contract that was terminated: nothing is claimed, due or forecast for the quarters after its last day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from procurement.action_plans import queries as plans
from procurement.action_plans.models import ActionPlan
from procurement.action_plans.services import start_plan
from procurement.awards import queries as awards
from procurement.awards.models import Contract
from procurement.deliveries import queries, services
from procurement.deliveries.models import Claim
from procurement.deliveries.queries.workbook import claims_book
from procurement.deliveries.vocabulary import UploadStatus
from procurement.remedies import queries as remedies
from procurement.remedies import services as remedy_services
from procurement.remedies.queries.standing import standings
from procurement.reminders.queries.due import due_for
from procurement.reminders.queries.feeds import _events
from reporting.figures.queries.outlook import contracts_outlook
from reporting.figures.queries.progress import contracts_progress
from reporting.figures.rules.spans import Span
from socialvalue.accounts.models import User
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from socialvalue.core.periods import FinancialYear
from tests.factories.ledger import Promise, contract_with, measure
from tests.factories.remedies import NOW, Short, raised, short, with_terms
from tests.factories.uploads import line, sent, text, uploaded

pytestmark = pytest.mark.django_db
ENDED = date(2025, 11, 15)
"""The day of NOW: in the third of eight quarters."""
BEFORE, LAST, AFTER = date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)
LATER = datetime(2026, 5, 4, 9, tzinfo=UTC)
"""Two quarters on, a Monday; the contract was to run until March 2027."""
SAID = (
    "The contract ended on 15 November 2025, so nothing can be claimed for 2025 to 2026, quarter 4"
)


@pytest.fixture
def w() -> Short:
    """Terminated today, as the approver decided."""
    with clock.at(NOW):
        found = short()
        with_terms(found)
        row = raised(found)
        decision = remedy_services.propose_remedy(
            actor=found.manager, shortfall_id=row.pk, expected_version=row.version,
            kind="termination", reason="Nothing was put right.",
        )  # fmt: skip
        remedy_services.approve_remedy(actor=found.approver, decision_id=decision.pk)
        remedy_services.end_by_remedy(actor=found.manager, shortfall_id=row.pk)
    return found


@pytest.fixture(autouse=True)
def _later():
    with clock.at(LATER):
        yield


def claimed(w: Short, quarter: date) -> Claim:
    return services.submit_claim(
        actor=w.claimant, commitment_id=w.hours.pk, quarter=quarter, quantity=Decimal(3),
        submission_key=f"late-{quarter}",
    )  # fmt: skip


def test_the_last_day_is_recorded_and_the_agreed_end_stays(w):
    brief = awards.contract_brief(w.contract.pk)
    assert (brief.last_day, brief.ends_on) == (ENDED, date(2027, 3, 31))
    assert brief.ended_early


def test_late_claims_stay_allowed_until_the_quarter_it_ended_in(w):
    claimed(w, BEFORE)
    claimed(w, LAST)
    with pytest.raises(RuleBroken, match=SAID):
        claimed(w, AFTER)
    assert set(Claim.objects.values_list("quarter", flat=True)) == {
        date(2025, 4, 1), BEFORE, LAST,
    }  # fmt: skip


def test_the_pages_offer_no_later_quarter_and_refuse_it_by_address(client, w):
    client.force_login(User.objects.get(pk=w.claimant.user_id))
    form = reverse("procurement:deliveries:claim_new", args=[w.hours.pk, AFTER.isoformat()])
    assert SAID in client.get(form, follow=True).content.decode()
    in_time = reverse("procurement:deliveries:claim_new", args=[w.hours.pk, LAST.isoformat()])
    page = client.get(in_time).content.decode()
    assert 'value="2025-10-01"' in page
    assert 'value="2026-01-01"' not in page
    typed = {"quarter": AFTER.isoformat(), "quantity": "3", "submission_key": "typed"}
    assert client.post(form, typed).status_code == 422
    for quarter, status in ((LAST, 200), (AFTER, 404)):
        update = reverse("procurement:deliveries:update", args=[w.contract.pk, quarter.isoformat()])
        page = client.get(update)
        assert page.status_code == status
        assert ("The contract ended on 15 November 2025." in page.content.decode()) is (
            status == 200
        )
        autosave = reverse(
            "procurement:deliveries:update_autosave", args=[w.contract.pk, quarter.isoformat()]
        )
        typed = {f"c{w.hours.pk}-quantity": "5", "version": "0"}
        assert (client.post(autosave, typed).status_code == 204) is (status == 200)
    assert not Claim.objects.filter(quarter=AFTER).exists()
    shown = client.get(reverse("procurement:awards:contract", args=[w.contract.pk]))
    assert "its last day was 15 November 2025" in shown.content.decode()
    rows = f"{reverse('procurement:ledger:entries')}?basis=evidenced&amp;contract={w.contract.pk}"
    assert rows in shown.content.decode(), "evidenced stands beside claimed"
    last = reverse("procurement:deliveries:update", args=[w.contract.pk, LAST.isoformat()])
    assert f'href="{last}"' in shown.content.decode(), "a late claim needs no address by heart"


def test_nothing_is_said_or_handed_in_for_a_later_quarter(w):
    with pytest.raises(RuleBroken, match=SAID):
        services.report_nothing(actor=w.claimant, commitment_id=w.hours.pk, quarter=AFTER)
    with pytest.raises(RuleBroken, match=SAID):
        services.save_drafts(
            actor=w.claimant, contract_id=w.contract.pk, quarter=AFTER, expected_version=0,
            lines=[services.DraftLine(w.hours.pk, quantity="4")],
        )  # fmt: skip


def test_a_link_opens_no_later_quarter(w, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), run_inline():
        services.delegate(
            actor=w.claimant, commitment_id=w.hours.pk, email="depot@example.com", site="Depot"
        )
    token = re.search(r"/deliveries/hand-in/([\w-]+)/", mailoutbox[-1].body)[1]
    assert queries.link_to_hand_in(token, clock.now()).quarters[0] == LAST
    with pytest.raises(RuleBroken, match=SAID):
        services.hand_in(actor=SYSTEM, token=token, quarter=AFTER, quantity=Decimal(3))
    services.hand_in(actor=SYSTEM, token=token, quarter=LAST, quantity=Decimal(3))


@pytest.mark.owner
def test_a_file_is_refused_at_the_cell_and_takes_earlier_quarters(w):
    rows = [line(w.hours, 3, quarter=LAST, words="a"), line(w.hours, 4, quarter=AFTER, words="b")]
    upload = uploaded(w.claimant, text(rows), name="claims.csv")
    assert upload.status == UploadStatus.FAULTY
    assert [message for _, message in upload.preview["problems"]] == [SAID]
    whole = sent(w.claimant, text(rows[:1]), name="claims.csv")
    assert whole.status == UploadStatus.POSTED
    assert [(row.quarter, row.quantity) for row in Claim.objects.filter(upload=whole)] == [
        (LAST, Decimal(3))
    ]


def test_the_workbook_of_a_contract_that_is_closed_is_empty(w):
    assert claims_book(w.claimant, None, clock.today()) == []


def test_what_is_planned_to_date_ends_with_the_contract(w):
    """12.5 hours a quarter: three quarters were reached, not the five that have begun by now."""
    view = plans.progress_of([w.contract.pk], clock.today())[w.hours.pk]
    assert view.planned == Decimal("37.5")
    assert view.track == "missed"
    assert (view.forecast, view.forecast_sentence, view.warns) == (None, "", False)
    assert "The contract is over" in view.put_right
    assert plans.planned_to_date(w.contract.pk, clock.today())[w.hours.pk] == Decimal("37.5")
    (standing,) = [
        row for row in standings(w.contract.pk, clock.today()) if row.commitment.id == w.hours.pk
    ]
    assert (standing.gap.due, standing.gap.has_ended) == (Decimal("37.5"), True)


def test_a_contract_is_over_on_the_day_it_is_terminated(w):
    with clock.at(NOW):
        view = plans.progress_of([w.contract.pk], clock.today())[w.hours.pk]
    assert (view.planned, view.track) == (Decimal("37.5"), "missed")
    assert "The contract is over" in view.put_right


def test_the_plan_stays_as_it_was_agreed(w):
    plan = plans.plan_of(w.manager, w.contract.pk)
    (hours,) = [row for row in plan.commitments if row.commitment.id == w.hours.pk]
    assert sum(row.quantity for row in hours.quarters) == Decimal(100)
    assert [row.quarter for row in hours.quarters if not row.is_unreached] == [
        date(2025, 4, 1), BEFORE, LAST,
    ]  # fmt: skip
    assert not plan.may_start
    assert {row.quarter for row in plans.milestones_of([w.contract.pk])} == {
        date(2025, 4, 1), BEFORE, LAST,
    }  # fmt: skip
    brief = plans.plan_brief(w.contract.pk, clock.today())
    assert brief is not None
    assert (brief.milestones, brief.due, brief.next_due_on) == (9, 9, None)


def test_nothing_is_reminded_of_and_no_year_of_a_kpi_is_rated_that_it_did_not_run(w):
    kpi = remedy_services.set_kpi(
        actor=w.manager, contract_id=w.contract.pk, name="Hours", target="100"
    )
    assert due_for(w.claimant, clock.today(), clock.now()) == []
    assert _events(w.claimant, clock.today()) == []
    (shown,) = remedies.kpis_of(w.manager, w.contract.pk).kpis
    assert [(one.year.first, one.year.last) for one in shown.years] == [(date(2025, 4, 1), ENDED)]
    with pytest.raises(NotVisible):
        remedy_services.rate_kpi(
            actor=w.manager, kpi_id=kpi.pk, year_from=date(2026, 4, 1), rating="good", reason="So."
        )


def test_dashboards_count_it_while_it_ran(w):
    year, after = Span(FinancialYear(2025)), Span(FinancialYear(2026))
    (row,) = contracts_progress(w.manager, year)
    assert row.track == "missed"
    assert len(contracts_outlook(w.manager, year)) == 1
    assert contracts_progress(w.manager, after) == ()
    assert contracts_outlook(w.manager, after) == ()
    ids = [w.authority.pk]
    assert awards.contracts_running(ids, year.first, year.last).count() == 1
    assert awards.contracts_running(ids, after.first, after.last).count() == 0


def test_a_plan_is_not_started_once_the_contract_is_closed(w):
    there = ActionPlan.objects.get(contract=w.contract)
    assert start_plan(actor=SYSTEM, contract_id=w.contract.pk) == there, "the plan there is"
    contract, _ = contract_with(Promise(measure("M9")), authority=w.authority, supplier=w.supplier)
    Contract.objects.filter(pk=contract.pk).update(status="ended", ended_on=ENDED)
    with pytest.raises(RuleBroken, match="closed"):
        start_plan(actor=SYSTEM, contract_id=contract.pk)


def test_the_database_keeps_the_day_within_the_contract(w):
    rows = Contract.objects.filter(pk=w.contract.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(ended_on=date(2027, 4, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(status="live")
