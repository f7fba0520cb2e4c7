"""A claim that waits, and a way to ask about it."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from procurement.deliveries.models import Evidence
from procurement.deliveries.services import ask_confirmation
from tests.factories.deliveries import claim
from tests.procurement.deliveries.test_confirming.steps import SCHOOL


@pytest.fixture
def bare(w):
    """A claim without a file."""
    made = claim(w.claimant, w.hours)
    Evidence.objects.filter(claim=made).delete()
    return made


@pytest.fixture
def ask(w, bare, django_capture_on_commit_callbacks):
    """Ask about the claim; the token as it stands in the letter."""

    def make(actor=None, group="Foleshill School", email=SCHOOL):
        with django_capture_on_commit_callbacks(execute=True):
            ask_confirmation(actor=actor or w.claimant, claim_id=bare.pk, group=group, email=email)
        return re.search(r"/deliveries/confirm/([\w-]{43})/", mail.outbox[-1].body)[1]

    return make
