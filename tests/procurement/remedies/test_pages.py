"""The pages of both parties: what each may do next, and what a stale tab is told."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from procurement.awards.queries import contract_brief
from procurement.remedies import queries, services
from procurement.remedies.models import (
    ChangeRequest,
    ContractKpi,
    OversightCost,
    RemedyDecision,
    Shortfall,
)
from socialvalue.accounts.models import User
from tests.factories.remedies import a_plan, raised, short, with_terms

pytestmark = pytest.mark.django_db


def as_(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def url(name, *args):
    return reverse(f"procurement:remedies:{name}", args=args)


def text(response):
    return response.content.decode()


def test_from_behind_to_a_substitution_through_the_pages(client, w):
    """Terms, shortfall, message, plan, steps, remedy, decision: each by its own button."""
    page = as_(client, w.manager).get(url("contract", w.contract.pk))
    assert "every remedy is off" in text(page)
    assert url("raise", w.contract.pk, w.hours.pk) in text(page)
    terms = {"remedies": ["substitution", "termination"], "clause": "Clause 7", "version": 0}
    assert client.post(url("terms", w.contract.pk), terms).status_code == 302
    page = client.get(url("raise", w.contract.pk, w.hours.pk))
    assert "20 hours" in text(page)
    assert "£250" in text(page)
    sent = {"message": "What happened?", "missing": "20.000"}
    assert client.post(url("raise", w.contract.pk, w.hours.pk), sent).status_code == 302
    row = Shortfall.objects.get()

    page = as_(client, w.claimant).get(url("shortfall", row.pk))
    assert "What happened?" in text(page)
    assert url("plan", row.pk) in text(page)
    assert client.post(url("shortfall", row.pk), {"text": "The hall closed."}).status_code == 302
    plan = {
        "cause": "The hall closed.",
        "recover_by-day": "31", "recover_by-month": "3", "recover_by-year": "2026",
        "version": 1,
        "steps-TOTAL_FORMS": 1, "steps-INITIAL_FORMS": 0,
        "steps-0-what": "Another hall", "steps-0-owner": "Site manager",
        "steps-0-due_on-day": "1", "steps-0-due_on-month": "2", "steps-0-due_on-year": "2026",
    }  # fmt: skip
    more = client.post(url("plan", row.pk), plan | {"steps-add": "1"})
    assert (more.status_code, text(more).count('name="steps-1-what"')) == (422, 1)
    assert "Another hall" in text(more)
    answer = client.post(url("plan", row.pk), plan)
    assert answer.status_code == 302, answer.context["form"].errors

    page = as_(client, w.manager).get(url("shortfall", row.pk))
    assert "Agree the plan" in text(page)
    client.post(url("plan_agree", row.pk), {"version": 2})
    client.post(url("step_done", row.pk, 1))
    page = client.get(url("shortfall", row.pk))
    assert "Done" in text(page)
    page = client.get(url("remedy", row.pk))
    assert "raise it by 6.25 weeks or more" in text(page)
    assert "Service credit" not in text(page)
    remedy = {
        "kind": "substitution", "instead": w.weeks.pk, "quantity": "6", "reason": "Fair.", "version": 3,
    }  # fmt: skip
    refused = client.post(url("remedy", row.pk), remedy)
    assert refused.status_code == 422
    assert "Enter 6.25 or more" in text(refused)
    assert client.post(url("remedy", row.pk), remedy | {"quantity": "6.25"}).status_code == 302
    decision = RemedyDecision.objects.get()

    page = as_(client, w.approver).get(url("decide", decision.pk))
    assert "Its value then" in text(page)
    assert client.post(url("decide", decision.pk), {"decision": "refuse"}).status_code == 422
    client.post(url("decide", decision.pk), {"decision": "approve"})
    row.refresh_from_db()
    assert row.status == "remedied"
    again = client.post(url("decide", decision.pk), {"decision": "approve"})
    assert again.status_code == 409
    assert "approved already" in text(again)


def test_a_change_through_the_pages(client, w):
    form = {
        "commitment": w.hours.pk, "quantity": "60", "from_quarter": "2025-10-01", "reason": "Less room.",
    }  # fmt: skip
    page = as_(client, w.boss).get(url("ask_quantity", w.contract.pk))
    assert "stands at 100 hours" in text(page)
    assert 'name="reason"' in text(page)
    assert 'name="from_quarter"' in text(page)
    assert client.post(url("ask_quantity", w.contract.pk), form).status_code == 302
    assert client.post(url("ask_quantity", w.contract.pk), form).status_code == 409
    row = ChangeRequest.objects.get()
    assert "Withdraw the request" in text(client.get(url("change", row.pk)))
    page = as_(client, w.manager).get(url("contract", w.contract.pk))
    assert "Waits for your answer" in text(page)
    answer = {"decision": "agree", "version": 1}
    assert client.post(url("change", row.pk), answer).status_code == 302
    stale = client.post(url("change", row.pk), answer)
    assert stale.status_code == 409
    assert "agreed already" in text(stale)
    for name in ("ask_added", "ask_end"):
        assert client.get(url(name, w.contract.pk)).status_code == 200


def test_stale_tabs_and_double_presses_are_told(client, w):
    as_(client, w.manager)
    sent = {"message": "", "missing": "20"}
    client.post(url("raise", w.contract.pk, w.hours.pk), sent)
    twice = client.post(url("raise", w.contract.pk, w.hours.pk), sent)
    assert twice.status_code == 409
    assert "open already" in text(twice)
    row = Shortfall.objects.get()
    client.post(url("close", row.pk), {"outcome": "Caught up.", "version": 1})
    late = client.post(url("shortfall", row.pk), {"text": "Hello"})
    assert late.status_code == 409
    assert "Caught up." in text(late)
    # An old tab with a form on it leads back to where the shortfall stands.
    for name in ("close", "remedy"):
        assert client.get(url(name, row.pk)).status_code == 302


def test_foreign_ids_are_not_found(client, w):
    other = short()
    with_terms(other)
    row = raised(other)
    a_plan(other, row)
    decision = services.propose_remedy(
        actor=other.manager, shortfall_id=row.pk, expected_version=2, kind="termination", reason="x"
    )
    as_(client, w.manager)
    for address in (
        url("contract", other.contract.pk), url("terms", other.contract.pk), url("kpis", other.contract.pk),
        url("raise", other.contract.pk, other.hours.pk), url("raise", w.contract.pk, other.hours.pk),
        url("shortfall", row.pk), url("remedy", row.pk), url("close", row.pk), url("decide", decision.pk),
        url("ask_quantity", other.contract.pk),
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    assert client.post(url("plan_agree", row.pk), {"version": 2}).status_code == 404
    assert client.post(url("step_done", row.pk, 1)).status_code == 404
    assert client.post(url("remedy_withdraw", decision.pk)).status_code == 404


def test_the_supplier_sees_its_own_and_nothing_to_decide(client, w):
    with_terms(w)
    row = raised(w)
    raised(short())
    services.propose_remedy(
        actor=w.manager,
        shortfall_id=row.pk,
        expected_version=1,
        kind="termination",
        reason="Quiet.",
    )
    page = as_(client, w.claimant).get(url("register"))
    assert page.context["page"].paginator.count == 1
    page = text(client.get(url("shortfall", row.pk)))
    assert "Quiet." not in page
    assert "Propose a remedy" not in page
    assert client.get(url("costs")).status_code == 403
    assert client.get(url("remedy", row.pk)).status_code == 403


def test_the_registers_filter_and_download(client, w):
    raised(w)
    raised(w, w.counted)
    as_(client, w.manager)
    client.post(url("cost_new"), {"what": "Visit", "month": "2025-10-01", "contract": w.contract.pk,
                                  "how": "hours", "hours": "3", "rate": "30", "amount": "12",
                                  "submission_key": uuid4()})  # fmt: skip
    assert OversightCost.objects.get().cost_pence == 9_000
    assert client.get(url("register"), {"q": "M3"}).context["page"].paginator.count == 1
    assert client.get(url("register"), {"status": "closed"}).context["page"].paginator.count == 0
    csv = client.get(url("export", "csv"), {"q": "M1"})
    assert "Measure M1" in text(csv)
    assert "Measure M3" not in text(csv)
    assert client.get(url("export", "xlsx")).status_code == 200
    page = client.get(url("costs"), {"year": "2025-26"})
    assert "£90" in text(page)
    assert "£62.50" in text(page)
    assert "£90" not in text(client.get(url("costs"), {"contract": "0"}))
    assert "Visit" in text(client.get(url("costs_export", "csv")))
    client.post(url("cost_remove", OversightCost.objects.get().pk))
    assert "Visit" not in text(client.get(url("costs")))


def test_a_cost_sent_again_after_back_is_recorded_once(client, w):
    as_(client, w.manager)
    key = str(client.get(url("cost_new")).context["form"]["submission_key"].value())
    typed = {"what": "Visit", "month": "2025-10-01", "contract": "", "how": "amount", "amount": "90",
             "submission_key": key}  # fmt: skip
    for _ in range(2):
        assert client.post(url("cost_new"), typed).status_code == 302
    assert OversightCost.objects.count() == 1
    other = client.post(url("cost_new"), typed | {"amount": "95"})
    assert other.status_code == 409
    assert "sent already, with other figures" in text(other)
    assert 'value="95"' in text(other)
    again = str(other.context["form"]["submission_key"].value())
    assert again != key
    assert client.post(
        url("cost_new"), typed | {"amount": "95", "submission_key": again}
    ).status_code == 302  # fmt: skip
    first = OversightCost.objects.get(cost_pence=9_000)
    client.post(url("cost_remove", first.pk))
    removed = client.post(url("cost_new"), typed)
    assert removed.status_code == 409
    assert "is removed by now" in text(removed)
    assert OversightCost.objects.count() == 2


def test_kpis_through_the_pages(client, w):
    as_(client, w.manager)
    client.post(url("kpis", w.contract.pk), {"name": "On time", "target": "95%", "commitment": ""})
    row = ContractKpi.objects.get()
    page = client.get(url("kpis", w.contract.pk))
    assert url("kpi_rate", row.pk, "2025-04-01") in text(page)
    assert client.get(url("kpi_rate", row.pk, "2025-04-02")).status_code == 404
    client.post(
        url("kpi_rate", row.pk, "2025-04-01"), {"rating": "good", "reason": "97%.", "seen": 0}
    )
    assert "97%." in text(as_(client, w.claimant).get(url("kpis", w.contract.pk)))
    assert Decimal(row.ratings.count()) == 1


def test_what_a_substitution_raises_stands_beside_the_decision_also_in_counts_only(client, w):
    with_terms(w)
    row = raised(w)
    decision = services.propose_remedy(
        actor=w.manager, shortfall_id=row.pk, expected_version=1, kind="substitution", reason="Fair.",
        instead_id=w.weeks.pk, quantity=Decimal("6.25"),
    )  # fmt: skip
    as_(client, w.approver)
    assert "raised by 6.25 weeks" in text(client.get(url("decide", decision.pk)))
    page = text(client.get(url("decide", decision.pk), {"counts": "1"}))
    assert "Show the sum" not in page
    assert "raised by 6.25 weeks" in page


def test_an_approver_is_told_when_a_substitution_asks_for_more_than_equal_value(client, w):
    """20 hours at £12.50 are missing: £250."""
    with_terms(w)
    row = raised(w)
    least = queries.commitments_instead(w.manager, row.pk)[0].least
    for version, (quantity, is_told) in enumerate(
        [(least, False), (least.to_integral_value(ROUND_CEILING), False), (16 * least, True)], 1
    ):
        decision = services.propose_remedy(
            actor=w.manager, shortfall_id=row.pk, expected_version=2 * version - 1,
            kind="substitution", reason="Fair.", instead_id=w.weeks.pk, quantity=quantity,
        )  # fmt: skip
        page = text(as_(client, w.approver).get(url("decide", decision.pk)))
        assert ("16 times what equal value asks for" in page) is is_told
        if not is_told:
            services.withdraw_remedy(actor=w.manager, decision_id=decision.pk)
    assert "16 times" in text(client.get(url("decide", decision.pk), {"counts": "1"}))
    services.approve_remedy(actor=w.approver, decision_id=decision.pk)
    assert "16 times" not in text(client.get(url("shortfall", row.pk))), "it is decided"


def test_closing_the_contract_is_asked_on_a_page_of_its_own(client, w):
    with_terms(w)
    row = raised(w)
    as_(client, w.manager)
    early = client.get(url("end_contract", row.pk))
    assert (early.status_code, early.url) == (302, url("shortfall", row.pk))
    decision = services.propose_remedy(
        actor=w.manager, shortfall_id=row.pk, expected_version=1, kind="termination", reason="Quiet.",
    )  # fmt: skip
    services.approve_remedy(actor=w.approver, decision_id=decision.pk)
    assert url("end_contract", row.pk) in text(client.get(url("shortfall", row.pk)))
    page = client.get(url("end_contract", row.pk))
    assert "cannot be undone" in text(page)
    assert not contract_brief(w.contract.pk).has_ended, "reading the page closes nothing"
    assert client.post(url("end_contract", row.pk)).status_code == 302
    assert contract_brief(w.contract.pk).has_ended
    twice = client.post(url("end_contract", row.pk))
    assert twice.status_code == 409
    assert "closed already" in text(twice)
    assert "in the boxes below" not in text(twice)
    assert "Close the contract now" not in text(twice)
    assert client.get(url("end_contract", row.pk)).status_code == 302


def test_what_was_typed_too_late_is_still_there(client, w):
    with_terms(w)
    row = raised(w)
    decision = services.propose_remedy(
        actor=w.manager,
        shortfall_id=row.pk,
        expected_version=1,
        kind="termination",
        reason="Quiet.",
    )
    services.refuse_remedy(actor=w.approver, decision_id=decision.pk, remark="Talk first.")
    late = as_(client, w.approver).post(
        url("decide", decision.pk), {"decision": "refuse", "remark": "My long remark."}
    )
    as_(client, w.manager)
    raise_again = {"message": "My long question.", "missing": "20.000"}
    twice = client.post(url("raise", w.contract.pk, w.hours.pk), raise_again)
    row.refresh_from_db()
    services.close_shortfall(
        actor=w.manager, shortfall_id=row.pk, expected_version=row.version, outcome="Let be."
    )
    said = client.post(url("shortfall", row.pk), {"text": "My long message."})
    for answer, typed in (
        (late, "My long remark."),
        (twice, "My long question."),
        (said, "My long message."),
    ):
        assert answer.status_code == 409
        assert "What you wrote, which is not saved" in text(answer)
        assert typed in text(answer)
        assert "still in the boxes below" not in text(answer), "there are no boxes below"


def test_what_moved_meanwhile_can_be_sent_again_once_it_was_read(client, w):
    as_(client, w.manager)
    sent = {"message": "What happened?", "missing": "19.000"}
    moved = client.post(url("raise", w.contract.pk, w.hours.pk), sent)
    assert moved.status_code == 409
    assert 'name="missing" value="20' in text(moved)
    client.post(url("kpis", w.contract.pk), {"name": "On time", "target": "95%", "commitment": ""})
    rate = url("kpi_rate", ContractKpi.objects.get().pk, "2025-04-01")
    client.post(rate, {"rating": "good", "reason": "97%.", "seen": 0})
    again = client.post(rate, {"rating": "inadequate", "reason": "Mine.", "seen": 0})
    assert again.status_code == 409
    assert 'name="seen" value="1"' in text(again)
    assert "Mine." in text(again)


def test_a_rating_is_published_only_where_the_law_asks_for_it(client, w):
    as_(client, w.manager)
    client.post(url("kpis", w.contract.pk), {"name": "On time", "target": "95%", "commitment": ""})
    rate = url("kpi_rate", ContractKpi.objects.get().pk, "2025-04-01")
    page = client.post(rate, {"rating": "good", "reason": "97%.", "seen": 0}, follow=True)
    assert "The rating is recorded." in text(page)
    assert "performance notice" not in text(page)
