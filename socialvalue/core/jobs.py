"""Background jobs. The only door to Celery: tasks are declared with ``job``, enqueued by path, on commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from threading import Lock
from typing import Any

from celery import current_app, shared_task
from django.db import transaction

from socialvalue.core.database import wide

Json = str | int | bool | None
_loading = Lock()
_inline: ContextVar[bool] = ContextVar("jobs_run_inline", default=False)


def job(
    *, retry_on: tuple[type[Exception], ...] = (), max_retries: int = 5
) -> Callable[[Callable[..., Any]], Any]:
    """Declare a background job: takes ids, may run twice, late or in any order, retries named errors only.

    A job acts for the service itself, so it sees every organisation's rows.
    """

    def declare(plain: Callable[..., Any]) -> Any:
        @wraps(plain)
        def function(*args: Any, **kwargs: Any) -> Any:
            with wide("A job acts for the service itself."):
                return plain(*args, **kwargs)

        if not retry_on:
            return shared_task(function)
        return shared_task(autoretry_for=retry_on, max_retries=max_retries, retry_backoff=True)(
            function
        )

    return declare


def enqueue_on_commit(path: str, *args: Json, **kwargs: Json) -> None:
    """Send the job named ``path`` (its task name) once the current transaction has committed."""
    if path not in current_app.tasks:
        # Gathered tasks are loaded lazily by a worker; a web process asks for them by name. One thread loads them:
        # another that asked meanwhile would be told that there is nothing left to load, and find none.
        with _loading:
            current_app.loader.import_default_modules()
    task = current_app.tasks[path]
    if _inline.get():
        transaction.on_commit(lambda: task(*args, **kwargs))
        return
    transaction.on_commit(lambda: task.apply_async(args=args, kwargs=kwargs))


@contextmanager
def run_inline() -> Iterator[None]:
    """Inside the block jobs run here, on commit, and need no broker: for entering the demonstration.

    An error of a job comes out of the commit that started it.
    """
    token = _inline.set(True)
    try:
        yield
    finally:
        _inline.reset(token)
