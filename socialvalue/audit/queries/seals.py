"""The chain of daily seals: what is sealed, what each seal says, and whether the rows are as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Model, QuerySet
from django.utils.module_loading import import_string

from socialvalue.audit.models import AccessRecord, AuditRecord, DailySeal, SealMarks
from socialvalue.audit.rules import (
    ACCESS_RECORD_DAYS,
    ACCESSES,
    Part,
    PartDigest,
    Seal,
    chain_fault,
    departs,
    first_difference,
    part_of,
    told,
)
from socialvalue.core import clock

AT_ONCE = 5_000
"""How many rows are held in memory."""


@dataclass(frozen=True, slots=True)
class SealedSource:
    """A table whose rows never change, and which columns of it are sealed. ``columns`` has ``id`` first.

    ``kept_days`` is set where rows are removed at the end of their time.
    """

    name: str
    rows: QuerySet[Any]
    columns: tuple[str, ...]
    kept_days: int | None = None

    @property
    def table(self) -> str:
        return self.rows.model._meta.db_table

    def newest_id(self) -> int:
        """The highest number given out so far; 0 before the first row."""
        return self.rows.order_by().aggregate(newest=Max("id"))["newest"] or 0

    def between(
        self, after_id: int, last_id: int, columns: Sequence[str]
    ) -> Iterator[dict[str, Any]]:
        """The rows after ``after_id`` up to ``last_id``, in the order of their ids, a few thousand at a time."""
        while True:
            rows = self.rows.filter(id__gt=after_id, id__lte=last_id).order_by("id")
            piece = list(rows.values(*columns)[:AT_ONCE])
            yield from piece
            if len(piece) < AT_ONCE:
                return
            after_id = piece[-1]["id"]


def source_of(
    name: str, model: type[Model], *, columns: Sequence[str], kept_days: int | None = None
) -> SealedSource:
    """A table as a source of the seals, for the rooms that name one in ``SEALED_ROWS``."""
    return SealedSource(name, model._default_manager.all(), ("id", *columns), kept_days)


def deeds() -> SealedSource:
    return source_of(
        "deeds",
        AuditRecord,
        columns=(
            "at",
            "user_id",
            "actor_name",
            "organisation_id",
            "organisation_name",
            "deed",
            "sentence",
            "target_type",
            "target_id",
            "procurement_id",
            "before",
            "after",
            "request_id",
        ),
    )


def accesses() -> SealedSource:
    return source_of(
        ACCESSES,
        AccessRecord,
        columns=(
            "at",
            "user_id",
            "actor_name",
            "organisation_id",
            "kind",
            "sentence",
            "address",
            "subject",
            "request_id",
        ),
        kept_days=ACCESS_RECORD_DAYS,
    )


def sealed_sources() -> list[SealedSource]:
    """What the next seal covers, as ``settings.SEALED_ROWS`` names it: audit knows none of the rooms above it."""
    named: list[Callable[[], SealedSource]] = [import_string(path) for path in settings.SEALED_ROWS]
    return [one() for one in named]


def digest_of(
    source: SealedSource, after_id: int, last_id: int, columns: Sequence[str]
) -> PartDigest:
    """The digest of these rows as they are now."""
    found = PartDigest()
    for row in source.between(after_id, last_id, columns):
        found.add(row)
    return found


# --- the chain ------------------------------------------------------------------------------------


def seal_of(row: DailySeal) -> Seal:
    """A kept seal as a value. KeyError, TypeError or ValueError when its parts are not what a seal has."""
    return Seal(
        number=row.number,
        day=row.day,
        made_at=row.made_at,
        parts=tuple(part_of(part) for part in row.parts),
        previous_digest=row.previous_digest,
        digest=row.digest,
    )


def newest_seal() -> Seal | None:
    row = DailySeal.objects.order_by("-number").first()
    return None if row is None else seal_of(row)


def ends_of_chain() -> dict[str, int]:
    """By source, the last id that any seal covers."""
    ends: dict[str, int] = {}
    for row in DailySeal.objects.order_by("number"):
        ends |= {part["source"]: part["last_id"] for part in row.parts}
    return ends


def chain() -> list[dict[str, Any]]:
    """Every seal, oldest first, as it is handed out: everything it says, and its digest."""
    rows = DailySeal.objects.order_by("number")
    return [told(seal) | {"digest": seal.digest} for seal in map(seal_of, rows)]


def chain_departs(kept: Sequence[Mapping[str, Any]]) -> int | None:
    """The number of the first seal in which a chain taken out before is not today's; None when it is."""
    today = dict(DailySeal.objects.values_list("number", "digest"))
    return departs(kept, today)


