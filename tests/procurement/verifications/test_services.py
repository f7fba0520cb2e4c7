from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.deliveries.vocabulary import ClaimStatus
from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import sums
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from procurement.verifications import queries, services
from procurement.verifications.models import Verification
from procurement.verifications.rules import Verified, accepted_quantity
from procurement.verifications.rules.accepting import doubt_about
from procurement.verifications.vocabulary import VerificationDecision
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.deliveries import claim, world
from tests.factories.ledger import posting

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(w):
    return claim(w.claimant, w.hours)


def total(basis: Basis) -> tuple[Decimal, int]:
    rows = sums(basis=basis, by=("authority_id",))
    return (rows[0].quantity, rows[0].value_pence) if rows else (Decimal(0), 0)


def test_verifying_posts_verified_and_leaves_claimed(w, sent) -> None:
    verification = services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    assert (verification.decision, verification.quantity) == (
        VerificationDecision.VERIFIED,
        Decimal(10),
    )
    assert total(Basis.CLAIMED) == (Decimal(10), 12_500)
    assert total(Basis.VERIFIED) == (Decimal(10), 12_500)
    entry = LedgerEntry.objects.get(basis=Basis.VERIFIED)
    assert (entry.claim_id, entry.verification_id, entry.period) == (
        sent.pk,
        verification.pk,
        sent.quarter,
    )
    sent.refresh_from_db()
    assert sent.status == ClaimStatus.VERIFIED


def test_a_smaller_quantity_is_accepted_with_a_reason_and_claimed_stays(w, sent) -> None:
    services.verify_claim(
        actor=w.manager,
        claim_id=sent.pk,
        expected_version=1,
        quantity=Decimal("9.999"),
        reason="One hour twice.",
    )
    assert total(Basis.CLAIMED) == (Decimal(10), 12_500)
    assert total(Basis.VERIFIED) == (Decimal("9.999"), 12_499)
    sent.refresh_from_db()
    assert sent.decision_reason == "One hour twice."


@pytest.mark.parametrize(
    ("accepted", "reason", "adds_up", "found"),
    [
        (None, "", True, Decimal(10)),
        (Decimal(10), "", True, Decimal(10)),
        (Decimal("9.999"), "why", True, Decimal("9.999")),
        (Decimal(0), "why", False, Decimal(0)),
    ],
)
def test_what_may_be_accepted(accepted, reason, adds_up, found) -> None:
    asked = {"claimed": Decimal(10), "accepted": accepted, "reason": reason, "adds_up": adds_up}
    assert accepted_quantity(**asked) == found


@pytest.mark.parametrize(
    ("accepted", "reason", "adds_up", "field"),
    [
        (Decimal("9.999"), " ", True, "reason"),
        (Decimal("10.001"), "why", True, "quantity"),
        (Decimal(0), "why", True, "quantity"),
        (Decimal(-1), "why", False, "quantity"),
    ],
)
def test_what_may_not_be_accepted(accepted, reason, adds_up, field) -> None:
    asked = {"claimed": Decimal(10), "accepted": accepted, "reason": reason, "adds_up": adds_up}
    with pytest.raises(RuleBroken) as refused:
        accepted_quantity(**asked)
    assert refused.value.errors[0][0] == field


@pytest.mark.parametrize(
    ("deed", "status"),
    [(services.return_claim, ClaimStatus.RETURNED), (services.reject_claim, ClaimStatus.REJECTED)],
)
def test_sending_back_takes_the_claimed_entry_back_with_the_reason(w, sent, deed, status) -> None:
    deed(actor=w.manager, claim_id=sent.pk, expected_version=1, reason="No evidence.")
    assert (total(Basis.CLAIMED), total(Basis.VERIFIED)) == ((Decimal(0), 0), (Decimal(0), 0))
    for basis in (Basis.CLAIMED, Basis.EVIDENCED):
        was, back = LedgerEntry.objects.filter(basis=basis).order_by("pk")
        assert back.reason.endswith("No evidence.")
        assert back.corrects_id == was.pk
    sent.refresh_from_db()
    assert sent.status == status


def test_verified_once(w, sent) -> None:
    services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    for version in (1, 2):
        with pytest.raises(Conflict):
            services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=version)
        with pytest.raises(Conflict):
            services.return_claim(
                actor=w.manager, claim_id=sent.pk, expected_version=version, reason="Late."
            )
    assert Verification.objects.count() == 1
    assert total(Basis.VERIFIED) == (Decimal(10), 12_500)


def test_a_claim_mended_after_it_was_opened_is_not_verified_unseen(w, sent) -> None:
    services.return_claim(actor=w.manager, claim_id=sent.pk, expected_version=1, reason="More.")
    from procurement.deliveries.services import resubmit_claim

    resubmit_claim(
        actor=w.claimant,
        claim_id=sent.pk,
        expected_version=2,
        quantity=Decimal(99),
        narrative="More hours.",
    )
    with pytest.raises(Conflict):
        services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=3)
    assert total(Basis.VERIFIED)[0] == Decimal(99)


