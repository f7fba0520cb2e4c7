"""Which quarters and rows the page holds, how it is reached and by whom."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.action_plans.models import ActionPlan, Milestone
from procurement.deliveries.models import Claim, ClaimDraft, Evidence, NilReturn
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import actor_of, user_with_role
from tests.factories.deliveries import QUARTER, claim, world
from tests.factories.ledger import Promise, contract_with, measure
from tests.procurement.deliveries.test_update_pages.steps import boxes, pdf, press, url_of

pytestmark = pytest.mark.django_db


def test_what_stands_once_a_quarter_has_no_box_once_it_is_claimed(supplier, w) -> None:
    claim(w.claimant, w.yes, quantity=Decimal(1))
    page = supplier.get(url_of(w))
    assert {row.id for row in page.context["form"].open_rows} == {w.hours.pk, w.share.pk}


def test_other_quarters_and_late_ones_are_reached_from_here(supplier, w) -> None:
    text = supplier.get(url_of(w, "2025-07-01")).content.decode()
    assert url_of(w) in text
    assert "Not reported in full" in text
    for outside in ("2025-10-01", "2025-01-01", "2025-05-01", "someday"):
        assert supplier.get(url_of(w, outside)).status_code == 404


def test_what_is_not_planned_for_the_quarter_can_be_entered_all_the_same(supplier, w) -> None:
    Milestone.objects.filter(plan=ActionPlan.objects.get(), commitment=w.hours).delete()
    page = supplier.get(url_of(w))
    assert [row.id for row in page.context["update"].others] == [w.hours.pk]
    press(supplier, w, "send", hours__quantity="3")
    assert Claim.objects.get().commitment_id == w.hours.pk
    # Nothing for the rest says nothing of what was not planned.
    assert (
        "Nothing this period"
        not in press(supplier, w, "rest", seen="1.1.1", hours__quantity="")
        .content.decode()
        .split("M1 Measure M1")[-1][:10]
    )


@pytest.fixture
def jobs(client):
    """A supplier with a promise of jobs and one of staff hours, and a browser."""
    other = world()
    contract, commitments = contract_with(
        Promise(measure("J1", unit="FTE-years")), Promise(measure("S1", unit="staff hours")),
        authority=other.authority, supplier=other.supplier,
    )  # fmt: skip
    plan = ActionPlan.objects.create(contract=contract)
    for row in commitments:
        Milestone.objects.create(
            plan=plan, commitment=row, quarter=QUARTER, due_on=date(2025, 6, 30), quantity=5
        )
    user = user_with_role(Role.SUPPLIER_CONTRIBUTOR, other.supplier)
    client.force_login(user)
    client.actor = actor_of(user)
    client.url = reverse("procurement:deliveries:update", args=[contract.pk, "2025-04-01"])
    client.rows = commitments
    return client


def test_the_calculators_work_out_a_figure_without_javascript(jobs) -> None:
    job, staff = jobs.rows
    sent = {
        "version": "0", "seen": "0.0.0", "submission_key": "k",
        f"c{job.pk}-calc-people": "4", f"c{job.pk}-calc-hours": "17.5", f"c{job.pk}-calc-weeks": "13",
        f"c{staff.pk}-calc-people": "3", f"c{staff.pk}-calc-hours": "", f"c{staff.pk}-narrative": "Words.",
    }  # fmt: skip
    answer = jobs.post(jobs.url, sent | {"calculate": str(job.pk)})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "4 x 17.5 / 35 x 13 / 52 = 0.5" in text
    assert (
        f'name="c{job.pk}-quantity" value="0.5"' in " ".join(text.split()) or 'value="0.5"' in text
    )
    assert "Words." in text
    missing = jobs.post(jobs.url, sent | {"calculate": str(staff.pk)})
    assert missing.status_code == 422
    assert list(missing.context["form"].errors) == [f"c{staff.pk}-calc-hours"]
    assert Claim.objects.count() == ClaimDraft.objects.count() == 0


def test_the_page_is_for_the_supplier_of_the_contract(client, w) -> None:
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    assert client.get(url_of(w)).status_code == 404
    assert press(client, w, "send", hours__quantity="1", hours__file=pdf()).status_code == 404
    assert (
        client.post(url_of(w, name="update_autosave"), boxes(w, hours__quantity="1")).status_code
        == 404
    )
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    assert client.get(url_of(w)).status_code == 403
    assert press(client, w, "send", hours__quantity="1").status_code == 403
    assert Claim.objects.count() == ClaimDraft.objects.count() == Evidence.objects.count() == 0


def test_the_page_costs_no_more_queries_with_more_claims(supplier, w) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            supplier.get(url_of(w))
        return len(caught)

    claim(w.claimant, w.hours)
    before = cost()
    for _ in range(5):
        claim(w.claimant, w.hours, quantity=Decimal(1))
    assert cost() == before


def test_the_inbox_leads_to_the_update_and_says_nothing_in_one_click(supplier, w) -> None:
    inbox = reverse("procurement:deliveries:inbox")
    text = supplier.get(inbox).content.decode()
    assert url_of(w) in text
    nothing = reverse("procurement:deliveries:nothing", args=[w.hours.pk, "2025-04-01"])
    assert nothing in text
    assert supplier.post(nothing).url == inbox
    said = NilReturn.objects.get()
    assert nothing not in supplier.get(inbox).content.decode()
    everything = supplier.get(inbox, {"show": "all"}).content.decode()
    undo = reverse("procurement:deliveries:nothing_undo", args=[said.pk])
    assert undo in everything
    assert supplier.post(undo).url == url_of(w)
    assert NilReturn.objects.count() == 0
    assert supplier.get(nothing).status_code == 405
