"""The page of moderation: marks side by side, agreed, after a recusal and at the end."""

from __future__ import annotations

import pytest

from procurement.evaluations.models import EvaluationModeration, EvaluationPanelMember
from procurement.evaluations.services import MarkInput, lock_marks, mark_bid
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import actor_for_role
from tests.factories.evaluations import marked
from tests.procurement.evaluations.test_panel_pages.steps import (
    at,
    bids_of,
    client_of,
    filled,
    text,
)

pytestmark = pytest.mark.django_db


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
