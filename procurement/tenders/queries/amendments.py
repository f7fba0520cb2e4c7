"""What was changed since publication. No actor where the caller has shown the tender itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from procurement.tenders.models import TenderAmendment, TenderQuestion, TenderRequirement
from procurement.tenders.queries.tenders import tender_for
from procurement.tenders.rules import (
    Change,
    QuestionChange,
    RequirementChange,
    check_question_change,
    check_requirement_change,
    question_changes,
    requirement_changes,
)
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.frameworks.queries import measure_infos


@dataclass(frozen=True, slots=True)
class AmendmentInfo:
    """One amendment. ``changes`` are what, before and after, as people read them."""

    number: int
    made_at: datetime
    reason: str
    changes: list[Change]
    deadline_before: datetime
    deadline_after: datetime

    @property
    def moved_deadline(self) -> bool:
        return self.deadline_after != self.deadline_before


def amendments_of(tender_id: int) -> list[AmendmentInfo]:
    """Newest first, for rooms and pages that have shown the visibility themselves."""
    return [
        AmendmentInfo(
            row.number,
            row.made_at,
            row.reason,
            [(what, before, after) for what, before, after in row.changes],
            row.deadline_before,
            row.deadline_after,
        )
        for row in TenderAmendment.objects.filter(tender_id=tender_id).order_by("-number")
    ]


def amendments_for(actor: Actor, tender_id: int) -> list[AmendmentInfo]:
    """The same for a buyer of the tender's authority. NotVisible for anybody else."""
    tender_for(actor, tender_id)
    return amendments_of(tender_id)


def last_amended_at(tender_id: int) -> datetime | None:
    """When the tender was amended last; None when it never was. The caller has shown the tender."""
    return (
        TenderAmendment.objects.filter(tender_id=tender_id)
        .order_by("-number")
        .values_list("made_at", flat=True)
        .first()
    )


def amended_last(tender_ids: Collection[int]) -> dict[int, datetime]:
    """By tender, when it was amended last; one that never was is not there. The caller has shown the tenders."""
    rows = TenderAmendment.objects.filter(tender_id__in=tender_ids).order_by("number")
    return dict(rows.values_list("tender_id", "made_at"))


@dataclass(frozen=True, slots=True)
class PlannedAmendment:
    """What an amendment would do: its differences in words, and the rows that differ."""

    changes: list[Change]
    requirements: dict[int, RequirementChange]
    questions: dict[int, QuestionChange]


def planned_amendment(
    tender_id: int,
    requirements: Mapping[int, RequirementChange],
    questions: Mapping[int, QuestionChange],
) -> PlannedAmendment:
    """What would change, in the order of the tender. The caller has shown that the actor may prepare it.

    NotVisible for a row of another tender, RuleBroken for what a requirement or question cannot say.
    """
    asked = TenderRequirement.objects.filter(tender_id=tender_id).order_by("position", "pk")
    texts = TenderQuestion.objects.filter(tender_id=tender_id).order_by("position", "pk")
    rows, said = {row.pk: row for row in asked}, {row.pk: row for row in texts}
    if not (requirements.keys() <= rows.keys() and questions.keys() <= said.keys()):
        raise NotVisible
    planned = PlannedAmendment([], {}, {})
    infos = measure_infos([row.measure_id for row in rows.values()])
    for pk, row in rows.items():
        if pk in requirements:
            info, change = infos[row.measure_id], requirements[pk]
            check_requirement_change(
                change, label=info.label, unit=info.unit, maximum=row.maximum_quantity
            )
            now = RequirementChange(row.is_mandatory, row.minimum_quantity, row.guidance)
            if found := requirement_changes(info.label, info.unit, now, change):
                planned.changes.extend(found)
                planned.requirements[pk] = change
    for number, (pk, question) in enumerate(said.items(), start=1):
        if pk in questions:
            label, wanted = f"Question {number}", questions[pk]
            check_question_change(wanted, label=label)
            was = QuestionChange(question.text, question.guidance)
            if found := question_changes(label, was, wanted):
                planned.changes.extend(found)
                planned.questions[pk] = wanted
    return planned
