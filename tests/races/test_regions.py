"""Two people deciding what a region sees, or what it aims at, in the same moment: one is heard, the other is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reporting.dashboards.models import RegionTarget
from reporting.dashboards.services import change_target, set_target
from socialvalue.accounts import queries
from socialvalue.accounts.models import RegionMembership
from socialvalue.accounts.services import choose_region_sees
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.reporting import region_with

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def test_of_two_choices_about_one_region_one_holds(together) -> None:
    member = AuthorityFactory()
    region_with((member, "2020-01-01", "2021-03-31"), (member, "2023-04-01", None))
    manager = actor_for_role(Role.DIRECTORATE_MANAGER, member)
    for _ in range(4):
        seen = queries.region_choice(manager)

        def choose(*, withheld: bool, compared: bool, version: int = seen.version) -> str:
            choose_region_sees(
                actor=manager, region_slug="region", is_withheld=withheld, in_benchmark=compared,
                expected_version=version,
            )  # fmt: skip
            return "chosen"

        one, two = {(False, False), (True, False), (False, True)} - {
            (seen.sees.is_withheld, seen.sees.in_benchmark)
        }
        found = together(
            lambda choose=choose, one=one: choose(withheld=one[0], compared=one[1]),
            lambda choose=choose, two=two: choose(withheld=two[0], compared=two[1]),
        )
        assert sorted(isinstance(answer, Conflict) for answer in found) == [False, True]
        now = queries.region_choice(manager)
        assert now.version == seen.version + 2
        # Every row of the authority says the same.
        rows = {(row.is_withheld, row.in_benchmark) for row in _rows(member)}
        assert rows == {(now.sees.is_withheld, now.sees.in_benchmark)}


def _rows(member):
    return RegionMembership.objects.filter(authority=member)


def test_of_two_targets_for_one_aim_one_stands(together) -> None:
    region = region_with()
    analyst = actor_for_role(Role.REGIONAL_ANALYST, region.lead)
    year = clock.today().year

    def aim(amount: int) -> RegionTarget:
        return set_target(
            actor=analyst, region_slug="region", aim_key="figure:verified_total",
            year=f"{year}-{(year + 1) % 100:02d}", amount=Decimal(amount),
        )  # fmt: skip

    found = together(lambda: aim(5), lambda: aim(6))
    assert sorted(isinstance(answer, RuleBroken) for answer in found) == [False, True]
    row = RegionTarget.objects.get()
    for _ in range(4):

        def change(amount: int, pk: int = row.pk) -> RegionTarget:
            return change_target(actor=analyst, target_id=pk, amount=Decimal(amount))

        found = together(lambda change=change: change(7), lambda change=change: change(8))
        assert sorted(isinstance(answer, Conflict) for answer in found) == [False, True]
        row = RegionTarget.objects.get(ended_at__isnull=True)
    assert RegionTarget.objects.count() == 5
