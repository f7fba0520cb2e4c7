"""One procurement from entry to the Cabinet PDF in a real browser, by the people whose deeds they are.

The site's day is moved from step to step; the last steps are on today, beside a real worker that fills in the action
plan and adds up the ledger. axe looks at every page, and the browser complains of nothing.
"""

from __future__ import annotations

import pytest

from tests.browser.test_thread.awarding import (
    award,
    evaluate,
    name_the_panel,
    notify,
    open_the_bids,
    sign,
)
from tests.browser.test_thread.buying import (
    enter,
    nobody_reads_it_before_the_deadline,
    offer,
    write_the_tender,
)
from tests.browser.test_thread.delivering import deliver, mend, plan, verify
from tests.browser.test_thread.reporting import (
    expected_total,
    report_to_cabinet,
    see_the_dashboards,
    where_it_stands,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_procurement_from_entry_to_the_cabinet_pdf(people, dates, calendar, worker):
    calendar.go_to(dates.before(100))
    enter(people["officer"].sign_in(), dates)
    calendar.go_to(dates.before(90))
    write_the_tender(people["officer"], dates)
    calendar.go_to(dates.before(80))
    offer(people["winner"], jobs="2", spend="10,000", price="280,000")
    offer(people["loser"], jobs="1.5", spend="8,000", price="270,000")
    nobody_reads_it_before_the_deadline(people["officer"])
    name_the_panel(people)
    calendar.go_to(dates.before(59))
    open_the_bids(people)
    evaluate(people)
    calendar.go_to(dates.before(50))
    award(people, dates)
    notify(people, dates)
    calendar.go_to(dates.before(20))
    sign(people["manager"], dates)
    plan(people["manager"], people["winner"])
    calendar.come_back()
    deliver(people["winner"], dates)
    verify(people["manager"])
    mend(people["winner"])
    people["manager"].menu("Verify").press("Verify claim", within=people["manager"].main)
    total = expected_total(dates)
    see_the_dashboards(people, dates, total)
    report_to_cabinet(people["author"], dates, total)
    where_it_stands(people["officer"])
