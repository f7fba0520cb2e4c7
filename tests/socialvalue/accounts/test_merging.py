"""Two suppliers become one: who may say so, what is shown under the one that goes on, and what is never touched."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from procurement.awards.queries import contracts_for
from procurement.bids.queries import my_bids, receipt
from procurement.deliveries.models import Claim
from procurement.deliveries.queries import claims_for
from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import EntryFilters, entries_for
from procurement.ledger.vocabulary import Basis
from procurement.procurements.models import Procurement
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import TenderInvitation
from procurement.tenders.queries import invitations_for, is_invited
from procurement.tenders.queries.merging import why_not_merge as guard
from socialvalue.accounts.models import Membership, Organisation, OrganisationMerge, User
from socialvalue.accounts.queries import organisation_names, people_of, people_with_role, suppliers
from socialvalue.accounts.queries.merging import (
    merge_page,
    own_merges,
    platform_suppliers,
    proposal_of,
    supplier_to_merge,
)
from socialvalue.accounts.rules.merging import (
    Known,
    Side,
    likely_pairs,
    plain_name,
    why_not_decide,
)
from socialvalue.accounts.services import describe_organisation
from socialvalue.accounts.services.merging import (
    agree_merge,
    ask_merge,
    refuse_merge,
    undo_merge,
    withdraw_merge,
)
from socialvalue.accounts.vocabulary import MergeDeed, MergeStatus, Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import (
    SupplierFactory,
    UserFactory,
    actor_for_role,
    actor_of,
    user_with_role,
)
from tests.factories.bids import SOON, submitted
from tests.factories.deliveries import claim, world
from tests.factories.tenders import published

pytestmark = pytest.mark.django_db
ASKED = "It was registered twice."


def operator() -> Actor:
    user = UserFactory()
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return actor_of(user)


@pytest.fixture
def pair():
    """Two suppliers, each with its administrator."""
    kept, merged = SupplierFactory(name="Oak Ltd"), SupplierFactory(name="Oak Limited")
    return (
        kept,
        merged,
        actor_for_role(Role.SUPPLIER_ADMIN, kept),
        actor_for_role(Role.SUPPLIER_ADMIN, merged),
    )


def merge_of(kept: Organisation, merged: Organisation, asking: Actor, agreeing: Actor):
    asked = ask_merge(actor=asking, kept_id=kept.pk, merged_id=merged.pk, reason=ASKED)
    return agree_merge(actor=agreeing, merge_id=asked.pk)


def again(actor: Actor) -> Actor:
    """The person as they act now."""
    return actor_of(User.objects.get(pk=actor.user_id))


# --- which look alike -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("The A&B Company Ltd.", "a b"),
        ("St. John’s Care CIC", "st johns care"),
        ("OAK LIMITED", "oak"),
        ("Limited", ""),
    ],
)
def test_a_name_without_its_legal_form(name, plain):
    assert plain_name(name) == plain


def known(pk: int, name: str, number: str = "", district: str = "") -> Known:
    return Known(pk, (name,), number, district)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([known(1, "Oak Ltd"), known(2, "Oak Limited")], [(1, 2)]),
        ([known(1, "Oak Ltd"), known(2, "Oak Limited", "12345678")], [(2, 1)]),
        ([known(1, "Oak", "12345678"), known(2, "Oak", "87654321")], []),
        ([known(1, "Oak", "00123456"), known(2, "Elm", " 123456")], [(1, 2)]),
        ([known(1, "Oak"), known(2, "Oakley")], []),
        ([known(1, "Ltd"), known(2, "Limited")], []),
        ([known(3, "Oak"), known(2, "Oak"), known(1, "Oak")], [(1, 2), (1, 3)]),
    ],
)
def test_suppliers_that_look_alike(rows, found):
    assert [(pair.kept_id, pair.merged_id) for pair in likely_pairs(rows)] == found


@pytest.mark.parametrize(
    ("asked", "deciding", "may"),
    [
        (Side(1, 10), Side(2, 20), True),
        (Side(1, 10), Side(2, None), True),
        (Side(1, None), Side(2, 20), True),
        (Side(1, None), Side(2, None), True),
        (Side(1, 10), Side(2, 10), False),
        (Side(1, 10), Side(1, 20), False),
        (Side(1, None), Side(1, 20), False),
    ],
)
def test_it_takes_two_of_two_sides(asked, deciding, may):
    assert (why_not_decide(asked, deciding) == "") is may


def test_only_the_platform_sees_pairs(pair):
    _, _, own, _ = pair
    (row,) = platform_suppliers(operator()).proposals
    assert (row.kept.name, row.merged.name) == ("Oak Ltd", "Oak Limited")
    with pytest.raises(NotAllowed):
        platform_suppliers(own)
    with pytest.raises(NotAllowed):
        platform_suppliers(actor_for_role(Role.ORGANISATION_ADMIN))


def test_a_supplier_finds_its_double_by_number_or_whole_name_only(pair):
    _, merged, own, _ = pair
    SupplierFactory(name="Elm Trading Ltd", company_number="12345678")
    assert supplier_to_merge(own, "oak limited").id == merged.pk
    assert supplier_to_merge(own, " 12345678 ").name == "Elm Trading Ltd"
    for text in ("Elm", "Elm Trad", "123456", "", "Ltd"):
        with pytest.raises(NotVisible):
            supplier_to_merge(own, text)
    for role in (Role.SUPPLIER_CONTRIBUTOR, Role.ORGANISATION_ADMIN):
        with pytest.raises(NotAllowed):
            supplier_to_merge(actor_for_role(role), "Elm Trading")


# --- asking and answering ---------------------------------------------------------------------------


def test_asked_by_one_agreed_by_the_other(pair, django_capture_on_commit_callbacks):
    kept, merged, own, other = pair
    with run_inline(), django_capture_on_commit_callbacks(execute=True):
        asked = ask_merge(actor=own, kept_id=kept.pk, merged_id=merged.pk, reason=f" {ASKED} ")
    merged.refresh_from_db()
    assert merged.merged_into is None
    (letter,) = mail.outbox
    assert letter.to == [User.objects.get(pk=other.user_id).email]
    assert "Oak" not in letter.subject
    for actor, may in ((own, False), (other, True), (operator(), True)):
        assert merge_page(actor, asked.pk).may_decide is may
    with pytest.raises(NotAllowed):
        agree_merge(actor=own, merge_id=asked.pk)
    colleague = actor_for_role(Role.SUPPLIER_ADMIN, kept)
    with pytest.raises(NotAllowed, match="Your own supplier"):
        agree_merge(actor=colleague, merge_id=asked.pk)
    agree_merge(actor=other, merge_id=asked.pk)
    merged.refresh_from_db()
    assert merged.merged_into == kept
    with pytest.raises(Conflict):
        refuse_merge(actor=operator(), merge_id=asked.pk, remark="No")
    deeds = AuditRecord.objects.filter(deed=MergeDeed.AGREED)
    assert sorted(deeds.values_list("target_type", flat=True)) == [
        "organisation", "organisation", "organisationmerge",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "role", [Role.SUPPLIER_CONTRIBUTOR, Role.SUPPLIER_ADMIN, Role.ORGANISATION_ADMIN, Role.AUDITOR]
)
def test_nobody_else_knows_of_it(pair, role):
    kept, merged, own, _ = pair
    stranger = actor_for_role(role)
    with pytest.raises(NotVisible):
        ask_merge(actor=stranger, kept_id=kept.pk, merged_id=merged.pk, reason=ASKED)
    with pytest.raises(NotVisible):
        proposal_of(stranger, kept.pk, merged.pk)
    asked = ask_merge(actor=own, kept_id=kept.pk, merged_id=merged.pk, reason=ASKED)
    for deed in (
        lambda: merge_page(stranger, asked.pk),
        lambda: agree_merge(actor=stranger, merge_id=asked.pk),
        lambda: refuse_merge(actor=stranger, merge_id=asked.pk, remark="No"),
        lambda: withdraw_merge(actor=stranger, merge_id=asked.pk),
        lambda: undo_merge(actor=stranger, merge_id=asked.pk),
    ):
        with pytest.raises(NotVisible):
            deed()
    assert OrganisationMerge.objects.get().status == MergeStatus.ASKED


def test_a_contributor_of_one_side_does_not_decide(pair):
    kept, merged, own, _ = pair
    asked = ask_merge(actor=own, kept_id=kept.pk, merged_id=merged.pk, reason=ASKED)
    with pytest.raises(NotVisible):
        agree_merge(actor=actor_for_role(Role.SUPPLIER_CONTRIBUTOR, merged), merge_id=asked.pk)


def test_refused_is_not_proposed_again(pair):
    kept, merged, own, other = pair
    asked = ask_merge(actor=own, kept_id=kept.pk, merged_id=merged.pk, reason=ASKED)
    with pytest.raises(RuleBroken, match="already"):
        ask_merge(actor=other, kept_id=merged.pk, merged_id=kept.pk, reason=ASKED)
    with pytest.raises(RuleBroken) as error:
        refuse_merge(actor=other, merge_id=asked.pk, remark=" ")
    assert error.value.errors[0][0] == "remark"
    refuse_merge(actor=other, merge_id=asked.pk, remark="We are another firm.")
    assert platform_suppliers(operator()).proposals == ()
    assert [row.remark for row in own_merges(own)] == ["We are another firm."]


def test_only_who_asked_takes_it_back(pair):
    kept, merged, own, other = pair
    asked = ask_merge(actor=own, kept_id=kept.pk, merged_id=merged.pk, reason=ASKED)
    with pytest.raises(NotAllowed):
        withdraw_merge(actor=other, merge_id=asked.pk)
    withdraw_merge(actor=own, merge_id=asked.pk)
    with pytest.raises(Conflict):
        agree_merge(actor=other, merge_id=asked.pk)


def test_the_database_knows_that_it_takes_two(pair):
    kept, merged, own, _ = pair
    asked = ask_merge(actor=own, kept_id=kept.pk, merged_id=merged.pk, reason=ASKED)
    with pytest.raises(IntegrityError, match="merge_decided_by_another"), transaction.atomic():
        OrganisationMerge.objects.filter(pk=asked.pk).update(
            status=MergeStatus.AGREED, decided_by=own.user_id, decided_at=clock.now()
        )
    with pytest.raises(IntegrityError, match="merged_into_another"), transaction.atomic():
        Organisation.objects.filter(pk=kept.pk).update(merged_into=kept)


# --- what is shown under the one that goes on -------------------------------------------------------


@pytest.fixture
def w():
    from datetime import UTC, datetime

    with clock.at(datetime(2025, 8, 15, 9, tzinfo=UTC)):
        found = world()
        claim(found.claimant, found.hours)
    return found


def test_everything_is_shown_under_it_and_nothing_is_rewritten(w):
    kept = SupplierFactory(name="Oak Ltd")
    own = actor_for_role(Role.SUPPLIER_ADMIN, kept)
    before = [list(model.objects.order_by("pk").values()) for model in (Claim, LedgerEntry)]
    assert not contracts_for(own).exists()
    merge_of(kept, w.supplier, own, operator())
    own, claimant = again(own), again(w.claimant)
    assert claimant.organisation_id == kept.pk
    for actor in (own, claimant):
        assert [row.pk for row in contracts_for(actor)] == [w.contract.pk]
        assert claims_for(actor).count() == 1
        assert entries_for(actor, EntryFilters(basis=Basis.CLAIMED)).count() == 1
    assert before == [list(m.objects.order_by("pk").values()) for m in (Claim, LedgerEntry)]
    # It goes on working there: a claim for the next quarter, under the contract's own supplier.
    from datetime import UTC, date, datetime

    with clock.at(datetime(2025, 11, 15, 9, tzinfo=UTC)):
        new = claim(claimant, w.hours, quarter=date(2025, 7, 1))
    assert new.supplier_id == w.supplier.pk
    # The authority reads both names, and filters for the one that goes on.
    (contract,) = contracts_for(w.manager)
    assert contract.supplier.name_now == f"{w.supplier.name} (now Oak Ltd)"
    found = entries_for(w.manager, EntryFilters(basis=Basis.CLAIMED, supplier_ids=(kept.pk,)))
    assert found.count() == 2


def test_a_stranger_still_sees_nothing(w):
    kept = SupplierFactory()
    merge_of(kept, w.supplier, actor_for_role(Role.SUPPLIER_ADMIN, kept), operator())
    stranger = actor_for_role(Role.SUPPLIER_ADMIN)
    assert not contracts_for(stranger).exists()
    assert not claims_for(stranger).exists()
    assert not entries_for(stranger, EntryFilters(basis=Basis.CLAIMED)).exists()


def test_sums_by_supplier_follow_the_one_that_goes_on(w):
    from reporting.dashboards.queries.breakdown_parts import _contract_facts

    kept = SupplierFactory(name="Oak Ltd")
    merge_of(kept, w.supplier, actor_for_role(Role.SUPPLIER_ADMIN, kept), operator())
    auditor = actor_for_role(Role.DIRECTORATE_MANAGER, w.authority)
    (facts,) = _contract_facts(auditor).values()
    assert (facts.supplier_id, facts.supplier_name) == (kept.pk, "Oak Ltd")


def test_letters_for_the_merged_one_reach_the_people_of_the_other(w):
    kept = SupplierFactory()
    own = actor_for_role(Role.SUPPLIER_ADMIN, kept)
    merge_of(kept, w.supplier, own, operator())
    ids = {person.pk for person in people_with_role(w.supplier.pk, *Role.values)}
    assert ids == {own.user_id, w.claimant.user_id}
    found = people_of([w.supplier.pk], *Role.values)
    assert {person.pk for person in found[w.supplier.pk]} == ids


def test_an_offer_of_the_merged_one_is_gone_on_with():
    tender = published(suppliers=1)
    with clock.at(SOON):
        saved = submitted(tender)
        merged = Organisation.objects.get(pk=tender.bidder.organisation_id)
        kept = SupplierFactory(name="Oak Ltd")
        own = actor_for_role(Role.SUPPLIER_ADMIN, kept)
        assert invitations_for(own) == []
        merge_of(kept, merged, own, operator())
        own = again(own)
        assert is_invited(own, tender.tender.pk)
        (row,) = my_bids(own)
        assert row.receipt == saved.receipt
        assert receipt(own, tender.tender.pk).content_hash == saved.content_hash
        more = submitted(tender, own)
        assert more.supplier_id == merged.pk
    assert merged not in suppliers()
    assert organisation_names([merged.pk]) == {merged.pk: f"{merged.name} (now Oak Ltd)"}


def test_nobody_bids_against_themselves(pair):
    kept, merged, own, _ = pair
    tender = published()
    for supplier in (kept, merged):
        TenderInvitation.objects.create(
            tender=tender.tender, supplier=supplier, invited_at=clock.now(),
            invited_by_id=tender.officer.user_id,
        )  # fmt: skip
    with pytest.raises(RuleBroken, match="nobody bids against themselves") as error:
        ask_merge(actor=own, kept_id=kept.pk, merged_id=merged.pk, reason=ASKED)
    assert tender.procurement.title not in error.value.message
    Procurement.objects.filter(pk=tender.procurement.pk).update(status=ProcurementStatus.WITHDRAWN)
    assert guard(kept.pk, merged.pk) == ""


# --- facts, people, and parting again ---------------------------------------------------------------


def test_facts_and_people_go_over_and_come_back(pair):
    kept, merged, own, other = pair
    describe_organisation(
        actor=other, company_number="12345678", is_sme=True, is_vcse=None, postcode_district="CV1", place=""
    )  # fmt: skip
    helper = user_with_role(Role.SUPPLIER_CONTRIBUTOR, merged)
    merge = merge_of(kept, merged, own, other)
    kept.refresh_from_db()
    merged.refresh_from_db()
    assert (kept.company_number, kept.postcode_district) == ("12345678", "CV1")
    assert merged.company_number == ""
    assert "Oak Limited" in kept.aliases
    assert not Membership.objects.filter(organisation=merged, ended_at__isnull=True).exists()
    assert actor_of(helper).organisation_id == kept.pk
    with pytest.raises(NotAllowed):
        undo_merge(actor=again(own), merge_id=merge.pk)
    undo_merge(actor=operator(), merge_id=merge.pk)
    kept.refresh_from_db()
    merged.refresh_from_db()
    assert (kept.company_number, merged.company_number, merged.merged_into) == (
        "",
        "12345678",
        None,
    )
    assert kept.aliases == []
    assert {actor_of(helper).organisation_id, again(other).organisation_id} == {merged.pk}
    assert again(own).organisation_id == kept.pk
    assert again(own).merged_ids == frozenset()
    with pytest.raises(Conflict):
        undo_merge(actor=operator(), merge_id=merge.pk)


def test_one_that_was_merged_before_follows(pair):
    kept, merged, own, other = pair
    last = SupplierFactory(name="Elm")
    merge_of(kept, merged, own, other)
    second = merge_of(last, kept, actor_for_role(Role.SUPPLIER_ADMIN, last), operator())
    rows = dict(Organisation.objects.values_list("pk", "merged_into_id"))
    assert (rows[merged.pk], rows[kept.pk]) == (last.pk, last.pk)
    undo_merge(actor=operator(), merge_id=second.pk)
    rows = dict(Organisation.objects.values_list("pk", "merged_into_id"))
    assert (rows[merged.pk], rows[kept.pk]) == (kept.pk, None)


# --- pages ------------------------------------------------------------------------------------------


def test_by_the_pages(pair, client):
    kept, merged, own, other = pair
    client.force_login(User.objects.get(pk=own.user_id))
    found = client.post(reverse("accounts:merges"), {"text": "Oak Limited"}, follow=True)
    assert "Ask to merge two suppliers" in found.text
    assert client.post(reverse("accounts:merges"), {"text": "Elm"}).status_code == 422
    url = found.request["PATH_INFO"] + "?" + found.request["QUERY_STRING"]
    assert client.post(url, {"kept": merged.pk, "reason": ""}).status_code == 422
    assert client.post(url, {"kept": 999, "reason": "x"}).status_code == 422
    page = client.post(url, {"kept": kept.pk, "reason": ASKED}, follow=True)
    assert "Take the request back" in page.text
    assert "Send answer" not in page.text
    merge_url = page.request["PATH_INFO"]
    client.force_login(User.objects.get(pk=other.user_id))
    assert client.post(merge_url, {"answer": "refuse", "remark": ""}).status_code == 422
    done = client.post(merge_url, {"answer": "agree"}, follow=True)
    assert "The two suppliers are merged" in done.text
    client.force_login(User.objects.get(pk=operator().user_id))
    assert "Oak Limited into Oak Ltd" in client.get(reverse("accounts:platform_suppliers")).text
    parted = client.post(merge_url + "undo/", follow=True)
    assert "Parted again" in parted.text


@pytest.mark.parametrize(
    "asked", ["", "?kept=1", "?kept=x&merged=2", "?kept=99999999999999999999&merged=1"]
)
def test_an_address_that_names_no_two_is_not_found(pair, client, asked):
    client.force_login(User.objects.get(pk=pair[2].user_id))
    assert client.get(reverse("accounts:new_merge") + asked).status_code == 404