# --- corrections ------------------------------------------------------------------------------------


@pytest.mark.parametrize("right", ["4", "0", "9.5"])
def test_a_correction_reverses_and_posts_again_both_with_the_reason(w, sent, right) -> None:
    services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    services.correct_claim(
        actor=w.manager, claim_id=sent.pk, quantity=Decimal(right), reason="Miscounted."
    )
    old, back, new = LedgerEntry.objects.filter(basis=Basis.VERIFIED).order_by("pk")
    assert (back.corrects_id, back.quantity, back.value_pence) == (
        old.pk,
        -old.quantity,
        -old.value_pence,
    )
    assert (new.quantity, new.reason, back.reason) == (Decimal(right), "Miscounted.", "Miscounted.")
    assert total(Basis.VERIFIED) == (Decimal(right), int(Decimal(right) * 1_250))
    assert total(Basis.CLAIMED) == (Decimal(10), 12_500)


def test_a_correction_of_a_correction_leaves_the_last_figure(w, sent) -> None:
    services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    for right in ("4", "6", "5"):
        services.correct_claim(
            actor=w.manager, claim_id=sent.pk, quantity=Decimal(right), reason="Again."
        )
    assert total(Basis.VERIFIED) == (Decimal(5), 6_250)
    assert queries.decide_page(w.manager, sent.pk).stands == Decimal(5)
    assert Verification.objects.filter(decision=VerificationDecision.CORRECTED).count() == 3


@pytest.mark.parametrize(
    ("quantity", "reason", "field"),
    [("10", "Same.", "quantity"), ("-1", "Less.", "quantity"), ("4", " ", "reason")],
)
def test_a_correction_says_what_and_why(w, sent, quantity, reason, field) -> None:
    services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    with pytest.raises(RuleBroken) as refused:
        services.correct_claim(
            actor=w.manager, claim_id=sent.pk, quantity=Decimal(quantity), reason=reason
        )
    assert refused.value.errors[0][0] == field
    assert LedgerEntry.objects.filter(basis=Basis.VERIFIED).count() == 1


def test_a_rate_is_corrected_in_both_figures(w) -> None:
    sent = claim(w.claimant, w.share, quantity=Decimal(30), denominator=Decimal(50))
    services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    with pytest.raises(RuleBroken):
        services.correct_claim(
            actor=w.manager, claim_id=sent.pk, quantity=Decimal(30), reason="No whole."
        )
    services.correct_claim(
        actor=w.manager,
        claim_id=sent.pk,
        quantity=Decimal(30),
        denominator=Decimal(60),
        reason="Ten more.",
    )
    (found,) = sums(basis=Basis.VERIFIED)
    assert (found.quantity, found.denominator) == (Decimal(30), Decimal(60))


def test_what_adds_up_is_corrected_up_to_what_was_claimed(w, sent) -> None:
    """Accepted in part, it can be put right again; more was claimed by nobody."""
    services.verify_claim(
        actor=w.manager, claim_id=sent.pk, expected_version=1, quantity=Decimal(4), reason="Four."
    )
    with pytest.raises(RuleBroken, match="Enter 10 hours or less: that is what was claimed"):
        services.correct_claim(
            actor=w.manager, claim_id=sent.pk, quantity=Decimal("10.001"), reason="A slip.",
            is_sure=True,
        )  # fmt: skip
    assert total(Basis.VERIFIED) == (Decimal(4), 5_000)
    services.correct_claim(
        actor=w.manager, claim_id=sent.pk, quantity=Decimal(10), reason="All ten."
    )
    assert total(Basis.VERIFIED) == (Decimal(10), 12_500)


def test_a_share_better_than_was_claimed_is_asked_about(w) -> None:
    sent = claim(w.claimant, w.share, quantity=Decimal(30), denominator=Decimal(50))
    services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)

    def correct(part, whole, **more):
        return services.correct_claim(
            actor=w.manager, claim_id=sent.pk, quantity=Decimal(part), denominator=Decimal(whole),
            reason="The register says so.", **more,
        )  # fmt: skip

    with pytest.raises(
        RuleBroken, match="31 of 50 is more than the supplier claimed, 30 of 50"
    ) as asked:
        correct(31, 50)
    assert asked.value.errors[0][0] == "is_sure"
    correct(60, 100)  # the same share, of more
    correct(31, 50, is_sure=True)
    (found,) = sums(basis=Basis.VERIFIED)
    assert (found.quantity, found.denominator) == (Decimal(31), Decimal(50))


