"""Every £ of every page, as each role meets it: hidden by the switch, and open to its working without it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve, reverse, reverse_lazy
from docx import Document as open_docx
from docx.oxml.ns import qn
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from procurement.awards.models import Contract
from procurement.bids.models import Bid
from procurement.deliveries.models import Claim
from procurement.procurements.models import Procurement
from procurement.tenders.models import Tender
from reporting.cabinet.models import CabinetReport, ReportJob
from reporting.cabinet.services import jobs
from socialvalue.core.actor import SYSTEM
from socialvalue.core.documents import LEFT_OUT
from socialvalue.core.views import DocumentDownload
from socialvalue.demo import seed
from toms.frameworks.models import Measure
from toms.proxies.models import Proxy

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite",
    reason="What pages hide is the same on both databases: read on SQLite, where make test runs it.",
)

ROLES = (
    "officer@warwickshire.example",
    "contracts@warwickshire.example",
    "author@warwickshire.example",
    "policy@warwickshire.example",
    "analyst@wmca.example",
    "bids@puddlestone.example",
)
PAGES_A_VIEW = 1
MOST_PAGES = 150
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
THEIRS = ("admin", "account", "mfa", "usersessions", "socialaccount")

COST = "sv-price"
"""What things cost: estimates, prices, thresholds and what policy and law say about them. No social value."""
BOX = "govuk-input__prefix"
"""The sign beside a box in which somebody types pounds; there is no figure."""
QUANTITY = {"sv-quantity", "sv-figure__quantity"}
"""How much was done. A measure of money has a quantity of money, which is no valuation."""
WORKING = {"sv-value__working", "sv-working__table"}
"""The sum that a figure has opened to."""
EXAMPLE = "sv-example"
"""A worked example with round figures: the value of nothing."""
TOLD = "sv-history__sentence"
"""The record of what was said, word for word. Its prices stay; social value in it is withheld when counts are shown."""
TILE = "sv-tile--opens"
"""A tile is a link as a whole; its words stand in the link, its figure beside it."""
CLOSED = "sv-closed"
"""Sums of months in which an authority was no member: the region may know them and may not open their rows."""
PUBLIC = reverse_lazy("reporting:open_data:index")
"""Pages for everybody."""
REPORT_TABLE = "report-table"
"""A table of a Cabinet report, which is a document; under it on the page is the link to its rows."""

FIXED = (
    # The name of a kind of measure.
    r"£1 for £1",
    r"Each pound is counted as £1",
    # How scoring works, in words; no figure.
    r"a bid's social value in £ divided by the highest social value in £ of all bids",
    # What stands where a report withholds a figure.
    r"\(£ not shown\)",
    # What bidders wrote themselves.
    r"Packages under £25,000 are offered first to small firms",
)

PRICES = re.compile(
    r"Estimate|Award value|Contract value|Price|Threshold|Amount|Expected spend|It could ask|^Cost \("
    r"|^Rate of an hour \("
)
"""Columns of files that hold what things cost."""
TO_FILL_IN = "Your value of one unit (£)"
"""A box of the offer workbook, where the bidder proposes a value. Without it there is nothing to fill in."""


@dataclass(frozen=True)
class Text:
    """A text of the page that has a £ in it, with what it stands in."""

    words: str
    tags: tuple[str, ...]
    classes: frozenset[str]


class Reader(HTMLParser):
    """Links of a page, and the texts of its main part that have a £ in them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[tuple[str, frozenset[str]]] = []
        self.texts: list[Text] = []
        self.links: list[str] = []
        self.open_in_a_paragraph: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "details" and any(name == "p" for name, _ in self.stack):
            self.open_in_a_paragraph.append(given.get("class") or "")
        if tag not in VOID:
            self.stack.append((tag, frozenset((given.get("class") or "").split())))

    def handle_startendtag(self, tag, attrs):
        return

    def handle_endtag(self, tag):
        for place in range(len(self.stack) - 1, -1, -1):
            if self.stack[place][0] == tag:
                del self.stack[place:]
                return

    def handle_data(self, data):
        if "£" in data and any(name == "main" for name, _ in self.stack):
            classes = frozenset().union(*(found for _, found in self.stack))
            self.texts.append(
                Text(" ".join(data.split()), tuple(name for name, _ in self.stack), classes)
            )


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def crawl(client: Client) -> dict[str, tuple[str, bytes]]:
    """Address to media type and content: what can be reached from the first page, a few of each view."""
    pages: dict[str, tuple[str, bytes]] = {}
    visits: Counter[object] = Counter()
    waiting = ["/"]
    while waiting and len(pages) < MOST_PAGES:
        address = waiting.pop(0)
        parts = urlsplit(address)
        try:
            name = resolve(parts.path).view_name
        except Resolver404:
            continue
        kind = (name, tuple(sorted({key for key, _ in parse_qsl(parts.query)})))
        if address in pages or visits[kind] >= PAGES_A_VIEW or name.startswith(THEIRS):
            continue
        if name.endswith((":pdf", ":pack")):
            continue
        visits[kind] += 1
        answer = client.get(address)
        if answer.status_code in (301, 302):
            waiting.append(urljoin(address, answer["Location"]))
            continue
        assert answer.status_code in (200, 403, 404, 409), (address, answer.status_code)
        if answer.status_code != 200:
            continue
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        media = answer["Content-Type"].partition(";")[0]
        pages[address] = media, content
        if media == "text/html":
            found = (urljoin(address, href).split("#")[0] for href in read(content.decode()).links)
            waiting += [link for link in found if link.startswith("/")]
    return pages


