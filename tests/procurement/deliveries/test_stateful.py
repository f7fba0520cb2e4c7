"""Whatever people do to claims, shared deliveries, decisions and promises, in any order: the ledger equals a simple
model, nothing is verified twice, and no delivery is counted beyond its whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from procurement.action_plans.services import plan_again, start_plan
from procurement.awards.services import apply_change
from procurement.deliveries import services
from procurement.deliveries.models import Allocation, SharedDelivery
from procurement.ledger.queries import sums
from procurement.ledger.vocabulary import Basis
from procurement.verifications import services as verifications
from procurement.verifications.models import Verification
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.deliveries import evidence, world
from tests.factories.ledger import Promise, contract_with, measure

PENCE = 1_250
QUARTER, FUTURE = date(2025, 4, 1), date(2025, 10, 1)
PAST = 25  # of 100 over eight quarters, what is planned before FUTURE
some = st.integers(1, 12)
which = st.integers(0, 50)
Refusal = (RuleBroken, Conflict)


@dataclass
class ModelClaim:
    """What one claim should be."""

    pk: int
    place: int
    quantity: int
    has_evidence: bool
    status: str = "submitted"
    version: int = 1
    verified: int = 0
    parts: dict[int, int] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        return self.status in ("submitted", "verified")


class LifeOfClaims(RuleBasedStateMachine):
    """One supplier, two authorities, one commitment of 100 hours to each."""

    @initialize()
    def begin(self) -> None:
        self.whole = transaction.atomic()
        self.whole.__enter__()
        w = world()
        other = AuthorityFactory()
        contract, (hours,) = contract_with(
            Promise(measure("M1")), authority=other, supplier=w.supplier
        )
        self.claimant = w.claimant
        self.admin = actor_for_role(Role.SUPPLIER_ADMIN, w.supplier)
        self.managers = [w.manager, actor_for_role(Role.CONTRACT_MANAGER, other)]
        self.contracts = [w.contract, contract]
        self.commitments = [w.hours, hours]
        for made in self.contracts:
            start_plan(actor=SYSTEM, contract_id=made.pk)
        self.promised = [100, 100]
        self.claims: list[ModelClaim] = []
        self.deliveries: dict[int, int] = {}
        self.keys = 0

    def teardown(self) -> None:
        if hasattr(self, "whole"):
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    # --- what the model allows ----------------------------------------------------------------------

    def left(self, delivery: int, but: ModelClaim | None = None) -> int:
        counted = sum(row.parts.get(delivery, 0) for row in self.claims if row is not but)
        return self.deliveries[delivery] - counted

    def claim(self, number: int) -> ModelClaim:
        return self.claims[number % len(self.claims)]

    def delivery(self, number: int) -> int:
        return sorted(self.deliveries)[number % len(self.deliveries)]

    def attempt(self, *, allowed: bool, deed: Any, **about: Any) -> Any:
        """Do it; what the model does not allow has to be refused, and to change nothing."""
        if allowed:
            return deed(**about)
        with pytest.raises(Refusal), transaction.atomic():
            deed(**about)
        return None

    # --- the supplier -------------------------------------------------------------------------------

    @rule(place=st.integers(0, 1), quantity=some, has_evidence=st.booleans(), twice=st.booleans())
    def submit(self, place: int, quantity: int, has_evidence: bool, twice: bool) -> None:
        self.keys += 1
        files = [evidence(self.claimant, self.contracts[place]).pk] if has_evidence else []
        about = {
            "actor": self.claimant,
            "commitment_id": self.commitments[place].pk,
            "quarter": QUARTER,
            "quantity": Decimal(quantity),
            "evidence_ids": files,
            "submission_key": f"stateful-{self.keys}",
        }
        made = services.submit_claim(**about)
        if twice:
            assert services.submit_claim(**about).pk == made.pk
        self.claims.append(ModelClaim(made.pk, place, quantity, has_evidence))

    @precondition(lambda self: self.claims)
    @rule(number=which)
    def prove(self, number: int) -> None:
        row = self.claim(number)
        file = evidence(self.claimant, self.contracts[row.place])
        allowed = row.status in ("submitted", "returned")
        self.attempt(
            allowed=allowed,
            deed=services.attach_evidence,
            actor=self.claimant,
            claim_id=row.pk,
            evidence_ids=[file.pk],
        )
        row.has_evidence = row.has_evidence or allowed

    @precondition(lambda self: self.claims)
    @rule(number=which)
    def withdraw(self, number: int) -> None:
        row = self.claim(number)
        allowed = row.status in ("submitted", "returned")
        self.attempt(
            allowed=allowed,
            deed=services.withdraw_claim,
            actor=self.claimant,
            claim_id=row.pk,
            expected_version=row.version,
        )
        if allowed:
            self.moved(row, "withdrawn")

    @precondition(lambda self: self.claims)
    @rule(number=which, quantity=some)
    def send_again(self, number: int, quantity: int) -> None:
        row = self.claim(number)
        allowed = row.status == "returned" and sum(row.parts.values()) <= quantity
        self.attempt(
            allowed=allowed,
            deed=services.resubmit_claim,
            actor=self.claimant,
            claim_id=row.pk,
            expected_version=row.version,
            quantity=Decimal(quantity),
        )
        if allowed:
            row.status, row.quantity, row.version = "submitted", quantity, row.version + 1

    @rule(quantity=some)
    def share(self, quantity: int) -> None:
        made = services.record_shared_delivery(
            actor=self.claimant,
            what="Apprentice",
            number=len(self.deliveries) + 1,
            unit="hours",
            quantity=Decimal(quantity),
            delivered_on=QUARTER,
        )
        self.deliveries[made.pk] = quantity

    @precondition(lambda self: self.claims and self.deliveries)
    @rule(number=which, of=which, part=st.integers(0, 12))
    def allocate(self, number: int, of: int, part: int) -> None:
        row, delivery = self.claim(number), self.delivery(of)
        others = sum(row.parts.values()) - row.parts.get(delivery, 0)
        allowed = (
            row.status in ("submitted", "returned")
            and part <= self.left(delivery, row)
            and others + part <= row.quantity
        )
        self.attempt(
            allowed=allowed,
            deed=services.allocate,
            actor=self.claimant,
            claim_id=row.pk,
            delivery_id=delivery,
            quantity=Decimal(part),
        )
        if allowed:
            row.parts[delivery] = part
            row.version += 1

    # --- the authority ------------------------------------------------------------------------------

    def moved(self, row: ModelClaim, status: str) -> None:
        row.status, row.version = status, row.version + 1
        if status != "verified":
            row.parts = {}

    @precondition(lambda self: self.claims)
    @rule(number=which, less=st.integers(0, 3), is_stale=st.booleans())
    def verify(self, number: int, less: int, is_stale: bool) -> None:
        row = self.claim(number)
        accepted = max(1, row.quantity - less)
        allowed = row.status == "submitted" and row.has_evidence and not is_stale
        self.attempt(
            allowed=allowed,
            deed=verifications.verify_claim,
            actor=self.managers[row.place],
            claim_id=row.pk,
            expected_version=row.version - is_stale,
            quantity=Decimal(accepted),
            reason="What the file shows.",
        )
        if allowed:
            row.verified = accepted
            self.moved(row, "verified")

    @precondition(lambda self: self.claims)
    @rule(number=which, for_good=st.booleans())
    def send_back(self, number: int, for_good: bool) -> None:
        row = self.claim(number)
        deed = verifications.reject_claim if for_good else verifications.return_claim
        allowed = row.status == "submitted"
        self.attempt(
            allowed=allowed,
            deed=deed,
            actor=self.managers[row.place],
            claim_id=row.pk,
            expected_version=row.version,
            reason="Not shown.",
        )
        if allowed:
            self.moved(row, "rejected" if for_good else "returned")

    @precondition(lambda self: self.claims)
    @rule(number=which, right=st.integers(0, 12))
    def correct(self, number: int, right: int) -> None:
        row = self.claim(number)
        # What adds up is never corrected to more than was claimed.
        allowed = row.status == "verified" and right != row.verified and right <= row.quantity
        self.attempt(
            allowed=allowed,
            deed=verifications.correct_claim,
            actor=self.managers[row.place],
            claim_id=row.pk,
            quantity=Decimal(right),
            reason="Miscounted.",
        )
        if allowed:
            row.verified, row.version = right, row.version + 1

    @rule(place=st.integers(0, 1), quantity=st.integers(0, 200))
    def vary(self, place: int, quantity: int) -> None:
        """Both agree that the commitment is another one from October on."""
        if quantity == self.promised[place]:
            return
        contract = self.contracts[place]

        def agree() -> None:
            change = apply_change(
                actor=self.managers[place],
                contract_id=contract.pk,
                kind="quantity",
                reason="Fewer people than were thought.",
                asked_by_id=self.admin.user_id,
                from_quarter=FUTURE,
                commitment_id=self.commitments[place].pk,
                quantity=Decimal(quantity),
            )
            plan_again(actor=self.managers[place], contract_id=contract.pk, change=change)

        allowed = quantity >= PAST
        self.attempt(allowed=allowed, deed=agree)
        if allowed:
            self.promised[place] = quantity

    # --- what always holds --------------------------------------------------------------------------

    @invariant()
    def the_ledger_is_the_model(self) -> None:
        if not hasattr(self, "claims"):
            return
        for place, commitment in enumerate(self.commitments):
            mine = [row for row in self.claims if row.place == place]
            claimed = sum(row.quantity for row in mine if row.counts)
            shown = sum(row.quantity for row in mine if row.counts and row.has_evidence)
            verified = sum(row.verified for row in mine)
            wanted = {
                Basis.COMMITTED: self.promised[place],
                Basis.CLAIMED: claimed,
                Basis.EVIDENCED: shown,
                Basis.VERIFIED: verified,
            }
            for basis, quantity in wanted.items():
                found = sums(basis=basis, by=("commitment_id",), commitment_ids=[commitment.pk])
                total = (sum(row.quantity for row in found), sum(row.value_pence for row in found))
                assert total == (quantity, quantity * PENCE), basis

    @invariant()
    def nothing_is_verified_twice(self) -> None:
        if not hasattr(self, "claims"):
            return
        kept = list(
            Verification.objects.filter(decision="verified").values_list("claim_id", flat=True)
        )
        assert sorted(kept) == sorted(row.pk for row in self.claims if row.status == "verified")

    @invariant()
    def no_delivery_is_counted_beyond_its_whole(self) -> None:
        if not hasattr(self, "claims"):
            return
        for delivery in SharedDelivery.objects.all():
            counted = self.deliveries[delivery.pk] - self.left(delivery.pk)
            held = Allocation.objects.filter(delivery=delivery).aggregate(whole=Sum("quantity"))
            assert delivery.allocated == (held["whole"] or 0) == counted <= delivery.quantity


@pytest.mark.django_db
def test_the_life_of_claims() -> None:
    run_state_machine_as_test(
        LifeOfClaims,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