def test_a_figure_that_stands_alone_is_done_or_not(w) -> None:
    sent = claim(w.claimant, w.yes, quantity=Decimal(0))
    services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    about = {"actor": w.manager, "claim_id": sent.pk, "reason": "The policy was signed in May."}
    with pytest.raises(RuleBroken, match="Enter 1 when it was done"):
        services.correct_claim(**about, quantity=Decimal(2), is_sure=True)
    with pytest.raises(RuleBroken, match="1 is more than the supplier claimed, 0"):
        services.correct_claim(**about, quantity=Decimal(1))
    services.correct_claim(**about, quantity=Decimal(1), is_sure=True)
    (found,) = sums(basis=Basis.VERIFIED)
    assert found.quantity == Decimal(1)


def test_a_correction_ten_times_the_promise_is_said() -> None:
    about = Verified("people", False, False, Decimal(3), None, Decimal(3), None, Decimal(5))
    assert doubt_about(about, Decimal(3), None) == ""
    assert doubt_about(about, Decimal("49.999"), None) == (
        "49.999 is more than the supplier claimed, 3."
    )
    assert doubt_about(about, Decimal(50), None) == (
        "50 is ten times what was promised, or more. The supplier claimed 3."
    )


def test_only_a_verified_claim_is_corrected(w, sent) -> None:
    with pytest.raises(Conflict):
        services.correct_claim(
            actor=w.manager, claim_id=sent.pk, quantity=Decimal(4), reason="Early."
        )


# --- who --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PROCUREMENT_OFFICER, Role.ORGANISATION_ADMIN])
def test_only_a_contract_manager_decides(w, sent, role) -> None:
    colleague = actor_for_role(role, w.authority)
    with pytest.raises(NotAllowed):
        services.verify_claim(actor=colleague, claim_id=sent.pk, expected_version=1)


def test_the_supplier_does_not_verify_itself_whatever_its_roles(w, sent) -> None:
    both = replace(w.claimant, roles=w.claimant.roles | {Role.CONTRACT_MANAGER})
    for deed in (services.verify_claim,):
        with pytest.raises(NotAllowed, match="another organisation"):
            deed(actor=both, claim_id=sent.pk, expected_version=1)


def test_a_person_of_both_organisations_does_not_verify_their_own_claim(w, sent) -> None:
    same = replace(w.manager, user_id=w.claimant.user_id)
    with pytest.raises(NotAllowed, match="You made this claim"):
        services.verify_claim(actor=same, claim_id=sent.pk, expected_version=1)
    assert LedgerEntry.objects.filter(basis=Basis.VERIFIED).count() == 0


def test_a_contract_manager_of_another_authority_finds_nothing(sent) -> None:
    stranger = world().manager
    for deed in (services.return_claim, services.reject_claim):
        with pytest.raises(NotVisible):
            deed(actor=stranger, claim_id=sent.pk, expected_version=1, reason="x")
    with pytest.raises(NotVisible):
        services.verify_claim(actor=stranger, claim_id=sent.pk, expected_version=1)
    with pytest.raises(NotVisible):
        queries.decide_page(stranger, sent.pk)
    assert list(queries.queue(stranger)) == []


def decision(w, sent, **changes) -> dict:
    """A row as the service writes it."""
    row = {
        "claim_id": sent.pk,
        "decision": "verified",
        "quantity": Decimal(1),
        "decided_at": clock.now(),
        "decided_by_id": w.manager.user_id,
        "organisation_id": w.authority.pk,
        "claimant_organisation_id": w.supplier.pk,
        "claimant_id": w.claimant.user_id,
    }
    if changes.get("decision") == "returned":
        row |= {"quantity": None, "reason": "Why?"}
    return row | changes


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ("organisation_id", "verification_by_another_organisation"),
        ("decided_by_id", "verification_by_another_person"),
    ],
)
def test_the_database_itself_refuses_a_verifier_who_is_the_claimant(
    w, sent, changed, constraint
) -> None:
    row = decision(w, sent)
    same = {"organisation_id": w.supplier.pk, "decided_by_id": w.claimant.user_id}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Verification.objects.create(**(row | {changed: same[changed]}))
    Verification.objects.create(**row)


@pytest.mark.owner
@pytest.mark.parametrize("deed", ["update", "delete"])
def test_a_decision_never_changes(w, sent, deed) -> None:
    services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    rows = Verification.objects.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(reason="x") if deed == "update" else rows.delete()


def test_a_decision_that_fails_at_its_end_leaves_nothing(w, sent) -> None:
    """The key of the verified entry is taken, so the last step of the service is refused."""
    following = Verification.objects.create(**decision(w, sent, decision="returned")).pk + 1
    post_entries(actor=SYSTEM, postings=[posting(w.hours, key=f"verification:{following}")])
    with pytest.raises(Conflict, match="posted already"):
        services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    sent.refresh_from_db()
    assert (sent.status, Verification.objects.count()) == (ClaimStatus.SUBMITTED, 1)
    assert total(Basis.VERIFIED) == (Decimal(0), 0)
