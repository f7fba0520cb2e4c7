"""The record of an opening: one line a bid, and the hash that holds them together. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from procurement.bids.rules.envelopes import Envelope


def record_line(bid_id: int, bidder: str, envelope: Envelope) -> dict[str, Any]:
    """What the record says of one bid: bidder, receipt, hash of the content, when and by whom it was submitted."""
    return {
        "bid_id": bid_id,
        "bidder": bidder,
        "supplier_id": envelope.supplier_id,
        "receipt": envelope.receipt,
        "content_hash": envelope.content_hash,
        "submitted_at": envelope.submitted_at.isoformat() if envelope.submitted_at else "",
        "submitted_by": envelope.submitter,
    }


def record_hash(lines: Sequence[dict[str, Any]]) -> str:
    """SHA-256 of the record as canonical JSON: sorted keys, no spaces, UTF-8. 64 hexadecimal digits."""
    text = json.dumps(list(lines), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
