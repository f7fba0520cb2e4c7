"""The supplier's pages: nothing typed or uploaded is lost, nothing is sent twice, nothing leaks."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from procurement.action_plans.models import ActionPlan, Milestone
from procurement.deliveries import queries
from procurement.deliveries.models import Claim, Evidence
from procurement.deliveries.services import mark_returned
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.ledger.models import LedgerEntry
from procurement.verifications.services import verify_claim
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_of, user_with_role
from tests.factories.deliveries import PDF, claim, evidence, world

pytestmark = pytest.mark.django_db
TODAY = date(2025, 8, 15)


@pytest.fixture(autouse=True)
def _in_august():
    with clock.at(datetime(2025, 8, 15, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def w():
    found = world()
    plan = ActionPlan.objects.create(contract=found.contract)
    for commitment, quantity in ((found.hours, 25), (found.share, 60), (found.yes, 1)):
        for quarter, due in (
            (date(2025, 4, 1), date(2025, 6, 30)),
            (date(2025, 7, 1), date(2025, 9, 30)),
            (date(2025, 10, 1), date(2025, 12, 31)),
        ):
            Milestone.objects.create(
                plan=plan, commitment=commitment, quarter=quarter, due_on=due, quantity=quantity
            )
    return found


@pytest.fixture
def supplier(client, w):
    """A browser of somebody at the supplier."""
    user = user_with_role(Role.SUPPLIER_CONTRIBUTOR, w.supplier)
    client.force_login(user)
    client.actor = actor_of(user)
    return client


def new_url(w, commitment=None, quarter="2025-04-01") -> str:
    return reverse("procurement:deliveries:claim_new", args=[(commitment or w.hours).pk, quarter])


def pdf(name: str = "letter.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def filled(**changes):
    return {
        "quarter": "2025-04-01", "quantity": "10", "narrative": "Ten hours.", "submission_key": "form-1",
    } | changes  # fmt: skip


# --- inbox ------------------------------------------------------------------------------------------


def test_the_inbox_shows_what_is_due_this_and_past_quarters_only(supplier, w) -> None:
    page = supplier.get(reverse("procurement:deliveries:inbox"))
    rows = [
        (row.commitment.id, row.quarter)
        for part in page.context["inbox"].contracts
        for row in part.due
    ]
    assert sorted(rows) == sorted(
        (commitment.pk, quarter)
        for commitment in (w.hours, w.share, w.yes)
        for quarter in (date(2025, 4, 1), date(2025, 7, 1))
    )
    text = page.content.decode()
    assert "Overdue" in text
    assert "2025 to 2026, quarter 3" not in text


def test_the_inbox_shows_claimed_and_verified_beside_promised(w) -> None:
    sent = claim(w.claimant, w.hours, quantity=Decimal(25))
    verify_claim(
        actor=w.manager,
        claim_id=sent.pk,
        expected_version=1,
        quantity=Decimal(20),
        reason="Five twice.",
    )
    (row,) = [
        row
        for part in queries.inbox(w.claimant, TODAY).contracts
        for row in part.due
        if row.commitment.id == w.hours.pk and row.quarter == date(2025, 4, 1)
    ]
    assert (row.promised, row.claimed, row.verified, row.status) == (
        Decimal(25),
        Decimal(25),
        Decimal(20),
        "claimed",
    )


@pytest.mark.parametrize(
    ("quantity", "quarter", "status"),
    [
        ("24.999", date(2025, 4, 1), "overdue"),
        ("24.999", date(2025, 7, 1), "at_risk"),
        ("25", date(2025, 7, 1), "claimed"),
    ],
)
def test_the_status_compares_what_is_claimed_with_what_was_promised(
    w, quantity, quarter, status
) -> None:
    claim(w.claimant, w.hours, quantity=Decimal(quantity), quarter=quarter)
    found = {
        (row.commitment.id, row.quarter): row.status
        for part in queries.inbox(w.claimant, TODAY).contracts
        for row in part.due
    }
    assert found[w.hours.pk, quarter] == status


def test_a_withdrawn_claim_is_not_a_report_of_nought(w) -> None:
    from procurement.deliveries.services import withdraw_claim

    sent = claim(w.claimant, w.hours)
    withdraw_claim(actor=w.claimant, claim_id=sent.pk, expected_version=1)
    rows = [row for part in queries.inbox(w.claimant, TODAY).contracts for row in part.due]
    assert {row.claimed for row in rows} == {None}


def test_the_inbox_of_another_supplier_holds_nothing_of_ours(client, w) -> None:
    claim(w.claimant, w.hours)
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    page = client.get(reverse("procurement:deliveries:inbox"))
    assert w.contract.title not in page.content.decode()
    assert "Nothing is due" in page.content.decode()


def open_inbox(supplier, **asked):
    return supplier.get(reverse("procurement:deliveries:inbox"), asked)


def listed(page) -> set[tuple[int, date]]:
    return {(row.commitment.id, row.quarter) for part in page.context["parts"] for row in part.rows}


def test_at_first_the_inbox_shows_what_is_to_be_claimed_now(supplier, w) -> None:
    claim(w.claimant, w.hours, quantity=Decimal(25))
    claim(w.claimant, w.share, quantity=Decimal(1), denominator=Decimal(50))
    part_claimed = claim(w.claimant, w.hours, quantity=Decimal("24.999"), quarter=date(2025, 7, 1))
    now = {
        (w.hours.pk, date(2025, 7, 1)),
        (w.share.pk, date(2025, 7, 1)),
        (w.yes.pk, date(2025, 4, 1)),
        (w.yes.pk, date(2025, 7, 1)),
    }
    page = open_inbox(supplier)
    assert listed(page) == now
    text = page.content.decode()
    assert "Due this quarter" in text
    assert "Part claimed" in text
    waiting = open_inbox(supplier, show="waiting")
    assert next(row.id for part in waiting.context["parts"] for row in part.rows) == part_claimed.pk
    assert waiting.context["page"].paginator.count == 3
    everything = listed(open_inbox(supplier, show="all"))
    assert everything == now | {(w.hours.pk, date(2025, 4, 1)), (w.share.pk, date(2025, 4, 1))}


def test_a_rate_shows_its_part_and_whole_beside_the_promised_share(supplier, w) -> None:
    sent = claim(w.claimant, w.share, quantity=Decimal(46), denominator=Decimal(50))
    verify_claim(actor=w.manager, claim_id=sent.pk, expected_version=1)
    (row,) = [
        row
        for row in queries.inbox(w.claimant, TODAY).rows
        if row.commitment.id == w.share.pk and row.quarter == date(2025, 4, 1)
    ]
    assert (row.promised_shown, row.claimed_shown, row.verified_shown, row.status) == (
        "60%",
        "46 of 50 (92%)",
        "46 of 50 (92%)",
        "claimed",
    )
    text = open_inbox(supplier, show="all").content.decode()
    assert "46 of 50 (92%)" in text
    assert ">60%<" in text


def test_what_was_sent_back_stands_on_top_and_is_mended_not_claimed_again(supplier, w) -> None:
    sent = claim(w.claimant, w.hours)
    mark_returned(actor=w.manager, claim_id=sent.pk, expected_version=1, reason="Which library?")
    page = open_inbox(supplier)
    assert [row.id for row in page.context["inbox"].returned] == [sent.pk]
    assert (w.hours.pk, date(2025, 4, 1)) not in listed(page)
    assert page.context["inbox"].overdue == 2
    text = open_inbox(supplier, show="all").content.decode()
    assert text.count(reverse("procurement:deliveries:claim_edit", args=[sent.pk])) == 2
    assert new_url(w) not in text


def test_searching_narrows_claims_that_wait_as_well(supplier, w) -> None:
    sent = claim(w.claimant, w.hours)
    claim(w.claimant, w.yes, quantity=Decimal(1))
    label = w.hours.measure.code
    found = open_inbox(supplier, show="waiting", q=label).context["page"].object_list
    assert [row.id for row in found] == [sent.pk]


def test_the_inbox_lists_25_rows_a_page_under_their_contracts(supplier, w) -> None:
    plan = ActionPlan.objects.get()
    for number in range(20):
        year, quarter = divmod(number, 4)
        Milestone.objects.create(
            plan=plan, commitment=w.hours, quarter=date(2019 + year, 1 + 3 * quarter, 1),
            due_on=date(2019 + year, 3 + 3 * quarter, 28), quantity=5,
        )  # fmt: skip
    first, second = open_inbox(supplier), open_inbox(supplier, page="2")
    assert [len(listed(page)) for page in (first, second)] == [25, 1]
    assert len(listed(first) | listed(second)) == 26
    assert "Showing <strong>1</strong> to <strong>25</strong> of <strong>26</strong>" in (
        first.content.decode()
    )
    assert second.content.decode().count(f"{w.contract.reference}, for") == 1


def test_a_second_line_never_runs_into_the_first(supplier, w) -> None:
    text = open_inbox(supplier).content.decode()
    plain = " ".join(strip_tags(text).split())
    assert "quarter 1 due 30 June 2025" in plain
    assert "in hours" in plain
    assert f"{w.contract.title} {w.contract.reference}" in plain


def test_as_many_queries_for_one_claim_as_for_many(supplier, w) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert supplier.get(reverse("procurement:deliveries:inbox")).status_code == 200
        return len(seen)

    claim(w.claimant, w.hours)
    count()
    one = count()
    for _ in range(5):
        claim(w.claimant, w.hours)
    assert count() == one


# --- claim form -------------------------------------------------------------------------------------


def test_a_claim_is_sent_with_its_file_in_one_go(supplier, w) -> None:
    page = supplier.get(new_url(w))
    assert page.status_code == 200
    text = page.content.decode()
    assert "up to 10 MB each" in text
    assert "Personal data" in text
    assert "£12.50" in text
    answer = supplier.post(new_url(w), filled(file=pdf()))
    sent = Claim.objects.get()
    assert answer.url == reverse("procurement:deliveries:claim", args=[sent.pk])
    assert [file.name for file in sent.evidence.all()] == ["letter.pdf"]
    assert "£125" in supplier.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"quantity": "a lot"}, "must be a number, like 12 or 12.5"),
        ({"quantity": "-5"}, "must be 0 or more"),
        ({"quantity": "0"}, "Enter more than 0"),
        ({"quantity": ""}, "Enter how much was delivered"),
        ({"quantity": "1.0005"}, "at most 3 decimal places"),
        ({"quantity": "999999999999999"}, "or less"),
        ({"narrative": ""}, "Enter what was delivered"),
        ({"quarter": "2025-10-01"}, "Select a valid choice"),
    ],
)
def test_a_fault_keeps_what_was_typed_and_the_file(supplier, w, changes, sentence) -> None:
    answer = supplier.post(new_url(w), filled(file=pdf(), **changes))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    assert "letter.pdf" in text
    file = Evidence.objects.get()
    if "narrative" not in changes:
        assert "Ten hours." in text
    again = supplier.post(new_url(w), filled(evidence=[file.pk]))
    assert again.status_code == 302
    assert Claim.objects.get().evidence.get() == file


def test_without_a_file_the_error_stands_beside_the_control(supplier, w) -> None:
    answer = supplier.post(new_url(w), filled())
    assert answer.status_code == 422
    assert 'href="#id_file"' in answer.content.decode()
    assert "Choose at least one file" in answer.content.decode()


def test_a_wrong_file_is_refused_and_a_right_one_beside_it_is_kept(supplier, w) -> None:
    answer = supplier.post(new_url(w), filled(file=[pdf("good.pdf"), pdf("bad.pdf", b"MZ\x00")]))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "bad.pdf: This kind of file cannot be accepted" in text
    assert [file.name for file in Evidence.objects.all()] == ["good.pdf"]
    assert Claim.objects.count() == 0


def test_an_oversized_file_says_the_limit(supplier, w, settings) -> None:
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024
    answer = supplier.post(new_url(w), filled(file=pdf("big.txt", b"x" * (1024 * 1024 + 1))))
    assert "big.txt: The file is larger than 1 MB" in answer.content.decode()


def test_a_form_sent_twice_is_one_claim(supplier, w) -> None:
    for _ in range(2):
        answer = supplier.post(new_url(w), filled(file=pdf()))
        assert answer.url == reverse("procurement:deliveries:claim", args=[Claim.objects.get().pk])
    assert LedgerEntry.objects.count() == 1


def test_a_future_quarter_in_the_address_offers_only_what_can_be_claimed(supplier, w) -> None:
    page = supplier.get(new_url(w, quarter="2026-01-01"))
    assert [value for value, _ in page.context["form"].fields["quarter"].choices] == [
        "2025-07-01",
        "2025-04-01",
    ]
    assert supplier.get(new_url(w, quarter="someday")).status_code == 404


def test_a_rate_asks_for_both_figures_by_name(supplier, w) -> None:
    text = supplier.get(new_url(w, w.share)).content.decode()
    assert "Whole" in text
    assert "Part" in text
    answer = supplier.post(new_url(w, w.share), filled(file=pdf(), quantity="6", denominator="5"))
    assert "Enter 5 or less for part: it is a part of whole" in answer.content.decode()


def test_foreign_files_named_in_the_form_are_left_out(supplier, w) -> None:
    other = world()
    foreign = evidence(other.claimant, other.contract, "secret.pdf")
    answer = supplier.post(new_url(w), filled(evidence=[foreign.pk]))
    assert answer.status_code == 422
    assert "secret.pdf" not in answer.content.decode()
    foreign.refresh_from_db()
    assert foreign.claim_id is None


def test_the_claim_form_is_for_the_supplier_of_the_contract(client, w) -> None:
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    assert client.get(new_url(w)).status_code == 404
    assert client.post(new_url(w), filled(file=pdf())).status_code == 404
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    assert client.get(new_url(w)).status_code == 403
    assert Evidence.objects.count() == 0


def test_what_a_quantity_is_worth_follows_the_typing(supplier, w) -> None:
    url = reverse("procurement:deliveries:worth", args=[w.hours.pk])
    assert "£37.50" in supplier.get(url, {"quantity": "3"}).content.decode()
    assert "One hours" not in supplier.get(url, {"quantity": "3"}).content.decode()
    assert supplier.get(url, {"quantity": "x"}).status_code == 200


# --- mending and withdrawing ------------------------------------------------------------------------


@pytest.fixture
def returned(w):
    sent = claim(w.claimant, w.hours)
    return mark_returned(
        actor=w.manager, claim_id=sent.pk, expected_version=1, reason="Which library?"
    )


def test_a_returned_claim_is_mended_in_three_clicks_and_two_fields(supplier, w, returned) -> None:
    inbox = supplier.get(reverse("procurement:deliveries:inbox")).content.decode()
    mend = reverse("procurement:deliveries:claim_edit", args=[returned.pk])
    assert mend in inbox
    assert "Which library?" in inbox
    page = supplier.get(mend)
    form = page.context["form"]
    assert (form["quantity"].value(), form["narrative"].value()) == (
        "10",
        "Ten hours at the library.",
    )
    answer = supplier.post(
        mend, {"quantity": "8", "narrative": "The central library.", "version": returned.version}
    )
    assert answer.status_code == 302
    returned.refresh_from_db()
    assert (returned.status, returned.quantity) == (ClaimStatus.SUBMITTED, Decimal(8))


def test_mending_a_claim_that_moved_on_is_a_conflict_that_keeps_what_was_typed(
    supplier, w, returned
) -> None:
    mend = reverse("procurement:deliveries:claim_edit", args=[returned.pk])
    sent = {"quantity": "8", "narrative": "The central library.", "version": returned.version - 1}
    answer = supplier.post(mend, sent)
    assert answer.status_code == 409
    assert "The central library." in answer.content.decode()
    assert answer.context["conflict"].changed["How much was delivered"] == ("10", "8")
    returned.refresh_from_db()
    assert returned.status == ClaimStatus.RETURNED
    again = sent | {"version": answer.context["form"]["version"].value()}
    assert supplier.post(mend, again).status_code == 302
    returned.refresh_from_db()
    assert returned.quantity == Decimal(8)


def test_a_claim_that_is_not_returned_cannot_be_opened_to_mend(supplier, w) -> None:
    sent = claim(w.claimant, w.hours)
    assert (
        supplier.get(reverse("procurement:deliveries:claim_edit", args=[sent.pk])).status_code
        == 409
    )


@pytest.mark.parametrize(
    ("version", "code", "status"),
    [("1", 302, "withdrawn"), ("2", 409, "submitted"), ("", 409, "submitted")],
)
def test_withdrawing(supplier, w, version, code, status) -> None:
    sent = claim(w.claimant, w.hours)
    answer = supplier.post(
        reverse("procurement:deliveries:withdraw", args=[sent.pk]), {"version": version}
    )
    sent.refresh_from_db()
    assert (answer.status_code, sent.status) == (code, status)


# --- one claim and its evidence ---------------------------------------------------------------------


def test_the_page_of_a_claim_shows_its_sum_entries_and_history_to_both(client, w) -> None:
    sent = claim(w.claimant, w.hours)
    for user in (
        user_with_role(Role.SUPPLIER_ADMIN, w.supplier),
        user_with_role(Role.AUDITOR, w.authority),
    ):
        client.force_login(user)
        text = client.get(reverse("procurement:deliveries:claim", args=[sent.pk])).content.decode()
        for part in (" = £125", "Claimed 10 hours", "Who can see this", "letter.pdf"):
            assert part in text


def test_evidence_can_be_kept_and_never_run(client, w) -> None:
    file = claim(w.claimant, w.hours).evidence.get()
    client.force_login(user_with_role(Role.AUDITOR, w.authority))
    answer = client.get(reverse("procurement:deliveries:evidence", args=[file.pk]))
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in answer.headers["Cache-Control"]


def test_strangers_get_404_for_a_claim_and_its_evidence(client, w) -> None:
    sent = claim(w.claimant, w.hours)
    for role in (Role.CONTRACT_MANAGER, Role.SUPPLIER_ADMIN, Role.REGIONAL_ANALYST):
        client.force_login(user_with_role(role))
        assert (
            client.get(reverse("procurement:deliveries:claim", args=[sent.pk])).status_code == 404
        )
        url = reverse("procurement:deliveries:evidence", args=[sent.evidence.get().pk])
        assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_a_photo_is_shown_beside_the_claim(client, w) -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    file = evidence(w.claimant, w.contract, "photo.png", out.getvalue())
    from procurement.deliveries.services import submit_claim

    sent = submit_claim(
        actor=w.claimant, commitment_id=w.hours.pk, quarter=date(2025, 4, 1), quantity=Decimal(1),
        narrative="x", evidence_ids=[file.pk], submission_key="p",
    )  # fmt: skip
    client.force_login(user_with_role(Role.CONTRACT_MANAGER, w.authority))
    page = client.get(reverse("procurement:verifications:decide", args=[sent.pk])).content.decode()
    assert (
        f'src="{reverse("procurement:deliveries:evidence", args=[file.pk])}" alt="photo.png"'
        in page
    )
