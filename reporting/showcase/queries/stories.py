"""Stories as the people of their authority see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from procurement.awards import queries as awards
from reporting.showcase.models import Story
from reporting.showcase.permissions import (
    can_approve,
    can_see,
    can_see_photo,
    can_write,
    refuse,
    why_not_change,
)
from reporting.showcase.queries.facts import ContractFacts, facts_of
from reporting.showcase.vocabulary import StoryStatus
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import count_text
from socialvalue.core.tables import Column, Table

GONE = "This photo is no longer in the store. Choose it again."
SORTS = {
    "title": "title",
    "status": "status",
    "changed": "changed_at",
    "published": "approved_at",
}


@dataclass(frozen=True, slots=True)
class StoryFilters:
    """What the list is narrowed to; empty means everything. ``sort`` is a key of ``SORTS``, with ``-`` for down."""

    search: str = ""
    status: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One row of the list."""

    id: int
    title: str
    summary: str
    status: str
    supplier_name: str
    value: Decimal | None
    """Verified pounds of its contract; None without one, or where nothing is valued."""
    quantities: str
    """What was counted, a measure after the other."""
    how_many: str
    """The quantity where there is one measure, else how many there are."""
    status_shown: str
    """``returned`` for a draft that an approver sent back."""
    entries_url: str
    """The verified rows that ``value`` adds up; empty without a contract."""
    written_by: str
    changed_on: date
    published_on: date | None
    slug: str


def stories_for(actor: Actor, wanted: StoryFilters | None = None) -> QuerySet[Story]:
    """The stories of the actor's authority that fit, the latest change first unless sorted."""
    if not is_buyer(actor):
        return Story.objects.none()
    wanted = wanted or StoryFilters()
    rows = Story.objects.filter(authority_id=actor.organisation_id).select_related("written_by")
    for word in wanted.search.split():
        about = awards.contracts_for(actor, awards.ContractFilters(search=word))
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(body__icontains=word)
            | Q(contract_id__in=[row.pk for row in about])
        )
    if wanted.status in StoryStatus.values:
        rows = rows.filter(status=wanted.status)
    field = SORTS.get(wanted.sort.removeprefix("-"))
    sign = "-" if wanted.sort.startswith("-") else ""
    return rows.order_by(f"{sign}{field}", "-id") if field else rows.order_by("-changed_at", "-id")


def story_lines(rows: Iterable[Story]) -> list[StoryLine]:
    """Stories of ``stories_for`` ready to show, in their order, in a number of queries that does not grow."""
    stories = list(rows)
    facts = facts_of({row.contract_id for row in stories if row.contract_id}, public=False)
    return [_line(row, facts.get(row.contract_id or 0)) for row in stories]


def _line(row: Story, contract: ContractFacts | None) -> StoryLine:
    figures = contract.figures if contract else ()
    return StoryLine(
        id=row.pk,
        title=row.title,
        summary=row.summary,
        status=row.status,
        supplier_name=contract.supplier_name if contract else "",
        value=contract.value if contract else None,
        quantities="; ".join(f"{figure.label}: {figure.shown}" for figure in figures),
        how_many=figures[0].shown if len(figures) == 1 else count_text(len(figures), "measure"),
        status_shown=status_shown(row),
        entries_url=contract.entries_url if contract else "",
        written_by=str(row.written_by),
        changed_on=day_of(row.changed_at),
        published_on=day_of(row.approved_at) if row.approved_at else None,
        slug=row.slug or "",
    )


def stories_table(actor: Actor, wanted: StoryFilters) -> Table:
    """Every story of the filtered list, for CSV and XLSX."""
    columns = [
        Column("Story", width=40),
        Column("Summary", width=60),
        Column("Status"),
        Column("Supplier", width=30),
        Column("Verified so far (£)", "money", is_social_value=True),
        Column("Verified quantities", width=60),
        Column("Written by", width=25),
        Column("Changed on", "date"),
        Column("Published on", "date"),
    ]
    rows = [
        (
            line.title,
            line.summary,
            StoryStatus(line.status).label,
            line.supplier_name,
            line.value,
            line.quantities,
            line.written_by,
            line.changed_on,
            line.published_on,
        )
        for line in story_lines(stories_for(actor, wanted))
    ]
    return Table("Stories", columns, rows, empty="No stories match.")


def may_start(actor: Actor) -> bool:
    return can_write(actor)


def story_for(actor: Actor, story_id: int) -> Story:
    """A story of the actor's own authority. NotVisible for anybody else's."""
    found = (
        Story.objects.select_related(
            "authority", "written_by", "sent_by", "approved_by", "withdrawn_by"
        )
        .filter(pk=story_id)
        .first()
    )
    if found is None or not can_see(actor, found):
        raise NotVisible
    return found


def story_to_change(actor: Actor, story_id: int) -> Story:
    """A draft the actor may write. Conflict when it is no draft any more, NotAllowed without the role."""
    found = story_for(actor, story_id)
    refuse(why_not_change(actor, found))
    return found


def contract_choices(actor: Actor) -> list[tuple[str, str]]:
    """Signed contracts of the authority, for a list to choose from."""
    rows = awards.contracts_for(actor, awards.ContractFilters(sort="title"))
    return [
        (str(row.pk), f"{row.title} ({row.supplier.name}, {row.reference})")
        for row in rows
        if row.signed_on is not None
    ]


@dataclass(frozen=True, slots=True)
class PhotoFile:
    name: str
    media_type: str
    content: bytes
    is_public: bool


def story_photo(actor: Actor, story_id: int) -> PhotoFile:
    """The bytes of a photo: to everybody once the story is published, else to people of its authority.

    NotVisible for anybody else, without a photo, and when the file is not in the store any more.
    """
    row = Story.objects.filter(pk=story_id).first()
    if row is None or not row.photo or not can_see_photo(actor, row):
        raise NotVisible
    try:
        with row.photo.open("rb") as stored:
            content = stored.read()
    except FileNotFoundError as error:
        raise NotVisible(GONE) from error
    is_public = row.status == StoryStatus.PUBLISHED
    return PhotoFile(row.photo_name, row.photo_media_type, content, is_public)


@dataclass(frozen=True, slots=True)
class WaitingStory:
    """A story that waits for somebody."""

    id: int
    title: str
    by: str
    reason: str = ""


def stories_waiting(actor: Actor) -> list[WaitingStory]:
    """Stories that wait for this approver, oldest first: those they wrote no part of."""
    if not can_approve(actor):
        return []
    rows = _own(actor, StoryStatus.AWAITING).select_related("sent_by").order_by("sent_at", "id")
    return [
        WaitingStory(row.pk, row.title, str(row.sent_by))
        for row in rows
        if actor.user_id not in row.writer_ids
    ]


def stories_returned(actor: Actor) -> list[WaitingStory]:
    """Drafts that an approver returned to the authors of the authority, oldest first."""
    if not can_write(actor):
        return []
    rows = _own(actor, StoryStatus.DRAFT).exclude(reason="").select_related("written_by")
    return [
        WaitingStory(row.pk, row.title, str(row.written_by), row.reason)
        for row in rows.order_by("changed_at", "id")
    ]


def _own(actor: Actor, status: StoryStatus) -> QuerySet[Story]:
    return Story.objects.filter(authority_id=actor.organisation_id, status=status)


def status_shown(row: Story) -> str:
    """The state, and of a draft whether it was returned."""
    return "returned" if row.status == StoryStatus.DRAFT and row.reason else row.status


def day_of(moment: datetime) -> date:
    """The day in London."""
    return moment.astimezone(clock.LONDON).date()
