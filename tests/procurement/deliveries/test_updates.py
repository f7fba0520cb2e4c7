"""A quarter of a contract is reported as one deed: all of it or nothing, once, and nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procurement.deliveries import queries, services
from procurement.deliveries.models import Claim, ClaimDraft, NilReturn
from procurement.deliveries.rules import UpdateLine
from procurement.deliveries.services import DraftLine
from procurement.ledger.models import LedgerEntry
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.deliveries import QUARTER, claim, evidence, world

pytestmark = pytest.mark.django_db
NEXT = date(2025, 7, 1)


def line(commitment, quantity="10", denominator=None, **more) -> UpdateLine:
    whole = None if denominator is None else Decimal(denominator)
    return UpdateLine(commitment.pk, Decimal(quantity), whole, **more)


def send(w, *lines, key="update-1", quarter=QUARTER, actor=None, **more) -> list[Claim]:
    return services.submit_update(
        actor=actor or w.claimant,
        contract_id=w.contract.pk,
        quarter=quarter,
        lines=lines,
        submission_key=key,
        **more,
    )


def nothing(commitment) -> UpdateLine:
    return UpdateLine(commitment.pk, Decimal(0), is_nil=True)


def test_one_update_makes_a_claim_a_line_and_a_word_where_there_was_nothing(w) -> None:
    file = evidence(w.claimant, w.contract)
    made = send(
        w,
        line(w.hours, "10.5", narrative="At the library.", postcode_district="cv6 1ab", evidence_ids=[file.pk]),
        line(w.share, "30", "50"),
        nothing(w.yes),
    )  # fmt: skip
    assert [(row.commitment_id, row.quantity, row.denominator, row.quarter) for row in made] == [
        (w.hours.pk, Decimal("10.5"), None, QUARTER),
        (w.share.pk, Decimal(30), Decimal(50), QUARTER),
    ]
    assert [row.value_pence for row in made] == [13_125, 0]
    assert made[0].postcode_district == "CV6"
    assert (made[1].narrative, made[1].evidence.count()) == ("", 0)
    assert [row.commitment_id for row in NilReturn.objects.all()] == [w.yes.pk]
    assert [row.basis for row in LedgerEntry.objects.all()] == ["claimed", "evidenced", "claimed"]


def test_the_same_update_twice_is_one(w) -> None:
    lines = (line(w.hours), nothing(w.yes))
    first = send(w, *lines)
    assert [row.pk for row in send(w, *lines)] == [row.pk for row in first]
    assert (Claim.objects.count(), LedgerEntry.objects.count(), NilReturn.objects.count()) == (
        1,
        1,
        1,
    )
    # Another form is another update: what adds up may be delivered in parts.
    send(w, line(w.hours, "2"), key="update-2")
    assert Claim.objects.count() == 2


@pytest.mark.parametrize(
    "changed",
    [
        lambda w: (line(w.hours, "12"), nothing(w.yes)),
        lambda w: (line(w.hours), line(w.share, "30", "50"), nothing(w.yes)),
        lambda w: (line(w.hours, narrative="At the library."), nothing(w.yes)),
        lambda w: (line(w.hours), nothing(w.yes), nothing(w.share)),
        lambda w: (line(w.share, "30", "50"),),
    ],
)
def test_a_page_that_was_sent_and_then_changed_is_never_said_to_be_sent(w, changed) -> None:
    """Back in the browser, another figure, sent again: the first key is no answer to what is new."""
    send(w, line(w.hours), nothing(w.yes))
    with pytest.raises(Conflict, match="sent already"):
        send(w, *changed(w))
    assert [row.quantity for row in Claim.objects.all()] == [Decimal(10)]


def test_nothing_may_have_a_reason_short_and_without_a_postcode(w) -> None:
    send(w, UpdateLine(w.hours.pk, Decimal(0), narrative=" No site was open. ", is_nil=True))
    assert NilReturn.objects.get().reason == "No site was open."
    page = queries.update_page(w.claimant, w.contract.pk, QUARTER, clock.today())
    assert [row.nil.reason for row in page.rows if row.nil] == ["No site was open."]
    for words in ("x" * 501, "Not at CV1 2AB."):
        with pytest.raises(RuleBroken) as raised:
            send(w, UpdateLine(w.yes.pk, Decimal(0), narrative=words, is_nil=True), key="other")
        assert raised.value.errors[0][0] == f"c{w.yes.pk}-narrative"
    assert NilReturn.objects.count() == 1


def test_one_fault_a_line_and_nothing_is_sent_of_the_others(w) -> None:
    with pytest.raises(RuleBroken) as raised:
        send(
            w,
            line(w.hours, "10"),
            line(w.share, "60", "50", narrative="CV6 1AB"),
            line(w.yes, "2"),
        )
    assert [name for name, _ in raised.value.errors] == [
        f"c{w.share.pk}-quantity",
        f"c{w.yes.pk}-quantity",
    ]
    assert (Claim.objects.count(), LedgerEntry.objects.count()) == (0, 0)


def test_a_figure_that_stands_already_is_a_fault_of_its_line(w) -> None:
    claim(w.claimant, w.yes, quantity=Decimal(1))
    with pytest.raises(RuleBroken, match="already") as raised:
        send(w, line(w.hours), line(w.yes, "1"))
    assert raised.value.errors[0][0] == f"c{w.yes.pk}-quarter"
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("quarter", [date(2025, 10, 1), date(2025, 1, 1), date(2027, 4, 1)])
def test_a_quarter_that_has_not_begun_or_is_outside_is_refused(w, quarter) -> None:
    for lines in ((line(w.hours),), (nothing(w.hours),)):
        with pytest.raises(RuleBroken):
            send(w, *lines, quarter=quarter)


def test_a_late_quarter_can_be_reported(w) -> None:
    with clock.at(datetime(2026, 11, 1, tzinfo=UTC)):
        send(w, line(w.hours), nothing(w.share))
    assert LedgerEntry.objects.get().period == QUARTER


def test_an_update_says_something_and_names_a_commitment_once(w) -> None:
    for lines in ((), (line(w.hours), line(w.hours, "2"))):
        with pytest.raises(RuleBroken):
            send(w, *lines)
    for key in ("", "k" * 41):
        with pytest.raises(RuleBroken):
            send(w, line(w.hours), key=key)
    assert send(w, line(w.hours), key="k" * 40)[0].submission_key == f"{'k' * 40}:{w.hours.pk}"


def test_only_the_supplier_and_only_its_own_commitments(w) -> None:
    other = world()
    with pytest.raises(NotVisible):
        send(w, line(w.hours), line(other.hours))
    with pytest.raises(NotVisible):
        send(w, line(w.hours), actor=actor_for_role(Role.SUPPLIER_ADMIN))
    with pytest.raises(NotAllowed):
        send(w, line(w.hours), actor=w.manager)
    assert Claim.objects.count() == 0


def test_claims_that_came_meanwhile_are_a_conflict_not_a_second_claim(w) -> None:
    seen = queries.seen_claims(w.contract.pk, QUARTER)
    send(w, line(w.hours), seen=seen)
    with pytest.raises(Conflict):
        send(w, line(w.hours), seen=seen, key="of-a-colleague")
    # The same form again is no conflict: it was sent.
    assert len(send(w, line(w.hours), seen=seen)) == 1
    send(w, line(w.hours), seen=queries.seen_claims(w.contract.pk, QUARTER), key="third")
    # Another quarter is nobody's business.
    send(w, line(w.hours), seen="0.0.0", key="fourth", quarter=NEXT)
    assert Claim.objects.count() == 3


# --- drafts ----------------------------------------------------------------------------------------


def keep(w, *lines, version=0, quarter=QUARTER, actor=None) -> int:
    return services.save_drafts(
        actor=actor or w.claimant,
        contract_id=w.contract.pk,
        quarter=quarter,
        lines=lines,
        expected_version=version,
    )


def test_a_draft_is_kept_as_it_is_typed_and_goes_when_it_is_sent(w) -> None:
    first = keep(w, DraftLine(w.hours.pk, "ten or so"), DraftLine(w.yes.pk))
    assert [(row.commitment_id, row.quantity) for row in ClaimDraft.objects.all()] == [
        (w.hours.pk, "ten or so")
    ]
    second = keep(
        w,
        DraftLine(w.hours.pk, "10", narrative="Words."),
        DraftLine(w.share.pk, "3"),
        version=first,
    )
    assert second > first
    assert keep(w, DraftLine(w.hours.pk, "10", narrative="Words."), version=second) == second
    assert AuditRecord.objects.filter(deed="claim_drafted").count() == 1
    row = next(
        row
        for row in queries.update_page(w.claimant, w.contract.pk, QUARTER, clock.today()).rows
        if row.id == w.hours.pk
    )
    assert (row.first["quantity"], row.first["narrative"]) == ("10", "Words.")
    send(w, line(w.hours))
    assert [row.commitment_id for row in ClaimDraft.objects.all()] == [w.share.pk]
    assert LedgerEntry.objects.count() == 1


def test_a_colleague_who_typed_meanwhile_is_a_conflict(w) -> None:
    keep(w, DraftLine(w.hours.pk, "1"))
    with pytest.raises(Conflict):
        keep(w, DraftLine(w.hours.pk, "2"))
    assert ClaimDraft.objects.get().quantity == "1"


def test_of_a_whole_postcode_a_draft_keeps_the_first_half(w) -> None:
    keep(w, DraftLine(w.hours.pk, "1" * 90, postcode_district="CV6 1AB"))
    draft = ClaimDraft.objects.get()
    assert (draft.postcode_district, len(draft.quantity)) == ("CV6", 60)


def test_drafts_are_the_suppliers_own(w) -> None:
    other = world()
    with pytest.raises(NotVisible):
        keep(w, DraftLine(other.hours.pk, "1"))
    with pytest.raises(NotVisible):
        keep(w, DraftLine(w.hours.pk, "1"), actor=other.claimant)
    with pytest.raises(NotAllowed):
        keep(w, DraftLine(w.hours.pk, "1"), actor=w.manager)
    with pytest.raises(RuleBroken):
        keep(w, DraftLine(w.hours.pk, "1"), quarter=date(2026, 4, 1))
    assert ClaimDraft.objects.count() == 0


# --- nothing this period ---------------------------------------------------------------------------


def test_nothing_is_said_once_posts_nothing_and_can_be_undone(w) -> None:
    for _ in range(2):
        said = services.report_nothing(actor=w.claimant, commitment_id=w.hours.pk, quarter=QUARTER)
    assert (NilReturn.objects.count(), LedgerEntry.objects.count()) == (1, 0)
    assert services.take_back_nothing(actor=w.claimant, nil_id=said.pk) == (w.contract.pk, QUARTER)
    assert NilReturn.objects.count() == 0
    with pytest.raises(NotVisible):
        services.take_back_nothing(actor=w.claimant, nil_id=said.pk)
    deeds = AuditRecord.objects.filter(target_type="nilreturn").order_by("pk")
    assert [row.sentence for row in deeds] == [
        "Reported nothing for M1 Measure M1, 2025 to 2026, quarter 1.",
        "Took back the report of nothing for M1 Measure M1, 2025 to 2026, quarter 1.",
    ]


def test_a_claim_takes_the_word_of_nothing_back(w) -> None:
    services.report_nothing(actor=w.claimant, commitment_id=w.hours.pk, quarter=QUARTER)
    services.report_nothing(actor=w.claimant, commitment_id=w.hours.pk, quarter=NEXT)
    claim(w.claimant, w.hours)
    assert [row.quarter for row in NilReturn.objects.all()] == [NEXT]


def test_nothing_is_no_word_where_something_is_claimed(w) -> None:
    sent = claim(w.claimant, w.hours)
    with pytest.raises(RuleBroken, match="Something is claimed"):
        services.report_nothing(actor=w.claimant, commitment_id=w.hours.pk, quarter=QUARTER)
    services.withdraw_claim(actor=w.claimant, claim_id=sent.pk, expected_version=1)
    services.report_nothing(actor=w.claimant, commitment_id=w.hours.pk, quarter=QUARTER)


def test_nothing_is_the_suppliers_own_word(w) -> None:
    said = services.report_nothing(actor=w.claimant, commitment_id=w.hours.pk, quarter=QUARTER)
    stranger = actor_for_role(Role.SUPPLIER_ADMIN)
    for actor, error in ((stranger, NotVisible), (w.manager, NotAllowed)):
        with pytest.raises(error):
            services.report_nothing(actor=actor, commitment_id=w.share.pk, quarter=QUARTER)
        with pytest.raises(error):
            services.take_back_nothing(actor=actor, nil_id=said.pk)
    assert NilReturn.objects.count() == 1


# --- files of a claim that is sent -----------------------------------------------------------------


def test_a_file_can_be_added_until_the_claim_is_decided_on(w) -> None:
    (sent,) = send(w, line(w.hours))
    file = evidence(w.claimant, w.contract)
    services.attach_evidence(actor=w.claimant, claim_id=sent.pk, evidence_ids=[file.pk])
    sent.refresh_from_db()
    assert (sent.version, sent.evidence.get().pk, LedgerEntry.objects.count()) == (1, file.pk, 2)
    with pytest.raises(RuleBroken):
        services.attach_evidence(actor=w.claimant, claim_id=sent.pk, evidence_ids=[])
    services.withdraw_claim(actor=w.claimant, claim_id=sent.pk, expected_version=1)
    late = evidence(w.claimant, w.contract)
    with pytest.raises(Conflict):
        services.attach_evidence(actor=w.claimant, claim_id=sent.pk, evidence_ids=[late.pk])


def test_files_of_others_and_by_others_are_not_added(w) -> None:
    other = world()
    (sent,) = send(w, line(w.hours))
    foreign = evidence(other.claimant, other.contract)
    with pytest.raises(RuleBroken):
        services.attach_evidence(actor=w.claimant, claim_id=sent.pk, evidence_ids=[foreign.pk])
    own = evidence(w.claimant, w.contract)
    with pytest.raises(NotVisible):
        services.attach_evidence(actor=other.claimant, claim_id=sent.pk, evidence_ids=[own.pk])
    with pytest.raises(NotAllowed):
        services.attach_evidence(actor=w.manager, claim_id=sent.pk, evidence_ids=[own.pk])
    assert sent.evidence.count() == 0