def as_written() -> set[str]:
    """Texts with a £ that are not ours to say: of measures and their sources, and of suppliers. They value nothing."""
    held = (
        (Measure, ("title", "description", "counting_rule", "target_requirements", "evidence")),
        (Proxy, ("source_name", "method", "certainty")),
        (Claim, ("narrative",)),
    )
    texts = (
        " ".join(text.split())
        for model, names in held
        for row in model.objects.values_list(*names)
        for text in row
    )
    return {text for text in texts if "£" in text}


def without_fixed(words: str, known: set[str]) -> str:
    if any(words in text or text in words for text in known):
        return ""
    return re.sub("|".join(FIXED), "", words)


def shown_with_the_switch_on(html: str, known: set[str]) -> list[str]:
    """Every text with a £ that is no price."""
    left = []
    for text in read(html).texts:
        if text.classes & {COST, BOX}:
            continue
        words = without_fixed(text.words, known)
        if TOLD in text.classes:
            # A record tells prices too; what it tells of social value says so.
            words = words if re.search(r"£[\d,.]+ of social value", words) else ""
        if "£" in words:
            left.append(text.words)
    return left


def that_do_not_open(html: str, known: set[str]) -> list[str]:
    """Every figure in £ of social value that is in no link and no summary."""
    closed = []
    for text in read(html).texts:
        if text.classes & (
            {COST, BOX, EXAMPLE, TOLD, TILE, CLOSED, REPORT_TABLE} | QUANTITY | WORKING
        ):
            continue
        # The total row sums the rows above it; a drawing has its figures in the table beside it.
        if {"a", "summary", "tfoot", "svg"} & set(text.tags):
            continue
        if re.search(r"£\s?[\d.]", without_fixed(text.words, known)):
            closed.append(text.words)
    return closed


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The demonstration, entered once for this file and taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed.seed(lambda line: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(seeded, db):
    """Everything the demonstration holds."""


def browser(mailbox: str, *, counts_only: bool = False) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(email=mailbox))
    if counts_only:
        answer = client.post(reverse("core:counts"), {"counts": "1"})
        assert answer.status_code == 302
    return client


@pytest.mark.parametrize("mailbox", ROLES)
def test_with_the_switch_on_no_page_and_no_file_shows_pounds_of_social_value(demo, mailbox):
    known = as_written()
    pages = crawl(browser(mailbox, counts_only=True))
    assert len(pages) > 30
    found = {}
    for address, (media, content) in pages.items():
        if media == "text/html":
            left = shown_with_the_switch_on(content.decode(), known)
        elif media == "text/csv":
            left = columns_of_pounds(next(csv.reader(io.StringIO(content.decode("utf-8-sig")))))
        elif media.endswith("spreadsheetml.sheet"):
            left = columns_of_pounds(headings_of(content))
        else:
            continue
        if left:
            found[address] = left[:3]
    assert found == {}


@pytest.mark.parametrize("mailbox", ROLES)
def test_every_figure_in_pounds_opens_to_its_working_or_its_rows(demo, mailbox):
    known = as_written()
    pages = crawl(browser(mailbox))
    closed, misplaced = {}, {}
    for address, (media, content) in pages.items():
        # The public is told sums and never the rows under them: these name suppliers and contracts.
        if media != "text/html" or address.startswith(str(PUBLIC)):
            continue
        if left := that_do_not_open(content.decode(), known):
            closed[address] = left[:3]
        # A browser ends a paragraph before a sum that opens, which tears the sentence apart.
        if inside := read(content.decode()).open_in_a_paragraph:
            misplaced[address] = inside
    assert closed == {}
    assert misplaced == {}


