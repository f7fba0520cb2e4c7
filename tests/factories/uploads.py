"""Files of claims for tests, as a supplier would fill them in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from procurement.awards.models import Commitment
from procurement.deliveries.models import ClaimUpload
from procurement.deliveries.rules.uploads import (
    CLAIMS,
    DISTRICT,
    KEY,
    QUANTITY,
    WHOLE,
    WORDS,
    key_of,
)
from procurement.deliveries.services import upload_jobs, uploads
from socialvalue.core.actor import SYSTEM, Actor
from tests.factories.deliveries import QUARTER
from tests.factories.workbooks import xlsx

HEADINGS = (KEY, "Contract", QUANTITY, WHOLE, WORDS, DISTRICT)
Line = Sequence[Any]


def line(
    commitment: Commitment,
    quantity: Any = "",
    whole: Any = "",
    words: str = "",
    district: str = "",
    quarter: date = QUARTER,
) -> Line:
    """A row of the sheet."""
    return (key_of(commitment.pk, quarter), "", quantity, whole, words, district)


def book(*lines: Line) -> bytes:
    """An XLSX file with these rows under the headings."""
    return xlsx({CLAIMS: [list(HEADINGS), *map(list, lines)]})


def text(lines: Iterable[Line], *, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """The same as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(HEADINGS)
    writer.writerows(lines)
    return out.getvalue().encode(encoding)


def uploaded(
    actor: Actor, content: bytes, *, name: str = "claims.xlsx", **more: Any
) -> ClaimUpload:
    """Uploaded and checked, as its job does it."""
    upload = uploads.upload_claims(actor=actor, name=name, content=content, **more)
    upload_jobs.check_upload(actor=SYSTEM, upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


def sent(actor: Actor, content: bytes, **more: Any) -> ClaimUpload:
    """Uploaded, checked, confirmed and posted."""
    upload = uploaded(actor, content, **more)
    uploads.send_upload(actor=actor, upload_id=upload.pk, expected_version=upload.version)
    upload_jobs.post_upload(actor=SYSTEM, upload_id=upload.pk)
    upload.refresh_from_db()
    return upload
