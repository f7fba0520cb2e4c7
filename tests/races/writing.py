"""People who post all the while, each remembering what was posted: the truth that the cells are held against."""

from __future__ import annotations

import itertools
import random
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from procurement.awards.models import Commitment
from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import has_pending
from procurement.ledger.rules import Posting
from procurement.ledger.services import post_entries
from reporting.rollups import services
from reporting.rollups.models import Cell, CommitmentTotal, ContractCell, ThemeCell
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict
from tests.factories.ledger import posting
from tests.races.crew import GONE, pause, until

BATCH = 40
MONTHS = [date(2025 + at // 12, at % 12 + 1, 1) for at in range(3, 27)]
names = itertools.count()


@dataclass
class Book:
    """What was posted, by commitment. Every writer has a book of their own."""

    quantities: Counter[int] = field(default_factory=Counter)
    entries: int = 0
    again: int = 0
    """Batches sent a second time because the first answer was lost; found posted already."""
    errors: list[Exception] = field(default_factory=list)

    def note(self, rows: Sequence[Posting]) -> None:
        self.entries += len(rows)
        for row in rows:
            self.quantities[row.commitment_id] += int(row.quantity)

    def __add__(self, other: Book) -> Book:
        return Book(
            self.quantities + other.quantities,
            self.entries + other.entries,
            self.again + other.again,
            self.errors + other.errors,
        )


def batch(
    commitments: Sequence[Commitment], chance: random.Random, size: int = BATCH
) -> list[Posting]:
    """Postings over all commitments and months, each with a key of its own."""
    name = next(names)
    return [
        posting(
            chance.choice(commitments),
            period=chance.choice(MONTHS),
            quantity=Decimal(chance.randint(1, 50)),
            key=f"attack:{name}:{number}",
        )
        for number in range(size)
    ]


def post(book: Book, rows: list[Posting]) -> None:
    """Once, whatever happens to the database meanwhile: what was posted already is refused by its key."""
    sent_before = False
    while True:
        try:
            post_entries(actor=SYSTEM, postings=rows)
        except Conflict:
            assert sent_before, "A key was refused that was never sent."
            book.again += 1
        except GONE:
            sent_before = True
            connection.close()
            pause(0.05)
            continue
        book.note(rows)
        return


@contextmanager
def writing(
    commitments: Sequence[Commitment], *, writers: int = 2, seed: int = 1
) -> Iterator[list[Book]]:
    """Post from this many threads until the block ends. Raises what a writer could not post."""
    enough = threading.Event()
    books = [Book() for _ in range(writers)]

    def write(book: Book, chance: random.Random) -> None:
        try:
            while not enough.is_set():
                post(book, batch(commitments, chance))
                enough.wait(chance.uniform(0, 0.02))
        except Exception as error:
            book.errors.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=write, args=(book, random.Random(seed + number)), daemon=True)  # noqa: S311
        for number, book in enumerate(books)
    ]
    for thread in threads:
        thread.start()
    try:
        yield books
    finally:
        enough.set()
        for thread in threads:
            thread.join()
    for book in books:
        assert not book.errors, book.errors


def check(*books: Book) -> Book:
    """The queue empties by itself; then every cell of every level says what was posted, and so does the ledger."""
    book = sum(books, Book())
    until(lambda: not has_pending(), "an empty queue")
    assert LedgerEntry.objects.count() == book.entries
    assert services.reconcile().differences == []
    totals = CommitmentTotal.objects.values_list("commitment_id", "quantity")
    assert {key: int(quantity) for key, quantity in totals} == dict(book.quantities)
    for level in (Cell, ThemeCell, CommitmentTotal, ContractCell):
        assert level.objects.aggregate(n=Sum("entries"))["n"] == book.entries
    return book
