"""E-mails: one template each, in words, sent by a job once the transaction has committed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from socialvalue.core.jobs import enqueue_on_commit

_unsent: ContextVar[bool] = ContextVar("letters_unsent", default=False)


@contextmanager
def unsent() -> Iterator[None]:
    """Inside the block nobody is written to: for entering the demonstration's past."""
    token = _unsent.set(True)
    try:
        yield
    finally:
        _unsent.reset(token)


def post(to: str, template: str, context: Mapping[str, Any]) -> None:
    """Send ``templates/emails/<template>.txt`` to one address: its first line is the subject, the rest the letter.

    The template gets ``site_url`` (no slash at the end) beside ``context``. It is plain text: nothing is escaped.
    """
    if not _unsent.get():
        enqueue_on_commit("socialvalue.core.tasks.send_letter", to, *_written(template, context))


def post_unqueued(to: str, template: str, context: Mapping[str, Any]) -> None:
    """The same from a job that is running already: no queue holds who is written to. A letter that fails is logged."""
    if _unsent.get():
        return
    subject, body = _written(template, context)
    letter = EmailMessage(subject=subject, body=body, to=[to])
    transaction.on_commit(letter.send, robust=True)


def _written(template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and body."""
    values = {**context, "site_url": settings.SITE_URL.rstrip("/")}
    text = render_to_string(f"emails/{template}.txt", values).lstrip()
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip() + "\n"
