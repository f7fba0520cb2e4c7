"""What pages say when a recusal has left a panel too small, and when somebody else was first."""

from __future__ import annotations

import pytest

from procurement.evaluations.models import EvaluationPanelMember
from procurement.evaluations.queries import panel_errands
from procurement.evaluations.services import recuse
from socialvalue.core import clock
from tests.factories.evaluations import AFTER, bid_of, reference_data
from tests.procurement.evaluations.panel_steps import (
    bids_of,
    decide,
    declare,
    interest_of,
    lock,
    mark_all,
    name,
    set_verdict,
    suppliers,
)
from tests.procurement.evaluations.test_panel_pages.steps import at, client_of, text

pytestmark = pytest.mark.django_db
BOXES = "still in the boxes below"


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()
    with clock.at(AFTER):
        yield


def waiting(actor):
    return [(row.url_name, row.what) for row in panel_errands(actor)]


def recuse_second(bench):
    member = EvaluationPanelMember.objects.get(person_id=bench.evaluator2.user_id)
    recuse(actor=bench.officer, member_id=member.pk, reason="Late.")


def test_a_gap_in_the_panel_is_said_to_whoever_can_fill_it(bench):
    officer = client_of(bench.officer)
    assert "Name 1 more evaluator" not in text(officer.get(at(bench, "board")))
    mark_all(bench, bench.evaluator)
    lock(bench, bench.evaluator)
    recuse_second(bench)
    for page in ("board", "panel"):
        assert "Name 1 more evaluator" in text(officer.get(at(bench, page)))
    assert "Missing before the bids can be ranked" in text(officer.get(at(bench, "panel")))
    moderator = client_of(bench.moderator)
    page = text(moderator.get(at(bench, "board")))
    assert "names somebody in place" in page
    assert "Moderate the answers" not in page
    assert "there are two or more" in text(moderator.get(at(bench, "moderation")))
    assert waiting(bench.moderator) == []


def test_somebody_named_later_declares_first_and_an_officer_decides(bench):
    recuse_second(bench)
    name(bench, bench.approver)
    assert waiting(bench.approver) == [("declare", "Declare your interests")]
    assert "Declare your interests before you take part." in text(
        client_of(bench.approver).get(at(bench, "panel"))
    )
    declare(bench, bench.approver, interest_in=suppliers(bench)[:1])
    assert waiting(bench.approver) == []
    assert waiting(bench.officer) == [("panel", "1 interest to decide about")]
    decide(bench, interest_of(bench, bench.approver))
    assert waiting(bench.officer) == []
    assert waiting(bench.approver) == [("marking", "4 answers to mark")]


def test_an_interest_is_decided_by_those_who_may(bare):
    name(bare, bare.officer, "moderator")
    name(bare, bare.evaluator)
    declare(bare, bare.officer, interest_in=suppliers(bare)[:1])
    declare(bare, bare.evaluator, interest_in=suppliers(bare))
    assert waiting(bare.officer) == [("panel", "2 interests to decide about")]
    assert waiting(bare.approver) == [("panel", "1 interest to decide about")]
    for actor in (bare.evaluator, bare.evaluator2, bare.manager, bare.bidders[0]):
        assert waiting(actor) == []


def test_who_is_first_leaves_no_boxes_to_look_for(bench):
    mark_all(bench, bench.evaluator)
    client = client_of(bench.evaluator)
    assert client.post(at(bench, "lock")).status_code == 302
    again = client.post(at(bench, "lock"))
    assert again.status_code == 409
    assert "Your marks are locked already." in text(again)
    assert BOXES not in text(again)


def test_a_second_ruling_shows_both_reasons(bench):
    client, line = client_of(bench.officer), bid_of(bench, 0).lines[0].id
    assert client.post(at(bench, "rule_out", line), {"reason": "Paid for."}).status_code == 302
    again = client.post(at(bench, "rule_out", line), {"reason": "Counted twice."})
    assert again.status_code == 409
    assert "Paid for." in text(again)
    assert "Counted twice." in text(again)
    assert BOXES not in text(again)


def test_a_second_decision_shows_the_first_and_is_not_asked_again(bare):
    name(bare, bare.evaluator)
    declare(bare, bare.evaluator, interest_in=suppliers(bare)[:1])
    interest = interest_of(bare, bare.evaluator)
    client = client_of(bare.officer)
    assert "Decided" not in text(client.get(at(bare, "decide", interest.pk)))
    decide(bare, interest, "recused", reason="Family.")
    again = client.post(
        at(bare, "decide", interest.pk), {"decision": "stays", "reason": "Distant."}
    )
    assert again.status_code == 409
    for words in ("Family.", "Distant.", "It is decided."):
        assert words in text(again)
    assert BOXES not in text(again)


def test_a_bid_moderated_in_part_is_not_called_moderated(locked):
    form = {
        f"mark_{locked.questions[0].id}": "4",
        f"rationale_{locked.questions[0].id}": "Between.",
        f"version_{locked.questions[0].id}": "0",
    }
    client = client_of(locked.moderator)
    answer = client.post(at(locked, "moderate", bids_of(locked)[0]), form, follow=True)
    assert "Moderation of" in text(answer)
    assert "is moderated." not in text(answer)
    set_verdict(locked, question=1)
