"""The one door to the ledger. Entries are added, never changed: a correction is a new entry that names the old one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, F, Max, Min, QuerySet, Value
from django.db.models.functions import Cast, Concat, Now

from procurement.events import entries_posted
from procurement.ledger.models import LedgerEntry, PendingPosting
from procurement.ledger.queries import standing_of_claims
from procurement.ledger.rules import (
    MAX_VALUE_PENCE,
    TOO_MUCH,
    Posting,
    check_posting,
    in_rows,
)
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, RuleBroken

POSTED_ALREADY = "This was posted already. Open the page again to see it."


@transaction.atomic
def post_entries(*, actor: Actor, postings: Sequence[Posting]) -> list[LedgerEntry]:
    """Write the entries and, in the same transaction, the feed rows from which the totals are rolled up.

    Called by the service whose deed is posted, which has asked whether the actor may do it and records it in the
    audit. Raises RuleBroken for a posting that cannot stand, Conflict when one of the keys is posted already.
    """
    if not postings:
        return []
    for posting in postings:
        check_posting(posting)
    entries = _insert(actor, postings)
    _announce(sorted(entry.pk for entry in entries))
    return entries


@transaction.atomic
def post_selected(
    *, actor: Actor, sources: QuerySet[Any], columns: Mapping[str, Any], count: int
) -> list[int]:
    """The same door for very many at once: the database makes one entry of each row of a query.

    ``columns`` gives, by the names of a ``Posting``, an expression over ``sources``; names left out are empty.
    ``count`` is how many rows there are to be: with any other number nothing is posted. Every guarantee of
    ``post_entries`` holds: keys are unique, the feed is written with the entries, and what could not stand there is
    refused here, by the same limits and by the constraints of the table. Returns the ids of the entries.
    """
    if not count:
        return []
    found = sources.order_by().annotate(entry_value=columns["value_pence"])
    limits = found.aggregate(most=Max("entry_value"), least=Min("entry_value"))
    if max(limits["most"] or 0, -(limits["least"] or 0)) > MAX_VALUE_PENCE:
        raise RuleBroken(TOO_MUCH, field="quantity")
    given = {"reason": Value(""), **columns, "posted_at": Value(clock.now())}
    if actor.user_id is not None:
        given["posted_by_id"] = Value(actor.user_id)
    ids = _insert_selected(sources, given)
    if len(ids) != count:
        raise Conflict("Something changed while this was posted. Nothing was: try again.")
    _announce(ids)
    return ids


@transaction.atomic
def reverse_claims(
    *, actor: Actor, basis: str, claims: QuerySet[Any], count: int, reason: str
) -> list[int]:
    """Take all that stands for these claims on a basis out of every total, in one statement. Conflict unless
    ``count`` entries stand. RuleBroken without a reason."""
    if not reason.strip():
        raise RuleBroken("Say why the entry is reversed.", field="reason")
    same = (
        "basis", "authority_id", "supplier_id", "edition_id", "theme_id", "measure_id", "contract_id", "commitment_id",
        "claim_id", "verification_id", "period",
    )  # fmt: skip
    columns: dict[str, Any] = {name: F(name) for name in same}
    columns |= {name: -F(name) for name in ("quantity", "denominator", "value_pence")}
    columns |= {
        "corrects_id": F("pk"),
        "reason": Value(reason.strip()[:500]),
        "posting_key": Concat(
            Value("claim:"), _text("claim_id"), Value(":reverses:"), _text("pk")
        ),
    }  # fmt: skip
    entries = standing_of_claims(basis=basis, claims=claims)
    return post_selected(actor=actor, sources=entries, columns=columns, count=count)


def _text(name: str) -> Cast:
    return Cast(name, CharField())


def _insert_selected(sources: QuerySet[Any], given: Mapping[str, Any]) -> list[int]:
    """One statement; the ids of its rows, in order."""
    named = {f"entry_{name}": expression for name, expression in given.items()}
    rows = sources.order_by().annotate(**named).values_list(*named)
    select, parameters = rows.query.sql_with_params()
    quote = connection.ops.quote_name
    fields: list[Any] = [LedgerEntry._meta.get_field(name.removesuffix("_id")) for name in given]
    into = ", ".join(quote(field.column) for field in fields)
    table, key = quote(LedgerEntry._meta.db_table), quote("id")
    sql = f"INSERT INTO {table} ({into}) {select} RETURNING {key}"  # our own names
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return sorted(row[0] for row in cursor.fetchall())
    except IntegrityError as error:
        if "posting_key" in str(error):
            raise Conflict(POSTED_ALREADY) from error
        raise


def _announce(ids: Sequence[int]) -> None:
    """The rows of the feed, in the transaction of their entries."""
    # The database's own time: how far the totals are behind is measured in real time, also when the clock is held.
    PendingPosting.objects.bulk_create(
        PendingPosting(entry_ids=part, posted_at=Now()) for part in in_rows(ids)
    )
    entries_posted.send(sender=LedgerEntry, entry_ids=list(ids))


def _insert(actor: Actor, postings: Sequence[Posting]) -> list[LedgerEntry]:
    at = clock.now()
    rows = [_row(posting) for posting in postings]
    for row in rows:
        row.posted_at = at
        row.posted_by_id = actor.user_id
    try:
        with transaction.atomic():
            return LedgerEntry.objects.bulk_create(rows, batch_size=1_000)
    except IntegrityError as error:
        keys = [posting.posting_key for posting in postings]
        if len(set(keys)) < len(keys) or LedgerEntry.objects.filter(posting_key__in=keys).exists():
            raise Conflict(POSTED_ALREADY) from error
        raise


def _row(posting: Posting) -> LedgerEntry:
    return LedgerEntry(
        basis=posting.basis,
        authority_id=posting.authority_id,
        supplier_id=posting.supplier_id,
        edition_id=posting.edition_id,
        theme_id=posting.theme_id,
        measure_id=posting.measure_id,
        contract_id=posting.contract_id,
        commitment_id=posting.commitment_id,
        claim_id=posting.claim_id,
        verification_id=posting.verification_id,
        period=posting.period,
        quantity=posting.quantity,
        denominator=posting.denominator,
        value_pence=posting.value_pence,
        corrects_id=posting.corrects_id,
        reason=posting.reason,
        posting_key=posting.posting_key,
    )
