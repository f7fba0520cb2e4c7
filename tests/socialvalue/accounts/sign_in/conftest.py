from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.account import app_settings

from socialvalue.accounts.rules.connections import Connection, providers
from socialvalue.core.jobs import run_inline
from tests.socialvalue.accounts.sign_in.provider import CLIENT_ID, SECRET, Provider, running


@pytest.fixture
def policy(settings):
    """The policy of production: who works for an authority has a second step."""
    settings.MFA_REQUIRED = True


@pytest.fixture
def limits(settings):
    """The limits of production: tests have none otherwise."""
    del settings.ACCOUNT_RATE_LIMITS
    del settings.MFA_RATE_LIMITS
    assert app_settings.RATE_LIMITS["login"] == "30/m/ip"


@pytest.fixture(scope="session")
def _service() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def service(_service) -> Provider:
    """An organisation's sign-in service where nothing is wrong."""
    _service.faults, _service.codes, _service.asked = set(), {}, []
    _service.person = {
        "sub": "person-1",
        "email": "Jo.Bloggs@Coventry.example",
        "name": "Jo  Bloggs",
    }
    return _service


@pytest.fixture
def connect(settings, service):
    """Connect an organisation with the service: ``connect(slug, second_step=True)``."""

    def make(organisation: str, **more) -> Connection:
        row = Connection(
            organisation=organisation,
            name="Coventry",
            domains=("coventry.example",),
            server_url=service.url,
            client_id=CLIENT_ID,
            secret=SECRET,
            **more,
        )
        settings.OIDC_CONNECTIONS = (row,)
        settings.SOCIALACCOUNT_PROVIDERS = providers((row,))
        return row

    return make


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    """Inside the block letters arrive at once: ``with letters(): …``, then ``mail.outbox``."""

    @contextmanager
    def arriving():
        with run_inline(), django_capture_on_commit_callbacks(execute=True):
            yield

    return arriving
