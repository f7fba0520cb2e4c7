"""Pages over many claims: an upload may bring 100,000 of one promise."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.deliveries import queries
from procurement.deliveries.models import Claim, Evidence
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.threads.queries import lineage
from procurement.verifications import queries as verifications
from procurement.verifications.models import SampleSeed, SamplingRule, Verification
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import AuthorityFactory, user_with_role
from tests.factories.deliveries import QUARTER, World, claim

pytestmark = pytest.mark.django_db

CLAIMS = reverse("procurement:deliveries:claims")
INBOX = reverse("procurement:deliveries:inbox")
MANY = 130


@pytest.fixture
def manager(w: World) -> Client:
    browser = Client()
    browser.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    return browser


@pytest.fixture
def first(w: World) -> Claim:
    return claim(w.claimant, w.hours)


@pytest.fixture
def sampled(w: World) -> None:
    """A seed for the quarter, and a rule by which half of the claims are drawn."""
    who = {"authority": w.authority}
    SampleSeed.objects.create(**who, quarter=QUARTER, seed="1" * 64, drawn_at=clock.now())
    SamplingRule.objects.create(
        **who,
        from_date=QUARTER,
        always_above_pence=100_000_000,
        share_percent=50,
        reason="Half of them",
        made_at=clock.now(),
        made_by_id=w.manager.user_id,
    )


def more(first: Claim, how_many: int, status: str = ClaimStatus.SUBMITTED, **about: Any) -> None:
    """As an upload brings them: at once, without a file."""
    if status != ClaimStatus.SUBMITTED:
        about |= {"decided_at": clock.now(), "decision_reason": "Which library?"}
    start = Claim.objects.count()
    named = {
        field.attname: getattr(first, field.attname)
        for field in Claim._meta.fields
        if field.name != "id"
    }
    Claim.objects.bulk_create(
        Claim(**named | {"status": status, "submission_key": f"many-{start + number}"} | about)
        for number in range(how_many)
    )


def asked(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def test_every_page_asks_as_often_for_many_claims_as_for_few(
    supplier, manager, w, first, sampled
) -> None:
    more(first, 1, ClaimStatus.RETURNED)
    more(first, 1)
    promise = reverse("procurement:threads:commitment", args=[w.hours.pk])
    update = [w.contract.pk, QUARTER.isoformat()]
    pages = [
        (supplier, INBOX),
        (supplier, f"{INBOX}?show=waiting"),
        (supplier, CLAIMS),
        (supplier, f"{CLAIMS}?commitment={w.hours.pk}&quarter={QUARTER}&evidence=without"),
        (supplier, reverse("procurement:deliveries:claims_export", args=["csv"])),
        (supplier, reverse("procurement:deliveries:update", args=update)),
        (supplier, promise),
        (supplier, reverse("reporting:home:landing")),
        (manager, promise),
        (manager, CLAIMS),
        (manager, reverse("procurement:verifications:queue")),
        (manager, reverse("procurement:verifications:queue_export", args=["csv"])),
        (manager, reverse("procurement:verifications:decide", args=[first.pk])),
        (manager, f"{reverse('procurement:verifications:sampling')}?quarter={QUARTER}"),
        (manager, reverse("procurement:verifications:sample_file", args=[QUARTER, "csv"])),
    ]
    few = [asked(*page) for page in pages]
    more(first, MANY)
    more(first, 9, ClaimStatus.RETURNED)
    many = [asked(*page) for page in pages]
    assert dict(zip(pages, many, strict=True)) == dict(zip(pages, few, strict=True))


def test_pages_keep_their_filters_and_the_last_stands_for_those_beyond(supplier, first) -> None:
    more(first, MANY)
    more(first, 3, ClaimStatus.REJECTED)
    address = f"{CLAIMS}?status=submitted&sort=-value"
    seen = [supplier.get(f"{address}&page={number}") for number in ("1", "2", "3", "99", "x")]
    assert [len(page.context["rows"]) for page in seen] == [50, 50, 31, 31, 50]
    listed = [row.id for page in seen[:3] for row in page.context["rows"]]
    waiting = Claim.objects.filter(status="submitted")
    assert sorted(listed) == sorted(waiting.values_list("pk", flat=True))
    text = seen[0].content.decode()
    assert 'href="?status=submitted&amp;sort=-value&amp;page=2"' in text
    assert "Showing <strong>1</strong> to <strong>50</strong> of <strong>131</strong>" in text


def test_totals_are_those_of_all_rows_not_of_the_page(supplier, w, first) -> None:
    more(first, MANY, value_pence=1001)
    more(first, 2, ClaimStatus.REJECTED, value_pence=5)
    for number in (1, 3):
        totals = supplier.get(f"{CLAIMS}?page={number}").context["totals"]
        assert [(row.status, row.how_many, row.value_pence) for row in totals] == [
            ("submitted", MANY + 1, first.value_pence + MANY * 1001),
            ("rejected", 2, 10),
        ]


def test_the_file_holds_every_row_that_is_filtered(supplier, w, first) -> None:
    more(first, MANY, value_pence=1001)
    more(first, 2, ClaimStatus.REJECTED)
    share = claim(w.claimant, w.share, quantity=Decimal(30), denominator=Decimal(50))
    address = reverse("procurement:deliveries:claims_export", args=["csv"])
    rows = list(csv.reader(io.StringIO(supplier.get(address).content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 1 + MANY + 2 + 1
    narrow = supplier.get(f"{address}?commitment={w.share.pk}").content.decode("utf-8-sig")
    heading, row = csv.reader(io.StringIO(narrow))
    found = dict(zip(heading, row, strict=True))
    assert found["Claim"] == str(share.pk)
    assert (Decimal(found["Quantity"]), Decimal(found["Out of (rates only)"])) == (30, 50)
    assert (found["Value (£)"], found["Files of evidence"]) == ("", "1")


def test_nobody_else_reads_a_claim_in_the_list_or_the_file(client, w, first) -> None:
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, AuthorityFactory()))
    for address in (CLAIMS, f"{CLAIMS}?contract={w.contract.pk}&commitment={w.hours.pk}"):
        page = client.get(address)
        assert (list(page.context["rows"]), page.context["totals"]) == ([], [])
        assert w.contract.title not in page.content.decode()
    table = client.get(reverse("procurement:deliveries:claims_export", args=["csv"]))
    assert len(table.content.decode().splitlines()) == 1


def test_what_is_listed_whole_elsewhere_shows_a_few_and_leads_to_all(
    supplier, manager, w, first
) -> None:
    more(first, MANY)
    more(first, 8, ClaimStatus.RETURNED)
    oldest = list(Claim.objects.filter(status="returned").order_by("pk").values_list("pk")[:5])
    inbox = supplier.get(INBOX)
    shown = inbox.context["inbox"]
    assert [(row.id,) for row in shown.returned] == oldest
    assert (shown.returned_count, shown.waiting_count) == (8, MANY + 1)
    assert f"{CLAIMS}?status=returned" in inbox.content.decode()
    update = queries.update_page(w.claimant, w.contract.pk, QUARTER, clock.today())
    (row,) = [row for row in update.every_row if row.id == w.hours.pk]
    assert (len(row.claims), row.claims_count, row.status) == (5, MANY + 9, "returned")
    beside = manager.get(reverse("procurement:verifications:decide", args=[first.pk]))
    told = beside.context["shown"].beside
    assert (len(told.others), told.others_count) == (5, MANY + 8)
    link = f"{CLAIMS}?commitment={w.hours.pk}&amp;quarter={QUARTER}"
    assert f'href="{link}"' in beside.content.decode()
    whole = manager.get(link.replace("&amp;", "&"))
    assert whole.context["page"].paginator.count == MANY + 9
    assert lineage(w.manager, w.hours.pk).claims.count() == MANY + 9


def test_the_sample_of_many_claims_counts_all_and_shows_what_is_asked(
    manager, w, first, sampled
) -> None:
    more(first, MANY)
    sample = verifications.sample_of(w.manager, QUARTER)
    assert len(sample.rows) == MANY + 1
    assert 0 < len(sample.drawn) < MANY
    assert (sample.compared, sample.differing) == (0, ())
    other = next(row for row in sample.rows if row not in sample.drawn)
    Verification.objects.create(
        claim_id=other.claim_id,
        decision="rejected",
        decided_by_id=w.manager.user_id,
        decided_at=clock.now(),
        reason="Not delivered",
        claimant_organisation_id=w.supplier.pk,
        organisation_id=w.authority.pk,
        claimant_id=w.claimant.user_id,
        sampled="drawn",
    )
    address = f"{reverse('procurement:verifications:sampling')}?quarter={QUARTER}&show=differing"
    page = manager.get(address).context["page"]
    assert [row.claim_id for row in page] == [other.claim_id]


def test_a_removed_file_is_no_evidence_in_the_list(supplier, first) -> None:
    assert supplier.get(f"{CLAIMS}?evidence=with").context["page"].paginator.count == 1
    Evidence.objects.filter(claim=first).update(removed_at=clock.now())
    assert supplier.get(f"{CLAIMS}?evidence=without").context["page"].paginator.count == 1
