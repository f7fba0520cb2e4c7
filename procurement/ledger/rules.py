"""What may be posted. Pure: a posting is a value, and a reversal is the same value with the other sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from procurement.ledger.vocabulary import SupplierSize
from socialvalue.core.errors import RuleBroken

IDS_A_ROW = 1_000
"""At most so many ledger ids in one row of the feed."""

MAX_VALUE_PENCE = 9_999_999_999_999
"""Just under £100 billion: more is a slip of the keyboard, and far from what a cell can hold."""
TOO_MUCH = "This is worth £100 billion or more. Check the quantity."


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months of authorities: those that begin from ``first`` to ``last``, both days counted."""

    authority_ids: tuple[int, ...]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry to be written. ``quantity`` and ``value_pence`` are signed; ``period`` is the first of a month.

    ``posting_key`` says what is posted (at most 80 characters): the same key is refused the second time.
    """

    basis: str
    authority_id: int
    supplier_id: int
    edition_id: int
    theme_id: int
    measure_id: int
    contract_id: int
    commitment_id: int
    period: date
    quantity: Decimal
    value_pence: int
    posting_key: str
    claim_id: int | None = None
    verification_id: int | None = None
    denominator: Decimal | None = None
    corrects_id: int | None = None
    reason: str = ""


class Entry(Protocol):
    """A row of the ledger, as far as a reversal needs it."""

    pk: int
    basis: str
    authority_id: int
    supplier_id: int
    edition_id: int
    theme_id: int
    measure_id: int
    contract_id: int
    commitment_id: int
    claim_id: int | None
    verification_id: int | None
    period: date
    quantity: Decimal
    denominator: Decimal | None
    value_pence: int


def reverse(entry: Entry, key: str, reason: str) -> Posting:
    """The posting that takes ``entry`` out of every total. RuleBroken without a reason."""
    if not reason.strip():
        raise RuleBroken("Say why the entry is reversed.", field="reason")
    return Posting(
        basis=entry.basis,
        authority_id=entry.authority_id,
        supplier_id=entry.supplier_id,
        edition_id=entry.edition_id,
        theme_id=entry.theme_id,
        measure_id=entry.measure_id,
        contract_id=entry.contract_id,
        commitment_id=entry.commitment_id,
        claim_id=entry.claim_id,
        verification_id=entry.verification_id,
        period=entry.period,
        quantity=-entry.quantity,
        denominator=None if entry.denominator is None else -entry.denominator,
        value_pence=-entry.value_pence,
        corrects_id=entry.pk,
        reason=reason.strip()[:500],
        posting_key=key,
    )


def check_posting(posting: Posting) -> None:
    """RuleBroken when a posting could not stand in the ledger."""
    if posting.period.day != 1:
        raise RuleBroken("A period is the first day of a month.")
    if abs(posting.value_pence) > MAX_VALUE_PENCE:
        raise RuleBroken(TOO_MUCH, field="quantity")
    if posting.corrects_id is not None and not posting.reason.strip():
        raise RuleBroken("Say why the entry is corrected.", field="reason")


def size_of(is_sme: bool | None, is_vcse: bool | None) -> SupplierSize:
    """Which size a supplier is by its two answers. None is no answer, and one "no" alone does not say neither."""
    if is_sme and is_vcse:
        return SupplierSize.BOTH
    if is_sme:
        return SupplierSize.SME
    if is_vcse:
        return SupplierSize.VCSE
    if is_sme is None or is_vcse is None:
        return SupplierSize.NOT_STATED
    return SupplierSize.NEITHER


def in_rows(ids: Sequence[int], size: int = IDS_A_ROW) -> Iterator[list[int]]:
    """The ids in lists of at most ``size``, in order."""
    for start in range(0, len(ids), size):
        yield list(ids[start : start + size])
