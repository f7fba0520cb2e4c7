"""The pages of panel, marking and moderation: who gets in, what is kept, what is asked again."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from procurement.bids.queries import opened_bids
from procurement.evaluations.models import (
    EvaluationInterest,
    EvaluationMark,
    EvaluationModeration,
    EvaluationPanelMember,
)
from procurement.evaluations.queries import wording_of
from procurement.evaluations.services import MarkInput, lock_marks, mark_bid, set_wording
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import (
    AFTER,
    WRITTEN,
    marked,
    offered,
    opened,
    published,
    reference_data,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()
    with clock.at(AFTER):
        yield


@pytest.fixture
def bench():
    found = published()
    offered(found, 0, {"PLB1": "10000"})
    offered(found, 1, {"PLB1": "5000"})
    opened(found)
    return found


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def at(bench, name, *more):
    return reverse(f"procurement:evaluations:{name}", args=[bench.procurement.pk, *more])


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def bids_of(bench):
    return [bid.id for bid in opened_bids(bench.tender.pk)]


def bidders_of(bench):
    """In the order of the opening."""
    return [bid.supplier_name for bid in opened_bids(bench.tender.pk)]


def filled(bench, mark="4", reason="Because.", version="0"):
    data = {}
    for row in bench.questions:
        data |= {
            f"mark_{row.id}": mark,
            f"rationale_{row.id}": reason,
            f"version_{row.id}": version,
        }
    return data


# --- panel ------------------------------------------------------------------------------------


def test_the_officer_names_the_panel_on_its_page():
    bench = published(panel=False)
    client = client_of(bench.officer)
    page = text(client.get(at(bench, "panel")))
    assert "Name two evaluators" in page
    assert "Missing before the bids can be opened" in page
    answer = client.post(at(bench, "panel"), {})
    assert answer.status_code == 422
    assert "Select a person" in text(answer)
    assert "Select what this person does on the panel" in text(answer)
    given = {"person": bench.evaluator.person_id, "role": "evaluator"}
    assert client.post(at(bench, "panel"), given).status_code == 302
    assert f"{bench.evaluator.name} has still to declare" in text(client.get(at(bench, "panel")))
    twice = client.post(at(bench, "panel"), given)
    assert "Select a person from the list" in text(twice)
    member = EvaluationPanelMember.objects.get()
    assert client.post(at(bench, "remove_member", member.pk)).status_code == 302
    assert "Name two evaluators" in text(client.get(at(bench, "panel")))


def test_who_may_look_at_the_panel(bench):
    auditor = actor_for_role(Role.AUDITOR, bench.authority)
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor, status in (
        (bench.evaluator, 200),
        (bench.approver, 200),
        (auditor, 200),
        (bench.manager, 403),
        (bench.bidders[0], 403),
        (stranger, 404),
    ):
        assert client_of(actor).get(at(bench, "panel")).status_code == status, actor
    assert "Add to the panel" not in text(client_of(auditor).get(at(bench, "panel")))


def test_ids_of_another_tender_are_not_there(bench):
    other = published()
    officer = client_of(bench.officer)
    member = EvaluationPanelMember.objects.filter(tender=other.tender).first()
    interest = EvaluationInterest.objects.filter(member=member).first()
    assert officer.post(at(bench, "remove_member", member.pk)).status_code == 404
    assert officer.get(at(bench, "recuse", member.pk)).status_code == 404
    assert officer.get(at(bench, "decide", interest.pk)).status_code == 404
    offered(other, 0, {"PLB1": "1"})
    opened(other)
    for name, actor in (("bid", bench.evaluator), ("moderate", bench.moderator)):
        address = at(bench, name, bids_of(other)[0])
        assert client_of(actor).get(address).status_code == 404
        assert client_of(actor).post(address, {}).status_code == 404


# --- interests --------------------------------------------------------------------------------


@pytest.fixture
def bare():
    """Evaluator 1 is on a panel and has declared nothing."""
    from procurement.evaluations.services import add_panel_member

    found = published(panel=False)
    with clock.at(WRITTEN):
        add_panel_member(
            actor=found.officer,
            tender_id=found.tender.pk,
            person_id=found.evaluator.person_id,
            role="evaluator",
        )
    return found


def test_nothing_is_chosen_and_one_tick_says_none(bare):
    client = client_of(bare.evaluator)
    page = client.get(at(bare, "declare"))
    assert "checked" not in page.content.decode()
    for bidder in bare.bidders:
        assert bidder.organisation_name in text(page)
    assert client.post(at(bare, "declare"), {"none_at_all": "on"}).status_code == 302
    assert [row.has_interest for row in EvaluationInterest.objects.all()] == [False, False]


def test_supplier_by_supplier(bare):
    client = client_of(bare.evaluator)
    first, second = (row.organisation_id for row in bare.bidders)
    answer = client.post(
        at(bare, "declare"),
        {f"interest_{first}": "yes", f"text_{first}": "", f"text_{second}": "x"},
    )
    assert answer.status_code == 422
    page = text(answer)
    assert f"Say what your interest in {bare.bidders[0].organisation_name} is" in page
    assert f"Select whether you have an interest in {bare.bidders[1].organisation_name}" in page
    assert EvaluationInterest.objects.count() == 0
    answer = client.post(
        at(bare, "declare"),
        {f"interest_{first}": "yes", f"text_{first}": "My wife owns it.", "none_at_all": "on"},
    )
    assert "they contradict each other" in text(answer)
    assert "My wife owns it." in text(answer)
    client.post(
        at(bare, "declare"),
        {
            f"interest_{first}": "yes",
            f"text_{first}": "My wife owns it.",
            f"interest_{second}": "no",
            f"text_{second}": "left over",
        },
    )
    rows = EvaluationInterest.objects.order_by("supplier_id")
    assert [(row.has_interest, row.text) for row in rows] == [
        (True, "My wife owns it."),
        (False, ""),
    ]


def test_an_interest_is_read_by_those_who_decide_and_decided_with_a_reason(bare):
    first, second = (row.organisation_id for row in bare.bidders)
    client_of(bare.evaluator).post(
        at(bare, "declare"),
        {
            f"interest_{first}": "yes",
            f"text_{first}": "My wife owns it.",
            f"interest_{second}": "no",
        },
    )
    interest = EvaluationInterest.objects.get(has_interest=True)
    words = "My wife owns it."
    for actor, sees in (
        (bare.officer, True),
        (bare.approver, True),
        (bare.evaluator, True),
        (bare.evaluator2, False),
    ):
        assert (words in text(client_of(actor).get(at(bare, "panel")))) is sees, actor
    assert client_of(bare.evaluator).get(at(bare, "decide", interest.pk)).status_code == 403
    officer = client_of(bare.officer)
    assert words in text(officer.get(at(bare, "decide", interest.pk)))
    answer = officer.post(at(bare, "decide", interest.pk), {"decision": "recused"})
    assert "Enter the reason for this decision" in text(answer)
    officer.post(at(bare, "decide", interest.pk), {"decision": "recused", "reason": "Too close."})
    assert "Recused" in text(officer.get(at(bare, "panel")))
    assert client_of(bare.evaluator).get(at(bare, "declare")).status_code == 403


def test_only_the_panel_declares(bare):
    for actor, status in ((bare.officer, 403), (bare.manager, 403), (bare.bidders[0], 403)):
        assert client_of(actor).get(at(bare, "declare")).status_code == status


def test_the_wording_is_changed_under_its_version(bare):
    owner = actor_for_role(Role.POLICY_OWNER, bare.authority)
    address = reverse("procurement:evaluations:wording")
    client = client_of(owner)
    assert "standard wording" in text(client.get(address))
    assert address in text(client.get(reverse("procurement:policies:list")))
    assert address not in text(client_of(bare.evaluator).get(reverse("procurement:policies:list")))
    set_wording(actor=bare.officer, text="Say all.", expected_version=0)
    answer = client.post(address, {"text": "Say it all.", "version": "0"})
    assert answer.status_code == 409
    assert "Say it all." in text(answer)
    assert "Say all." in text(answer)
    version = re.search(r'name="version" value="(\d+)"', answer.content.decode())[1]
    assert client.post(address, {"text": "Say it all.", "version": version}).status_code == 302
    assert wording_of(bare.authority.pk).text == "Say it all."
    for actor in (bare.evaluator, bare.manager, bare.bidders[0]):
        assert client_of(actor).get(address).status_code == 403
    assert "Say it all." in text(client_of(bare.evaluator).get(at(bare, "declare")))


# --- marking ----------------------------------------------------------------------------------


def test_from_one_bid_to_the_next_and_to_the_lock(bench):
    client = client_of(bench.evaluator)
    first, second = bids_of(bench)
    page = text(client.get(at(bench, "marking")))
    assert f"Mark {bidders_of(bench)[0]}" in page
    answer = client.post(at(bench, "bid", first), {**filled(bench), "next_bid": "1"})
    assert answer["Location"] == at(bench, "bid", second)
    page = text(client.get(at(bench, "marking")))
    assert f"Mark {bidders_of(bench)[1]}" in page
    assert "Check and lock my marks" not in page
    answer = client.post(at(bench, "bid", second), filled(bench, "na", "Not asked here."))
    assert answer["Location"] == at(bench, "marking")
    assert "Check and lock my marks" in text(client.get(at(bench, "marking")))
    page = text(client.get(at(bench, "lock")))
    assert page.count("4 of 5") == 2
    assert page.count("Not asked here.") == 2
    assert client.post(at(bench, "lock")).status_code == 302
    answer = client.post(at(bench, "bid", first), filled(bench, "5", "No.", "1"))
    assert answer.status_code == 422
    assert "Your marks are locked" in text(answer)
    assert set(EvaluationMark.objects.values_list("mark", flat=True)) == {4, None}


def test_locking_too_early_says_what_is_missing(bench):
    client = client_of(bench.evaluator)
    assert "4 of 4 answers are still to be marked" in text(client.get(at(bench, "lock")))
    answer = client.post(at(bench, "lock"))
    assert answer.status_code == 422
    assert "4 marks are missing" in text(answer)


def test_an_answer_is_left_for_later_but_not_half_marked(bench):
    client = client_of(bench.evaluator)
    first = bids_of(bench)[0]
    one, two = (row.id for row in bench.questions)
    answer = client.post(
        at(bench, "bid", first), {f"mark_{one}": "3", f"rationale_{two}": "Words kept."}
    )
    assert answer.status_code == 422
    page = text(answer)
    assert "Enter the reason for question 1" in page
    assert "Select a mark for question 2" in page
    assert "Words kept." in page
    client.post(at(bench, "bid", first), {f"mark_{one}": "3", f"rationale_{one}": "Because."})
    assert EvaluationMark.objects.count() == 1


def test_the_second_page_of_one_person_is_told_and_loses_nothing(bench):
    client = client_of(bench.evaluator)
    first = bids_of(bench)[0]
    mark_bid(
        actor=bench.evaluator,
        evaluation_id=bench.evaluation.pk,
        bid_id=first,
        marks=[MarkInput(bench.questions[0].id, 1, "On the other page.")],
    )
    answer = client.post(at(bench, "bid", first), filled(bench, "4", "Typed here."))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Typed here." in page
    assert "On the other page." in page
    again = filled(bench, "4", "Typed here.")
    for row in bench.questions:
        again[f"version_{row.id}"] = re.search(rf'name="version_{row.id}" value="(\d+)"', page)[1]
    assert client.post(at(bench, "bid", first), again).status_code == 302
    assert set(EvaluationMark.objects.values_list("mark", flat=True)) == {4}


def test_readers_read_and_only_evaluators_mark(bench):
    first = bids_of(bench)[0]
    address = at(bench, "bid", first)
    for actor in (bench.officer, bench.approver, bench.moderator):
        client = client_of(actor)
        assert "Save" not in text(client.get(address))
        assert client.post(address, filled(bench)).status_code == 403
        assert client.get(at(bench, "marking")).status_code == 403
    assert client_of(bench.manager).get(address).status_code == 403
    assert EvaluationMark.objects.count() == 0


# --- moderation -------------------------------------------------------------------------------


@pytest.fixture
def locked(bench):
    """3 and 3 on the first question, 2 and 5 on the second, of both bids."""
    for actor, marks in ((bench.evaluator, (3, 2)), (bench.evaluator2, (3, 5))):
        for bid_id in bids_of(bench):
            mark_bid(
                actor=actor,
                evaluation_id=bench.evaluation.pk,
                bid_id=bid_id,
                marks=[
                    MarkInput(row.id, value, f"Why {value}.")
                    for row, value in zip(bench.questions, marks, strict=True)
                ],
            )
        lock_marks(actor=actor, evaluation_id=bench.evaluation.pk)
    return bench


def test_marks_side_by_side_with_their_spread(locked):
    client = client_of(locked.moderator)
    page = text(client.get(at(locked, "moderate", bids_of(locked)[0])))
    assert "2 to 5, mean 3.5" in page
    assert "All 3" in page
    for words in ("Why 3.", "Why 2.", "Why 5.", locked.evaluator.name, locked.evaluator2.name):
        assert words in page
    assert "All evaluators gave 3." in page
    assert "2 to 5, mean 3.5" in text(client.get(at(locked, "moderation")))


def test_agreed_marks_are_ready_to_save_and_the_rest_waits(locked):
    client = client_of(locked.moderator)
    first, second = bids_of(locked)
    one, two = (row.id for row in locked.questions)
    page = client.get(at(locked, "moderate", first)).context["form"]
    assert (page[f"mark_{one}"].value(), page[f"rationale_{one}"].value()) == (
        "3", "All evaluators gave 3.",
    )  # fmt: skip
    assert page[f"mark_{two}"].value() is None
    answer = client.post(
        at(locked, "moderate", first),
        {
            f"mark_{one}": "3",
            f"rationale_{one}": "All evaluators gave 3.",
            f"version_{one}": "0",
            "next_bid": "1",
        },
    )
    assert answer["Location"] == at(locked, "moderate", second)
    row = EvaluationModeration.objects.get()
    assert (row.question_id, row.mark, row.reason) == (one, 3, "All evaluators gave 3.")
    assert "1 of 4" in text(client.get(at(locked, "moderation")))


def test_readers_read_the_moderation_and_only_the_moderator_sets(locked):
    first = bids_of(locked)[0]
    auditor = actor_for_role(Role.AUDITOR, locked.authority)
    for actor in (auditor, locked.officer, locked.evaluator):
        client = client_of(actor)
        page = text(client.get(at(locked, "moderate", first)))
        assert "Why 5." in page
        assert "Save" not in page
        assert client.post(at(locked, "moderate", first), filled(locked)).status_code == 403
    assert client_of(locked.manager).get(at(locked, "moderation")).status_code == 403
    assert EvaluationModeration.objects.count() == 0


def test_before_all_have_locked_there_is_only_who_has(bench):
    client = client_of(bench.moderator)
    assert "0 of 2 evaluators have locked" in text(client.get(at(bench, "moderation")))
    assert client.get(at(bench, "moderate", bids_of(bench)[0])).status_code == 403


def test_recusing_somebody_twice_says_so(locked):
    member = EvaluationPanelMember.objects.get(person_id=locked.evaluator.user_id)
    officer = client_of(locked.officer)
    address = at(locked, "recuse", member.pk)
    assert officer.post(address, {"reason": "Works for a bidder."}).status_code == 302
    for again in (
        officer.get(address, follow=True),
        officer.post(address, {"reason": "Again."}, follow=True),
    ):
        assert again.redirect_chain == [(at(locked, "panel"), 302)]
        assert f"{member.person} is recused already. Nothing was changed." in text(again)
    member.refresh_from_db()
    assert member.recusal_reason == "Works for a bidder."
    # Their own address says it to them; to another authority there is nothing there.
    assert "You are recused already" in text(client_of(locked.evaluator).get(address, follow=True))
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    assert client_of(stranger).get(address).status_code == 404


def test_somebody_recused_is_shown_nothing_more(locked):
    member = EvaluationPanelMember.objects.get(person_id=locked.evaluator.user_id)
    officer = client_of(locked.officer)
    assert officer.post(at(locked, "recuse", member.pk), {}).status_code == 422
    assert officer.post(at(locked, "recuse", member.pk), {"reason": "Late."}).status_code == 302
    client = client_of(locked.evaluator)
    assert client.get(at(locked, "moderation")).status_code == 403
    assert client.get(at(locked, "moderate", bids_of(locked)[0])).status_code == 403
    page = text(client.get(at(locked, "bid", bids_of(locked)[0])))
    assert "You were recused" in page
    assert "Why 5." not in page
    shown = text(officer.get(at(locked, "moderate", bids_of(locked)[0])))
    assert "Recused, not counted" in shown
    assert "Name one more" in text(
        client_of(locked.moderator).get(at(locked, "moderate", bids_of(locked)[0]))
    )


def test_pages_of_a_finished_evaluation(bench):
    for bid_id in bids_of(bench):
        marked(bench, bid_id, 3, 4)
    page = text(client_of(bench.officer).get(at(bench, "moderation")))
    assert "Every answer is moderated" in page
    assert "Moderated: 4 of 5" in text(
        client_of(bench.officer).get(at(bench, "bid", bids_of(bench)[0]))
    )