def columns_of_pounds(headings: list[str]) -> list[str]:
    return [
        text for text in headings if "£" in text and not PRICES.search(text) and text != TO_FILL_IN
    ]


def headings_of(workbook: bytes) -> list[str]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    sheets = [book.get_sheet_by_index(n).to_python() for n in range(len(book.sheet_names))]
    return [str(cell) for rows in sheets if rows for cell in rows[0]]


@pytest.mark.parametrize(
    ("mailbox", "address"),
    [
        ("officer@warwickshire.example", "/"),
        ("officer@warwickshire.example", "/dashboard/"),
        ("officer@warwickshire.example", "/contracts/"),
        ("officer@warwickshire.example", "/ledger/?basis=committed"),
        ("contracts@warwickshire.example", "/verify/"),
        ("analyst@wmca.example", "/region/"),
        ("bids@puddlestone.example", "/contracts/"),
    ],
)
def test_with_the_switch_off_these_pages_show_them_so_the_search_can_find_them(
    demo, mailbox, address
):
    known = as_written()
    client = browser(mailbox)
    assert shown_with_the_switch_on(client.get(address).content.decode(), known)
    client.post(reverse("core:counts"), {"counts": "1"})
    assert not shown_with_the_switch_on(client.get(address).content.decode(), known)
    client.post(reverse("core:counts"), {"counts": "0"})
    assert shown_with_the_switch_on(client.get(address).content.decode(), known)


@pytest.mark.parametrize(("room", "query"), [("awards", ""), ("ledger", "?basis=verified")])
def test_files_lose_their_columns_of_social_value_and_keep_their_prices_and_rows(demo, room, query):
    address = reverse(f"procurement:{room}:export", kwargs={"form": "csv"}) + query
    client = browser("officer@warwickshire.example")
    whole = list(csv.reader(io.StringIO(client.get(address).content.decode("utf-8-sig"))))
    client.post(reverse("core:counts"), {"counts": "1"})
    cut = list(csv.reader(io.StringIO(client.get(address).content.decode("utf-8-sig"))))
    assert columns_of_pounds(whole[0])
    assert columns_of_pounds(cut[0]) == []
    assert len(cut) == len(whole) > 1
    kept = [n for n, text in enumerate(whole[0]) if text in cut[0]]
    assert [[row[n] for n in kept] for row in whole[1:3]] == [
        [text.replace("pounds", "£") if text == "pounds" else text for text in row]
        for row in cut[1:3]
    ]
    assert ("Contract value (£)" in cut[0]) == ("Contract value (£)" in whole[0])


def test_the_cabinet_report_as_pdf_and_annex(demo):
    client = browser("author@warwickshire.example")
    # Of the year in which no cost of overseeing was recorded: such a price stays in counts only.
    frozen = CabinetReport.objects.filter(kind="cabinet", status="frozen").latest("pk")
    pdf, annex = (f"/reports/{frozen.pk}/{name}" for name in ("report.pdf", "annex.xlsx"))
    assert "£" in text_of(made(client, pdf, counts="0"))
    client.post(reverse("core:counts"), {"counts": "1"})
    assert "£" not in text_of(made(client, pdf, counts="1")).replace("(£ not shown)", "")
    # Money that is owed is a price and no social value.
    assert columns_of_pounds(headings_of(client.get(annex).content)) == ["Due (£)"]


def made(client: Client, pdf: str, *, counts: str) -> bytes:
    """The file, which is made when somebody asks for it."""
    client.post(pdf.replace("report.pdf", "files/make/"), {"counts": counts})
    jobs.run_job(actor=SYSTEM, job_id=ReportJob.objects.latest("pk").pk)
    return client.get(pdf).content


def text_of(pdf: bytes) -> str:
    words = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(words.split())


# --- formal documents ------------------------------------------------------------------------------

PRICED = re.compile(r"Price|Contract value|Value|What")
"""Columns and names of documents under which prices stand. ``What`` is the history, whose prices stay."""
WORTH_NOTHING = re.compile(r"£1 for £1|price of £[\d,.]+|Packages under £25,000")
FIGURE = re.compile(r"£\s?\d")
WITHOUT_POUNDS = {"opening"}
"""Documents that hold no pounds at all: counts only changes nothing in them."""


