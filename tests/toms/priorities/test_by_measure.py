"""What measures serve, for sums."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.ledger import measure
from toms.priorities.models import Priority, PriorityLink, PrioritySet
from toms.priorities.queries import national_serving, own_objectives

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2025, 4, 1), date(2026, 3, 31)


def priority(code: str, level: str = "national", last: date | None = LAST) -> Priority:
    found, _ = PrioritySet.objects.get_or_create(
        slug=level,
        defaults={
            "name": level.capitalize(), "level": level, "source": "Us", "valid_from": FIRST, "valid_to": last,
        },
    )  # fmt: skip
    return Priority.objects.create(priority_set=found, code=code, name=code.lower(), position=1)


def test_a_priority_is_served_by_the_record_by_the_measure_and_by_the_outcome():
    first, second, third = measure("M1"), measure("M2"), measure("M3", theme_code="T2")
    first.objectives = ["P1", "R1", "R1"]
    first.save()
    one, two, three = priority("P1"), priority("P2"), priority("P3")
    priority("R1", "regional")
    family = first.edition.framework
    PriorityLink.objects.create(priority=two, framework=family, kind="measure", code="M2")
    PriorityLink.objects.create(priority=three, framework=family, kind="outcome", code="O-T2")
    ids = [first.pk, second.pk, third.pk]
    assert {row.id: row.measure_ids for row in national_serving(ids)} == {
        one.pk: {first.pk}, two.pk: {second.pk}, three.pk: {third.pk},
    }  # fmt: skip
    assert own_objectives(ids) == {first.pk: ("R1",), second.pk: (), third.pk: ()}
    assert national_serving([second.pk])[0].measure_ids == frozenset()


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2025, 3, 31), False),
        (FIRST, True),
        (LAST, True),
        (date(2026, 4, 1), False),
    ],
)
def test_both_days_of_a_statement_count(on, holds):
    priority("P1")
    (row,) = national_serving([])
    assert row.holds(on) is holds
    assert row.label == "p1 (National)"


def test_a_statement_without_a_last_day_holds_on():
    priority("P1", last=None)
    assert national_serving([])[0].holds(date(2099, 1, 1))
