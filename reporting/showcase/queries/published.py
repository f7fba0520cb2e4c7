"""Published stories, for everybody: no actor, no person, and no count of people beside one contract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse

from reporting.showcase.models import Story
from reporting.showcase.queries.facts import ContractFacts, facts_of
from reporting.showcase.rules import VerifiedFigure, paragraphs
from reporting.showcase.vocabulary import StoryStatus
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible


@dataclass(frozen=True, slots=True)
class StoryCard:
    """A published story as a list shows it."""

    slug: str
    title: str
    summary: str
    authority_id: int
    authority_name: str
    authority_slug: str
    published_on: date
    photo_url: str
    """Empty without a photo."""
    photo_alt: str
    contract: ContractFacts | None
    """Its figures hold none that counts people."""
    is_demonstration: bool

    @property
    def supplier_name(self) -> str:
        return self.contract.supplier_name if self.contract else ""

    @property
    def value(self) -> Decimal | None:
        """Verified pounds of the figures that may be told; None without a contract or where nothing is valued."""
        return self.contract.value if self.contract else None

    @property
    def figures(self) -> tuple[VerifiedFigure, ...]:
        return self.contract.figures if self.contract else ()


@dataclass(frozen=True, slots=True)
class PublishedStory:
    """A published story as its own page shows it."""

    card: StoryCard
    paragraphs: tuple[str, ...]


def published_stories(organisation_ids: Iterable[int]) -> list[StoryCard]:
    """The published stories of these authorities, latest first, in a number of queries that does not grow.

    For everybody: whether an authority has a public page at all is asked by who shows it.
    """
    rows = _published().filter(authority_id__in=set(organisation_ids))
    return _cards(list(rows.order_by("-approved_at", "-id")))


def published_story(slug: str) -> PublishedStory:
    """One published story. NotVisible when there is none of this name, or it is not published now."""
    found = _published().filter(slug=slug).first()
    if found is None:
        raise NotVisible
    return PublishedStory(_cards([found])[0], paragraphs(found.body))


def _published() -> QuerySet[Story]:
    return Story.objects.filter(status=StoryStatus.PUBLISHED).select_related("authority")


def _cards(rows: Sequence[Story]) -> list[StoryCard]:
    facts = facts_of({row.contract_id for row in rows if row.contract_id}, public=True)
    return [_card(row, facts.get(row.contract_id) if row.contract_id else None) for row in rows]


def _card(row: Story, contract: ContractFacts | None) -> StoryCard:
    if (
        row.slug is None or row.approved_at is None
    ):  # a published story has both, the database says so
        raise NotVisible
    return StoryCard(
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        authority_id=row.authority_id,
        authority_name=row.authority.name,
        authority_slug=row.authority.slug,
        published_on=row.approved_at.astimezone(clock.LONDON).date(),
        photo_url=reverse("reporting:showcase:photo", args=[row.pk]) if row.photo else "",
        photo_alt=row.photo_alt,
        contract=contract,
        is_demonstration=row.authority.is_demonstration,
    )
