"""A council's own statement of priorities, as its policy owner writes it.

A statement that has begun was worked under: its words may be corrected and a priority that was forgotten added, its
last day may change, and another may follow it. Its first day, its codes and its priorities stay. One still to come may
change in everything, but a priority that something serves is unlinked before it goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.periods import uk_date
from toms.priorities.models import Priority, PriorityLink, PrioritySet
from toms.priorities.permissions import may_start, why_not_write
from toms.priorities.queries import codes_elsewhere, own_spans
from toms.priorities.rules import (
    ONE_DAY,
    RowInput,
    check_dates,
    check_rows,
    join_source,
    span_to_end,
    stem_of,
    with_codes,
)
from toms.priorities.services.holding import (
    as_it_is,
    authority_of,
    check_version,
    held,
    said,
    save,
    write_last_day,
)
from toms.priorities.vocabulary import PriorityLevel, StatementDeed

HAS_BEGUN = "This statement has begun, so it stays. Give it a last day instead."


@transaction.atomic
def start_statement(
    *,
    actor: Actor,
    name: str,
    document: str,
    address: str,
    valid_from: date,
    valid_to: date | None,
    rows: Sequence[RowInput],
) -> str:
    """Write the acting authority's statement. Returns its slug.

    An earlier one without a last day ends on the day before; RuleBroken where one would overlap otherwise.
    """
    if not may_start(actor) or actor.organisation_id is None:
        raise NotAllowed(why_not_write(actor, PriorityLevel.COUNCIL, None))
    authority_id = actor.organisation_id
    _check(name, valid_from, valid_to)
    _end_the_one_before(actor, authority_id, valid_from, valid_to)
    found = PrioritySet.objects.create(
        slug=_slug(actor.organisation_name, valid_from),
        name=name.strip(),
        level=PriorityLevel.COUNCIL,
        source=join_source(document, address),
        valid_from=valid_from,
        valid_to=valid_to,
        authority_id=authority_id,
    )
    _write_rows(found, _coded(found, actor, rows), {})
    record(
        actor=actor,
        deed=StatementDeed.STATEMENT_BEGUN,
        sentence=f"“{found.name}” written, with {len(rows)} priorit{'y' if len(rows) == 1 else 'ies'}.",
        target=found,
        after=as_it_is(found),
    )
    return found.slug


@transaction.atomic
def correct_statement(
    *,
    actor: Actor,
    slug: str,
    expected_version: int,
    name: str,
    document: str,
    address: str,
    rows: Sequence[RowInput],
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> None:
    """Change its words and priorities; its days too while it is still to come (else they are not looked at)."""
    found = held(actor, slug)
    source = join_source(document, address)
    sent: dict[str, Any] = {"name": name.strip(), "source": source, "priorities": said(rows)}
    has_begun = found.valid_from <= clock.today()
    first, last = found.valid_from, found.valid_to
    if not has_begun and valid_from is not None:
        first, last = valid_from, valid_to
        sent |= {"valid_from": first, "valid_to": last}
    check_version(found, expected_version, sent)
    _check(name, first, last)
    if (first, last) != (found.valid_from, found.valid_to):
        _end_the_one_before(actor, found.authority_id, first, last, but=found.pk)
    before = as_it_is(found)
    kept = {row.pk: row for row in Priority.objects.filter(priority_set=found)}
    coded = _coded(found, actor, _matched(rows, kept))
    _check_what_goes(coded, kept, has_begun=has_begun)
    save(found, name=name.strip(), source=source, valid_from=first, valid_to=last)
    _write_rows(found, coded, kept)
    after = as_it_is(found)
    if before != after:
        record(
            actor=actor,
            deed=StatementDeed.STATEMENT_CORRECTED,
            sentence=f"“{found.name}” corrected.",
            target=found,
            before={key: text for key, text in before.items() if after[key] != text},
            after={key: text for key, text in after.items() if before[key] != text},
        )


@transaction.atomic
def set_last_day(*, actor: Actor, slug: str, expected_version: int, valid_to: date | None) -> None:
    """End it, or let it run on. RuleBroken before its first day, or where another one would overlap."""
    found = held(actor, slug)
    check_version(found, expected_version, {"valid_to": valid_to})
    check_dates(found.valid_from, valid_to)
    others = own_spans(authority_of(found), but=found.pk)
    later = next((row for row in others if row.meets(found.valid_from, valid_to)), None)
    if later is not None:
        raise RuleBroken(
            f"“{later.name}” starts on {uk_date(later.first)}, so this one ends before that day.",
            field="valid_to",
        )
    write_last_day(actor, found, valid_to)


@transaction.atomic
def drop_statement(*, actor: Actor, slug: str, expected_version: int) -> None:
    """Take away a statement that is still to come, with its links. Conflict once it has begun."""
    found = held(actor, slug)
    check_version(found, expected_version, {})
    if found.valid_from <= clock.today():
        raise Conflict(HAS_BEGUN)
    record(
        actor=actor,
        deed=StatementDeed.STATEMENT_DROPPED,
        sentence=f"“{found.name}” taken away before it began.",
        target=found,
        before=as_it_is(found),
    )
    Priority.objects.filter(priority_set=found).delete()
    found.delete()


def _check(name: str, first: date, last: date | None) -> None:
    if not name.strip():
        raise RuleBroken("Enter the name of the statement.", field="name")
    check_dates(first, last)


def _end_the_one_before(
    actor: Actor,
    authority_id: int | None,
    first: date,
    last: date | None,
    *,
    but: int | None = None,
) -> None:
    if authority_id is None:
        return
    ends = span_to_end(own_spans(authority_id, but=but), first, last)
    if ends is not None:
        earlier = PrioritySet.objects.select_for_update(of=("self",)).get(pk=ends.id)
        write_last_day(actor, earlier, first - ONE_DAY)


def _slug(name: str, first: date) -> str:
    """``warwickshire-county-council-2026``, with a number behind it where that is taken."""
    stem = f"{slugify(name)[:50].strip('-')}-{first.year}"
    taken = set(PrioritySet.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _coded(found: PrioritySet, actor: Actor, rows: Sequence[RowInput]) -> list[RowInput]:
    """The rows with their codes, checked."""
    elsewhere = codes_elsewhere(authority_of(found), but=found.pk)
    coded = with_codes(
        rows, stem=stem_of(actor.organisation_name, found.valid_from), taken=elsewhere
    )
    check_rows(coded, elsewhere=elsewhere)
    return coded


def _matched(rows: Sequence[RowInput], kept: Mapping[int, Priority]) -> list[RowInput]:
    """A row typed again with the code of one that is there is that one; an unknown key is a new row."""
    by_code = {row.code: pk for pk, row in kept.items()}
    return [
        RowInput(
            row.id if row.id in kept else by_code.get(row.code.strip().upper()),
            row.code, row.name, row.about,
        )
        for row in rows
    ]  # fmt: skip


def _check_what_goes(
    rows: Sequence[RowInput], kept: Mapping[int, Priority], *, has_begun: bool
) -> None:
    """RuleBroken when a priority would go, or take another code, that is in use."""
    staying = {row.id: row.code for row in rows}
    for pk, row in kept.items():
        what = f"“{row.name}” ({row.code})"
        if pk in staying and staying[pk] != row.code and has_begun:
            raise RuleBroken(f"{what} keeps its code, because the statement has begun.")
        if pk in staying:
            continue
        if has_begun:
            raise RuleBroken(
                f"{what} stays, because the statement has begun. Add it again with the same code, or cancel."
            )
        if PriorityLink.objects.filter(priority_id=pk).exists():
            raise RuleBroken(
                f"{what} has outcomes or measures linked to it. Take its links away first, or add it again with the "
                "same code."
            )


def _write_rows(found: PrioritySet, rows: Sequence[RowInput], kept: Mapping[int, Priority]) -> None:
    staying = {row.id for row in rows}
    Priority.objects.filter(pk__in=[pk for pk in kept if pk not in staying]).delete()
    for row in rows:  # codes may change places: out of the way first
        if row.id is not None and row.id in kept and kept[row.id].code != row.code:
            Priority.objects.filter(pk=row.id).update(code=f"~{row.id}")
    for position, row in enumerate(rows, start=1):
        fields = {
            "code": row.code, "name": row.name.strip(), "about": row.about.strip(), "position": position,
        }  # fmt: skip
        if row.id is not None and row.id in kept:
            Priority.objects.filter(pk=row.id).update(**fields)
        else:
            Priority.objects.create(priority_set=found, **fields)
