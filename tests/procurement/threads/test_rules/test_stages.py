"""Where a procurement stands and what comes next, for every status."""

from __future__ import annotations

from datetime import date

import pytest

from procurement.threads.rules import ThreadFacts, next_step, stages_of
from procurement.threads.vocabulary import Doer, StageState


def facts(**more) -> ThreadFacts:
    return ThreadFacts(**{"status": "routed", "source": "entered", "route": "toms_advised", **more})


PUBLISHED = {"status": "published", "tender_status": "published", "deadline_shown": "1 May 2026"}
OPENED = {"status": "evaluating", "tender_status": "opened", "is_past_deadline": True}
AWARDED = {
    "status": "awarded",
    "tender_status": "awarded",
    "evaluation_status": "ranked",
    "bids": 2,
    "bids_passed": 2,
    "contract_status": "live",
}
AGREED = {**AWARDED, "plan_status": "agreed"}

STEPS = [
    ("no route", {"route": "", "status": "draft"}, "Complete the entry", Doer.OFFICER),
    ("light touch", {"route": "light_touch"}, "Write the light-touch note", Doer.OFFICER),
    ("routed", {}, "Start the tender", Doer.OFFICER),
    ("mandatory", {"route": "toms_mandatory"}, "Start the tender", Doer.OFFICER),
    (
        "draft with gaps",
        {"tender_status": "draft", "tender_missing": ("Measures",)},
        "Continue the tender",
        Doer.OFFICER,
    ),
    ("draft complete", {"tender_status": "draft"}, "Check and publish the tender", Doer.OFFICER),
    ("sealed", PUBLISHED, "Bids can be made until 1 May 2026", Doer.BIDDERS),
    (
        "deadline passed without a panel",
        {**PUBLISHED, "is_past_deadline": True, "not_ready_to_open": ("Name a moderator.",)},
        "Complete the panel",
        Doer.OFFICER,
    ),
    (
        "deadline passed",
        {**PUBLISHED, "is_past_deadline": True},
        "Open the bids with a second person",
        Doer.OPENER,
    ),
    (
        "opened by one person",
        {**PUBLISHED, "is_past_deadline": True, "first_opener": "An officer"},
        "Open the bids as the second person",
        Doer.OPENER,
    ),
    ("no bids", {**OPENED, "evaluation_status": "open"}, "Withdraw the procurement", Doer.OFFICER),
    (
        "to mark",
        {**OPENED, "evaluation_status": "open", "bids": 2, "marks_missing": 3},
        "Mark the bids",
        Doer.EVALUATOR,
    ),
    (
        "to lock",
        {
            **OPENED,
            "evaluation_status": "open",
            "bids": 2,
            "locks_missing": 1,
            "moderations_missing": 2,
        },
        "Lock your marks",
        Doer.EVALUATOR,
    ),
    (
        "a gap in the panel",
        {
            **OPENED,
            "evaluation_status": "open",
            "bids": 2,
            "moderations_missing": 4,
            "panel_lacks": ("Name 1 more evaluator: two people mark each answer.",),
        },
        "Complete the panel",
        Doer.OFFICER,
    ),
    (
        "to moderate",
        {**OPENED, "evaluation_status": "open", "bids": 2, "moderations_missing": 2},
        "Moderate the marks",
        Doer.MODERATOR,
    ),
    (
        "to rank",
        {**OPENED, "evaluation_status": "open", "bids": 2},
        "Rank the bids",
        Doer.OFFICER,
    ),
    (
        "to award",
        {**OPENED, "evaluation_status": "ranked", "bids": 2, "bids_passed": 1},
        "Propose the award",
        Doer.OFFICER,
    ),
    (
        "to approve",
        {**OPENED, "evaluation_status": "ranked", "bids": 2, "bids_passed": 1, "is_proposed": True},
        "Approve the award",
        Doer.APPROVER,
    ),
    (
        "awarded, to tell the bidders",
        {**AWARDED, "contract_status": "awarded", "gate": "summaries"},
        "Issue the assessment summaries",
        Doer.OFFICER,
    ),
    (
        "awarded, to give notice",
        {**AWARDED, "contract_status": "awarded", "gate": "standstill"},
        "Record the notice and start the standstill",
        Doer.OFFICER,
    ),
    (
        "standing still",
        {**AWARDED, "contract_status": "awarded", "gate": "wait", "signed_from": date(2026, 5, 20)},
        "The contract can be signed from 20 May 2026",
        Doer.SIGNER,
    ),
    (
        "to sign",
        {**AWARDED, "contract_status": "awarded", "gate": "signature"},
        "Record the signature",
        Doer.SIGNER,
    ),
    (
        "nobody passed",
        {**OPENED, "evaluation_status": "ranked", "bids": 2},
        "Withdraw the procurement",
        Doer.OFFICER,
    ),
    ("no plan", AWARDED, "Start the action plan", Doer.MANAGER),
    ("plan draft", {**AWARDED, "plan_status": "draft"}, "Agree the action plan", Doer.MANAGER),
    (
        "plan half agreed",
        {**AWARDED, "plan_status": "draft", "plan_waits_for_supplier": True},
        "Agree the action plan",
        Doer.SUPPLIER,
    ),
    (
        "claims wait, also before the plan is agreed",
        {**AWARDED, "plan_status": "draft", "claims": 2, "claims_waiting": 2},
        "Verify 2 claims",
        Doer.MANAGER,
    ),
    ("one claim", {**AGREED, "claims": 1, "claims_waiting": 1}, "Verify 1 claim", Doer.MANAGER),
    (
        "returned",
        {**AGREED, "claims": 1, "claims_returned": 1},
        "Mend the claims that were returned",
        Doer.SUPPLIER,
    ),
    ("due", {**AGREED, "due_unclaimed": 1}, "Claim what was delivered and is due", Doer.SUPPLIER),
    (
        "not due yet",
        {**AGREED, "next_due_on": date(2026, 9, 30)},
        "Deliver and claim, next due 30 September 2026",
        Doer.SUPPLIER,
    ),
    ("ended", {**AGREED, "has_contract_ended": True}, "Close the contract", Doer.MANAGER),
]


