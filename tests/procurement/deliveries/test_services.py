from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from PIL import Image

from procurement.awards.queries import commitment_info
from procurement.deliveries import queries, services
from procurement.deliveries.models import Claim, Evidence
from procurement.deliveries.vocabulary import ClaimStatus, DeliveryDeed
from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import sums
from procurement.ledger.vocabulary import Basis
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.deliveries import PDF, claim, evidence, world

pytestmark = pytest.mark.django_db


def claimed() -> tuple[Decimal, int]:
    rows = sums(basis=Basis.CLAIMED, by=("authority_id",))
    return (rows[0].quantity, rows[0].value_pence) if rows else (Decimal(0), 0)


def test_a_claim_is_valued_as_awarded_and_posted_as_claimed_in_its_quarter(w) -> None:
    sent = claim(w.claimant, w.hours, quantity=Decimal("10.5"))
    assert (sent.status, sent.value_pence) == (ClaimStatus.SUBMITTED, 13_125)
    entry, shown = LedgerEntry.objects.all()
    assert (shown.basis, shown.quantity, shown.value_pence) == (
        Basis.EVIDENCED, entry.quantity, entry.value_pence,
    )  # fmt: skip
    assert (entry.basis, entry.period, entry.quantity, entry.value_pence) == (
        Basis.CLAIMED, date(2025, 4, 1), Decimal("10.5"), 13_125,
    )  # fmt: skip
    assert (entry.authority_id, entry.supplier_id, entry.claim_id) == (
        w.authority.pk,
        w.supplier.pk,
        sent.pk,
    )
    (line,) = history_of(target_type="claim", target_id=sent.pk)
    assert line.sentence == "Claimed 10.5 hours for M1 Measure M1, 2025 to 2026, quarter 1."


def test_a_rate_keeps_both_figures_and_is_worth_nothing_in_pounds(w) -> None:
    sent = claim(w.claimant, w.share, quantity=Decimal(30), denominator=Decimal(50))
    entry = LedgerEntry.objects.get(claim=sent, basis=Basis.CLAIMED)
    assert (entry.quantity, entry.denominator, entry.value_pence) == (Decimal(30), Decimal(50), 0)
    assert queries.claim_for(w.claimant, sent.pk).shown_quantity == "30 of 50 (60%)"


def test_the_same_form_twice_is_one_claim_and_is_posted_once(w) -> None:
    first = claim(w.claimant, w.hours, key="form")
    assert claim(w.claimant, w.hours, key="form").pk == first.pk
    assert (Claim.objects.count(), LedgerEntry.objects.count()) == (1, 2)


def test_a_key_of_another_claim_is_refused(w) -> None:
    claim(w.claimant, w.hours, key="form")
    with pytest.raises(Conflict):
        claim(w.claimant, w.share, quantity=Decimal(1), denominator=Decimal(2), key="form")


def test_a_late_claim_goes_to_the_quarter_it_was_delivered_in(w) -> None:
    with clock.at(datetime(2026, 11, 1, tzinfo=UTC)):
        claim(w.claimant, w.hours, quarter=date(2025, 4, 1))
    assert {entry.period for entry in LedgerEntry.objects.all()} == {date(2025, 4, 1)}


def test_a_figure_that_is_not_added_up_stands_once_a_quarter(w) -> None:
    first = claim(w.claimant, w.yes, quantity=Decimal(1))
    with pytest.raises(RuleBroken, match="already"):
        claim(w.claimant, w.yes, quantity=Decimal(0))
    claim(w.claimant, w.yes, quantity=Decimal(0), quarter=date(2025, 7, 1))
    services.withdraw_claim(actor=w.claimant, claim_id=first.pk, expected_version=1)
    claim(w.claimant, w.yes, quantity=Decimal(0))


@pytest.mark.parametrize("stage", ["submitted", "returned"])
def test_withdrawing_leaves_nothing_claimed_and_keeps_every_entry(w, stage) -> None:
    sent = claim(w.claimant, w.hours)
    if stage == "returned":
        services.mark_returned(
            actor=w.manager, claim_id=sent.pk, expected_version=1, reason="Which library?"
        )
        sent.refresh_from_db()
    services.withdraw_claim(actor=w.claimant, claim_id=sent.pk, expected_version=sent.version)
    sent.refresh_from_db()
    assert sent.status == ClaimStatus.WITHDRAWN
    assert claimed() == (Decimal(0), 0)
    assert LedgerEntry.objects.count() == 4


