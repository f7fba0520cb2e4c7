"""What several tenders ask, in words only. For rooms that have shown the tenders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from procurement.tenders.models import TenderQuestion, TenderRequirement
from toms.frameworks.queries import measure_infos


@dataclass(frozen=True, slots=True)
class Wording:
    """Measure codes by requirement and texts by question of one tender; which requirements are mandatory."""

    codes: dict[int, str] = field(default_factory=dict)
    mandatory: set[int] = field(default_factory=set)
    questions: dict[int, str] = field(default_factory=dict)


def wordings_of(tender_ids: Iterable[int]) -> dict[int, Wording]:
    """By tender, whatever their number in three queries."""
    found = {tender_id: Wording() for tender_id in set(tender_ids)}
    asked = list(TenderRequirement.objects.filter(tender_id__in=found).order_by("pk"))
    infos = measure_infos([row.measure_id for row in asked])
    for row in asked:
        found[row.tender_id].codes[row.pk] = infos[row.measure_id].code
        if row.is_mandatory:
            found[row.tender_id].mandatory.add(row.pk)
    for question in TenderQuestion.objects.filter(tender_id__in=found).order_by("pk"):
        found[question.tender_id].questions[question.pk] = question.text
    return found
