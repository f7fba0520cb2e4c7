"""The record of one organisation and of one thing: every deed and every access, searched, filtered, with what changed.

The caller has shown that the actor may read the record of the organisation they act for, or the thing it is about.
What a room keeps to fewer people, or for later, it says itself in a ``Telling``: audit knows no room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.module_loading import import_string

from socialvalue.audit.models import AccessRecord, AuditRecord
from socialvalue.audit.rules import (
    Change,
    changes,
    changes_in_words,
    words_of,
)
from socialvalue.audit.vocabulary import AccessKind
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.money import without_social_value
from socialvalue.core.tables import Column, Table


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """What the record is narrowed to. ``kind`` is the code of a deed or of an access; both days count."""

    q: str = ""
    person: str = ""
    kind: str = ""
    first: date | None = None
    last: date | None = None
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A row as a room may tell it again: its number, the thing it is about, and its sentence."""

    id: int
    target_id: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Telling:
    """What holds for some deeds beside the right to read the record.

    ``until``: they are told once this deed was done on the same procurement. ``values_for``: who reads what they
    changed. ``again``: their sentences as this actor may read them, by number; a search does not look into them.
    """

    deeds: frozenset[str]
    until: str = ""
    values_for: Callable[[Actor], bool] | None = None
    again: Callable[[Actor, Sequence[Told]], Mapping[int, str]] | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The deeds of one thing that an actor may read, as the room it is in says. ``targets`` are types and numbers.

    ``procurement_id`` adds everything that hangs from it; ``organisation_ids`` keeps to what these did, and
    ``without_deeds`` leaves some out.
    """

    title: str
    url: str
    targets: tuple[tuple[str, int], ...] = ()
    procurement_id: int | None = None
    organisation_ids: tuple[int, ...] | None = None
    without_deeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeedLine:
    """One deed. ``changes`` are the values it set; ``is_told`` is whether this reader may see them."""

    id: int
    at: datetime
    who: str
    organisation: str
    deed: str
    sentence: str
    target_type: str
    target_id: int | None
    changes: tuple[Change, ...]
    request_id: str

    @property
    def kind(self) -> str:
        return deed_label(self.deed)

    @property
    def about(self) -> str:
        return f"{target_label(self.target_type)} {self.target_id or ''}".strip()

    def without_social_value(self) -> DeedLine:
        """The same where only counts are shown: its pounds of social value are not told."""
        kept = without_social_value
        return replace(
            self,
            sentence=kept(self.sentence),
            changes=tuple(
                replace(row, before=kept(row.before), after=kept(row.after))
                for row in self.changes
                if not row.is_social_value
            ),
        )


@dataclass(frozen=True, slots=True)
class AccessLine:
    id: int
    at: datetime
    who: str
    kind: str
    sentence: str
    address: str
    request_id: str


DEED_SORTS = {"at": ("at", "id"), "who": ("actor_name", "id"), "deed": ("deed", "id")}
ACCESS_SORTS = {"at": ("at", "id"), "who": ("actor_name", "id"), "kind": ("kind", "id")}


# --- words ----------------------------------------------------------------------------------------


def deed_names() -> dict[str, str]:
    """Every deed's words by its code, as the rooms' vocabularies have them."""
    return {
        code: label for path in settings.DEED_NAMES for code, label in import_string(path).choices
    }


def deed_label(code: str) -> str:
    return deed_names().get(code) or words_of(code)


def target_label(target_type: str) -> str:
    """``cabinetreport`` as ``Cabinet report``."""
    return settings.RECORD_NAMES.get(target_type) or words_of(target_type)


def tellings() -> list[Telling]:
    """What the rooms keep to fewer people, as ``settings.RECORD_TELLINGS`` names it."""
    return [telling for path in settings.RECORD_TELLINGS for telling in import_string(path)()]


# --- deeds ----------------------------------------------------------------------------------------


def deeds_of_organisation(actor: Actor, wanted: RecordFilter) -> QuerySet[AuditRecord]:
    """What people did for the organisation the actor acts for, newest first."""
    rows = AuditRecord.objects.filter(organisation_id__in=actor.organisation_ids)
    return _narrowed(_told(rows), wanted)


def deeds_of_thing(scope: Scope, wanted: RecordFilter) -> QuerySet[AuditRecord]:
    """What was done on one thing, by everybody its room tells of, newest first."""
    about = Q(pk__in=())
    for target_type, target_id in scope.targets:
        about |= Q(target_type=target_type, target_id=target_id)
    if scope.procurement_id is not None:
        about |= Q(procurement_id=scope.procurement_id)
    rows = AuditRecord.objects.filter(about).exclude(deed__in=scope.without_deeds)
    if scope.organisation_ids is not None:
        rows = rows.filter(organisation_id__in=scope.organisation_ids)
    return _narrowed(_told(rows), wanted)


def _told(rows: QuerySet[AuditRecord]) -> QuerySet[AuditRecord]:
    """Without what is not told yet."""
    for telling in tellings():
        if telling.until:
            done = AuditRecord.objects.filter(
                procurement_id=OuterRef("procurement_id"), deed=telling.until
            )
            rows = rows.exclude(Q(deed__in=telling.deeds) & ~Exists(done))
    return rows


def _narrowed(rows: QuerySet[AuditRecord], wanted: RecordFilter) -> QuerySet[AuditRecord]:
    if wanted.q:
        again = frozenset[str]().union(*(t.deeds for t in tellings() if t.again))
        found = Q(sentence__icontains=wanted.q) & ~Q(deed__in=again)
        rows = rows.filter(
            found | Q(actor_name__icontains=wanted.q) | Q(request_id__iexact=wanted.q)
        )
    if wanted.kind:
        rows = rows.filter(deed=wanted.kind)
    return _of_person_and_days(rows, wanted).order_by(*_order(DEED_SORTS, wanted.sort))


def _of_person_and_days(rows: QuerySet[Any], wanted: RecordFilter) -> QuerySet[Any]:
    if wanted.person.isdecimal():
        rows = rows.filter(user_id=int(wanted.person))
    if wanted.first:
        rows = rows.filter(at__gte=clock.start_of(wanted.first))
    if wanted.last:
        rows = rows.filter(at__lt=clock.end_of(wanted.last))
    return rows


def _order(sorts: Mapping[str, tuple[str, ...]], sort: str) -> list[str]:
    columns = sorts.get(sort.removeprefix("-"), sorts["at"])
    is_down = sort.startswith("-") or not sort
    return [f"-{column}" if is_down else column for column in columns]


def deed_lines(actor: Actor, rows: Sequence[AuditRecord], *, with_values: bool) -> list[DeedLine]:
    """Rows as this actor reads them. What changed is told of what their own organisation did, ``with_values``."""
    limits = tellings()
    sentences = _sentences(actor, rows, limits)
    kept_from = frozenset[str]().union(
        *(t.deeds for t in limits if t.values_for and not t.values_for(actor))
    )
    lines = []
    for row in rows:
        is_told = (
            with_values
            and row.organisation_id in actor.organisation_ids
            and row.deed not in kept_from
        )
        lines.append(
            DeedLine(
                id=row.pk,
                at=row.at,
                who=row.actor_name,
                organisation=row.organisation_name,
                deed=row.deed,
                sentence=sentences.get(row.pk, row.sentence),
                target_type=row.target_type,
                target_id=row.target_id,
                changes=changes(row.before, row.after) if is_told else (),
                request_id=row.request_id,
            )
        )
    return lines


def _sentences(
    actor: Actor, rows: Sequence[AuditRecord], limits: Sequence[Telling]
) -> dict[int, str]:
    said: dict[int, str] = {}
    for telling in limits:
        if telling.again:
            of_it = [
                Told(row.pk, row.target_id, row.sentence)
                for row in rows
                if row.deed in telling.deeds
            ]
            said |= telling.again(actor, of_it) if of_it else {}
    return said


def deed_kinds(actor: Actor) -> list[tuple[str, str]]:
    """The kinds of deed that were done for the acting organisation, by their words."""
    codes = (
        _told(AuditRecord.objects.filter(organisation_id__in=actor.organisation_ids))
        .order_by()
        .values_list("deed", flat=True)
        .distinct()
    )
    return sorted(((code, deed_label(code)) for code in codes), key=lambda pair: pair[1])


def deed_table(lines: Sequence[DeedLine], caption: str) -> Table:
    return Table(
        caption,
        [
            Column("When", width=22),
            Column("Who", width=24),
            Column("For", width=24),
            Column("What was done", width=60),
            Column("Kind", width=24),
            Column("About", width=24),
            Column("What changed", width=50),
            Column("Request", width=34),
        ],
        [
            (
                line.at.astimezone(clock.LONDON).isoformat(sep=" ", timespec="seconds"),
                line.who,
                line.organisation,
                line.sentence,
                line.kind,
                line.about,
                changes_in_words(line.changes),
                line.request_id,
            )
            for line in lines
        ],
    )


# --- accesses -------------------------------------------------------------------------------------


def accesses_of_organisation(actor: Actor, wanted: RecordFilter) -> QuerySet[AccessRecord]:
    """Who came in, took files out or was refused, of the organisation the actor acts for, newest first."""
    rows = AccessRecord.objects.filter(organisation_id__in=actor.organisation_ids)
    if wanted.q:
        rows = rows.filter(
            Q(sentence__icontains=wanted.q)
            | Q(actor_name__icontains=wanted.q)
            | Q(address__icontains=wanted.q)
            | Q(request_id__iexact=wanted.q)
        )
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    return _of_person_and_days(rows, wanted).order_by(*_order(ACCESS_SORTS, wanted.sort))


def access_lines(rows: Sequence[AccessRecord]) -> list[AccessLine]:
    names = dict(AccessKind.choices)
    return [
        AccessLine(
            row.pk,
            row.at,
            row.actor_name,
            names.get(row.kind, words_of(row.kind)),
            row.sentence,
            row.address,
            row.request_id,
        )
        for row in rows
    ]


def access_table(lines: Sequence[AccessLine]) -> Table:
    return Table(
        "Accesses",
        [
            Column("When", width=22),
            Column("Who", width=24),
            Column("Kind", width=24),
            Column("What happened", width=60),
            Column("Page", width=40),
            Column("Request", width=34),
        ],
        [
            (
                line.at.astimezone(clock.LONDON).isoformat(sep=" ", timespec="seconds"),
                line.who,
                line.kind,
                line.sentence,
                line.address,
                line.request_id,
            )
            for line in lines
        ],
    )
