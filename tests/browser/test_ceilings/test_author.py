"""What a task of the author and of the region may cost at most."""

from __future__ import annotations

import io
import zipfile

import pytest

from reporting.cabinet.services import start_report
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.periods import FinancialYear, add_months
from socialvalue.demo.people import Cast
from tests.browser.test_ceilings.steps import COUNCIL, within

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]


def test_start_a_cabinet_report(at_desk):
    author = at_desk("author").menu("Reports").press("Start a report")
    author.select("Financial year", FinancialYear.of(clock.today()).label)
    author.fill("Title", "Half-year report on social value")
    author.date("Date of the Cabinet meeting", add_months(clock.today(), 3))
    author.press("Start the report").reads("Figures of this report")
    author.page.locator("summary", has_text="Figures of this report").first.click()
    author.reads("£")
    within(author, 3, 4)


def test_freeze_and_download(at_desk):
    actor = Cast().at(COUNCIL, Role.REPORT_AUTHOR)
    year = FinancialYear(FinancialYear.of(clock.today()).start_year - 1)
    report = start_report(
        actor=actor,
        title="To be frozen",
        financial_year=year.slug,
        meeting_on=add_months(clock.today(), 2),
    )
    author = at_desk("author").go(f"/reports/{report.pk}/")
    author.start_counting()
    # Here jobs run at once, in the site: the answer comes when it is frozen and its files are made.
    author.page.set_default_timeout(60_000)
    author.press("Freeze the report").reads("Download PDF, web page and Excel")
    content = author.download("Download PDF, web page and Excel")
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert sorted(name.rsplit(".")[-1] for name in names) == ["csv", "html", "json", "pdf", "xlsx"]
    within(author, 2, 0)


def test_what_is_in_the_total_of_the_region_and_what_is_not(at_desk):
    analyst = at_desk("analyst", "wmca").menu("Region")
    analyst.reads("What is not in the total", "By authority", "Warwickshire", "Birmingham")
    within(analyst, 2, 0)
