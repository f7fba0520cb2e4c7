"""What the pages of adoption show: what an authority and its region use, used before, and will use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from socialvalue.accounts.permissions import is_buyer
from socialvalue.accounts.queries import organisation_names, region_of, regions
from socialvalue.audit.queries import HistoryLine, history_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.frameworks.models import Adoption, Edition
from toms.frameworks.permissions import can_adopt
from toms.frameworks.queries.adoption import EditionUsed, InUse, in_use, used_by_region
from toms.frameworks.queries.editions import (
    EditionInfo,
    current_edition,
    info_of,
    visible_editions,
)
from toms.frameworks.queries.measures import MeasureInfo, measure_count, measures_of
from toms.frameworks.queries.packs import PackInfo, adopted_packs, packs_used
from toms.frameworks.rules import Adopter, Span, state_of
from toms.frameworks.vocabulary import DEFAULT_FRAMEWORK


@dataclass(frozen=True, slots=True)
class AdoptionLine:
    """One adoption in a list."""

    id: int
    edition: EditionInfo
    from_on: date
    to_on: date | None
    is_main: bool
    measure_count: int
    is_subset: bool
    max_measures: int | None
    pack_count: int
    reference: str
    state: str
    """``coming``, ``in_use``, ``beside``, ``replaced`` or ``ended``."""

    @property
    def is_over(self) -> bool:
        return self.state in ("replaced", "ended")


@dataclass(frozen=True, slots=True)
class UsedLine:
    """An edition in use today, whoever adopted it."""

    edition: EditionInfo
    adoption_id: int | None
    by_region: bool
    measure_count: int
    is_subset: bool
    max_measures: int | None
    packs: tuple[str, ...]

    @property
    def is_adopted(self) -> bool:
        return self.adoption_id is not None


@dataclass(frozen=True, slots=True)
class Uses:
    """What new tenders start with today, and what may be asked for beside it."""

    main: UsedLine | None
    """None while no measures are loaded at all."""
    beside: tuple[UsedLine, ...]


@dataclass(frozen=True, slots=True)
class RegionTab:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class AdopterPage:
    """One adopter: what it uses today, and its own adoptions, the latest first."""

    name: str
    is_region: bool
    region: RegionTab | None
    """The region of this authority, or the region itself."""
    own_name: str
    uses: Uses
    region_uses: Uses | None
    """What the authority's region uses; None on the region's own page, and without a region."""
    lines: tuple[AdoptionLine, ...]
    can_change: bool
    today: date

    @property
    def holding(self) -> list[AdoptionLine]:
        return [line for line in self.lines if line.state in ("in_use", "beside")]

    @property
    def coming(self) -> list[AdoptionLine]:
        return [line for line in self.lines if line.state == "coming"]

    @property
    def past(self) -> list[AdoptionLine]:
        return [line for line in self.lines if line.is_over]


@dataclass(frozen=True, slots=True)
class AdoptionDetail:
    """One adoption with everything it says."""

    id: int
    version: int
    adopter: Adopter
    adopter_name: str
    region: RegionTab | None
    """Set when a region adopted it."""
    edition: EditionInfo
    from_on: date
    to_on: date | None
    is_main: bool
    max_measures: int | None
    reference: str
    adopted_at: datetime
    adopted_by: str
    state: str
    chosen_ids: frozenset[int]
    """The sub-set; empty: the whole edition."""
    measures: tuple[MeasureInfo, ...]
    """What may be asked for: the sub-set, or every measure of the edition."""
    edition_measures: int
    own_packs: tuple[PackInfo, ...]
    packs: tuple[PackInfo, ...]
    """What tenders are offered: the own packs, or the edition's cut to the sub-set."""
    history: tuple[HistoryLine, ...]
    can_change: bool
    today: date

    @property
    def is_subset(self) -> bool:
        return bool(self.chosen_ids)

    @property
    def is_begun(self) -> bool:
        return self.from_on <= self.today

    @property
    def is_ended(self) -> bool:
        return self.to_on is not None and self.to_on < self.today

    @property
    def may_edit(self) -> bool:
        return self.can_change and not self.is_ended

    @property
    def may_remove(self) -> bool:
        return self.can_change and not self.is_begun

    @property
    def codes(self) -> dict[int, str]:
        return {row.id: row.code for row in self.measures}

    @property
    def shown_packs(self) -> list[tuple[PackInfo, str]]:
        """Each pack with the codes of its measures."""
        codes = self.codes
        return [
            (pack, ", ".join(codes[pk] for pk in pack.measure_ids if pk in codes))
            for pack in self.packs
        ]


