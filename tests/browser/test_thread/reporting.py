"""Steps 8 and 9: the dashboards and the report, to the same total."""

from __future__ import annotations

import io
import re
from datetime import timedelta

from pypdf import PdfReader

from socialvalue.core.money import pounds
from tests.browser.hands import Person
from tests.browser.test_thread.people import TITLE, Dates
from toms.frameworks.queries import current_edition, measures_of
from toms.proxies.queries import unit_value


def expected_total(dates: Dates) -> str:
    """Worked out by hand: a quarter of a local job, and £4,500 spent with small firms at £1 for £1."""
    edition = current_edition(dates.commenced_on)
    job = next(row for row in measures_of(edition.pk) if row.code == "GSE1")
    worth = unit_value(job, place="warwick", on=dates.commenced_on)
    return pounds(worth.amount / 4 + 4500)


def see_the_dashboards(people: dict[str, Person], dates: Dates, total: str) -> None:
    manager, analyst = people["manager"], people["analyst"]
    manager.menu("Dashboard").select("Financial year", dates.year.label)
    manager.press("Show this period").reload_until(total)
    follow_to_the_rows(manager, total)
    analyst.sign_in().menu("Region").select("Financial year", dates.year.label)
    analyst.press("Show this period").reads(total, "Warwickshire", "What is not in the total")
    follow_to_the_rows(analyst, total)


def follow_to_the_rows(reader: Person, total: str) -> None:
    """Every figure of the dashboard opens to rows that add up to it."""
    board = reader.page.url
    links = reader.main.locator("a[href*='/ledger/']").filter(has_text=re.compile("[1-9]"))
    addresses = list(dict.fromkeys(link.get_attribute("href") for link in links.all()))
    assert addresses
    for address in addresses:
        reader.go(address)
        assert reader.main.locator("tbody tr").count() > 0
    reader.go(board.removeprefix(reader.site))
    reader.press(total).reads(f"Total of 3 entries {total}")


def report_to_cabinet(author: Person, dates: Dates, total: str) -> None:
    author.sign_in().menu("Reports").press("Start a report")
    author.select("Financial year", dates.year.label).fill("Title", "Social value annual report")
    author.date("Date of the Cabinet meeting", dates.year.last_day + timedelta(days=40))
    author.press("Start the report")
    author.press("Recommendation")
    author.fill("Text of", "That Cabinet notes that {verified_total} was verified.")
    author.press("Save", within=author.main.locator("form"))
    # The worker freezes it, then makes its files.
    author.press("Freeze the report").reload_until("Download PDF, web page and Excel")
    author.reads("The report is frozen")
    content = author.download(re.compile(r"^PDF$"))
    reader = PdfReader(io.BytesIO(content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    # The figure carries its reference, F1 and so on.
    assert re.search(rf"That Cabinet notes that {re.escape(total)} ?F\d+ was verified\.", text)
    assert "Social value annual report" in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(reader.trailer["/Root"]["/Lang"]).lower() == "en-gb"
    author.press("Back to the report’s page").press("Read it as a web page").reads(total)


def where_it_stands(officer: Person) -> None:
    officer.menu("Procurements").press(TITLE).reads("In the totals", "Verified")
