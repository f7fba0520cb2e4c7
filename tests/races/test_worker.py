"""The whole road with a real worker: a claim is sent here, the worker drains it there, and the cell says so."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.ledger.vocabulary import Basis
from procurement.verifications.services import verify_claim
from reporting.rollups import queries, services
from reporting.rollups.models import RollupRun
from tests.factories.deliveries import World, claim, world
from tests.races.crew import Crew, until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def verified(w: World) -> Decimal | None:
    found = queries.commitment_totals([w.hours.pk], Basis.VERIFIED).get(w.hours.pk)
    return found.quantity if found else None


def test_a_posting_is_in_the_cells_after_its_commit_without_anybody_asking(crew: Crew) -> None:
    crew.worker()
    w = world()
    sent = claim(w.claimant, w.hours, quantity=Decimal("7.5"))
    verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    until(lambda: verified(w) == Decimal("7.5"), "the verified cell")
    until(lambda: queries.freshness().is_current, "an empty feed")
    assert services.reconcile().wrong == 0
    assert RollupRun.objects.filter(state="failed").count() == 0
    run = RollupRun.objects.filter(kind="drain").first()
    assert run.lag_ms is not None