def own_region(actor: Actor) -> RegionTab | None:
    """The region of the actor's authority today, which everybody there may read about."""
    if not is_buyer(actor) or actor.organisation_id is None:
        return None
    found = region_of(actor.organisation_id, clock.today())
    return RegionTab(found.slug, found.name) if found else None


def adopter_of(actor: Actor, region_slug: str = "") -> Adopter:
    """The actor's authority, or the region that it belongs to or leads. NotVisible for any other region."""
    if not is_buyer(actor) or actor.organisation_id is None:
        raise NotVisible
    if not region_slug:
        return Adopter(authority_id=actor.organisation_id)
    found = next((row for row in _regions(actor) if row.slug == region_slug), None)
    if found is None:
        raise NotVisible
    return Adopter(region_id=found.pk)


def _regions(actor: Actor) -> list:
    led = set(actor.region_ids)
    here = region_of(actor.organisation_id or 0, clock.today())
    return list(regions(frozenset(led | ({here.pk} if here else set()))))


def may_adopt(actor: Actor, region_slug: str = "") -> bool:
    adopter = adopter_of(actor, region_slug)
    return can_adopt(actor, adopter.authority_id, adopter.region_id)


def adopter_page(actor: Actor, region_slug: str = "") -> AdopterPage:
    """Of the actor's own authority or, with ``region_slug``, of its region. NotVisible for another's, and suppliers."""
    today = clock.today()
    adopter = adopter_of(actor, region_slug)
    region = next((row for row in _regions(actor) if row.pk == adopter.region_id), None)
    here = own_region(actor) if region is None else RegionTab(region.slug, region.name)
    near = region_of(actor.organisation_id or 0, today) if region is None else None
    return AdopterPage(
        name=region.name if region else actor.organisation_name,
        is_region=region is not None,
        region=here,
        own_name=actor.organisation_name,
        uses=_uses_of(adopter, today),
        region_uses=_uses_of(Adopter(region_id=near.pk), today) if near else None,
        lines=tuple(_lines(adopter, today)),
        can_change=can_adopt(actor, adopter.authority_id, adopter.region_id),
        today=today,
    )


def _uses_of(adopter: Adopter, today: date) -> Uses:
    try:
        found = _in_use(adopter, today)
    except NotVisible:
        return Uses(None, ())
    return Uses(_used_line(found.main), tuple(_used_line(row) for row in found.beside))


def _in_use(adopter: Adopter, on: date) -> InUse:
    if adopter.region_id is not None:
        return used_by_region(adopter.region_id, on)
    return in_use(adopter.authority_id or 0, on)


def _used_line(used: EditionUsed) -> UsedLine:
    chosen = used.measure_ids
    return UsedLine(
        edition=used.edition,
        adoption_id=used.adoption_id,
        by_region=used.by_region,
        measure_count=measure_count(used.edition.id) if chosen is None else len(chosen),
        is_subset=chosen is not None,
        max_measures=used.max_measures,
        packs=tuple(pack.name for pack in used.packs()),
    )


def adoptions_of(adopter: Adopter) -> QuerySet[Adoption]:
    """The adopter's own adoptions, the latest begun first. No actor: the caller has shown the adopter."""
    rows = Adoption.objects.select_related("edition__framework").order_by("-from_on", "-pk")
    if adopter.region_id is not None:
        return rows.filter(region_id=adopter.region_id)
    return rows.filter(authority_id=adopter.authority_id or 0)


def spans_of(adopter: Adopter) -> list[Span]:
    return [_span(row) for row in adoptions_of(adopter)]


def _span(row: Adoption) -> Span:
    return Span(
        row.pk, row.edition_id, row.edition.framework.slug, row.is_main, row.from_on, row.to_on
    )


