"""Requests for information: ten answers from a frozen report, without what may be commercially sensitive."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.remedies.services import record_cost
from reporting.cabinet.models import CabinetReport
from reporting.cabinet.queries.foi import foi_content, foi_page
from reporting.cabinet.renderers.foi import document
from reporting.cabinet.rules.foi import SENSITIVE, answers, answers_table, ticked, why_not
from reporting.cabinet.services import freeze_report
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.documents import html_of
from socialvalue.core.errors import NotAllowed, NotVisible
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW, draft, reported
from tests.factories.reporting import browser, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen():
    """A frozen report on one contract: worth £290,000, £22,000 promised, £750 verified; £215 spent on overseeing."""
    world = reported()
    report = draft(world.author)
    with clock.at(NOW):
        record_cost(
            actor=world.manager,
            month=date(2025, 5, 1),
            what="Checked evidence",
            hours=Decimal(10),
            rate=Decimal("21.50"),
        )
        freeze_report(actor=world.author, report_id=report.pk)
    return world, report


def told(page, number):
    """Paragraphs and cells of an answer, as one text."""
    answer = page.answers[number - 1]
    rows = answer.table.rows if answer.table else []
    return " ".join([*answer.paragraphs, *(str(cell) for row in rows for cell in row)])


def test_ten_questions_are_answered_from_the_figures_of_the_report(frozen):
    world, report = frozen
    page = foi_page(world.author, report.pk)
    assert [answer.number for answer in page.answers] == list(range(1, 11))
    assert "No procurement began in 2025 to 2026." in told(page, 1)
    assert "committed social value of £11,000" in told(page, 3)
    assert "verified it" in told(page, 3)
    assert "Framework, measures-of-tests" in told(page, 4)
    assert "1 contract recorded in the service ran in 2025 to 2026, worth £290,000" in told(page, 5)
    assert "100.0% of the contracts" in told(page, 6)
    assert "£215" in told(page, 8)
    assert "Of 3 commitments in 1 contract, 0 kept up with the plan" in told(page, 10)


def test_what_may_be_sensitive_is_left_out_until_it_is_ticked(frozen):
    world, report = frozen
    page = foi_page(world.author, report.pk)
    assert told(page, 7).endswith(f"{world.supplier.name} {world.contract.title} 2025-04-01 3")
    assert page.answers[6].left_out == ("prices", "promises", "delivered")
    assert "290000" not in told(page, 7)
    assert page.answers[7].table is None
    assert "the value of each contract" in page.answers[6].left_out_sentence
    some = foi_page(world.author, report.pk, ["prices", "costs", "nonsense"])
    assert some.ticks == {"prices", "costs"}
    assert "290000.00" in told(some, 7)
    assert "22000" not in told(some, 7)
    assert "Checked evidence" in told(some, 8)
    every = foi_page(world.author, report.pk, SENSITIVE)
    assert "22000.00" in told(every, 7)
    assert "750.00" in told(every, 7)
    assert all(not answer.left_out for answer in every.answers)


def test_answers_stay_as_they_were_frozen(frozen):
    world, report = frozen
    before = foi_page(world.author, report.pk, SENSITIVE).answers
    world.contract.title = "Another title"
    world.contract.save()
    assert foi_page(world.author, report.pk, SENSITIVE).answers == before


def test_counts_only_tells_no_pounds_of_social_value(frozen):
    world, report = frozen
    page = foi_page(world.author, report.pk, SENSITIVE, counts_only=True)
    said = " ".join(told(page, number) for number in range(1, 11))
    assert "£11,000" not in said
    assert "22000" not in said
    assert "£215" in said
    assert "290000" in said
    content, figures_hash = foi_content(world.author, report.pk)
    rows = answers_table(content, SENSITIVE, counts_only=True).rows
    assert not any("£11,000" in str(row) or "Social value committed" in row for row in rows)
    whole = html_of(document(content, figures_hash, SENSITIVE, counts_only=True))
    assert "£11,000" not in whole
    assert "£290,000" in whole


def test_answers_need_a_frozen_report_of_the_whole_authority(frozen):
    world, report = frozen
    open_one = draft(world.author, title="Not frozen")
    with pytest.raises(NotAllowed, match="Freeze the report first"):
        foi_page(world.author, open_one.pk)
    content = CabinetReport.objects.get(pk=report.pk).figures
    assert "directorate or a region" in why_not({**content, "foi": None}, "hash")
    assert "before the service kept" in why_not({"format": 1}, "hash")
    assert why_not(content, "hash") == ""
    assert "Freeze" in why_not(content, "")


def test_nobody_else_sees_the_answers(frozen):
    world, report = frozen
    with pytest.raises(NotVisible):
        foi_page(actor_for_role(Role.REPORT_AUTHOR), report.pk)
    url = reverse("reporting:cabinet:foi", args=[report.pk])
    assert browser(world.claimant).get(url).status_code == 403
    assert browser(actor_for_role(Role.AUDITOR)).get(url).status_code == 404


def test_page_and_files_hold_the_same_answers_with_the_ticks_of_the_address(frozen):
    world, report = frozen
    client = browser(actor_for_role(Role.PROCUREMENT_OFFICER, world.authority))
    url = reverse("reporting:cabinet:foi", args=[report.pk])
    page = client.get(f"{url}?show=promises").content.decode()
    assert 'id="show-promises" name="show" type="checkbox" value="promises" checked' in page
    assert "£22,000" in page
    assert "Promised, whole contract" in page
    assert "/answers.csv?show=promises" in page

    def got(form, query=""):
        answer = client.get(reverse("reporting:cabinet:foi_file", args=[report.pk, form]) + query)
        assert answer.status_code == 200
        return answer.content

    rows = rows_of(got("csv", "?show=promises"))
    assert {row["Question"] for row in rows} == {str(number) for number in range(1, 11)}
    assert any(row["Answer"] == "£22,000" for row in rows)
    assert not any(row["Answer"] == "£22,000" for row in rows_of(got("csv")))
    whole = got("html", "?show=promises").decode()
    assert "7. Which suppliers won" in whole
    assert "£22,000" in whole
    assert report_hash(report) in whole
    assert got("pdf") == got("pdf"), "the same answers give the same bytes"
    assert got("pdf").startswith(b"%PDF")


def report_hash(report):
    report.refresh_from_db()
    return report.figures_hash


def test_ticks_that_mean_nothing_are_forgotten():
    assert ticked(["prices", "", "everything"]) == {"prices"}


def test_every_sensitive_field_belongs_to_an_answer(frozen):
    _, report = frozen
    content = CabinetReport.objects.get(pk=report.pk).figures
    missing = {name for answer in answers(content) for name in answer.left_out}
    # Nothing fell short in this year, so there is nothing to leave out there.
    assert missing == SENSITIVE.keys() - {"shortfalls"}
