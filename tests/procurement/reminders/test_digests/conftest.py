"""No letter of another test lies in the post."""

from __future__ import annotations

import pytest
from django.core import mail


@pytest.fixture(autouse=True)
def _empty_post():
    mail.outbox.clear()
