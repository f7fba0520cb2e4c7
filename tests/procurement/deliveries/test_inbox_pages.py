"""The supplier's inbox: what is due now, what fell short, what waits, and nothing of anybody else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from procurement.action_plans.models import ActionPlan, Milestone
from procurement.deliveries import queries, services
from procurement.deliveries.rules import UpdateLine
from procurement.deliveries.services import mark_returned
from procurement.verifications.services import verify_claim
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import SupplierFactory, actor_for_role, user_with_role
from tests.factories.deliveries import claim

pytestmark = pytest.mark.django_db
TODAY = date(2025, 8, 15)


def new_url(w, commitment=None, quarter="2025-04-01") -> str:
    return reverse("procurement:deliveries:claim_new", args=[(commitment or w.hours).pk, quarter])


def test_the_inbox_shows_what_is_due_this_and_past_quarters_only(supplier, w) -> None:
    page = supplier.get(reverse("procurement:deliveries:inbox"))
    rows = [
        (row.commitment.id, row.quarter)
        for part in page.context["inbox"].contracts
        for row in part.due
    ]
    assert sorted(rows) == sorted(
        (commitment.pk, quarter)
        for commitment in (w.hours, w.share, w.yes)
        for quarter in (date(2025, 4, 1), date(2025, 7, 1))
    )
    text = page.content.decode()
    assert "Overdue" in text
    assert "2025 to 2026, quarter 3" not in text


def test_two_quarters_have_buttons_and_earlier_ones_are_links(supplier, w) -> None:
    with clock.at(datetime(2025, 11, 15, 9, tzinfo=UTC)):
        text = supplier.get(reverse("procurement:deliveries:inbox")).content.decode()
    update = f"/deliveries/updates/{w.contract.pk}/"
    buttons = re.findall(rf'role="button"[^>]*href="{update}([\d-]+)/"', text)
    links = re.findall(rf'class="govuk-link" href="{update}([\d-]+)/"', text)
    assert (buttons, links) == (["2025-10-01", "2025-07-01"], ["2025-04-01"])


def test_the_inbox_shows_claimed_and_verified_beside_promised(w) -> None:
    sent = claim(w.claimant, w.hours, quantity=Decimal(25))
    verify_claim(
        actor=w.manager,
        claim_id=sent.pk,
        expected_version=1,
        quantity=Decimal(20),
        reason="Five twice.",
    )
    (row,) = [
        row
        for part in queries.inbox(w.claimant, TODAY).contracts
        for row in part.due
        if row.commitment.id == w.hours.pk and row.quarter == date(2025, 4, 1)
    ]
    assert (row.promised, row.claimed, row.verified, row.status) == (
        Decimal(25),
        Decimal(25),
        Decimal(20),
        "claimed",
    )


@pytest.mark.parametrize(
    ("quantity", "quarter", "status"),
    [
        ("24.999", date(2025, 4, 1), "behind"),
        ("24.999", date(2025, 7, 1), "at_risk"),
        ("25", date(2025, 7, 1), "claimed"),
    ],
)
def test_the_status_compares_what_is_claimed_with_what_was_promised(
    w, quantity, quarter, status
) -> None:
    claim(w.claimant, w.hours, quantity=Decimal(quantity), quarter=quarter)
    found = {
        (row.commitment.id, row.quarter): row.status
        for part in queries.inbox(w.claimant, TODAY).contracts
        for row in part.due
    }
    assert found[w.hours.pk, quarter] == status


def test_what_fell_short_in_a_past_quarter_is_not_overdue_and_not_to_claim_now(supplier, w) -> None:
    claim(w.claimant, w.hours, quantity=Decimal("24.999"))
    key = (w.hours.pk, date(2025, 4, 1))
    now = open_inbox(supplier)
    assert key not in listed(now)
    assert (now.context["inbox"].short, now.context["inbox"].overdue) == (1, 2)
    assert 'href="?show=short"' in now.content.decode()
    short = open_inbox(supplier, show="short")
    assert listed(short) == {key}
    text = short.content.decode()
    assert "Less than promised" in text
    assert "Claim more" in text
    assert key in listed(open_inbox(supplier, show="all"))
    claim(w.claimant, w.hours, quantity=Decimal("0.001"))
    assert "Nothing fell short" in open_inbox(supplier, show="short").content.decode()


def test_a_withdrawn_claim_is_not_a_report_of_nought(w) -> None:
    from procurement.deliveries.services import withdraw_claim

    sent = claim(w.claimant, w.hours)
    withdraw_claim(actor=w.claimant, claim_id=sent.pk, expected_version=1)
    rows = [row for part in queries.inbox(w.claimant, TODAY).contracts for row in part.due]
    assert {row.claimed for row in rows} == {None}


def test_the_inbox_of_another_supplier_holds_nothing_of_ours(client, w) -> None:
    claim(w.claimant, w.hours)
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    page = client.get(reverse("procurement:deliveries:inbox"))
    assert w.contract.title not in page.content.decode()
    assert "Nothing is due" in page.content.decode()


def open_inbox(supplier, **asked):
    return supplier.get(reverse("procurement:deliveries:inbox"), asked)


def listed(page) -> set[tuple[int, date]]:
    return {(row.commitment.id, row.quarter) for part in page.context["parts"] for row in part.rows}


def test_at_first_the_inbox_shows_what_is_to_be_claimed_now(supplier, w) -> None:
    claim(w.claimant, w.hours, quantity=Decimal(25))
    claim(w.claimant, w.share, quantity=Decimal(1), denominator=Decimal(50))
    part_claimed = claim(w.claimant, w.hours, quantity=Decimal("24.999"), quarter=date(2025, 7, 1))
    now = {
        (w.hours.pk, date(2025, 7, 1)),
        (w.share.pk, date(2025, 7, 1)),
        (w.yes.pk, date(2025, 4, 1)),
        (w.yes.pk, date(2025, 7, 1)),
    }
    page = open_inbox(supplier)
    assert listed(page) == now
    text = page.content.decode()
    assert "Due this quarter" in text
    assert "Part claimed" in text
    waiting = open_inbox(supplier, show="waiting")
    assert next(row.id for part in waiting.context["parts"] for row in part.rows) == part_claimed.pk
    assert waiting.context["page"].paginator.count == 3
    everything = listed(open_inbox(supplier, show="all"))
    assert everything == now | {(w.hours.pk, date(2025, 4, 1)), (w.share.pk, date(2025, 4, 1))}


def test_a_rate_shows_its_part_and_whole_beside_the_promised_share(supplier, w) -> None:
    sent = claim(w.claimant, w.share, quantity=Decimal(46), denominator=Decimal(50))
    verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    (row,) = [
        row
        for row in queries.inbox(w.claimant, TODAY).rows
        if row.commitment.id == w.share.pk and row.quarter == date(2025, 4, 1)
    ]
    assert (row.promised_shown, row.claimed_shown, row.verified_shown, row.status) == (
        "60%",
        "46 of 50 (92%)",
        "46 of 50 (92%)",
        "claimed",
    )
    text = open_inbox(supplier, show="all").content.decode()
    assert "46 of 50 (92%)" in text
    assert ">60%<" in text


def test_what_was_sent_back_stands_on_top_and_is_mended_not_claimed_again(supplier, w) -> None:
    sent = claim(w.claimant, w.hours)
    mark_returned(actor=w.manager, claim_id=sent.pk, expected_version=1, reason="Which library?")
    page = open_inbox(supplier)
    assert [row.id for row in page.context["inbox"].returned] == [sent.pk]
    assert (w.hours.pk, date(2025, 4, 1)) not in listed(page)
    assert page.context["inbox"].overdue == 2
    text = open_inbox(supplier, show="all").content.decode()
    assert text.count(reverse("procurement:deliveries:claim_edit", args=[sent.pk])) == 2
    assert new_url(w) not in text


def test_searching_narrows_claims_that_wait_as_well(supplier, w) -> None:
    sent = claim(w.claimant, w.hours)
    claim(w.claimant, w.yes, quantity=Decimal(1))
    label = w.hours.measure.code
    found = open_inbox(supplier, show="waiting", q=label).context["page"].object_list
    assert [row.id for row in found] == [sent.pk]


def test_the_inbox_lists_25_rows_a_page_under_their_contracts(supplier, w) -> None:
    plan = ActionPlan.objects.get()
    for number in range(20):
        year, quarter = divmod(number, 4)
        Milestone.objects.create(
            plan=plan, commitment=w.hours, quarter=date(2019 + year, 1 + 3 * quarter, 1),
            due_on=date(2019 + year, 3 + 3 * quarter, 28), quantity=5,
        )  # fmt: skip
    first, second = open_inbox(supplier), open_inbox(supplier, page="2")
    assert [len(listed(page)) for page in (first, second)] == [25, 1]
    assert len(listed(first) | listed(second)) == 26
    assert "Showing <strong>1</strong> to <strong>25</strong> of <strong>26</strong>" in (
        first.content.decode()
    )
    assert second.content.decode().count(f"{w.contract.reference}, for") == 1


def test_a_second_line_never_runs_into_the_first(supplier, w) -> None:
    text = open_inbox(supplier).content.decode()
    plain = " ".join(strip_tags(text).split())
    assert "quarter 1 due 30 June 2025" in plain
    assert "in hours" in plain
    assert f"{w.contract.title} {w.contract.reference}" in plain


def test_as_many_queries_for_one_claim_as_for_many(supplier, w) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert supplier.get(reverse("procurement:deliveries:inbox")).status_code == 200
        return len(seen)

    claim(w.claimant, w.hours)
    count()
    one = count()
    for _ in range(5):
        claim(w.claimant, w.hours)
    assert count() == one


def test_what_a_site_handed_in_waits_at_the_top_until_it_is_sent_or_nothing_is_said(
    supplier, w, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    inbox = reverse("procurement:deliveries:inbox")
    update = reverse("procurement:deliveries:update", args=[w.contract.pk, "2025-04-01"])

    def from_site(commitment, email: str, quarter=date(2025, 4, 1)) -> None:
        with django_capture_on_commit_callbacks(execute=True), run_inline():
            services.delegate(
                actor=w.claimant, commitment_id=commitment.pk, email=email, site="Walsall depot"
            )
        token = re.search(r"/deliveries/hand-in/([\w-]+)/", mailoutbox[-1].body)[1]
        with clock.at(datetime(2025, 8, 15, 9, 30, tzinfo=UTC)):
            services.hand_in(actor=ANONYMOUS, token=token, quarter=quarter, quantity=Decimal(4))

    assert "Handed in by your sites" not in supplier.get(inbox).content.decode()
    from_site(w.hours, "depot@example.com")
    page = strip_tags(supplier.get(inbox).content.decode())
    assert "Handed in by your sites: check and send" in page
    assert "Walsall depot: 4 hours of M1" in page
    assert update in supplier.get(inbox).content.decode()
    with clock.at(datetime(2025, 8, 15, 10, tzinfo=UTC)):
        services.submit_update(
            actor=w.claimant, contract_id=w.contract.pk, quarter=date(2025, 4, 1), submission_key="u1",
            lines=[UpdateLine(w.hours.pk, Decimal(4))],
        )  # fmt: skip
    assert "Handed in by your sites" not in supplier.get(inbox).content.decode()


def test_figures_of_a_site_are_not_waited_for_once_the_supplier_claimed_by_another_way(
    supplier, w, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), run_inline():
        services.delegate(
            actor=w.claimant, commitment_id=w.hours.pk, email="depot@example.com", site="Depot"
        )
    token = re.search(r"/deliveries/hand-in/([\w-]+)/", mailoutbox[-1].body)[1]
    quarter = date(2025, 4, 1)
    claim(w.claimant, w.hours)
    with clock.at(datetime(2025, 8, 16, 9, tzinfo=UTC)):
        services.hand_in(actor=ANONYMOUS, token=token, quarter=quarter, quantity=Decimal(4))
    (waiting,) = queries.figures_waiting(w.claimant)
    assert (waiting.quarter, [row.quantity for row in waiting.figures]) == (quarter, [Decimal(4)])
    assert queries.figures_waiting(w.manager) == []
    stranger = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, SupplierFactory())
    assert queries.figures_waiting(stranger) == []
    update = reverse("procurement:deliveries:update", args=[w.contract.pk, "2025-04-01"])
    box = f"c{w.hours.pk}-quantity"
    assert supplier.get(update).context["form"][box].value() == "4"
    with clock.at(datetime(2025, 8, 17, 9, tzinfo=UTC)):
        claim(w.claimant, w.hours)
    assert queries.figures_waiting(w.claimant) == []
    page = supplier.get(update)
    assert not page.context["form"][box].value(), "it would be claimed on top"
    assert "before you last reported" in page.content.decode()
