"""Two people updating the law at once: one update happens, the other is told."""

from __future__ import annotations

import pytest

from procurement.policies import queries, services
from procurement.policies.models import Threshold, ThresholdImport
from procurement.policies.rules import COLUMNS
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict
from tests.factories.policies import load_law_and_policies

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
NEW = "PA2023,{year}-01-01,{year}-12-31,incl,goods_services,sub_central,{amount},SI,primary"


def preview(year: int, amount: int) -> tuple[int, str]:
    text = "\n".join([",".join(COLUMNS), NEW.format(year=year, amount=amount)])
    kept = services.preview_thresholds(actor=SYSTEM, file_name="law.csv", content=text.encode())
    return kept.pk, queries.threshold_import(SYSTEM, kept.pk).fingerprint


def apply(shown: tuple[int, str]) -> ThresholdImport:
    return services.apply_thresholds(actor=SYSTEM, import_id=shown[0], seen=shown[1])


def test_one_import_is_applied_once(together) -> None:
    load_law_and_policies()
    for year in range(2028, 2032):
        shown = preview(year, 210_000)
        found = together(lambda shown=shown: apply(shown), lambda shown=shown: apply(shown))
        assert sorted(isinstance(answer, Conflict) for answer in found) == [False, True]
        assert Threshold.objects.filter(effective_from__year=year).count() == 1


def test_two_files_that_say_otherwise_never_both_win(together) -> None:
    load_law_and_policies()
    for year in range(2028, 2032):
        one, two = preview(year, 210_000), preview(year, 220_000)
        found = together(lambda one=one: apply(one), lambda two=two: apply(two))
        assert sorted(isinstance(answer, Conflict) for answer in found) == [False, True]
        winner = next(answer for answer in found if not isinstance(answer, Conflict))
        row = Threshold.objects.get(effective_from__year=year)
        assert str(row.amount).startswith("210" if winner.pk == one[0] else "220")
