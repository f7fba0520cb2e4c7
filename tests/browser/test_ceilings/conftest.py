"""Somebody of the demonstration, at a desk."""

from __future__ import annotations

import pytest

from socialvalue.demo.people import address
from tests.browser.hands import Person
from tests.browser.test_ceilings.steps import COUNCIL


@pytest.fixture
def at_desk(somebody):
    """Somebody of the demonstration, signed in: ``at_desk("officer")``."""

    def sit(mailbox: str, slug: str = COUNCIL, **more: int) -> Person:
        return somebody(address(mailbox, slug), **more).sign_in()

    return sit
