from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.policies.vocabulary import Route
from procurement.procurements.vocabulary import ProcurementSource, ProcurementStatus
from procurement.tenders.vocabulary import TenderStatus
from procurement.threads.rules import ComplianceFacts, Share, shares, verdict_of
from procurement.threads.vocabulary import Followed

TODAY = date(2026, 11, 22)
LIGHT = ComplianceFacts(status="routed", source="entered", route="light_touch")
ADVISED = replace(LIGHT, route="toms_advised")
MANDATORY = replace(LIGHT, route="toms_mandatory")
OUT = {"status": "published", "tender_status": "published"}
FULL = {"measures": 4, "has_weighting": True}


def outcome(facts: ComplianceFacts, **changes: object) -> tuple[Followed, list[str]]:
    verdict = verdict_of(replace(facts, **changes), TODAY)
    return verdict.followed, verdict.sentences


def test_a_light_touch_purchase_is_followed_when_its_note_is_finished():
    assert outcome(LIGHT, has_note=True, status="complete") == (Followed.FOLLOWED, [])


def test_before_its_start_nothing_is_due():
    assert outcome(LIGHT, starts_on=TODAY + timedelta(1)) == (Followed.NOT_DUE, [])
    assert outcome(LIGHT) == (Followed.NOT_DUE, [])


@pytest.mark.parametrize(
    ("facts", "wanted"), [(LIGHT, "light-touch note"), (ADVISED, "tender"), (MANDATORY, "tender")]
)
def test_on_its_first_day_something_must_be_there(facts, wanted):
    assert outcome(facts, starts_on=TODAY) == (
        Followed.NOT_FOLLOWED,
        [f"The contract was to start on 22 November 2026 and there is no {wanted} yet."],
    )


def test_a_note_does_not_do_for_a_higher_route():
    assert outcome(ADVISED, has_note=True, status="complete") == (
        Followed.NOT_FOLLOWED,
        ["It was finished with a light-touch note; the route is TOMs advised."],
    )


def test_a_quotation_over_the_line_shows():
    assert outcome(LIGHT, has_note=True, status="complete", award_route="toms_advised") == (
        Followed.NOT_FOLLOWED,
        [
            "The chosen quotation crossed into TOMs advised; it was finished with a light-touch note."
        ],
    )


@pytest.mark.parametrize("measures", [1, 4])
def test_advised_with_a_measure_is_followed(measures):
    assert outcome(ADVISED, **OUT, measures=measures) == (Followed.FOLLOWED, [])


def test_advised_without_measures_wants_a_reason():
    assert outcome(ADVISED, **OUT) == (Followed.NOT_FOLLOWED, ["No measures were asked for."])
    verdict = verdict_of(replace(ADVISED, **OUT, no_measures_reason="A licence renewal"), TODAY)
    assert (verdict.followed, verdict.reasons) == (Followed.EXPLAINED, ["A licence renewal"])


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({}, []),
        ({"measures": 0}, ["No measures were in the tender."]),
        ({"has_weighting": False}, ["No weighting or pass/fail was set."]),
        ({"needs_consideration": True, "has_consideration": True}, []),
        (
            {"needs_consideration": True},
            ["No consideration under the Social Value Act was recorded."],
        ),
    ],
)
def test_mandatory_wants_measures_a_weighting_and_the_consideration(changes, sentences):
    followed, said = outcome(MANDATORY, **OUT, **(FULL | changes))
    assert said == sentences
    assert followed == (Followed.NOT_FOLLOWED if sentences else Followed.FOLLOWED)


def test_a_draft_tender_is_no_tender():
    assert outcome(MANDATORY, tender_status=TenderStatus.DRAFT, **FULL) == (Followed.NOT_DUE, [])


def test_an_award_across_the_line_is_judged_by_what_it_then_asks():
    awarded = {"status": "awarded", "tender_status": "awarded", "award_route": "toms_mandatory"}
    assert outcome(ADVISED, **awarded, **FULL) == (Followed.FOLLOWED, [])
    assert outcome(ADVISED, **awarded, measures=4) == (
        Followed.NOT_FOLLOWED,
        ["The award crossed into TOMs mandatory. No weighting or pass/fail was set."],
    )


