"""The day of these tests, the letters that a deed sends, and the tenders that gained suppliers."""

from __future__ import annotations

import pytest
from django.core import mail

from procurement import events
from socialvalue.core import clock
from socialvalue.core.jobs import run_inline
from tests.factories.tenders import NOW


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW), run_inline():
        yield


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """Runs a deed to its end, letters included, and gives the letters it sent."""

    def run(deed, *args, **kwargs):
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            deed(*args, **kwargs)
        return mail.outbox[before:]

    return run


@pytest.fixture
def heard():
    """The tenders that were said to have more suppliers invited."""
    told = []

    def hear(tender_id, **_):
        told.append(tender_id)

    events.suppliers_invited.connect(hear)
    yield told
    events.suppliers_invited.disconnect(hear)
