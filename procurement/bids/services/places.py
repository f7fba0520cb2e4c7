"""The places of a tender: one sealed row an invited supplier, and all of them written anew whenever one is.

Whoever compares two copies of the database sees at most that somebody saved something: not how many did, and not who.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction

from procurement.bids.models import Bid
from procurement.bids.queries.places import Place
from procurement.bids.rules.envelopes import (
    Envelope,
    EnvelopeBroken,
    JournalLine,
    place_mark,
    reseal,
    room_for,
    room_of,
    seal,
    unseal,
)
from procurement.bids.vocabulary import BidDeed, BidStatus
from procurement.tenders.queries import (
    invited_to,
    questions_of,
    requirements_of,
    seal_keys,
    tenders_closing,
)
from procurement.tenders.services import lock_tender
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible

EVER = timedelta(days=3650)


@transaction.atomic
def make_places(*, actor: Actor, tender_id: int) -> None:
    """Give every invited supplier of a published tender its place; those that have one keep it.

    No audit row: that a supplier is invited is on record, and the place says nothing more.
    """
    lock_tender(tender_id=tender_id)
    keys = seal_keys([tender_id])
    if tender_id in keys:
        hold_places(tender_id)


def renew_places(*, actor: Actor) -> int:
    """Write every place of every open tender anew, after making those a lost message left out; gives how many tenders.

    Run by the clock, whether anybody saved or not: that rows were written then tells nothing.
    """
    tenders = tenders_closing(clock.now(), EVER)
    for tender in tenders:
        _renew(tender.id)
    return len(tenders)


@transaction.atomic
def _renew(tender_id: int) -> None:
    lock_tender(tender_id=tender_id)
    held = hold_places(tender_id)
    if not held.is_opened:
        held.renew()


@dataclass(slots=True)
class Held:
    """The places of one tender, locked in this transaction."""

    tender_id: int
    key: bytes
    rows: list[Bid]
    room: int

    @property
    def is_opened(self) -> bool:
        """Some bid of the tender is open, so that nothing is written any more."""
        return any(row.status == BidStatus.OPENED for row in self.rows)

    def place_of(self, supplier_id: int) -> Place:
        """The place of an invited supplier. NotVisible for one that is not."""
        row = self._row_of(supplier_id)
        return Place(row.pk, unseal(row.envelope, self.key), row.status == BidStatus.OPENED)

    def put(self, envelope: Envelope) -> Place:
        """Write this supplier's envelope, and every other one anew with what it holds."""
        changed = self._row_of(envelope.supplier_id)
        changed.envelope = seal(envelope, self.key, room=self.room)
        self.room = max(self.room, room_of(changed.envelope, self.key))
        self.renew()
        return Place(changed.pk, envelope)

    def renew(self) -> None:
        """Write every envelope anew with what it holds."""
        for row in self.rows:
            try:
                row.envelope = reseal(row.envelope, self.key, room=self.room)
            except EnvelopeBroken:
                continue  # the opening will say so; another supplier's saving does not fail for it
        Bid.objects.bulk_update(self.rows, ["envelope"])

    def _row_of(self, supplier_id: int) -> Bid:
        mark = place_mark(self.key, supplier_id)
        row = next((row for row in self.rows if row.place_mark == mark), None)
        if row is None:
            raise NotVisible
        return row


def hold_places(tender_id: int) -> Held:
    """Lock every place of a tender, after making those that are missing. The tender's row is locked already."""
    key = seal_keys([tender_id])[tender_id]
    room = room_for(lines=len(requirements_of(tender_id)), questions=len(questions_of(tender_id)))
    rows = _locked(tender_id)
    marks = {row.place_mark for row in rows}
    invited = [row.supplier_id for row in invited_to(tender_id)]
    missing = [one for one in invited if place_mark(key, one) not in marks]
    if missing:
        room = max([room, *_rooms(rows, key)])
        # The order of the rows tells nothing of the order of the invitations.
        random.SystemRandom().shuffle(missing)
        for supplier_id in missing:
            empty = Envelope(supplier_id, tender_id)
            Bid.objects.create(
                tender_id=tender_id,
                place_mark=place_mark(key, supplier_id),
                envelope=seal(empty, key, room=room),
            )
        rows = _locked(tender_id)
    return Held(tender_id, key, rows, max([room, *_rooms(rows, key)]))


def _locked(tender_id: int) -> list[Bid]:
    return list(
        Bid.objects.select_for_update(of=("self",)).filter(tender_id=tender_id).order_by("pk")
    )


def _rooms(rows: list[Bid], key: bytes) -> list[int]:
    found = []
    for row in rows:
        try:
            found.append(room_of(row.envelope, key))
        except EnvelopeBroken:
            continue
    return found


def noted(envelope: Envelope, actor: Actor, deed: BidDeed, sentence: str) -> Envelope:
    """The envelope with this deed in its journal."""
    line = JournalLine(
        deed=deed.value,
        sentence=sentence,
        at=clock.now(),
        user_id=actor.user_id,
        actor_name=actor.name,
        organisation_id=actor.organisation_id,
        organisation_name=actor.organisation_name,
        receipt=envelope.receipt if deed != BidDeed.STARTED else "",
        content_hash=envelope.content_hash if deed != BidDeed.STARTED else "",
        request_id=actor.request_id,
    )
    return replace(envelope, journal=(*envelope.journal, line))
