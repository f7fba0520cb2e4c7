"""How a measure counts in its region: the order of the answers, what agrees, and that nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toms.priorities.rules import (
    Alias,
    Decision,
    MeasureRef,
    RegionalMeasures,
    decision_for,
    flaw_of,
    resolve,
    suggestion,
)
from toms.priorities.vocabulary import Counted

AT = datetime(2026, 1, 1, tzinfo=UTC)
ONE = Decimal(1)


def ref(number, code="A1", family="f", *, unit="hours", aggregation="sum", title="Title"):
    return MeasureRef(number, family, code, title, unit, aggregation)


def decided(source, target, factor="1", reason="Because.", at=AT):
    return Decision(source, target, Decimal(factor), reason, at)


def regional(*measures):
    return RegionalMeasures.of(measures)


def test_a_regional_measure_counts_as_itself():
    own = ref(1)
    found = resolve(own, regional(own), [decided(own, None)])
    assert (found.standing, found.target_id, found.factor) == (Counted.ITSELF, 1, ONE)


def test_a_decision_comes_before_the_code():
    old, same, other = ref(1), ref(2), ref(3, "B1")
    region = regional(same, other)
    assert resolve(old, region).target_id == 2
    found = resolve(old, region, [decided(old, other, "0.5", "Half of it.")])
    assert (found.standing, found.target_id, found.factor) == (Counted.MAPPED, 3, Decimal("0.5"))
    assert found.why == "Half of it."
    left_out = resolve(old, region, [decided(old, None, reason="Counted by nobody.")])
    assert (left_out.standing, left_out.target_id) == (Counted.EXCLUDED, None)
    assert left_out.why == "Counted by nobody."


def test_the_same_code_of_the_same_family_carries_only_what_is_counted_alike():
    old = ref(1)
    assert resolve(old, regional(ref(2))).standing == Counted.CARRIED
    assert resolve(old, regional(ref(2, unit="Hours "))).standing == Counted.CARRIED
    for other, why in [
        (ref(2, family="g"), "nobody has said"),
        (ref(2, "A2"), "nobody has said"),
        (ref(2, unit="days"), "counted in days"),
        (ref(2, aggregation="ratio"), "adds up in another way"),
    ]:
        found = resolve(old, regional(other))
        assert (found.standing, found.target_id) == (Counted.NOT_MAPPED, None)
        assert why in found.why


def test_a_decision_follows_the_region_to_its_next_edition_where_it_is_counted_alike():
    source, then = ref(1, "C1", "council"), ref(2, "R1", "region")
    decision = [decided(source, then, "0.5")]
    now = ref(3, "R1", "region")
    found = resolve(source, regional(now), decision)
    assert (found.standing, found.target_id, found.factor) == (Counted.MAPPED, 3, Decimal("0.5"))
    assert "now has R1" in found.why
    for gone in (
        ref(3, "R1", "region", unit="days"),
        ref(3, "R2", "region"),
        ref(3, "R1", "else"),
    ):
        lost = resolve(source, regional(gone), decision)
        assert lost.standing == Counted.NOT_MAPPED
        assert "does not use any more" in lost.why


def test_a_decision_that_cannot_be_followed_is_not_replaced_by_the_code():
    source, wanted, same = ref(1, "A1"), ref(2, "B1"), ref(3, "A1")
    assert resolve(source, regional(same), [decided(source, wanted)]).standing == Counted.NOT_MAPPED


def test_a_decision_holds_for_the_next_edition_of_the_source():
    first, second, target = ref(1, "C1"), ref(2, "C1"), ref(9, "R1", "region")
    region = regional(target)
    assert resolve(second, region, [decided(first, target)]).target_id == 9
    assert "another edition" in resolve(second, region, [decided(first, target)]).why
    other_unit = ref(3, "C1", unit="days")
    assert resolve(other_unit, region, [decided(first, target)]).standing == Counted.NOT_MAPPED
    own = [decided(first, target, at=AT + timedelta(days=9)), decided(second, None)]
    assert resolve(second, region, own).standing == Counted.EXCLUDED


def test_the_latest_decision_of_other_editions_holds():
    first, second, third = ref(1), ref(2), ref(3)
    early, late = decided(first, None, at=AT), decided(second, None, at=AT + timedelta(days=1))
    assert decision_for(third, [early, late]) == decision_for(third, [late, early]) == late


@pytest.mark.parametrize(
    ("source", "target", "factor", "reason", "field"),
    [
        (ref(1), ref(2, "B"), None, "", None),
        (ref(1), ref(2, "B"), ONE, "", None),
        (ref(1), ref(2, "B", unit="days"), None, "Why.", "factor"),
        (ref(1), ref(2, "B", unit="days"), Decimal("0.133333333"), "", "reason"),
        (ref(1), ref(2, "B", unit="days"), Decimal("0.133333333"), "A day is 7.5 hours.", None),
        (ref(1), ref(2, "B", unit="people"), ONE, " ", "reason"),
        (ref(1), ref(2, "B"), Decimal(2), "", "reason"),
        (ref(1), ref(2, "B"), Decimal(0), "Why.", "factor"),
        (ref(1), ref(2, "B"), Decimal(-1), "Why.", "factor"),
        (ref(1), ref(2, "B", aggregation="ratio"), None, "", "target"),
        (ref(1, aggregation="ratio"), ref(2, "B", aggregation="ratio"), None, "", None),
        (ref(1, aggregation="ratio"), ref(2, "B", aggregation="ratio"), Decimal(2), "Why.", "factor"),
        (ref(1, aggregation="last"), ref(2, "B", aggregation="none"), None, "", "target"),
    ],
)  # fmt: skip
def test_rates_go_with_rates_and_units_agree_or_are_converted_with_a_reason(
    source, target, factor, reason, field
):
    found = flaw_of(source, target, factor, reason)
    assert (found and found[0]) == field


def test_an_alias_is_suggested_before_a_title_and_says_when_units_differ():
    aliases = [Alias("open", "R1", "National TOMs", "NT1"), Alias("open", "R2", "National TOMs", "NT9")]  # fmt: skip
    region = [(ref(7, "R1", "open", title="Jobs"), "Open"), (ref(8, "R2", "open"), "Open")]
    licensed = ref(1, "NT1", "toms-of-a-council", title="Title")
    found = suggestion(licensed, "The National TOMs 2019", region, aliases)
    assert (found.target_id, found.needs_factor) == (7, False)
    assert "NT1 of National TOMs" in found.why
    weeks = suggestion(ref(1, "NT9", "x", unit="weeks"), "National TOMs", region, aliases)
    assert (weeks.target_id, weeks.needs_factor) == (8, True)
    assert suggestion(ref(1, "NT1", "x"), "Another set", region, aliases).target_id == 8
    assert suggestion(ref(1, "NT1", "x", title="Z"), "Another set", region, aliases) is None
    rate = ref(1, "NT1", "x", title="Z", aggregation="ratio")
    assert suggestion(rate, "National TOMs", region, aliases) is None


def test_two_families_that_share_a_third_ones_code_are_suggested():
    aliases = [Alias("open", "R1", "National TOMs", "NT1"), Alias("county", "C9", "National TOMs", "NT1")]  # fmt: skip
    found = suggestion(
        ref(1, "C9", "county", title="Z"), "County", [(ref(7, "R1", "open"), "Open")], aliases
    )
    assert found.target_id == 7


# --- properties: random editions and decisions ----------------------------------------------------

facts = st.tuples(
    st.sampled_from(["region", "council"]), st.sampled_from(["A1", "A2", "B1"]),
    st.sampled_from(["hours", "days"]), st.sampled_from(["sum", "ratio"]),
)  # fmt: skip


@st.composite
def worlds(draw):
    rows = draw(st.lists(facts, min_size=1, max_size=12))
    measures = [
        MeasureRef(number, family, code, "Title", unit, aggregation)
        for number, (family, code, unit, aggregation) in enumerate(rows, start=1)
    ]
    own = draw(st.lists(st.sampled_from(measures), unique=True, max_size=6))
    sources = draw(st.lists(st.sampled_from(measures), unique_by=lambda m: m.id, max_size=8))
    decisions = []
    for source in sources:
        target = draw(st.one_of(st.none(), st.sampled_from(measures)))
        if target == source:
            target = None
        at = AT + timedelta(days=draw(st.integers(0, 3)))
        decisions.append(Decision(source, target, Decimal(draw(st.integers(1, 9))), "Why.", at))
    return measures, RegionalMeasures.of(own), decisions


@given(worlds())
def test_every_measure_counts_once_or_is_listed_once(found):
    measures, region, decisions = found
    resolved = [resolve(measure, region, decisions) for measure in measures]
    assert [row.source_id for row in resolved] == [measure.id for measure in measures]
    counted = [row for row in resolved if row.counts]
    unmapped = [row for row in resolved if row.standing == Counted.NOT_MAPPED]
    left_out = [row for row in resolved if row.standing == Counted.EXCLUDED]
    assert len(counted) + len(unmapped) + len(left_out) == len(measures)
    assert all(row.target_id in region.by_id for row in counted)
    assert all(row.target_id is None for row in (*unmapped, *left_out))
    assert all(row.why for row in resolved)


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_in_which_measures_are_mapped_makes_no_difference(found, chance):
    measures, region, decisions = found
    shuffled = list(decisions)
    chance.shuffle(shuffled)
    assert [resolve(m, region, decisions) for m in measures] == [
        resolve(m, region, shuffled) for m in measures
    ]


@given(worlds(), st.lists(st.integers(0, 10**9), min_size=12, max_size=12))
def test_the_parts_add_up_to_the_whole_to_the_penny(found, pence):
    measures, region, decisions = found
    parts = dict.fromkeys(Counted, 0)
    for measure, worth in zip(measures, pence, strict=False):
        parts[resolve(measure, region, decisions).standing] += worth
    assert sum(parts.values()) == sum(pence[: len(measures)])
