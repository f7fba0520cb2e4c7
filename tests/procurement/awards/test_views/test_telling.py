"""Summaries, standstill and signature on their pages and in their documents."""

from __future__ import annotations

import io
import subprocess
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from procurement.awards.models import AwardSummary, Contract
from procurement.bids.queries import opened_bids
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.awards import awarded, evaluated, told
from tests.factories.evaluations import AFTER, reference_data

pytestmark = pytest.mark.django_db
SECRET = "Zebra machine of Coventry"


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()
    with clock.at(AFTER):
        yield


@pytest.fixture
def bench():
    return evaluated()


@pytest.fixture
def contract(bench):
    return awarded(bench, signed=False)


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def text(response):
    return response.content.decode()


def bid_of(bench, number):
    wanted = bench.bidders[number].organisation_id
    return next(bid.id for bid in opened_bids(bench.tender.pk) if bid.supplier_id == wanted)


def at(name, *args, **more):
    return reverse(f"procurement:awards:{name}", args=args or None, kwargs=more or None)


def words_of_pdf(content: bytes, tmp_path) -> str:
    path = tmp_path / "it.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def words_of_docx(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def test_a_bidder_never_reads_anothers_nor_before_issue(bench, contract):
    own = at("my_summary", bench.tender.pk)
    files = [
        at("my_summary_file", tender_pk=bench.tender.pk, kind=kind) for kind in ("pdf", "docx")
    ]
    buyers_side = [
        at("summaries", contract.pk),
        at("summary", contract.pk, bid_of(bench, 0)),
        at("summary", contract.pk, bid_of(bench, 1)),
        at("write_summary", contract.pk, bid_of(bench, 1)),
        at("summary_file", pk=contract.pk, bid_pk=bid_of(bench, 0), kind="docx"),
    ]
    bidders = [client_of(actor) for actor in bench.bidders]
    for client in bidders:
        for address in (own, *files):
            assert client.get(address).status_code == 404
    told(bench, contract)
    for number, client in enumerate(bidders):
        page = text(client.get(own))
        assert "How your offer was judged" in page
        assert (
            f"assessment-summary-{bench.procurement.reference.lower()}"
            in client.get(files[1]).headers["Content-Disposition"]
        )
        # Its own name is there; a bidder that lost is named to nobody but itself.
        assert bench.bidders[number].organisation_name in page
        assert (bench.bidders[1].organisation_name in page) is (number == 1)
        for address in buyers_side:
            assert client.get(address).status_code == 403
    stranger = client_of(actor_for_role(Role.SUPPLIER_ADMIN))
    for address in (own, *files):
        assert stranger.get(address).status_code == 404
    officer = client_of(actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")))
    for address in buyers_side:
        assert officer.get(address).status_code == 404


def test_what_is_withheld_stands_in_no_page_and_no_document(bench, contract, tmp_path):
    officer, loser = client_of(bench.officer), client_of(bench.bidders[1])
    write = at("write_summary", contract.pk, bid_of(bench, 1))
    sent = {"advantages": f"It has the {SECRET}.", "passages": SECRET, "version": "0"}
    assert officer.post(write, sent).status_code == 302
    draft = officer.get(at("summary_file", pk=contract.pk, bid_pk=bid_of(bench, 1), kind="pdf"))
    words = words_of_pdf(draft.content, tmp_path)
    assert "Draft, not issued" in words
    assert "Zebra" not in words
    assert officer.post(at("issue_summaries", contract.pk)).status_code == 302
    page = text(loser.get(at("my_summary", bench.tender.pk)))
    pdf = loser.get(at("my_summary_file", tender_pk=bench.tender.pk, kind="pdf"))
    docx = loser.get(at("my_summary_file", tender_pk=bench.tender.pk, kind="docx"))
    kept = AwardSummary.objects.get(bid_id=bid_of(bench, 1))
    for found in (page, words_of_pdf(pdf.content, tmp_path), words_of_docx(docx.content)):
        assert "It has the [withheld]." in found
        assert "Zebra" not in found
        assert SECRET not in found
    assert SECRET.encode() not in pdf.content
    # The same numbers in all three.
    for row in kept.content["scores"]:
        assert row["own"] in page
        assert row["own"] in words_of_docx(docx.content)


def test_nothing_typed_is_lost_when_a_passage_is_unknown(bench, contract):
    officer = client_of(bench.officer)
    address = at("write_summary", contract.pk, bid_of(bench, 1))
    sent = {"advantages": "Better words.", "passages": "Not there", "version": "0"}
    answer = officer.post(address, sent)
    assert answer.status_code == 422
    assert "“Not there” is not in this summary." in text(answer)
    assert "Better words." in text(answer)
    assert AwardSummary.objects.count() == 0


def test_from_the_award_to_the_signature_on_the_pages(bench, contract):
    officer, manager = client_of(bench.officer), client_of(bench.manager)
    page, standstill, sign = (at(name, contract.pk) for name in ("contract", "standstill", "sign"))
    assert "Issue the assessment summaries first" in text(officer.get(standstill))
    assert officer.post(standstill, {"notice_on": "2026-05-01"}).status_code == 422
    officer.post(at("issue_summaries", contract.pk))
    assert officer.post(standstill, {"notice_on": "2026-05-02"}).status_code == 422
    answer = officer.post(
        standstill, {"notice_on": "2026-05-01", "notice_reference": "2026/S 1", "version": "0"}
    )
    assert answer.headers["Location"] == standstill
    shown = text(officer.get(standstill))
    assert "Early May bank holiday, not counted" in shown
    assert "13 May 2026" in shown
    assert "2026/S 1" in shown
    assert "The contract can be signed from 14 May 2026." in text(manager.get(page))
    with clock.at(datetime(2026, 5, 13, 12, tzinfo=UTC)):
        refused = manager.post(sign, {"signed_on": "2026-05-13"})
        assert refused.status_code == 422
        assert "signed from 14 May 2026" in text(refused)
    with clock.at(datetime(2026, 5, 14, 12, tzinfo=UTC)):
        assert "Record the signature" in text(manager.get(page))
        assert manager.post(sign, {"signed_on": "2026-05-14"}).headers["Location"] == page
        assert "Claim what was delivered" in text(client_of(bench.bidders[0]).get(page))
    signed = Contract.objects.get()
    assert (signed.status, signed.signed_on) == ("live", date(2026, 5, 14))


def test_the_schedule_is_for_both_parties_and_nobody_else(bench, contract):
    address = at("schedule", pk=contract.pk, kind="docx")
    assert client_of(bench.bidders[0]).get(address).status_code == 404
    told(bench, contract)
    for actor in (bench.officer, bench.manager, bench.bidders[0]):
        answer = client_of(actor).get(address)
        assert answer.status_code == 200
        assert "Spend with local" in words_of_docx(answer.content)
    for actor in (
        bench.bidders[1],
        actor_for_role(Role.SUPPLIER_ADMIN),
        actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")),
    ):
        assert client_of(actor).get(address).status_code == 404
