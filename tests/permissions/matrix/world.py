"""The world that the matrix, the crawl and the planted texts look at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from socialvalue.core.jobs import run_inline
from socialvalue.core.letters import unsent
from tests.factories.demonstration import enter_demonstration
from tests.permissions.matrix.viewers import enter_all


@contextmanager
def demonstration(blocker: Any) -> Iterator[None]:
    """The demonstration with everybody who looks, entered once for a file of tests and taken back after it."""
    with blocker.unblock(), transaction.atomic():
        enter_demonstration()
        enter_all()
        with run_inline(), unsent():
            yield
        transaction.set_rollback(True)