def test_mending_posts_the_new_figures_once(w) -> None:
    sent = claim(w.claimant, w.hours)
    services.mark_returned(
        actor=w.manager, claim_id=sent.pk, expected_version=1, reason="Which library?"
    )
    assert claimed() == (Decimal(0), 0)
    mended = services.resubmit_claim(
        actor=w.claimant,
        claim_id=sent.pk,
        expected_version=2,
        quantity=Decimal(8),
        narrative="The central library.",
        evidence_ids=[evidence(w.claimant, w.contract).pk],
    )
    assert (mended.status, mended.version, mended.evidence.count()) == (ClaimStatus.SUBMITTED, 3, 2)
    assert claimed() == (Decimal(8), 10_000)
    assert mended.submitted_by_id == w.claimant.user_id
    with pytest.raises(Conflict) as second:
        services.resubmit_claim(
            actor=w.claimant,
            claim_id=sent.pk,
            expected_version=3,
            quantity=Decimal(9),
            narrative="Again.",
        )
    assert second.value.changed == {
        "How much was delivered": ("8", "9"),
        "What was delivered, where and for whom": ("The central library.", "Again."),
    }


def test_a_rate_mended_second_names_both_its_figures(w) -> None:
    sent = claim(w.claimant, w.share, quantity=Decimal(30), denominator=Decimal(50))
    services.mark_returned(actor=w.manager, claim_id=sent.pk, expected_version=1, reason="Why?")
    with pytest.raises(Conflict) as second:
        services.resubmit_claim(
            actor=w.claimant,
            claim_id=sent.pk,
            expected_version=1,
            quantity=Decimal(31),
            denominator=Decimal(52),
            narrative=sent.narrative,
        )
    measure = commitment_info(w.share.pk).measure
    assert second.value.changed == {
        "Status": ("Returned to the supplier", "Waiting for verification"),
        measure.numerator_label: ("30", "31"),
        measure.denominator_label: ("50", "52"),
    }


def test_who_was_second_is_told_and_changes_nothing(w) -> None:
    sent = claim(w.claimant, w.hours)
    services.mark_returned(actor=w.manager, claim_id=sent.pk, expected_version=1, reason="Why?")
    with pytest.raises(Conflict) as second:
        services.withdraw_claim(actor=w.claimant, claim_id=sent.pk, expected_version=1)
    assert second.value.changed == {"Status": ("Returned to the supplier", "Withdrawn")}
    sent.refresh_from_db()
    assert sent.status == ClaimStatus.RETURNED


@pytest.mark.parametrize("reason", ["", "  "])
@pytest.mark.parametrize("deed", [services.mark_returned, services.mark_rejected])
def test_sending_back_needs_a_reason(w, deed, reason) -> None:
    sent = claim(w.claimant, w.hours)
    with pytest.raises(RuleBroken) as refused:
        deed(actor=w.manager, claim_id=sent.pk, expected_version=1, reason=reason)
    assert refused.value.errors[0][0] == "reason"


# --- who --------------------------------------------------------------------------------------------


def test_another_supplier_finds_nothing(w) -> None:
    other = world()
    sent = claim(other.claimant, other.hours)
    file = sent.evidence.get()
    for deed in (
        lambda: claim(w.claimant, other.hours),
        lambda: evidence(w.claimant, other.contract),
        lambda: queries.claim_for(w.claimant, sent.pk),
        lambda: queries.evidence_file(w.claimant, file.pk),
        lambda: services.withdraw_claim(actor=w.claimant, claim_id=sent.pk, expected_version=1),
    ):
        with pytest.raises(NotVisible):
            deed()
    assert Claim.objects.count() == 1


def test_another_authority_finds_nothing(w) -> None:
    other = world()
    sent = claim(other.claimant, other.hours)
    for deed in (
        lambda: queries.claim_for(w.manager, sent.pk),
        lambda: queries.evidence_file(w.manager, sent.evidence.get().pk),
        lambda: services.mark_verified(actor=w.manager, claim_id=sent.pk, expected_version=1),
    ):
        with pytest.raises(NotVisible):
            deed()
    assert list(queries.claims_for(w.manager)) == []
    assert list(queries.claims_awaiting(w.manager)) == []


