"""The report's page and what hangs from it: one green button, sign-off, issuing again, what moved."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from reporting.cabinet.models import CabinetReport, CabinetSection, SignOff
from reporting.cabinet.queries.signing import words_of
from reporting.cabinet.services import freeze_report
from reporting.cabinet.services.files import make_files
from reporting.cabinet.services.signing import ask_for_sign_off
from reporting.cabinet.vocabulary import ReportStatus
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW, draft, reported
from tests.factories.reporting import browser, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def url(name, report, *more):
    return reverse(f"reporting:cabinet:{name}", args=[report.pk, *more])


def page(actor, report, name="report") -> str:
    answer = browser(actor).get(url(name, report))
    assert answer.status_code == 200
    return answer.content.decode()


def green(text: str) -> list[str]:
    """The words on the green buttons of a page: those of forms and those that lead on."""
    main = text[text.index("<main") : text.index("</main>")]
    return [words.strip() for words in re.findall(r'class="govuk-button"[^>]*>\s*([^<]+)', main)]


def test_one_green_button_named_after_what_happens():
    world = reported()
    report = draft(world.author)
    assert green(page(world.author, report)) == ["Freeze the report"]
    CabinetSection.objects.filter(report=report, kind="financial").update(narrative="")
    assert green(page(world.author, report)) == ["Finish the words"]
    CabinetSection.objects.filter(report=report, kind="financial").update(narrative="None")
    CabinetReport.objects.filter(pk=report.pk).update(
        sign_off_steps=["finance"], needs_sign_off=True
    )
    approver = actor_for_role(Role.APPROVER, world.authority)
    assert green(page(world.author, report)) == ["Ask for the sign-off"]
    ask_for_sign_off(actor=world.author, report_id=report.pk)
    waiting = page(world.author, report)
    assert green(waiting) == []
    assert "Waits for Finance" in waiting
    assert green(page(approver, report)) == ["Sign off for Finance"]
    CabinetReport.objects.filter(pk=report.pk).update(needs_sign_off=False)
    freeze_report(actor=world.author, report_id=report.pk)
    assert green(page(world.manager, report)) == ["Make the files"]
    make_files(actor=world.manager, report_id=report.pk)
    assert green(page(world.manager, report)) == ["Download PDF, web page and Excel"]


def test_a_step_is_answered_on_its_page_and_a_return_without_a_note_comes_back():
    world = reported()
    report = draft(world.author)
    CabinetReport.objects.filter(pk=report.pk).update(
        sign_off_steps=["finance", "legal"], needs_sign_off=True
    )
    approver = actor_for_role(Role.APPROVER, world.authority)
    client = browser(approver)
    facts = {"step": "finance", "words_hash": words_of(report).hash}
    bare = client.post(url("sign_off", report), {**facts, "answer": "returned", "note": ""})
    assert bare.status_code == 422
    assert "Say what is to be mended" in bare.content.decode()
    none = client.post(url("sign_off", report), facts)
    assert "Choose whether you agree or return the report" in none.content.decode()
    done = client.post(url("sign_off", report), {**facts, "answer": "agreed"}, follow=True)
    assert "You agreed to the words for Finance." in done.content.decode()
    shown = page(world.author, report, "sign_off")
    assert approver.name in shown
    assert "Only an approver can sign off a report" in shown
    assert 'name="answer"' not in shown
    assert 'name="answer"' in client.get(url("sign_off", report)).content.decode()


def test_words_that_changed_while_they_were_read_are_a_conflict_that_keeps_what_was_typed():
    world = reported()
    report = draft(world.author)
    CabinetReport.objects.filter(pk=report.pk).update(sign_off_steps=["finance"])
    approver = actor_for_role(Role.APPROVER, world.authority)
    facts = {"step": "finance", "words_hash": words_of(report).hash, "answer": "returned"}
    CabinetSection.objects.filter(report=report, kind="financial").update(narrative="Other.")
    late = browser(approver).post(url("sign_off", report), {**facts, "note": "Mend 2.1."})
    assert late.status_code == 409
    assert "words changed while you were reading" in late.content.decode()
    assert "Mend 2.1." in late.content.decode()
    assert not SignOff.objects.exists()


def test_issued_again_by_a_button_and_compared_with_the_issue_before():
    world = reported()
    report = draft(world.author)
    freeze_report(actor=world.author, report_id=report.pk)
    reported(world.authority)
    client = browser(world.author)
    answer = client.post(url("reissue", report), follow=True)
    assert "Issue 2 is begun with the same words." in answer.content.decode()
    again = CabinetReport.objects.get(replaces=report)
    assert again.status == ReportStatus.DRAFT
    assert "Issue 2" in page(world.author, report)
    shown = page(world.author, again, "compare")
    assert "+£11,000" in shown
    assert "New entries: +£11,000" in shown
    counts = client.get(url("compare", again) + "?counts=1").content.decode()
    assert "+£11,000" not in counts
    rows = rows_of(client.get(url("compare_export", again, "csv")).content)
    committed = next(row for row in rows if row["Figure"] == "Social value committed")
    assert (committed["Moved by"], committed["Of it: new entries"]) == (
        "11000.00",
        "11000.00",
    )
    assert client.get(url("compare_export", again, "xlsx")).status_code == 200
    assert client.get(url("compare", report)).status_code == 404
    assert client.get(url("compare", again) + "?with=nonsense").status_code == 200
    assert client.post(url("reissue", report)).status_code == 403


@pytest.mark.parametrize("name", ["compare", "job", "sign_off"])
def test_a_draft_is_nothing_for_those_who_may_not_read_it(name):
    world = reported()
    first = draft(world.author)
    freeze_report(actor=world.author, report_id=first.pk)
    report = CabinetReport.objects.create(
        authority=world.authority,
        title="Issue 2",
        financial_year="2025-26",
        meeting_on=first.meeting_on,
        issue=2,
        replaces=first,
        started_by_id=world.author.user_id,
        started_at=NOW,
    )
    assert browser(world.manager).get(url(name, report)).status_code == 403
    assert browser(world.claimant).get(url(name, report)).status_code == 403
    stranger = actor_for_role(Role.REPORT_AUTHOR)
    assert browser(stranger).get(url(name, report)).status_code == 404
    assert browser(stranger).post(url("make_files", report)).status_code == 404
    assert browser(world.manager).post(url("make_files", report)).status_code == 403
    assert browser(stranger).post(url("reissue", first)).status_code == 404