def _lines(adopter: Adopter, today: date) -> Iterable[AdoptionLine]:
    rows = list(
        adoptions_of(adopter).annotate(
            chosen=Count("measures", distinct=True),
            own_packs=Count("packs", distinct=True),
            whole=Count("edition__measures", distinct=True),
        )
    )
    spans = [_span(row) for row in rows]
    for row, span in zip(rows, spans, strict=True):
        yield AdoptionLine(
            id=row.pk,
            edition=info_of(row.edition),
            from_on=row.from_on,
            to_on=row.to_on,
            is_main=row.is_main,
            measure_count=row.chosen or row.whole,
            is_subset=bool(row.chosen),
            max_measures=row.max_measures,
            pack_count=row.own_packs,
            reference=row.reference,
            state=state_of(span, spans, today),
        )


def visible_adoption(actor: Actor, adoption_id: int) -> Adoption:
    """An adoption of the actor's authority, or of its region. NotVisible for another's, and for suppliers."""
    rows = Adoption.objects.select_related("edition__framework", "authority", "region")
    if not actor.is_system:
        if not is_buyer(actor) or actor.organisation_id is None:
            raise NotVisible
        near = [row.pk for row in _regions(actor)]
        rows = rows.filter(Q(authority_id=actor.organisation_id) | Q(region_id__in=near))
    found = rows.filter(pk=adoption_id).first()
    if found is None:
        raise NotVisible
    return found


def adopter_behind(row: Adoption) -> Adopter:
    return Adopter(row.authority_id, row.region_id)


def adoption_detail(actor: Actor, adoption_id: int) -> AdoptionDetail:
    """One adoption with everything it says. NotVisible as ``visible_adoption``."""
    row = visible_adoption(actor, adoption_id)
    today = clock.today()
    adopter = adopter_behind(row)
    chosen = frozenset(row.measures.values_list("pk", flat=True))
    whole = measures_of(row.edition_id)
    region = RegionTab(row.region.slug, row.region.name) if row.region else None
    names = organisation_names([row.authority_id] if row.authority_id else [])
    return AdoptionDetail(
        id=row.pk,
        version=row.version,
        adopter=adopter,
        adopter_name=region.name if region else names[row.authority_id or 0],
        region=region,
        edition=info_of(row.edition),
        from_on=row.from_on,
        to_on=row.to_on,
        is_main=row.is_main,
        max_measures=row.max_measures,
        reference=row.reference,
        adopted_at=row.adopted_at,
        adopted_by=str(row.adopted_by) if row.adopted_by else "",
        state=state_of(_span(row), spans_of(adopter), today),
        chosen_ids=chosen,
        measures=tuple(info for info in whole if not chosen or info.id in chosen),
        edition_measures=len(whole),
        own_packs=tuple(adopted_packs(row.pk)),
        packs=tuple(packs_used(row.edition_id, row.pk, chosen or None)),
        history=tuple(history_of(target_type="adoption", target_id=row.pk)),
        can_change=can_adopt(actor, adopter.authority_id, adopter.region_id),
        today=today,
    )


def adoptable(actor: Actor, adopter: Adopter) -> QuerySet[Edition]:
    """Published, not withdrawn, and visible to the actor; for a region, to everybody in it."""
    rows = visible_editions(actor)
    if adopter.region_id is not None:
        rows = rows.filter(Q(holder__isnull=True) | Q(region_id=adopter.region_id))
    return rows


def adoptable_editions(actor: Actor, region_slug: str = "") -> list[EditionInfo]:
    """What may be adopted: the open set first, then by family; the newest of a family first."""
    rows = adoptable(actor, adopter_of(actor, region_slug)).order_by(
        "framework__name", "-valid_from", "-slug"
    )
    return sorted(
        (info_of(row) for row in rows),
        key=lambda row: row.framework_slug != DEFAULT_FRAMEWORK,
    )


def adoptable_edition(actor: Actor, edition_slug: str, region_slug: str = "") -> EditionInfo:
    """One of them by slug. NotVisible when it is not among them."""
    found = adoptable(actor, adopter_of(actor, region_slug)).filter(slug=edition_slug).first()
    if found is None:
        raise NotVisible(f"There is no published edition called {edition_slug!r} to adopt.")
    return info_of(found)


def edition_shown_first(actor: Actor, on: date) -> str:
    """The slug of the edition the list of measures opens with: what the actor's authority uses."""
    if is_buyer(actor) and actor.organisation_id is not None:
        slug = in_use(actor.organisation_id, on).main.edition.slug
        if visible_editions(actor).filter(slug=slug).exists():
            return slug
    return current_edition(on).slug
