"""The claim form: nothing typed or uploaded is lost, nothing is sent twice."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from procurement.deliveries.models import Claim, Evidence
from procurement.ledger.models import LedgerEntry
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import user_with_role
from tests.factories.deliveries import PDF, evidence, world

pytestmark = pytest.mark.django_db


def new_url(w, commitment=None, quarter="2025-04-01") -> str:
    return reverse("procurement:deliveries:claim_new", args=[(commitment or w.hours).pk, quarter])


def pdf(name: str = "letter.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def filled(**changes):
    return {
        "quarter": "2025-04-01", "quantity": "10", "narrative": "Ten hours.", "submission_key": "form-1",
    } | changes  # fmt: skip


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
        ({"quantity": "-5"}, "must be more than 0"),
        ({"quantity": "0"}, "must be more than 0"),
        ({"quantity": ""}, "Enter how much was delivered"),
        ({"quantity": "1.0005"}, "at most 3 decimal places"),
        ({"quantity": "999999999999999"}, "or less"),
        ({"narrative": "x" * 4001}, "must be 4,000 characters or less"),
        ({"narrative": "At CV6 1AB."}, "Take the second half off the postcode CV6 1AB"),
        ({"postcode_district": "nowhere"}, "Enter the first half of a postcode"),
        ({"quarter": "2025-10-01"}, "Select a quarter from the list: those of the contract"),
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


def test_a_claim_may_be_sent_without_words_and_files_and_says_so(supplier, w) -> None:
    answer = supplier.post(new_url(w), filled(narrative=""))
    sent = Claim.objects.get()
    assert (answer.status_code, sent.narrative, sent.evidence.count()) == (302, "", 0)
    text = supplier.get(answer.url).content.decode()
    assert "No evidence yet" in text
    assert reverse("procurement:deliveries:photo", args=[sent.pk]) in text


def test_of_a_whole_postcode_only_the_first_half_is_kept(supplier, w) -> None:
    supplier.post(new_url(w), filled(postcode_district="cv6 1ab"))
    sent = Claim.objects.get()
    assert sent.postcode_district == "CV6"
    assert (
        "CV6"
        in supplier.get(reverse("procurement:deliveries:claim", args=[sent.pk])).content.decode()
    )


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
    assert [entry.basis for entry in LedgerEntry.objects.all()] == ["claimed", "evidenced"]


def test_a_form_sent_again_with_another_figure_asks_first_and_then_adds(supplier, w) -> None:
    supplier.post(new_url(w), filled())
    answer = supplier.post(new_url(w), filled(quantity="12"))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert f"sent already, as claim {Claim.objects.get().pk}, with another figure" in text
    assert 'value="12"' in text
    again = answer.context["form"].data.dict()
    for _ in range(2):
        assert supplier.post(new_url(w), again).status_code == 302
    assert sorted(row.quantity for row in Claim.objects.all()) == [10, 12]


def test_the_form_offers_only_what_can_be_claimed(supplier, w) -> None:
    page = supplier.get(new_url(w))
    assert [value for value, _ in page.context["form"].fields["quarter"].choices] == [
        "2025-07-01",
        "2025-04-01",
    ]


def test_a_rate_asks_for_both_figures_by_name(supplier, w) -> None:
    text = supplier.get(new_url(w, w.share)).content.decode()
    assert "Whole" in text
    assert "Part" in text
    answer = supplier.post(new_url(w, w.share), filled(file=pdf(), quantity="6", denominator="5"))
    assert "Enter 5 or less for part: it is a part of whole" in answer.content.decode()


def test_foreign_files_named_in_the_form_are_left_out(supplier, w) -> None:
    other = world()
    foreign = evidence(other.claimant, other.contract, "secret.pdf")
    answer = supplier.post(new_url(w), filled(evidence=[foreign.pk], quantity="x"))
    assert answer.status_code == 422
    assert "secret.pdf" not in answer.content.decode()
    supplier.post(new_url(w), filled(evidence=[foreign.pk]))
    assert Claim.objects.get().evidence.count() == 0
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


@pytest.mark.parametrize("quarter", ["2025-05-01", "2025-04-02", "soon"])
def test_what_is_no_quarter_is_not_there(supplier, w, quarter) -> None:
    assert supplier.get(new_url(w, quarter=quarter)).status_code == 404


@pytest.mark.parametrize(
    ("quarter", "sentence"),
    [
        ("2019-04-01", "is outside the contract, which runs from"),
        ("2099-04-01", "That quarter has not begun. Claim it from 1 April 2099"),
    ],
)
def test_a_quarter_that_cannot_be_claimed_says_why(supplier, w, quarter, sentence) -> None:
    """A form with no quarter chosen would say nothing."""
    answer = supplier.get(new_url(w, quarter=quarter), follow=True)
    assert answer.redirect_chain
    assert sentence in answer.content.decode()