def test_an_award_below_the_line_asks_no_less_afterwards():
    assert outcome(
        MANDATORY, status="awarded", tender_status="awarded", award_route="toms_advised", **FULL
    ) == (Followed.FOLLOWED, [])


def test_an_override_is_a_departure_with_its_reason():
    verdict = verdict_of(
        replace(
            LIGHT, has_note=True, status="complete", overridden_from="toms_advised",
            override_reason="One maker holds the patent",
        ),
        TODAY,
    )  # fmt: skip
    assert verdict.followed == Followed.EXPLAINED
    assert verdict.sentences == ["The rule's route, TOMs advised, was overridden."]
    assert verdict.reasons == ["One maker holds the patent"]


def test_a_reason_told_afterwards_explains_everything():
    followed, _ = outcome(MANDATORY, **OUT, told=("An emergency repair",))
    assert followed == Followed.EXPLAINED


def test_one_reason_of_two_is_not_enough():
    facts = replace(
        ADVISED, **OUT, no_measures_reason="A renewal", needs_consideration=True
    )  # fmt: skip
    assert verdict_of(facts, TODAY).followed == Followed.NOT_FOLLOWED


@pytest.mark.parametrize("status", ["awarded", "complete", "published"])
def test_what_was_not_run_here_is_not_known(status):
    assert outcome(MANDATORY, status=status, source="notice") == (Followed.NOT_KNOWN, [])


def test_awarded_with_nothing_behind_it_is_not_followed():
    assert outcome(LIGHT, status="awarded") == (
        Followed.NOT_FOLLOWED,
        ["It was awarded without a light-touch note."],
    )


FACTS = st.builds(
    ComplianceFacts,
    status=st.sampled_from([s.value for s in ProcurementStatus]),
    source=st.sampled_from([s.value for s in ProcurementSource]),
    route=st.sampled_from([r.value for r in Route] + [""]),
    award_route=st.sampled_from([r.value for r in Route] + [""]),
    starts_on=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    has_note=st.booleans(),
    tender_status=st.sampled_from([s.value for s in TenderStatus] + [""]),
    measures=st.integers(0, 9),
    has_weighting=st.booleans(),
    no_measures_reason=st.sampled_from(["", "why"]),
    needs_consideration=st.booleans(),
    has_consideration=st.booleans(),
    told=st.sampled_from([(), ("why",)]),
)


@given(FACTS)
def test_only_what_departs_is_not_followed_and_only_reasons_explain(facts):
    verdict = verdict_of(facts, TODAY)
    departs = verdict.followed in (Followed.EXPLAINED, Followed.NOT_FOLLOWED)
    assert bool(verdict.deviations) == departs
    if verdict.followed == Followed.EXPLAINED:
        assert verdict.reasons
    if facts.told:
        assert verdict.followed != Followed.NOT_FOLLOWED


@given(FACTS, st.integers(1, 2000))
def test_waiting_never_makes_a_departure_good(facts, days):
    if verdict_of(facts, TODAY).followed == Followed.NOT_FOLLOWED:
        assert verdict_of(facts, TODAY + timedelta(days)).followed == Followed.NOT_FOLLOWED


def test_a_share_leaves_out_what_cannot_be_judged():
    found = shares(
        [("Highways", f) for f in Followed]
        + [("Care", Followed.NOT_DUE)]
        + [("Highways", Followed.FOLLOWED)]
    )
    highways = found["Highways"]
    assert list(found) == ["Highways", "Care"]
    assert (highways.complying, highways.judged, highways.total) == (3, 4, 6)
    assert highways.percent == Decimal(75)
    assert found["Care"].percent is None


@pytest.mark.parametrize(
    ("kept", "of", "percent"), [(1, 8, 13), (1, 3, 33), (0, 4, 0), (2, 2, 100)]
)
def test_a_share_is_rounded_half_up(kept, of, percent):
    share = Share({Followed.FOLLOWED: kept, Followed.NOT_FOLLOWED: of - kept})
    assert share.percent == Decimal(percent)