@pytest.mark.parametrize(
    ("given", "label", "who"), [row[1:] for row in STEPS], ids=[r[0] for r in STEPS]
)
def test_what_comes_next(given, label, who):
    step = next_step(facts(**given))
    assert (step.label, step.who) == (label, who)


@pytest.mark.parametrize(
    "given",
    [
        {"status": "withdrawn"},
        {"status": "withdrawn", "tender_status": "published"},
        {"route": "light_touch", "status": "complete", "has_note": True},
        {"source": "notice", "status": "awarded"},
        {**AGREED, "status": "complete", "contract_status": "ended"},
    ],
)
def test_nothing_comes_next(given):
    assert next_step(facts(**given)) is None


def states(**more):
    return {stand.key.value: stand.state for stand in stages_of(facts(**more))}


def test_light_touch_has_two_stages():
    assert states(route="light_touch") == {"route": StageState.DONE, "note": StageState.CURRENT}
    assert states(route="light_touch", status="complete", has_note=True) == {
        "route": StageState.DONE,
        "note": StageState.DONE,
    }


def test_a_fresh_procurement_is_at_its_tender():
    found = states()
    assert found["route"] == StageState.DONE
    assert found["tender"] == StageState.CURRENT
    assert {found[key] for key in ("bids", "evaluation", "award", "plan", "claims")} == {
        StageState.NEXT
    }
    assert "note" not in found


def test_exactly_one_stage_is_current_until_the_end():
    """But for claims that wait while the plan is not agreed: both are under way."""
    for _, given, _, _ in STEPS:
        current = [s for s in stages_of(facts(**given)) if s.state == StageState.CURRENT]
        is_both = given.get("plan_status") == "draft" and given.get("claims_waiting", 0) > 0
        assert len(current) == (2 if is_both else 1), given


def test_deliveries_go_on_while_a_plan_is_agreed_anew():
    begun = states(
        **AWARDED,
        plan_status="draft",
        claims=49,
        claims_verified=46,
        claims_waiting=2,
        due_unclaimed=1,
    )
    assert begun["plan"] == begun["claims"] == begun["verification"] == StageState.CURRENT
    assert states(**AWARDED, plan_status="draft")["claims"] == StageState.NEXT


def test_the_missing_parts_of_a_draft_are_named():
    stands = {
        s.key.value: s for s in stages_of(facts(tender_status="draft", tender_missing=("A", "B")))
    }
    assert stands["tender"].missing == ("A", "B")
    assert stands["bids"].missing == ()


def test_an_imported_award_keeps_no_tender():
    found = states(source="notice", status="awarded")
    assert found["award"] == StageState.DONE
    assert found["tender"] == found["plan"] == found["reporting"] == StageState.SKIPPED


def test_an_imported_light_touch_award_shows_its_award():
    assert (
        states(source="notice", status="awarded", route="light_touch")["award"] == StageState.DONE
    )


def test_withdrawn_leaves_nothing_open():
    assert StageState.CURRENT not in states(status="withdrawn", tender_status="published").values()
    assert StageState.CURRENT not in states(status="withdrawn").values()


def test_a_delivering_contract():
    found = states(**AGREED, claims=3, claims_verified=2, claims_waiting=1)
    assert found["claims"] == StageState.DONE
    assert found["verification"] == StageState.CURRENT
    assert states(**AGREED, claims=2, claims_verified=2)["reporting"] == StageState.CURRENT


def test_a_shortfall_stays_visible_when_the_contract_is_closed():
    ended = {**AGREED, "status": "complete", "contract_status": "ended"}
    stands = {s.key.value: s for s in stages_of(facts(**ended, due_unclaimed=2))}
    assert stands["claims"].state == StageState.SKIPPED
    assert stands["claims"].note == "None claimed yet"
    assert stands["reporting"].state == StageState.DONE


def test_proof_and_reporting_run_beside_the_claims():
    begun = states(**AGREED, claims=3, claims_waiting=1, claims_verified=2)
    assert begun["verification"] == begun["reporting"] == StageState.CURRENT
    fresh = states(**AGREED, claims=1, claims_waiting=1)
    assert fresh["verification"] == StageState.CURRENT
    assert fresh["reporting"] == StageState.NEXT


def test_services_above_the_line_first_miss_what_was_considered():
    stages = {s.key.value: s for s in stages_of(facts(lacks_consideration=True))}
    assert stages["tender"].missing == (
        "What was considered under the Social Value Act",
        "The tender",
    )