def test_the_buyer_cannot_claim_and_the_supplier_cannot_decide(w) -> None:
    sent = claim(w.claimant, w.hours)
    with pytest.raises(NotAllowed):
        evidence(w.manager, w.contract)
    with pytest.raises(NotAllowed):
        services.withdraw_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    with pytest.raises(NotAllowed):
        services.mark_verified(actor=w.claimant, claim_id=sent.pk, expected_version=1)


def test_a_file_of_another_contract_or_claim_cannot_be_attached(w) -> None:
    other = world()
    foreign = evidence(other.claimant, other.contract)
    used = claim(w.claimant, w.hours).evidence.get()
    for file in (foreign, used):
        with pytest.raises(RuleBroken, match="belongs to another claim"):
            services.submit_claim(
                actor=w.claimant, commitment_id=w.hours.pk, quarter=date(2025, 4, 1), quantity=Decimal(1),
                narrative="x", evidence_ids=[file.pk], submission_key=f"k{file.pk}",
            )  # fmt: skip
    foreign.refresh_from_db()
    assert foreign.claim_id is None
    assert Claim.objects.count() == 1


def test_a_loose_file_is_for_its_supplier_only(w) -> None:
    file = evidence(w.claimant, w.contract)
    assert queries.evidence_file(w.claimant, file.pk).content == PDF
    with pytest.raises(NotVisible):
        queries.evidence_file(w.manager, file.pk)
    colleague = actor_for_role(Role.AUDITOR, w.authority)
    sent = claim(w.claimant, w.hours)
    assert queries.evidence_file(colleague, sent.evidence.get().pk).content == PDF


# --- files ------------------------------------------------------------------------------------------


def photo_with_place() -> bytes:
    picture = Image.new("RGB", (4, 4), "red")
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_photo_is_kept_without_what_travels_with_it(w) -> None:
    file = evidence(w.claimant, w.contract, "photo.jpg", photo_with_place())
    assert file.media_type == "image/jpeg"
    assert b"secret place" not in queries.evidence_file(w.claimant, file.pk).content


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("report.pdf", b"<html><script>alert(1)</script>", "cannot be accepted"),
        ("run.exe", b"MZ\x00\x01", "cannot be accepted"),
        ("nothing.pdf", b"", "empty"),
        ("half.pdf", b"%PDF-1.4 no end", "damaged"),
    ],
)
def test_the_content_decides_what_is_accepted(w, name, content, sentence) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        evidence(w.claimant, w.contract, name, content)
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize(("extra", "accepted"), [(0, True), (1, False)])
def test_the_limit_is_the_limit(w, settings, extra, accepted) -> None:
    settings.EVIDENCE_MAX_BYTES = 1_000
    content = b"x" * (1_000 + extra)
    if accepted:
        assert evidence(w.claimant, w.contract, "a.txt", content).size == 1_000
    else:
        with pytest.raises(RuleBroken, match="larger than"):
            evidence(w.claimant, w.contract, "a.txt", content)


def test_a_file_that_is_gone_is_a_message(w) -> None:
    file = evidence(w.claimant, w.contract)
    file.file.storage.delete(file.file.name)
    with pytest.raises(NotVisible, match="no longer in the store"):
        queries.evidence_file(w.claimant, file.pk)


def test_every_deed_is_on_the_record(w) -> None:
    sent = claim(w.claimant, w.hours)
    services.mark_returned(actor=w.manager, claim_id=sent.pk, expected_version=1, reason="Why?")
    services.withdraw_claim(actor=w.claimant, claim_id=sent.pk, expected_version=2)
    from socialvalue.audit.models import AuditRecord

    deeds = list(AuditRecord.objects.order_by("pk").values_list("deed", flat=True))
    assert deeds == [
        DeliveryDeed.EVIDENCE_ADDED,
        DeliveryDeed.CLAIM_SUBMITTED,
        DeliveryDeed.CLAIM_RETURNED,
        DeliveryDeed.CLAIM_WITHDRAWN,
    ]
