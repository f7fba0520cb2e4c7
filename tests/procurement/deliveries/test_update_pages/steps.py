"""What these tests share: the page, the boxes as they are posted, and a press of a button."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.deliveries import PDF


def url_of(w, quarter="2025-04-01", name="update") -> str:
    return reverse(f"procurement:deliveries:{name}", args=[w.contract.pk, quarter])


def boxes(w, **changes) -> dict[str, object]:
    """What a page with every box empty sends. Names are ``hours__quantity``."""
    rows = {"hours": w.hours, "share": w.share, "yes": w.yes}
    names = ("quantity", "narrative", "postcode_district")
    sent: dict[str, object] = {f"c{row.pk}-{name}": "" for row in rows.values() for name in names}
    sent |= {
        f"c{w.share.pk}-denominator": "",
        "version": "0",
        "seen": "0.0.0",
        "submission_key": "form-1",
    }
    for name, value in changes.items():
        row, _, box = name.partition("__")
        sent[f"c{rows[row].pk}-{box}" if box else name] = value
    return sent


def pdf(name: str = "letter.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def press(client, w, button, sent=None, **changes):
    return client.post(url_of(w), (sent or boxes(w, **changes)) | {button: "1"})


def sent_on(answer) -> dict[str, object]:
    """The hidden boxes of the check page."""
    found: dict[str, list[str]] = {}
    for name, value in answer.context["sent"]:
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}
