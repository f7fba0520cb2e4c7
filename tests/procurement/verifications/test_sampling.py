"""Sampling: who sets the rule, what it does in the queue, batches, and that anybody can draw again."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.deliveries.models import Claim, Confirmation
from procurement.deliveries.services import resubmit_claim, submit_claim
from procurement.ledger.models import LedgerEntry
from procurement.ledger.vocabulary import Basis
from procurement.verifications import queries, services
from procurement.verifications.models import SampleSeed, SamplingRule, Verification
from procurement.verifications.rules import SeenClaim, drawn
from procurement.verifications.vocabulary import Sampled
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role, user_with_role
from tests.factories.deliveries import claim, world

pytestmark = pytest.mark.django_db
QUEUE = "/verify/"
LATER = datetime(2025, 8, 20, 9, tzinfo=UTC)


def rule(w, *, above: int = 100_000_00, share: str = "0", day: date = date(2025, 8, 16)):
    return services.set_sampling_rule(
        actor=w.manager,
        from_date=day,
        always_above_pence=above,
        share_percent=Decimal(share),
        reason="Small claims are many.",
    )


@pytest.fixture
def ruled(w):
    """A rule from tomorrow on that draws nothing below £100,000, and it is later."""
    rule(w)
    with clock.at(LATER):
        yield w


@pytest.fixture
def manager(client, w):
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    return client


def seen(*claims: Claim) -> list[SeenClaim]:
    return [SeenClaim(row.pk, row.version) for row in claims]


# --- the rule and its seeds -------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.CONTRACT_MANAGER, Role.POLICY_OWNER])
def test_contract_managers_and_policy_owners_set_the_rule(w, role) -> None:
    made = services.set_sampling_rule(
        actor=actor_for_role(role, w.authority),
        from_date=date(2025, 8, 16),
        always_above_pence=1,
        share_percent=Decimal(5),
        reason="Why.",
    )
    assert AuditRecord.objects.filter(deed="sampling_rule_set", target_id=made.pk).count() == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.APPROVER])
def test_nobody_else_does(w, role) -> None:
    with pytest.raises(NotAllowed):
        services.set_sampling_rule(
            actor=actor_for_role(role, w.authority),
            from_date=date(2025, 8, 16),
            always_above_pence=1,
            share_percent=Decimal(5),
            reason="Why.",
        )
    with pytest.raises(NotAllowed):
        services.draw_samples(actor=actor_for_role(role, w.authority))
    with pytest.raises(NotAllowed):
        services.draw_samples(actor=w.claimant)


@pytest.mark.owner
def test_a_day_has_one_rule_and_a_rule_and_a_seed_never_change(w) -> None:
    rule(w)
    with pytest.raises(RuleBroken) as refused:
        rule(w, share="5")
    assert refused.value.errors[0][0] == "from_date"
    for rows in (SamplingRule.objects.all(), SampleSeed.objects.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        SampleSeed.objects.update(seed="0")


def test_seeds_are_drawn_once_are_different_and_are_recorded(w) -> None:
    rule(w)
    known = dict(SampleSeed.objects.values_list("quarter", "seed"))
    assert len(known) == len(set(known.values())) == 9
    assert AuditRecord.objects.filter(deed="sample_drawn").count() == 9
    assert services.draw_samples(actor=SYSTEM) == 0
    with clock.at(datetime(2025, 10, 2, 9, tzinfo=UTC)):
        assert services.draw_samples(actor=SYSTEM) == 1
        assert services.draw_samples(actor=SYSTEM) == 0
    assert dict(SampleSeed.objects.values_list("quarter", "seed")).items() > known.items()


def test_without_a_rule_nothing_is_drawn_and_the_queue_is_as_it_was(w) -> None:
    sent = claim(w.claimant, w.hours)
    assert services.draw_samples(actor=SYSTEM) == 0
    (row,) = queries.queue_rows(w.manager, queries.queue(w.manager))
    assert (row.may_verify, row.may_tick, row.draw.must_open) == (True, False, False)
    made = services.verify_from_queue(actor=w.manager, claim_id=sent.pk, expected_version=1)
    assert made.sampled == Sampled.NO_RULE
    (told,) = queries.decisions_of(w.manager, sent.pk)
    assert told.sampled_label == "No sampling rule was in force when the claim was sent"


def test_the_page_says_that_without_a_rule_no_claim_is_drawn(w, manager) -> None:
    """A rule that is still to come changes nothing of it."""
    without = "There is no rule in force, so no sample is drawn."
    assert without in manager.get(f"{QUEUE}sampling/").content.decode()
    rule(w)
    assert without in manager.get(f"{QUEUE}sampling/").content.decode()
    with clock.at(LATER):
        manager.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
        assert without not in manager.get(f"{QUEUE}sampling/").content.decode()


def test_a_claim_follows_the_rule_of_the_day_it_was_sent(w) -> None:
    before = claim(w.claimant, w.hours)
    rule(w)
    with clock.at(LATER):
        after = claim(w.claimant, w.hours)
        draws = {row.claim.id: row.draw.sampled for row in _rows(w)}
    assert draws == {before.pk: Sampled.NO_RULE, after.pk: Sampled.NOT_DRAWN}


def _rows(w):
    return queries.queue_rows(w.manager, queries.queue(w.manager))


@pytest.mark.parametrize(
    ("above", "share", "found"),
    [
        (12_500, "0", Sampled.ABOVE),  # 10 hours at £12.50
        (12_501, "0", Sampled.NOT_DRAWN),
        (12_501, "100", Sampled.DRAWN),
    ],
)
def test_above_the_value_drawn_or_not(w, above, share, found) -> None:
    rule(w, above=above, share=share)
    with clock.at(LATER):
        sent = claim(w.claimant, w.hours)
        (row,) = _rows(w)
        assert (row.draw.sampled, row.may_tick) == (found, found == Sampled.NOT_DRAWN)
        made = services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
        assert made.sampled == found


def test_a_claim_without_a_value_is_always_opened(ruled) -> None:
    claim(ruled.claimant, ruled.share, quantity=Decimal(30), denominator=Decimal(50))
    (row,) = _rows(ruled)
    assert (row.draw.sampled, row.draw.must_open) == (Sampled.NO_VALUE, True)
    assert row.draw.why == "claims with no value in pounds are always opened"


def test_a_claim_of_a_quarter_without_a_seed_is_opened_until_it_is_drawn(ruled, manager) -> None:
    sent = claim(ruled.claimant, ruled.hours)
    with pytest.raises(NotVisible):
        queries.sample_of(ruled.manager, date(2020, 1, 1))
    Claim.objects.filter(pk=sent.pk).update(quarter=date(2020, 1, 1))
    (row,) = _rows(ruled)
    assert (row.draw.sampled, row.draw.must_open) == (Sampled.UNSAID, True)
    assert "Draw the sample" in manager.get(QUEUE).content.decode()
    assert manager.post(f"{QUEUE}sampling/draw/").url == QUEUE
    (row,) = _rows(ruled)
    assert row.draw.sampled == Sampled.NOT_DRAWN


def test_what_the_group_that_benefited_disputes_is_opened(ruled) -> None:
    sent = claim(ruled.claimant, ruled.hours)
    Confirmation.objects.create(
        claim=sent,
        group="The library",
        email="desk@library.example",
        token_hash="0" * 64,
        asked_at=clock.now(),
        asked_by_id=ruled.claimant.user_id,
        expires_at=clock.now(),
        claim_version=1,
        answer="disputed",
        answered_at=clock.now(),
        words="Nobody came.",
    )
    (row,) = _rows(ruled)
    assert (row.draw.must_open, row.may_tick) == (True, False)
    assert services.verify_batch(actor=ruled.manager, seen=seen(sent)).verified == ()


# --- evidence ---------------------------------------------------------------------------------------


def bare(w, key: str = "bare") -> Claim:
    """A claim without a file."""
    return submit_claim(
        actor=w.claimant,
        commitment_id=w.hours.pk,
        quarter=date(2025, 4, 1),
        quantity=Decimal(5),
        submission_key=key,
    )


def confirmed(w, sent: Claim, version: int) -> None:
    Confirmation.objects.create(
        claim=sent,
        group="The library",
        email=f"desk{version}@library.example",
        token_hash=str(version) * 64,
        asked_at=clock.now(),
        asked_by_id=w.claimant.user_id,
        expires_at=clock.now(),
        claim_version=version,
        answer="confirmed",
        answered_at=clock.now(),
    )


def test_nothing_is_verified_without_evidence(w, manager) -> None:
    sent = bare(w)
    for deed in (services.verify_claim, services.verify_from_queue):
        with pytest.raises(RuleBroken, match="no evidence"):
            deed(actor=w.manager, claim_id=sent.pk, expected_version=1)
    page = manager.get(QUEUE).content.decode()
    assert "No evidence yet" in page
    assert f'action="{QUEUE}{sent.pk}/verify/"' not in page
    assert LedgerEntry.objects.filter(basis=Basis.VERIFIED).count() == 0
    services.return_claim(
        actor=w.manager, claim_id=sent.pk, expected_version=1, reason="What shows it?"
    )


def test_the_word_of_the_group_that_benefited_is_evidence_for_the_claim_they_saw(w) -> None:
    sent = bare(w)
    confirmed(w, sent, 2)
    with pytest.raises(RuleBroken, match="no evidence"):
        services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    confirmed(w, sent, 1)
    services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)


def test_claimed_evidenced_and_verified_are_told_apart(w, manager) -> None:
    bare(w)
    claim(w.claimant, w.hours)
    done = claim(w.claimant, w.hours)
    services.verify_claim(
        actor=w.manager,
        claim_id=done.pk,
        expected_version=1,
        quantity=Decimal(8),
        reason="Two twice.",
    )
    proof = queries.proof_of(w.manager)
    found = (proof.claimed.value, proof.evidenced.value, proof.verified.value)
    assert found == (Decimal("312.50"), Decimal(250), Decimal(100))
    (row, *_) = queries.proof_page(w.manager, w.contract.pk).rows
    assert (row.progress.evidenced.quantity, row.waiting, row.without) == (Decimal(20), 2, 1)
    assert queries.proof_page(w.claimant, w.contract.pk).proof == proof
    with pytest.raises(NotVisible):
        queries.proof_page(world().manager, w.contract.pk)
    assert manager.get(f"{QUEUE}contracts/{w.contract.pk}/").status_code == 200
    assert len(manager.get(f"{QUEUE}?evidence=without").context["rows"]) == 1
    assert len(manager.get(f"{QUEUE}?evidence=with").context["rows"]) == 1


# --- batches ----------------------------------------------------------------------------------------


def test_ten_claims_are_ticked_and_verified_with_twelve_clicks_and_no_field(ruled, manager) -> None:
    for _ in range(10):
        claim(ruled.claimant, ruled.hours)
    clicks = 1  # "Verify" in the navigation
    page = manager.get(QUEUE).content.decode()
    ticks = re.findall(r'name="seen" value="([0-9:]+)" form="ticked"', page)
    clicks += len(ticks) + 1
    answer = manager.post(f"{QUEUE}ticked/", {"seen": ticks, "next": QUEUE}, follow=True)
    assert (len(ticks), clicks) == (10, 12)
    assert "10 claims are verified." in answer.content.decode()
    assert set(Verification.objects.values_list("sampled", flat=True)) == {Sampled.NOT_DRAWN}
    assert Verification.objects.count() == 10


def test_those_that_moved_on_are_named_and_the_others_are_verified(ruled, manager) -> None:
    stays, decided, changed = (claim(ruled.claimant, ruled.hours) for _ in range(3))
    ticks = [f"{row.pk}:1" for row in (stays, decided, changed)]
    services.verify_claim(actor=ruled.manager, claim_id=decided.pk, expected_version=1)
    services.return_claim(
        actor=ruled.manager, claim_id=changed.pk, expected_version=1, reason="More."
    )
    resubmit_claim(
        actor=ruled.claimant, claim_id=changed.pk, expected_version=2, quantity=Decimal(99)
    )
    answer = manager.post(f"{QUEUE}ticked/", {"seen": ticks}, follow=True).content.decode()
    assert "1 claim is verified." in answer
    for row in (decided, changed):
        assert f"Claim {row.pk} is not verified." in answer
    stays.refresh_from_db()
    changed.refresh_from_db()
    assert (stays.status, changed.status) == ("verified", "submitted")
    assert Verification.objects.filter(decision="verified").count() == 2


def test_a_claim_that_is_to_be_opened_is_not_verified_from_the_queue(w) -> None:
    rule(w, share="100")
    with clock.at(LATER):
        sent = claim(w.claimant, w.hours)
        with pytest.raises(RuleBroken, match="opened one by one"):
            services.verify_from_queue(actor=w.manager, claim_id=sent.pk, expected_version=1)
        batch = services.verify_batch(actor=w.manager, seen=seen(sent))
        assert (batch.verified, [pk for pk, _ in batch.left]) == ((), [sent.pk])
        services.verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)


def test_without_a_rule_there_is_no_batch(w) -> None:
    sent = claim(w.claimant, w.hours)
    assert services.verify_batch(actor=w.manager, seen=seen(sent)).verified == ()


def test_a_claim_of_another_authority_in_a_batch_verifies_nothing(ruled, manager) -> None:
    own, other = claim(ruled.claimant, ruled.hours), world()
    theirs = claim(other.claimant, other.hours)
    with pytest.raises(NotVisible):
        services.verify_batch(actor=ruled.manager, seen=seen(own, theirs))
    ticks = [f"{own.pk}:1", f"{theirs.pk}:1"]
    assert manager.post(f"{QUEUE}ticked/", {"seen": ticks}).status_code == 404
    assert Verification.objects.count() == 0


@pytest.mark.parametrize(
    "ticks", [[], ["1"], ["1:x"], ["1:1", "1:1"], [f"{n}:1" for n in range(101)]]
)
def test_a_batch_of_nothing_or_of_nonsense_is_refused(w, manager, ticks) -> None:
    assert manager.post(f"{QUEUE}ticked/", {"seen": ticks}).status_code == 302
    assert Verification.objects.count() == 0


# --- drawing again ----------------------------------------------------------------------------------


def test_anybody_of_the_authority_draws_again_and_finds_the_same(w, client) -> None:
    rule(w, share="50")
    with clock.at(LATER):
        sent = [claim(w.claimant, w.hours) for _ in range(8)]
        for row in sent:
            services.verify_claim(actor=w.manager, claim_id=row.pk, expected_version=1)
        auditor = user_with_role(Role.AUDITOR, w.authority)
        client.force_login(auditor)
        text = client.get(f"{QUEUE}sampling/?quarter=2025-04-01").content.decode()
        sample = queries.sample_of(w.manager, date(2025, 4, 1))
    assert sample.seed.seed in text
    assert (sample.compared, sample.differing) == (8, ())
    by_hand = {row.pk for row in sent if drawn(sample.seed.seed, row.pk, Decimal(50))}
    assert {row.claim_id for row in sample.rows if row.sampled == Sampled.DRAWN} == by_hand
    table = client.get(f"{QUEUE}sampling/2025-04-01.csv").content.decode()
    assert all(str(row.pk) in table for row in sent)


def test_the_rule_and_the_seed_stay_in_the_authority(w, client) -> None:
    rule(w)
    seed = SampleSeed.objects.get(quarter=date(2025, 4, 1)).seed
    other = world()
    client.force_login(user_with_role(Role.AUDITOR, other.authority))
    assert seed not in client.get(f"{QUEUE}sampling/").content.decode()
    assert client.get(f"{QUEUE}sampling/2025-04-01.csv").status_code == 404
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN, w.supplier))
    assert client.get(f"{QUEUE}sampling/").status_code == 403


def test_a_rule_is_set_on_a_page(w, client) -> None:
    client.force_login(user_with_role(Role.POLICY_OWNER, w.authority))
    url = f"{QUEUE}sampling/new/"
    assert client.get(url).status_code == 200
    typed = {
        "from_date-day": "16",
        "from_date-month": "8",
        "from_date-year": "2025",
        "always_above": "£1,000",
        "share_percent": "12.5",
        "reason": "Few are large.",
    }
    assert client.post(url, typed | {"from_date-day": "15"}).status_code == 422
    assert client.post(url, typed).url == f"{QUEUE}sampling/"
    made = SamplingRule.objects.get()
    assert (made.always_above_pence, made.share_percent) == (100_000, Decimal("12.5"))
    assert "Few are large." in client.get(f"{QUEUE}sampling/").content.decode()