def documents(mailbox: str) -> dict[str, list[str]]:
    """By the document's name, the addresses that somebody of this organisation may open."""
    if mailbox.startswith("bids@"):
        tenders = Tender.objects.values_list("pk", flat=True)
        return {
            "pack": [f"/bids/{pk}/pack.docx" for pk in tenders],
            "summary": [f"/bids/{pk}/summary.docx" for pk in tenders],
        }
    contracts = dict(Contract.objects.values_list("pk", "award__bid__tender_id"))
    bids = list(Bid.objects.values_list("pk", "tender_id"))
    bought = Procurement.objects.values_list("pk", flat=True)
    return {
        "pack": [f"/procurements/{pk}/tender/pack.docx" for pk in bought],
        "opening": [f"/procurements/{pk}/opening.docx" for pk in bought],
        "record": [f"/procurements/{pk}/evaluation-record.docx" for pk in bought],
        "schedule": [f"/contracts/{pk}/schedule.docx" for pk in contracts],
        "summary": [
            f"/contracts/{pk}/summaries/{bid}.docx"
            for pk, tender in contracts.items()
            for bid, of_tender in bids
            if of_tender == tender
        ],
    }


def figures_of(content: bytes, known: set[str]) -> list[tuple[str, str]]:
    """Every text with pounds of social value, with the heading or name it stands under."""
    file = open_docx(io.BytesIO(content))
    found = [("", paragraph.text) for paragraph in file.paragraphs]
    for table in file.tables:
        cells = [[cell.text for cell in row.cells] for row in table.rows]
        is_facts = table._tbl.tblPr.find(qn("w:tblCaption")) is None
        found += [
            (row[0] if is_facts else heading, text)
            for row in (cells if is_facts else cells[1:])
            for heading, text in zip(cells[0], row, strict=True)
        ]
    left = []
    for heading, text in found:
        words = WORTH_NOTHING.sub("", " ".join(text.split()))
        for text_of_others in known:
            words = words.replace(text_of_others, "")
        told = re.search(r"£[\d,.]+ of social value", words)
        if told or (FIGURE.search(words) and not PRICED.fullmatch(heading)):
            left.append((heading, text))
    return left


def document_views() -> set[str]:
    """The classes of every view that gives a document."""

    def below(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from below(pattern.url_patterns)
            else:
                yield getattr(pattern.callback, "view_class", object)

    return {
        view.__name__
        for view in below(get_resolver().url_patterns)
        if issubclass(view, DocumentDownload)
    }


def test_there_are_no_other_documents():
    named = {"Pack", "OpeningDocument", "Record", "Schedule", "SummaryFile", "MySummaryFile"}
    assert document_views() == named


@pytest.mark.parametrize("mailbox", ["officer@warwickshire.example", "bids@puddlestone.example"])
def test_no_document_shows_pounds_of_social_value_and_its_first_line_says_so(demo, mailbox):
    known = as_written()
    client, switched = browser(mailbox), browser(mailbox, counts_only=True)
    for name, addresses in documents(mailbox).items():
        readable = with_figures = 0
        for address in addresses:
            whole = client.get(address)
            if whole.status_code != 200:
                continue
            readable += 1
            copy = switched.get(address).content
            assert figures_of(copy, known) == [], address
            # The control: the same search finds them in the formal document.
            if figures_of(whole.content, known):
                with_figures += 1
                assert first_line(copy) == LEFT_OUT, address
                assert first_line(whole.content) != LEFT_OUT
        assert readable, name
        assert (with_figures == 0) == (name in WITHOUT_POUNDS), name


def first_line(content: bytes) -> str:
    return open_docx(io.BytesIO(content)).paragraphs[0].text


def test_prices_and_quantities_stay_in_the_copy_of_a_schedule_and_the_pdf_says_the_same(demo):
    client = browser("officer@warwickshire.example", counts_only=True)
    bought = Contract.objects.filter(authority__name="Warwickshire County Council")
    contract = bought.order_by("pk").first()
    said = text_of(client.get(f"/contracts/{contract.pk}/schedule.pdf").content)
    assert said.replace("Demonstration data", "").strip().startswith(LEFT_OUT)
    assert f"£{contract.value:,.0f} excluding VAT" in said
    assert "£ not shown" in said
    client.post(reverse("core:counts"), {"counts": "0"})
    assert "£ not shown" not in text_of(
        client.get(f"/contracts/{contract.pk}/schedule.pdf").content
    )
