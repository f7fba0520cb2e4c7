"""What a request did that is kept as an access. Noted while it runs, written down when it is over: a GET never writes.

Core knows no table: ``socialvalue.audit.middleware`` writes what is noted here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase

from socialvalue.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Noted:
    """One access: who, its kind (of ``audit.vocabulary.AccessKind``), the sentence a person reads, what it is about."""

    actor: Actor
    kind: str
    sentence: str
    subject: str = ""


def note(request: HttpRequest, *seen: Noted) -> None:
    """Keep these until the answer is ready."""
    noted = getattr(request, "sv_noted", None)
    if noted is None:
        noted = request.sv_noted = []  # type: ignore[attr-defined]
    noted.extend(seen)


def noted_of(request: HttpRequest) -> list[Noted]:
    return list(getattr(request, "sv_noted", ()))


def mark_export(response: HttpResponseBase, what: str) -> None:
    """Say that this answer takes something out that has no file name, and what. Attachments need no mark."""
    response.sv_export = what  # type: ignore[attr-defined]


def exported(response: HttpResponseBase) -> str:
    """What this answer takes out: the name of its file, or what it was marked with. Empty for a page."""
    marked: str = getattr(response, "sv_export", "")
    disposition = response.headers.get("Content-Disposition", "")
    if marked or not disposition.startswith("attachment"):
        return marked
    _, _, name = disposition.partition("filename")
    return name.lstrip("*=").removeprefix("utf-8''").strip('"; ') or "a file"
