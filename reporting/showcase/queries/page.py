"""The page of one story, ready to show to the people of its authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reporting.showcase.models import Story
from reporting.showcase.permissions import (
    NOT_ALONE,
    can_approve,
    refuse,
    who_sees_story,
    why_not_change,
    why_not_decide,
    why_not_remove_photo,
    why_not_reopen,
    why_not_take_back,
    why_not_withdraw,
)
from reporting.showcase.queries.facts import ContractFacts, facts_of
from reporting.showcase.queries.stories import day_of, status_shown, story_for
from reporting.showcase.rules import paragraphs
from reporting.showcase.vocabulary import StoryStatus
from socialvalue.accounts.rules import Sight
from socialvalue.audit.queries import HistoryLine, history_of
from socialvalue.core.actor import Actor
from socialvalue.core.periods import uk_date

STEPS = ("Written", "Sent for approval", "Published")
WHY_NOT = {"send": why_not_change, "return": why_not_decide, "withdraw": why_not_withdraw}


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A story with what this person may do with it."""

    id: int
    authority: tuple[int, str]
    version: int
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    status: str
    status_shown: str
    slug: str
    reason: str
    photo_alt: str
    has_photo: bool
    was_scanned_by: str
    contract: ContractFacts | None
    written_by: str
    stages: tuple[Step, ...]
    history: tuple[HistoryLine, ...]
    may_change: bool
    may_take_back: bool
    may_decide: bool
    may_withdraw: bool
    may_reopen: bool
    may_remove_photo: bool
    waits_for: str
    """A sentence for those who can do nothing now; empty when there is something to do."""

    @property
    def is_published(self) -> bool:
        return self.status == StoryStatus.PUBLISHED

    @property
    def is_withdrawn(self) -> bool:
        return self.status == StoryStatus.WITHDRAWN

    @property
    def was_returned(self) -> bool:
        return self.status == StoryStatus.DRAFT and bool(self.reason)

    @property
    def needs_alt(self) -> bool:
        return self.has_photo and not self.photo_alt

    @property
    def history_lines(self) -> list[tuple[str, datetime, str]]:
        return [(line.sentence, line.at, line.organisation) for line in self.history]

    @property
    def who_can_see(self) -> list[Sight]:
        return who_sees_story(self.authority, is_published=self.is_published)


def story_page_to(actor: Actor, story_id: int, deed: str) -> StoryPage:
    """The page for ``send``, ``return`` or ``withdraw``. NotAllowed or Conflict when it cannot be done."""
    refuse(WHY_NOT[deed](actor, story_for(actor, story_id)))
    return story_page(actor, story_id)


def story_page(actor: Actor, story_id: int) -> StoryPage:
    """NotVisible for another authority's story."""
    row = story_for(actor, story_id)
    contract = (
        facts_of([row.contract_id], public=False)[row.contract_id] if row.contract_id else None
    )
    return StoryPage(
        authority=(row.authority_id, actor.organisation_name),
        id=row.pk,
        version=row.version,
        title=row.title,
        summary=row.summary,
        paragraphs=paragraphs(row.body),
        status=row.status,
        status_shown=status_shown(row),
        slug=row.slug or "",
        reason=row.reason,
        photo_alt=row.photo_alt,
        has_photo=bool(row.photo),
        was_scanned_by=row.photo_scanned_by,
        contract=contract,
        written_by=str(row.written_by),
        stages=_stages(row),
        history=tuple(history_of(target_type="story", target_id=row.pk)),
        may_change=not why_not_change(actor, row),
        may_take_back=not why_not_take_back(actor, row),
        may_decide=not why_not_decide(actor, row),
        may_withdraw=not why_not_withdraw(actor, row),
        may_reopen=not why_not_reopen(actor, row),
        may_remove_photo=not why_not_remove_photo(actor, row),
        waits_for=_waits_for(actor, row),
    )


def _waits_for(actor: Actor, row: Story) -> str:
    if row.status == StoryStatus.AWAITING and why_not_decide(actor, row):
        alone = why_not_decide(actor, row) == NOT_ALONE and can_approve(actor)
        return NOT_ALONE if alone else "An approver of your organisation reads it next."
    if row.status == StoryStatus.DRAFT and why_not_change(actor, row):
        return "A report author of your organisation is writing it."
    return ""


def _stages(row: Story) -> tuple[Step, ...]:
    """Where it stands; a withdrawn story has left the road."""
    if row.status == StoryStatus.WITHDRAWN:
        on = f"On {uk_date(day_of(row.withdrawn_at))}" if row.withdrawn_at else ""
        return (Step(STEPS[0], "done", ""), Step("Withdrawn", "current", on))
    now = {StoryStatus.DRAFT: 0, StoryStatus.AWAITING: 1, StoryStatus.PUBLISHED: 3}[
        StoryStatus(row.status)
    ]
    moments = (None, row.sent_at, row.approved_at)
    return tuple(
        Step(
            label,
            "done" if n < now else "current" if n == now else "next",
            f"On {uk_date(day_of(at))}" if at else "",
        )
        for n, (label, at) in enumerate(zip(STEPS, moments, strict=True))
    )
