"""An offer's envelope: one encrypted, padded text that tells nothing of whether anything is in it. Pure.

Every supplier that is invited has a place with an envelope from publication on. Outside the tender's key there is no
version, status, time or name: a place nobody has written in and a submitted bid are of the same form and size, and
the cipher's own time stamp is always nought.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

FORMAT = 1
STEP = 16 * 1024
"""Envelopes are as long as a whole number of these, at least one."""
PER_LINE = 512
PER_QUESTION = 1024
_LENGTH = 4


class EnvelopeBroken(ValueError):
    """This text is no envelope of this tender's key, or not the one of its place."""


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A deed of bidding as it happened. The audit learns of it when the bids are opened, not before."""

    deed: str
    sentence: str
    at: datetime
    user_id: int | None
    actor_name: str
    organisation_id: int | None
    organisation_name: str
    receipt: str = ""
    content_hash: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a place holds. ``version`` 0: nothing was saved yet; ``state`` is an ``OfferState`` or empty."""

    supplier_id: int
    tender_id: int
    version: int = 0
    state: str = ""
    draft: str = ""
    """The draft as ``draft_text`` wrote it."""
    sealed: str = ""
    """What was last submitted, as ``sealed_text`` wrote it: the very text the hash is of."""
    content_hash: str = ""
    receipt: str = ""
    submitted_at: datetime | None = None
    submitted_by: int | None = None
    submitter: str = ""
    journal: tuple[JournalLine, ...] = ()

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None


def place_mark(key: bytes, supplier_id: int) -> str:
    """Which place is this supplier's, as only the tender's key can tell: 64 hexadecimal digits."""
    return hmac.new(key, f"place:{supplier_id}".encode(), hashlib.sha256).hexdigest()


def room_for(*, lines: int, questions: int) -> int:
    """How long the envelopes of a tender are, from what it asks alone, so that offers rarely outgrow it."""
    return _whole_steps(lines * PER_LINE + questions * PER_QUESTION)


def seal(envelope: Envelope, key: bytes, *, room: int) -> str:
    """The envelope encrypted, ``room`` bytes long or as many whole steps as it needs."""
    text = json.dumps(_content_of(envelope), sort_keys=True, separators=(",", ":"))
    packed = zlib.compress(text.encode())
    return _sealed(len(packed).to_bytes(_LENGTH) + packed, key, room)


def unseal(token: str, key: bytes) -> Envelope:
    """The inverse of ``seal``. EnvelopeBroken for anything else, whatever is wrong with it."""
    padded = _padded(token, key)
    try:
        length = int.from_bytes(padded[:_LENGTH])
        return _envelope_of(json.loads(zlib.decompress(padded[_LENGTH : _LENGTH + length])))
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise EnvelopeBroken("The envelope cannot be read.") from error


def reseal(token: str, key: bytes, *, room: int) -> str:
    """The same envelope encrypted anew: nobody can tell whether something in it has changed."""
    return _sealed(_padded(token, key), key, room)


def room_of(token: str, key: bytes) -> int:
    """How long this envelope is."""
    return len(_padded(token, key))


def _sealed(content: bytes, key: bytes, room: int) -> str:
    length = max(room, _whole_steps(len(content)))
    # A Fernet token carries its time in clear: it is nought for all of them.
    return Fernet(key).encrypt_at_time(content.ljust(length, b"\0"), 0).decode()


def _padded(token: str, key: bytes) -> bytes:
    try:
        return Fernet(key).decrypt(token.encode())
    except InvalidToken as error:
        raise EnvelopeBroken("The envelope is not of this tender.") from error


def _whole_steps(size: int) -> int:
    return max(1, -(-size // STEP)) * STEP


def _content_of(envelope: Envelope) -> dict[str, Any]:
    return {
        "format": FORMAT,
        **asdict(envelope),
        "submitted_at": _moment_text(envelope.submitted_at),
        "journal": [asdict(row) | {"at": row.at.isoformat()} for row in envelope.journal],
    }


def _envelope_of(content: Mapping[str, Any]) -> Envelope:
    fields = {name: value for name, value in content.items() if name != "format"}
    at = content["submitted_at"]
    return Envelope(
        **fields
        | {
            "submitted_at": datetime.fromisoformat(at) if at else None,
            "journal": tuple(
                JournalLine(**row | {"at": datetime.fromisoformat(row["at"])})
                for row in content["journal"]
            ),
        }
    )


def _moment_text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