# --- holding the rows against it ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SealFault:
    """The first thing that is not as it was sealed. ``source`` and ``row_id`` are empty where the seal itself is."""

    seal: int
    sentence: str
    source: str = ""
    row_id: int | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at. ``fault`` is None when everything is as it was sealed.

    ``rows`` counts by source the rows held against a seal; ``removed`` those that went at the end of their time, which
    nothing but the seal tells of; ``waiting`` those that the next seal will cover.
    """

    seals: int
    newest_digest: str
    newest_day: date | None
    fault: SealFault | None
    rows: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)


def verify_seals() -> Verified:
    """Hold every sealed row against its seal, oldest first, and stop at the first that differs."""
    sources = {source.name: source for source in sealed_sources()}
    rows: dict[str, int] = {}
    removed: dict[str, int] = {}
    ends: dict[str, int] = {}
    before: Seal | None = None
    fault: SealFault | None = None
    seals = 0
    for kept in DailySeal.objects.order_by("number"):
        seal, fault = _link(before, kept, ends)
        if seal is None or fault:
            break
        for part in seal.parts:
            gone, fault = _part_fault(seal, part, sources.get(part.source))
            if fault:
                break
            counted = removed if gone else rows
            counted[part.source] = counted.get(part.source, 0) + part.count
            ends[part.source] = part.last_id
        if fault:
            break
        before, seals = seal, seals + 1
    fault = fault or _tail_fault(seals)
    waiting = {
        name: source.rows.filter(id__gt=ends.get(name, 0)).count()
        for name, source in sources.items()
    }
    digest = before.digest if before else ""
    newest_day = before.day if before else None
    return Verified(seals, digest, newest_day, fault, rows, removed, {} if fault else waiting)


def _link(
    before: Seal | None, kept: DailySeal, ends: dict[str, int]
) -> tuple[Seal | None, SealFault | None]:
    try:
        seal = seal_of(kept)
    except (KeyError, TypeError, ValueError):
        said = f"Seal {kept.number} was changed: what it says is not what a seal says."
        return None, SealFault(kept.number, said)
    sentence = chain_fault(before, seal)
    if sentence:
        return seal, SealFault(seal.number, sentence)
    for part in seal.parts:
        if part.after_id != ends.get(part.source, 0):
            said = f"Seal {seal.number} does not begin where the seal before it ended, in {part.source}."
            return seal, SealFault(seal.number, said, part.source)
    return seal, None


def _tail_fault(seals: int) -> SealFault | None:
    """A seal taken away at the end of the chain leaves its marks."""
    if SealMarks.objects.filter(number__gt=seals).exists():
        return SealFault(seals + 1, f"Seal {seals + 1} is missing.")
    return None


def _part_fault(
    seal: Seal, part: Part, source: SealedSource | None
) -> tuple[bool, SealFault | None]:
    """Whether the rows went at the end of their time, and what is wrong with them."""
    if source is None:
        said = (
            f"Seal {seal.number} covers {part.source}, which this service does not know any more."
        )
        return False, SealFault(seal.number, said, part.source)
    found = digest_of(source, part.after_id, part.last_id, part.columns)
    if (found.count, found.hexdigest()) == (part.count, part.digest):
        return False, None
    if source.kept_days is not None and not found.count:
        over = seal.made_at + timedelta(days=source.kept_days)
        if over < clock.now():
            return True, None
    return False, _named(seal, part, found)


def _named(seal: Seal, part: Part, found: PartDigest) -> SealFault:
    kept = SealMarks.objects.filter(number=seal.number, source=part.source).first()
    differing = first_difference(bytes(kept.marks), bytes(found.marks)) if kept else None
    if differing is None:
        said = (
            f"Under seal {seal.number} of {seal.day.isoformat()}, {part.source} numbered {part.after_id + 1} to "
            f"{part.last_id} are not as they were sealed: {part.count} were sealed, {found.count} are there. "
            "Which one differs cannot be said, because the marks of the seal were changed as well."
        )
        return SealFault(seal.number, said, part.source)
    row_id, how = differing
    said = (
        f"Under seal {seal.number} of {seal.day.isoformat()}, row {row_id} of {part.source} {how}."
    )
    return SealFault(seal.number, said, part.source, row_id)
