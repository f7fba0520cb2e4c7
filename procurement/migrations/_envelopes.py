"""Bids of the old columns as envelopes of format 1, written here once more: a migration does not follow the code."""

import base64
import hashlib
import hmac
import json
import random
import zlib
from dataclasses import dataclass

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

STEP, PER_LINE, PER_QUESTION, LENGTH = 16 * 1024, 512, 1024, 4


@dataclass
class Tables:
    """The historical models that are read and written."""

    bids: type
    tenders: type
    invitations: type
    keys: type
    requirements: type
    questions: type


def convert(tables, *, sealing_key):
    """Every bid goes into its envelope; every invited supplier without one gets an empty place.

    A bid that was not opened is taken out and put in again among the empty places, in random order: its number told
    that it was there. An opened one stays the row that its lines, marks and awards point to.
    """
    for kept in tables.keys.objects.order_by("pk"):
        _convert_tender(tables, kept.tender_id, _unwrapped(kept, sealing_key))


def _convert_tender(tables, tender_id, key):
    fernet = Fernet(key)
    held = {}
    for bid in tables.bids.objects.filter(tender_id=tender_id).select_related("submitted_by"):
        content = _content(bid, fernet)
        if bid.status == "opened":
            held[bid.supplier_id] = (bid.pk, content)
        else:
            held[bid.supplier_id] = (None, content)
            bid.delete()
    suppliers = list(
        tables.invitations.objects.filter(tender_id=tender_id).values_list("supplier_id", flat=True)
    )
    suppliers += [one for one in held if one not in suppliers]
    empty = {one: _empty(tender_id, one) for one in suppliers}
    packed = {one: _packed(held[one][1] if one in held else empty[one]) for one in suppliers}
    asked = (
        tables.requirements.objects.filter(tender_id=tender_id).count() * PER_LINE
        + tables.questions.objects.filter(tender_id=tender_id).count() * PER_QUESTION
    )
    room = max([_whole_steps(asked), *(_whole_steps(len(text)) for text in packed.values())])
    random.SystemRandom().shuffle(suppliers)
    for supplier_id in suppliers:
        values = {
            "place_mark": hmac.new(key, f"place:{supplier_id}".encode(), hashlib.sha256).hexdigest(),
            "envelope": fernet.encrypt_at_time(packed[supplier_id].ljust(room, b"\0"), 0).decode(),
        }
        pk = held.get(supplier_id, (None, None))[0]
        if pk is None:
            tables.bids.objects.create(
                tender_id=tender_id, supplier_id=None, status="sealed", draft_content="", sealed_content="", **values
            )
        else:
            tables.bids.objects.filter(pk=pk).update(draft_content="", sealed_content="", **values)


def _content(bid, fernet):
    def clear(token):
        return fernet.decrypt(token.encode()).decode() if token else ""

    is_submitted = bid.submitted_at is not None
    return _empty(bid.tender_id, bid.supplier_id) | {
        "version": bid.version,
        "state": "submitted" if is_submitted else "draft",
        "draft": clear(bid.draft_content),
        "sealed": clear(bid.sealed_content),
        "content_hash": bid.content_hash,
        "receipt": bid.receipt,
        "submitted_at": bid.submitted_at.isoformat() if is_submitted else None,
        "submitted_by": bid.submitted_by_id,
        "submitter": (bid.submitted_by.full_name or bid.submitted_by.email) if bid.submitted_by_id else "",
    }


def _empty(tender_id, supplier_id):
    return {
        "format": 1,
        "supplier_id": supplier_id,
        "tender_id": tender_id,
        "version": 0,
        "state": "",
        "draft": "",
        "sealed": "",
        "content_hash": "",
        "receipt": "",
        "submitted_at": None,
        "submitted_by": None,
        "submitter": "",
        "journal": [],
    }


def _packed(content):
    packed = zlib.compress(json.dumps(content, sort_keys=True, separators=(",", ":")).encode())
    return len(packed).to_bytes(LENGTH, "big") + packed


def _whole_steps(size):
    return max(1, -(-size // STEP)) * STEP


def _unwrapped(kept, sealing_key):
    info = f"socialvalue tender key {kept.tender_id}".encode()
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(sealing_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived)).decrypt(kept.wrapped_key.encode())
