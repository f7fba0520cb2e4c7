"""The standstill of an award and the signature: the edges of days, of roles, and of what may be skipped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.action_plans.services import agree_plan, start_plan
from procurement.awards.models import AwardStandstill, Contract
from procurement.awards.queries import (
    commitments_of,
    contract_dates,
    contract_page,
    standstill_page,
)
from procurement.awards.services import end_contract, set_standstill, sign_contract
from procurement.deliveries.queries import claim_draft
from procurement.deliveries.services import submit_claim
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import actor_for_role
from tests.factories.awards import awarded, evaluated, told
from tests.factories.evaluations import AFTER

pytestmark = pytest.mark.django_db
NOTICE = date(2026, 5, 1)
LAST = date(2026, 5, 13)
"""Friday 1 May is counted; 4 May is a bank holiday."""


def at(day: date, hour: int = 12):
    return clock.at(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


@pytest.fixture
def bench():
    """£216,000 including VAT: above the threshold, under the Procurement Act 2023."""
    return evaluated()


@pytest.fixture
def contract(bench):
    return awarded(bench, signed=False)


@pytest.fixture
def small():
    """£150,000 excluding VAT is £180,000 including it: below the threshold."""
    return evaluated(estimate=Decimal("150000"))


def wait(bench, contract, **more):
    facts = {"actor": bench.officer, "notice_on": NOTICE} | more
    return set_standstill(award_id=contract.award_id, **facts)


def sign(bench, contract, day, *, actor=None):
    return sign_contract(actor=actor or bench.officer, contract_id=contract.pk, signed_on=day)


def test_refused_on_the_last_day_and_live_the_day_after(bench, contract):
    told(bench, contract)
    with at(NOTICE):
        assert wait(bench, contract).ends_on == LAST
    for hour in (0, 12, 22):
        with at(LAST, hour), pytest.raises(RuleBroken, match="signed from 14 May 2026"):
            sign(bench, contract, LAST)
    # 23:00 UTC is midnight in London: the next day has begun.
    with at(LAST, 23):
        signed = sign(bench, contract, LAST + timedelta(days=1))
    assert (signed.status, signed.signed_on) == ("live", LAST + timedelta(days=1))


def test_not_before_the_summaries_nor_before_the_notice(bench, contract):
    late = LAST + timedelta(days=60)
    with at(late), pytest.raises(RuleBroken, match="assessment summaries"):
        sign(bench, contract, late)
    with at(late), pytest.raises(RuleBroken, match="Issue the assessment summaries first"):
        wait(bench, contract, notice_on=late)
    told(bench, contract)
    with at(late), pytest.raises(RuleBroken, match="Record the notice"):
        sign(bench, contract, late)
    assert Contract.objects.get(pk=contract.pk).status == "awarded"


def test_below_the_threshold_it_may_be_signed_at_once(small):
    contract = awarded(small, signed=False)
    with at(NOTICE):
        page = standstill_page(small.officer, contract.pk)
        assert (page.is_mandatory, page.needs_summaries) == (False, False)
        assert "was below the £207,720 threshold" in page.law
        signed = sign(small, contract, NOTICE)
    assert (signed.status, signed.signed_on) == ("live", NOTICE)


def test_a_voluntary_standstill_binds(small):
    contract = awarded(small, signed=False)
    with at(NOTICE):
        standstill = wait(small, contract)
        assert standstill.basis.startswith("Voluntary: 8 working days")
        with pytest.raises(RuleBroken, match="14 May 2026"):
            sign(small, contract, NOTICE)
    with at(LAST + timedelta(days=1)):
        assert sign(small, contract, LAST + timedelta(days=1)).status == "live"


def test_under_the_old_regulations_ten_days(db):
    bench = evaluated(commenced_on=date(2024, 3, 1), estimate=Decimal("900000"))
    contract = awarded(bench, signed=False)
    with at(NOTICE):
        page = standstill_page(bench.officer, contract.pk)
        assert page.is_mandatory
        told(bench, contract)
        # The tenth day, 11 May 2026, is a Monday.
        assert wait(bench, contract).ends_on == date(2026, 5, 11)


def test_days_to_come_and_days_before_the_award(bench, contract):
    told(bench, contract)
    with at(NOTICE):
        for day in (NOTICE + timedelta(days=1), NOTICE - timedelta(days=1)):
            with pytest.raises(RuleBroken):
                wait(bench, contract, notice_on=day)
        wait(bench, contract)
    today = LAST + timedelta(days=3)
    with at(today):
        with pytest.raises(RuleBroken, match="today or in the past"):
            sign(bench, contract, today + timedelta(days=1))
        assert sign(bench, contract, today).signed_on == today


def test_the_notice_can_be_put_right_until_the_signature_by_who_saw_it(bench, contract):
    told(bench, contract)
    with at(LAST):
        wait(bench, contract)
        with pytest.raises(Conflict):
            wait(bench, contract, notice_on=date(2026, 5, 5))
        mended = wait(bench, contract, notice_on=date(2026, 5, 5), expected_version=1)
        assert (mended.ends_on, mended.version) == (date(2026, 5, 14), 2)
        assert AwardStandstill.objects.count() == 1
    with at(date(2026, 5, 15)):
        sign(bench, contract, date(2026, 5, 15))
        with pytest.raises(Conflict, match="signed already"):
            wait(bench, contract, notice_on=NOTICE, expected_version=2)
        with pytest.raises(Conflict, match="signed already"):
            sign(bench, contract, date(2026, 5, 15))
    kept = [line.sentence for line in history_of(target_type="contract", target_id=contract.pk)]
    assert "Recorded the notice of 5 May 2026: the standstill ends on 14 May 2026." in kept
    assert "Recorded that the contract was signed on 15 May 2026." in kept


def test_who_records(bench, contract):
    told(bench, contract)
    strangers = [
        actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")),
        bench.bidders[0],
        bench.bidders[1],
    ]
    with at(LAST + timedelta(days=5)):
        for actor in (bench.manager, bench.approver, bench.evaluator):
            with pytest.raises(NotAllowed):
                wait(bench, contract, actor=actor)
        for actor in strangers:
            with pytest.raises(NotVisible):
                wait(bench, contract, actor=actor)
        wait(bench, contract)
        for actor in (bench.approver, bench.evaluator):
            with pytest.raises(NotAllowed):
                sign(bench, contract, clock.today(), actor=actor)
        for actor in strangers:
            with pytest.raises(NotVisible):
                sign(bench, contract, clock.today(), actor=actor)
        assert Contract.objects.get(pk=contract.pk).status == "awarded"
        assert sign(bench, contract, clock.today(), actor=bench.manager).status == "live"


def test_the_database_knows_that_an_unsigned_contract_has_no_day_of_signing(contract):
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(signed_on=NOTICE)


def test_nothing_is_claimed_or_closed_before_the_signature(bench, contract):
    commitment = commitments_of(contract.pk)[0]
    with pytest.raises(NotVisible):
        claim_draft(bench.bidders[0], commitment.id, clock.today())
    told(bench, contract)
    with at(date(2030, 1, 1)):
        with pytest.raises(RuleBroken, match="This contract is not signed yet"):
            submit_claim(
                actor=bench.bidders[0],
                commitment_id=commitment.id,
                quarter=date(2026, 7, 1),
                quantity=Decimal(1),
                narrative="Done.",
                evidence_ids=[],
                submission_key="key-1",
            )
        start_plan(actor=bench.manager, contract_id=contract.pk)
        with pytest.raises(RuleBroken, match="This contract is not signed yet"):
            agree_plan(actor=bench.manager, contract_id=contract.pk)
        with pytest.raises(RuleBroken, match="This contract is not signed yet"):
            claim_draft(bench.bidders[0], commitment.id, clock.today())
        with pytest.raises(RuleBroken, match="This contract is not signed yet"):
            end_contract(actor=bench.manager, contract_id=contract.pk)


def test_the_supplier_is_told_of_the_signature(
    small, mailoutbox, django_capture_on_commit_callbacks
):
    contract = awarded(small, signed=False)
    with at(NOTICE), run_inline(), django_capture_on_commit_callbacks(execute=True):
        sign(small, contract, NOTICE)
    assert [mail.to for mail in mailoutbox] == [
        [User.objects.get(pk=small.bidders[0].user_id).email]
    ]
    assert mailoutbox[0].subject == f"Signed: {contract.title}"


def next_label(actor, contract):
    signing = contract_page(actor, contract.pk).signing
    return signing.next.label if signing and signing.next else None


def test_the_page_names_the_next_deed_for_the_right_role(bench, contract):
    with at(NOTICE):
        assert next_label(bench.officer, contract) == "Write and issue the assessment summaries"
        assert next_label(bench.manager, contract) is None
        told(bench, contract)
        assert next_label(bench.officer, contract) == "Record the notice and start the standstill"
        wait(bench, contract)
    with at(LAST):
        assert next_label(bench.officer, contract) is None
        assert "ends on 13 May 2026" in contract_page(bench.officer, contract.pk).signing.waits
        assert "13 May 2026" in contract_page(bench.bidders[0], contract.pk).signing.waits
    with at(LAST + timedelta(days=1)):
        for actor in (bench.officer, bench.manager):
            assert next_label(actor, contract) == "Record the signature"
        assert next_label(bench.approver, contract) is None
        sign(bench, contract, clock.today())
        assert contract_page(bench.officer, contract.pk).signing is None


def test_the_days_are_there_for_the_duties(bench, contract):
    told(bench, contract)
    with at(NOTICE):
        wait(bench, contract)
    with at(LAST + timedelta(days=1)):
        sign(bench, contract, clock.today())
    dates = contract_dates([bench.procurement.pk])[bench.procurement.pk]
    assert (dates.awarded_on, dates.summaries_on, dates.notice_on, dates.signed_on) == (
        AFTER.date(),
        AFTER.date(),
        NOTICE,
        LAST + timedelta(days=1),
    )
