"""Working offline, as a bidder does it: who may, what is refused and why, and that nothing is kept in clear."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from procurement.bids.queries import my_offer
from procurement.bids.rules import OfferInput
from procurement.bids.rules import workbook as rules
from procurement.bids.services import save_offer
from procurement.bids.views import NO_WORKBOOK
from procurement.procurements.services import withdraw_procurement
from procurement.tenders.queries import requirements_of
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.cells import Sheet, Workbook
from socialvalue.core.workbooks import marked_copy, new_book, sheets_of
from tests.factories.accounts import actor_for_role
from tests.factories.bids import SOON, offer_for, submitted
from tests.factories.tenders import DEADLINE, published
from tests.factories.workbooks import messy_workbook, ods
from tests.procurement.bids.test_views import client_of, held, name_of, text, untouched, url

pytestmark = pytest.mark.django_db
SECRET = "Only our partner in Sparkbrook knows"  # a method statement


@pytest.fixture(autouse=True)
def _time():
    with clock.at(SOON):
        yield


@pytest.fixture
def world():
    return published()


def draft(world, **more):
    save_offer(
        actor=world.bidder,
        tender_id=world.tender.pk,
        offer=offer_for(world, **more),
        expected_version=0,
    )


def download(world, client=None, name="download"):
    answer = (client or client_of(world.bidder)).get(url(world, name))
    assert answer.status_code == 200
    return answer.content


def read(content):
    return sheets_of(content, otherwise="unreadable")


def rows_of(content):
    return {sheet.name: [list(row) for row in sheet.rows] for sheet in read(content).sheets}


def edited(content, **cells):
    """The workbook as a person saves it: ``Offer=[(row, heading, value)]``, rows from 1 under the headings."""
    sheets = rows_of(content)
    for name, changes in cells.items():
        for row, heading, value in changes:
            while len(sheets[name]) <= row:  # blank rows at the end are not read
                sheets[name].append([""] * len(sheets[name][0]))
            sheets[name][row][sheets[name][0].index(heading)] = value
    return marked_copy(Workbook(tuple(Sheet(*pair) for pair in sheets.items())), [])


def upload(client, world, content, name="offer.xlsx"):
    return client.post(url(world, "workbook"), {"file": SimpleUploadedFile(name, content)})


def save(client, world, answer):
    return client.post(
        url(world, "offer"), dict(answer.context["found"].boxes) | {"draft": "1"}, follow=True
    )


# --- there and back -------------------------------------------------------------------------------


def test_from_the_offer_page_to_the_workbook_and_back(world):
    client = client_of(world.bidder)
    assert f'href="{url(world, "workbook")}"' in text(client.get(url(world, "offer")))
    page = text(client.get(url(world, "workbook")))
    assert f'href="{url(world, "download")}"' in page
    assert "Nothing is submitted by uploading." in page
    assert "XLSX or ODS, up to 1 MB" in page
    content = edited(
        download(world, client),
        Offer=[
            (1, rules.QUANTITY, "3.5 FTE-years"),
            (1, rules.SHARE, "50%"),
            (1, rules.METHOD, "=SUM(A1)\nWith the job centre."),
            (2, rules.QUANTITY, "\u00c2£20,000"),
        ],
        Questions=[(2, rules.ANSWER, "Second answer.")],
        Price=[(1, rules.AMOUNT, "£150 000.50")],
    )
    check = upload(client, world, content)
    assert check.status_code == 200
    assert check.context["changes"] == {
        "Whole-life price, excluding VAT": ("Nothing", "£150,000.50"),
        "Quantity of GSE1": ("Nothing", "3.5"),
        "Share of GSE1 due to this contract (%)": ("100", "50"),
        "How you will deliver GSE1": ("Nothing", "=SUM(A1)\nWith the job centre."),
        "Quantity of PLB1": ("Nothing", "£20,000"),
        "How will you keep them in work?": ("Nothing", "Second answer."),
    }
    assert "Nothing is saved yet." in text(check)
    assert untouched(world)
    assert "Your draft is saved. It is not submitted yet." in text(save(client, world, check))
    offer = my_offer(world.bidder, world.tender.pk).offer
    local, spend, _ = (offer.line(row.id) for row in requirements_of(world.tender.pk))
    assert (local.quantity, local.attribution_percent) == (Decimal("3.5"), Decimal(50))
    assert local.method_statement == "=SUM(A1)\nWith the job centre."
    assert spend.quantity == 20000
    assert offer.price == Decimal("150000.50")
    assert held(world).state == "draft"
    assert "There is nothing to save." in text(upload(client, world, download(world, client)))


def test_an_opendocument_workbook_is_read_as_well(world):
    draft(world)
    sheets = rows_of(download(world))
    sheets["Offer"][1][sheets["Offer"][0].index(rules.QUANTITY)] = "4"
    answer = upload(client_of(world.bidder), world, ods(sheets), "offer.ods")
    assert answer.context["changes"] == {"Quantity of GSE1": ("3.5", "4")}


def test_rows_that_are_gone_stay_as_saved_and_rows_that_are_emptied_are_emptied(world):
    draft(world)
    sheets = rows_of(download(world))
    plb = sheets["Offer"][2]
    plb[sheets["Offer"][0].index(rules.QUANTITY)] = ""
    plb[sheets["Offer"][0].index(rules.METHOD)] = ""
    del sheets["Offer"][1], sheets["Questions"]
    content = marked_copy(Workbook(tuple(Sheet(*pair) for pair in sheets.items())), [])
    client = client_of(world.bidder)
    answer = upload(client, world, content)
    assert list(answer.context["changes"]) == ["Quantity of PLB1", "How you will deliver PLB1"]
    page = text(answer)
    assert "Not in your workbook" in page
    assert "How will you find local people?" in page
    save(client, world, answer)
    offer = my_offer(world.bidder, world.tender.pk).offer
    assert offer.line(requirements_of(world.tender.pk)[0].id).quantity == Decimal("3.5")
    assert [row.text for row in offer.answers] == [
        "Our answer to question 1.",
        "Our answer to question 2.",
    ]


def test_nothing_in_the_workbook_runs(world):
    draft(world, price=None)
    line = offer_for(world).lines[0]
    bad = ['=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(1)"]
    answers = [type(a)(a.question_id, bad[i]) for i, a in enumerate(offer_for(world).answers)]
    save_offer(
        actor=world.bidder,
        tender_id=world.tender.pk,
        offer=offer_for(
            world,
            lines=(type(line)(line.requirement_id, Decimal(3), method_statement=bad[3]),),
            answers=tuple(answers),
        ),
        expected_version=1,
    )
    with zipfile.ZipFile(io.BytesIO(download(world))) as archive:
        for name in archive.namelist():
            xml = archive.read(name).decode()
            assert "<f>" not in xml
            assert "hyperlink" not in xml.replace("=HYPERLINK", "")
            assert "externalLink" not in xml


def test_numbers_are_numbers_and_percentages_are_percentages(world):
    draft(world)
    head, local, spend, _ = rows_of(download(world))["Offer"]
    assert local[head.index(rules.QUANTITY)] == 3.5
    assert spend[head.index(rules.QUANTITY)] == 20000
    assert local[head.index(rules.SHARE)] == 1
    assert local[head.index("At least")] == "2"
    assert local[head.index("Mandatory")] == "Yes"
    assert local[head.index("Value of one unit")].startswith("£")
    assert local[head.index("Where that value comes from")] != ""


def test_counts_only_leaves_the_pounds_of_social_value_out(world):
    client = client_of(world.bidder)
    assert "Value of one unit" in rows_of(download(world, client))["Offer"][0]
    content = client.get(url(world, "download"), {"counts": "1"}).content
    head, *rows = rows_of(content)["Offer"]
    assert not {"Value of one unit", "Where that value comes from"} & set(head)
    assert "£" not in str([row[: head.index(rules.QUANTITY)] for row in rows if row[3] != "£"])
    assert "There is nothing to save." in text(upload(client, world, content))


# --- errors ---------------------------------------------------------------------------------------


def test_with_one_error_nothing_is_saved_and_every_error_is_beside_its_cell(world):
    draft(world)
    client = client_of(world.bidder)
    content = edited(
        download(world, client),
        Offer=[
            (1, rules.QUANTITY, "about ten"),
            (1, rules.PROXY, 5),
            (1, rules.SHARE, 150),
            (2, rules.QUANTITY, -4),
            (2, rules.METHOD, "x" * 2001),
            (3, rules.QUANTITY, 3.1234),
        ],
        Questions=[(1, rules.ANSWER, "x" * 4001)],
        Price=[(1, rules.AMOUNT, 0)],
    )
    answer = upload(client, world, content)
    assert answer.status_code == 422
    said = {(p.sheet, p.cell): p.message for p in answer.context["found"].problems}
    assert said == {
        ("Offer", "J2"): "Quantity of GSE1 over the whole contract must be a number, like 12 or 12.5",
        ("Offer", "K2"): rules.NOT_ASKED,
        ("Offer", "L2"): "Share of GSE1 due to this contract must be 100 or less",
        ("Offer", "J3"): "Quantity of PLB1 over the whole contract must be 0 or more",
        ("Offer", "N3"): "How you will deliver PLB1 must be 2,000 characters or fewer",
        ("Offer", "J4"): "Quantity of HSC1 over the whole contract must have at most 3 decimal places",
        ("Questions", "E2"): "The answer must be 4,000 characters or fewer",
        ("Price", "C2"): "Whole-life price, excluding VAT must be more than 0",
    }  # fmt: skip
    assert "Nothing was saved. Mend the 8 cells listed" in text(answer)
    assert held(world).version == 1

    marked = client.post(url(world, "marked"), {"kept": answer.context["kept"]})
    assert marked.headers["Content-Disposition"].endswith('-marked.xlsx"')
    assert marked.headers["Cache-Control"] == "private, no-store"
    sheets = rows_of(marked.content)
    assert sheets["Offer"][1][9] == "about ten"
    assert [row[:2] for row in sheets["What to mend"][1:]] == [[p, c] for p, c in said]
    with zipfile.ZipFile(io.BytesIO(marked.content)) as archive:
        comments = "".join(
            archive.read(name).decode() for name in archive.namelist() if "comments" in name
        )
    for message in said.values():
        assert message in comments

    mended = edited(
        marked.content,
        Offer=[
            (1, rules.QUANTITY, 10), (1, rules.PROXY, ""), (1, rules.SHARE, 1), (2, rules.QUANTITY, 4),
            (2, rules.METHOD, "x"), (3, rules.QUANTITY, 3.123),
        ],
        Questions=[(1, rules.ANSWER, "x")],
        Price=[(1, rules.AMOUNT, 1)],
    )  # fmt: skip
    assert "Save as your draft" in text(upload(client, world, mended))


def test_a_sum_beyond_reason_is_an_error_at_its_quantity(world):
    content = edited(download(world), Offer=[(1, rules.QUANTITY, 99999999999)])
    [problem] = upload(client_of(world.bidder), world, content).context["found"].problems
    assert problem.cell == "J2"
    assert problem.message.endswith("Check the quantity and its unit")


def test_a_formula_that_failed_is_an_error_and_empties_nothing(world):
    draft(world)
    content = download(world)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet2.xml":
                data, count = re.subn(
                    rb'<c r="J2"( s="\d+")><v>3.5</v>',
                    rb'<c r="J2"\1 t="e"><f>1/0</f><v>#DIV/0!</v>',
                    data,
                )
                assert count == 1
            new.writestr(name, data)
    [problem] = upload(client_of(world.bidder), world, out.getvalue()).context["found"].problems
    assert (problem.cell, problem.message) == ("J2", rules.FAILED)


def test_what_cannot_be_read_on_the_page_is_listed_when_the_workbook_leaves_it_out(world):
    name = name_of(world, "quantity", 0)
    save_offer(
        actor=world.bidder,
        tender_id=world.tender.pk,
        offer=OfferInput(unread={name: "about ten"}),
        expected_version=0,
    )
    client = client_of(world.bidder)
    content = download(world, client)
    [problem] = upload(client, world, content).context["found"].problems
    assert problem.cell == "J2"
    sheets = rows_of(content)
    del sheets["Offer"][1]
    content = marked_copy(Workbook(tuple(Sheet(*pair) for pair in sheets.items())), [])
    answer = upload(client, world, content)
    assert answer.context["found"].problems == []
    assert "must be a number" in text(answer)
    assert "in rows that your workbook leaves out" in text(answer)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7\n%%EOF", "This is not a workbook that can be read"),
        (b"Key,Quantity\nM1,2\n", "This is not a workbook that can be read"),
        (b"PK\x03\x04" + b"x" * 100, "This is not a workbook that can be read"),
        (b"x" * (1024 * 1024 + 1), "The workbook is larger than 1 MB"),
        (b"x" * (4 * 1024 * 1024), "The workbook is larger than 1 MB"),
    ],
)
def test_what_is_no_workbook_is_refused_with_the_reason(world, content, message):
    answer = upload(client_of(world.bidder), world, content)
    assert answer.status_code == 422
    assert message in text(answer)
    assert untouched(world)


def test_no_file_macros_and_a_file_that_unpacks_too_far_are_refused(world):
    client = client_of(world.bidder)
    assert "Choose the workbook" in text(client.post(url(world, "workbook"), {}))
    assert rules.NOT_OURS in text(upload(client, world, messy_workbook(3)))
    content = download(world)
    for name, data, message in (
        ("xl/vbaProject.bin", b"x", "The file holds macros"),
        ("xl/media/x.emf", b"\0" * (21 * 1024 * 1024), "The workbook has too many cells"),
    ):
        out = io.BytesIO(content)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, data)
        assert message in text(upload(client, world, out.getvalue()))


def test_a_cell_as_far_away_as_can_be_takes_no_memory(world):
    out = io.BytesIO()
    book = new_book(out)
    page = book.add_worksheet(rules.OFFER)
    page.write_string(0, 0, "Key")
    page.write_string(1_048_575, 16_383, "x")
    book.close()
    answer = upload(client_of(world.bidder), world, out.getvalue())
    assert answer.status_code == 422
    assert "The workbook has too many cells" in text(answer) or NO_WORKBOOK in text(answer)


def test_another_tenders_and_another_suppliers_workbook_are_refused(world):
    theirs = download(world, client_of(world.bidders[1]))
    answer = upload(client_of(world.bidder), world, theirs)
    assert answer.status_code == 422
    assert "This workbook was made for another organisation." in text(answer)
    other = published(title="Another tender", authority="warwickshire")
    content = download(other, client_of(other.bidder))
    answer = upload(client_of(world.bidder), world, content)
    assert answer.status_code == 422
    assert "This workbook is for another tender: Another tender" in text(answer)


def test_a_draft_that_changed_after_the_upload_is_a_conflict_that_says_what_differs(world):
    draft(world)
    client = client_of(world.bidder)
    content = edited(download(world, client), Price=[(1, rules.AMOUNT, 99)])
    check = upload(client, world, content)
    save_offer(
        actor=world.bidder,
        tender_id=world.tender.pk,
        offer=offer_for(world, price=Decimal(7)),
        expected_version=1,
    )
    late = save(client, world, check)
    assert late.status_code == 409
    assert late.context["conflict"].changed == {"Whole-life price, excluding VAT": ("£7", "£99")}
    assert my_offer(world.bidder, world.tender.pk).offer.price == 7


# --- who and when ---------------------------------------------------------------------------------

NAMES = ("workbook", "download", "submitted")


def test_only_those_who_are_invited_have_a_workbook():
    world = published(invite=1)
    submitted(world)
    content = download(world)
    for client in (client_of(world.bidders[1]), client_of(actor_for_role(Role.SUPPLIER_ADMIN))):
        assert {client.get(url(world, name)).status_code for name in NAMES} == {404}
        assert upload(client, world, content).status_code == 404
        assert client.post(url(world, "marked"), {"kept": ""}).status_code == 404
    for actor in (world.officer, actor_for_role(Role.AUDITOR, world.authority)):
        assert {client_of(actor).get(url(world, name)).status_code for name in NAMES} == {403}
        assert upload(client_of(actor), world, content).status_code == 403
    assert {Client().get(url(world, name)).status_code for name in NAMES} == {302}


def test_another_bidders_workbook_holds_nothing_of_the_first(world):
    bid = submitted(world)
    other = rows_of(download(world, client_of(world.bidders[1])))
    shown = str(other)
    for word in (world.suppliers[0].name, bid.receipt, "We deliver", "Our answer", "150000"):
        assert word not in shown
    assert client_of(world.bidders[1]).get(url(world, "submitted")).status_code == 404


def test_at_the_deadline_nothing_is_read_any_more(world):
    draft(world)
    client = client_of(world.bidder)
    content = edited(download(world, client), Price=[(1, rules.AMOUNT, 99)])
    with clock.at(DEADLINE):
        late = upload(client, world, content)
        assert late.status_code == 422
        assert "The deadline was 12:00 on 1 April 2026, UK time. The workbook was not read" in text(
            late
        )
        assert client.get(url(world, "workbook")).headers["Location"] == url(world, "copy")
        assert client.post(url(world, "marked"), {"kept": ""}).status_code == 302
        said = rows_of(download(world, client))["How to"]
        assert ["Offers are no longer taken. This offer was not submitted."] in said
    assert my_offer(world.bidder, world.tender.pk).offer.price == 150000


def test_a_withdrawn_procurement_takes_no_workbook(world):
    content = download(world)
    withdraw_procurement(
        actor=world.officer, procurement_id=world.procurement.pk, reason="No longer needed."
    )
    answer = upload(client_of(world.bidder), world, content)
    assert answer.status_code == 422
    assert "The authority has withdrawn this procurement." in text(answer)


def test_what_was_submitted_can_be_kept_with_its_receipt(world):
    bid = submitted(world)
    client = client_of(world.bidder)
    assert url(world, "submitted") in text(client.get(url(world, "copy")))
    assert url(world, "submitted") in text(client.get(url(world, "receipt")))
    save_offer(
        actor=world.bidder,
        tender_id=world.tender.pk,
        offer=offer_for(world, price=Decimal(1)),
        expected_version=bid.version,
    )
    for moment in (SOON, DEADLINE):
        with clock.at(moment):
            content = download(world, client, "submitted")
        sheets = rows_of(content)
        assert sheets["Price"][1][2] == 150000
        assert (
            f"Submitted 3 March 2026, 9am, UK time. Receipt {bid.receipt}. "
            f"Content hash (SHA-256) {bid.content_hash}."
        ) in sheets["How to"][4][0]
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert b'locked="0"' not in archive.read("xl/styles.xml")
    with zipfile.ZipFile(io.BytesIO(download(world, client))) as archive:
        assert b'locked="0"' in archive.read("xl/styles.xml")


# --- sealed ---------------------------------------------------------------------------------------


def test_what_is_uploaded_is_written_nowhere(world, settings, tmp_path):
    draft(world)
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "there is no such folder")
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    client = client_of(world.bidder)
    content = download(world, client)
    good = edited(content, Offer=[(1, rules.METHOD, SECRET)])
    bad = edited(content, Offer=[(1, rules.METHOD, SECRET), (1, rules.QUANTITY, "x")])
    before = dumped()
    assert SECRET in text(upload(client, world, good))
    answer = upload(client, world, bad)
    assert answer.status_code == 422
    client.post(url(world, "marked"), {"kept": answer.context["kept"]})
    assert dumped() == before
    save(client, world, upload(client, world, good))
    assert dumped() != before
    assert SECRET not in dumped()
    assert my_offer(world.bidder, world.tender.pk).offer.lines[0].method_statement == SECRET


def dumped():
    """Every row of every table in clear."""
    lines = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # names of our own tables
            lines += [f"{table} {row}" for row in cursor.fetchall()]
    return "\n".join(lines)


def test_an_upload_needs_the_forms_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(pk=world.bidder.user_id))
    content = download(world, client)
    assert upload(client, world, content).status_code == 403
    page = text(client.get(url(world, "workbook")))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    answer = client.post(
        url(world, "workbook"),
        {"file": SimpleUploadedFile("offer.xlsx", content), "csrfmiddlewaretoken": token},
    )
    assert answer.status_code == 200
