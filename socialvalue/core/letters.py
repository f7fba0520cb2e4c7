"""E-mails: one template each, in words, sent by a job once the transaction has committed."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template import Context, Template
from django.template.loader import get_template, render_to_string

from socialvalue.core.jobs import enqueue_on_commit

logger = logging.getLogger(__name__)
_unsent: ContextVar[list[tuple[str, Mapping[str, Any]]] | None] = ContextVar(
    "letters_unsent", default=None
)


@contextmanager
def unsent() -> Iterator[list[tuple[str, Mapping[str, Any]]]]:
    """Inside the block nobody is written to: for entering the demonstration's past. Gives what would have been
    written, as address and context: some links stand in their letter only.
    """
    kept: list[tuple[str, Mapping[str, Any]]] = []
    token = _unsent.set(kept)
    try:
        yield kept
    finally:
        _unsent.reset(token)


def post(to: str, template: str, context: Mapping[str, Any]) -> None:
    """Send ``templates/emails/<template>.txt`` to one address: its first line is the subject, the rest the letter.

    The template gets ``site_url`` (no slash at the end) beside ``context``. It is plain text: nothing is escaped.
    """
    if not _is_kept(to, context):
        enqueue_on_commit("socialvalue.core.tasks.send_letter", to, *_written(template, context))


def post_unqueued(to: str, template: str, context: Mapping[str, Any]) -> None:
    """The same from a job that is running already: no queue holds who is written to. A letter that fails is logged."""
    if _is_kept(to, context):
        return
    subject, body = _written(template, context)
    letter = EmailMessage(subject=subject, body=body, to=[to])
    transaction.on_commit(letter.send, robust=True)


def send_now(to: str, template: str, context: Mapping[str, Any], *, name: str) -> bool:
    """The same from a job, at once and after its commit, so that the job can note it. False, and logged, when the mail
    server did not take it.

    ``name`` stays the same when the letter is tried again: it becomes the Message-ID, by which mail systems know a
    letter that they have already.
    """
    if _is_kept(to, context):
        return False
    subject, body = _written(template, context)
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    letter = EmailMessage(subject, body, to=[to], headers={"Message-ID": f"<{name}@{host}>"})
    try:
        return letter.send() == 1
    except (smtplib.SMTPException, OSError):
        logger.exception("The letter %s was not taken by the mail server.", name)
        return False


def _is_kept(to: str, context: Mapping[str, Any]) -> bool:
    kept = _unsent.get()
    if kept is None:
        return False
    kept.append((to, context))
    return True


def _written(template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and body. A line break in a title ends neither the subject nor begins the body."""
    values = {**context, "site_url": settings.SITE_URL.rstrip("/")}
    name = f"emails/{template}.txt"
    first = _first_line(name).render(Context(values))
    body = render_to_string(name, values)[len(first) :]
    return " ".join(first.split()), body.strip() + "\n"


@cache
def _first_line(name: str) -> Template:
    """The first line of a template, which is the subject, as a template of its own."""
    found: Any = get_template(name)
    line, _, _ = found.template.source.partition("\n")
    return Template(f"{line}{{% endautoescape %}}", engine=found.template.engine)
