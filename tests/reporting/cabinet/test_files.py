"""The files of a report: made once of a content, kept with their hashes, served as they were kept."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from procurement.ledger.services import post_entries
from reporting.cabinet import services
from reporting.cabinet.models import CabinetReport, ReportFile, ReportJob
from reporting.cabinet.queries.jobs import file_to_keep, job_page
from reporting.cabinet.rules.content import canonical
from reporting.cabinet.services import jobs
from reporting.cabinet.services.files import make_files
from reporting.cabinet.vocabulary import OutputKind, ReportStatus
from reporting.rollups.services import drain
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotAllowed, NotVisible
from tests.factories.accounts import actor_for_role
from tests.factories.adoption import adopted
from tests.factories.cabinet import NOW, draft, reported
from tests.factories.ledger import posting
from tests.factories.reporting import browser
from toms.imports.services import load_measure_set

pytestmark = pytest.mark.django_db
KINDS = set(OutputKind.values)


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def bytes_of(files) -> dict[str, str]:
    return {kind: row.sha256 for kind, row in files.items()}


def test_what_was_frozen_has_the_same_bytes_after_many_entries_and_a_switch_of_editions():
    """The files are lost, the world has moved on, and they are made again: every byte is the one that was."""
    world = reported()
    report = draft(world.author)
    report = services.freeze_report(actor=world.author, report_id=report.pk)
    first = make_files(actor=world.author, report_id=report.pk)
    assert (set(first.files), first.problem, first.content_hash) == (KINDS, "", report.figures_hash)
    chance = random.Random(8)  # noqa: S311  # the same each time
    post_entries(
        actor=world.manager,
        postings=[
            posting(
                chance.choice(world.commitments),
                period=chance.choice([date(2025, 4, 1), date(2025, 7, 1), date(2026, 1, 1)]),
                quantity=Decimal(chance.randint(-5, 50)),
                value_pence=chance.randint(-10_000, 1_000_000),
            )
            for _ in range(500)
        ],
    )
    loaded = load_measure_set(actor=SYSTEM)
    policy = actor_for_role(Role.POLICY_OWNER, world.authority)
    adopted(policy, loaded.edition_slug, date(2025, 5, 1))
    drain()
    ReportFile.objects.all().delete()
    with clock.at(NOW + timedelta(days=40)):
        again = make_files(actor=world.manager, report_id=report.pk)
    assert bytes_of(again.files) == bytes_of(first.files)
    assert again.content_hash == first.content_hash


def test_the_files_agree_with_each_other_and_with_the_freeze():
    world = reported()
    report = services.freeze_report(actor=world.author, report_id=draft(world.author).pk)
    made = make_files(actor=world.author, report_id=report.pk)
    kept = {kind: file_to_keep(world.author, report.pk, kind) for kind in OutputKind.values}
    for kind, row in made.files.items():
        name, _, content = kept[kind]
        assert hashlib.sha256(content).hexdigest() == row.sha256
        assert len(content) == row.size
        assert name.startswith(f"report-{report.pk}-")
    whole = kept["json"][2]
    assert hashlib.sha256(whole).hexdigest() == report.figures_hash
    assert json.loads(whole) == json.loads(canonical(report.figures))
    packed = zipfile.ZipFile(io.BytesIO(kept["zip"][2]))
    assert {packed.read(name) for name in packed.namelist()} == {
        row[2] for kind, row in kept.items() if kind != "zip"
    }
    assert made.files["pdf"].pages > 1


def test_made_once_and_made_again_when_a_byte_of_it_is_lost():
    world = reported()
    report = services.freeze_report(actor=world.author, report_id=draft(world.author).pk)
    first = make_files(actor=world.author, report_id=report.pk)
    second = make_files(actor=world.author, report_id=report.pk)
    assert {row.pk for row in first.files.values()} == {row.pk for row in second.files.values()}
    kept = ReportFile.objects.get(report=report, kind="csv")
    with kept.file.open("wb") as out:
        out.write(b"tampered")
    assert file_to_keep(world.author, report.pk, "csv") is None
    third = make_files(actor=world.author, report_id=report.pk)
    assert bytes_of(third.files) == bytes_of(first.files)
    assert file_to_keep(world.author, report.pk, "csv") is not None
    # What another version of the renderer made is not served as ours.
    ReportFile.objects.update(renderer="an older one")
    assert file_to_keep(world.author, report.pk, "csv") is None


def test_a_draft_that_moved_is_told_and_the_very_file_can_still_be_had():
    world = reported()
    report = draft(world.author)
    made = make_files(actor=world.author, report_id=report.pk)
    assert file_to_keep(world.author, report.pk, "pdf") is not None
    post_entries(
        actor=world.manager, postings=[posting(world.commitments[0], period=date(2025, 4, 1))]
    )
    drain()
    assert file_to_keep(world.author, report.pk, "pdf") is None
    sha256 = made.files["pdf"].sha256
    assert file_to_keep(world.author, report.pk, "pdf", sha256=sha256) is not None
    assert job_page(world.author, report.pk).is_stale
    make_files(actor=world.author, report_id=report.pk)
    assert not job_page(world.author, report.pk).is_stale
    assert ReportFile.objects.filter(report=report).count() == len(KINDS)


def test_counts_only_is_a_set_of_its_own_without_pounds():
    world = reported()
    report = services.freeze_report(actor=world.author, report_id=draft(world.author).pk)
    job = jobs.ask_for_files(actor=world.author, report_id=report.pk, counts_only=True)
    jobs.run_job(actor=SYSTEM, job_id=job.pk)
    assert file_to_keep(world.author, report.pk, "pdf") is None
    _, _, html = file_to_keep(world.author, report.pk, "html", counts_only=True)
    assert "£750" not in html.decode()


def test_files_are_read_by_whom_the_report_is_read():
    world = reported()
    report = draft(world.author)
    make_files(actor=world.author, report_id=report.pk)
    with pytest.raises(NotAllowed):
        file_to_keep(world.manager, report.pk, "pdf")
    with pytest.raises(NotAllowed):
        make_files(actor=world.manager, report_id=report.pk)
    with pytest.raises(NotVisible):
        file_to_keep(world.claimant, report.pk, "pdf")
    with pytest.raises(NotVisible):
        file_to_keep(actor_for_role(Role.REPORT_AUTHOR), report.pk, "pdf")


# --- by the buttons ---------------------------------------------------------------------------


def url(name, report, *more):
    return reverse(f"reporting:cabinet:{name}", args=[report.pk, *more])


def work() -> None:
    """What the worker does."""
    while job := ReportJob.objects.filter(status="waiting").order_by("pk").first():
        jobs.run_job(actor=SYSTEM, job_id=job.pk)


def test_freeze_wait_and_download_by_two_clicks():
    world = reported()
    report = draft(world.author)
    client = browser(world.author)
    waiting = client.post(url("freeze", report), follow=True)
    assert "The report is being frozen" in waiting.content.decode()
    assert 'http-equiv="refresh"' in waiting.content.decode()
    assert "0 of 2 steps done" in waiting.content.decode()
    # The page may be left: the report's own page leads back to it.
    assert "See how far it is" in client.get(url("report", report)).content.decode()
    work()
    page = client.get(waiting.redirect_chain[-1][0]).content.decode()
    assert "The report is frozen" in page
    address = page.split('class="govuk-button" href="')[1].split('"')[0].replace("&amp;", "&")
    pack = client.get(address)
    names = zipfile.ZipFile(io.BytesIO(pack.content)).namelist()
    assert {name.rsplit(".", 1)[1] for name in names} == {"pdf", "html", "xlsx", "csv", "json"}
    report.refresh_from_db()
    assert report.figures_hash in client.get(url("report", report)).content.decode()


def test_a_file_that_is_not_made_leads_to_the_page_that_makes_it_and_reading_writes_nothing():
    world = reported()
    report = draft(world.author)
    client = browser(world.author)
    answer = client.get(url("pdf", report) + "?counts=1", follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == url("job", report) + "?counts=1"
    assert "The files are not made yet" in page
    assert not ReportJob.objects.exists()
    client.post(url("make_files", report), {"counts": "1"})
    work()
    assert client.get(url("pdf", report) + "?counts=1").content.startswith(b"%PDF")
    assert client.get(url("pdf", report) + "?counts=0").status_code == 302


@pytest.mark.parametrize(
    ("name", "start", "media"),
    [
        ("pdf", b"%PDF", "application/pdf"),
        ("twin", b"<!DOCTYPE html>", "text/html; charset=utf-8"),
        ("xlsx", b"PK", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", b"\xef\xbb\xbf", "text/csv; charset=utf-8"),
        ("json", b"{", "application/json"),
        ("pack", b"PK", "application/zip"),
    ],
)
def test_every_file_is_a_download_of_its_kind(name, start, media):
    world = reported()
    report = draft(world.author)
    make_files(actor=world.author, report_id=report.pk)
    answer = browser(world.author).get(url(name, report))
    assert answer.content.startswith(start)
    assert answer["Content-Type"] == media
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"


# --- by the command ---------------------------------------------------------------------------


def command(world, tmp_path, *more, output="report.pdf") -> dict:
    said = io.StringIO()
    call_command(
        "cabinet_report",
        f"--authority={world.authority.slug}",
        "--period=2025-26",
        f"--output={tmp_path / output}",
        "--json",
        *more,
        stdout=said,
    )
    return json.loads(said.getvalue())


def test_the_command_starts_freezes_and_writes_and_says_who_acted(tmp_path):
    world = reported()
    said = command(world, tmp_path, "--freeze")
    report = CabinetReport.objects.get(pk=said["report"])
    email = User.objects.get(pk=world.author.user_id).email
    assert (report.status, said["acted_as"]) == (ReportStatus.FROZEN, email)
    assert report.frozen_by_id == world.author.user_id
    assert said["figures_hash"] == report.figures_hash
    written = (tmp_path / "report.pdf").read_bytes()
    assert hashlib.sha256(written).hexdigest() == said["pdf_sha256"]
    assert said["pages"] > 1
    # The same report again, from what was kept.
    again = command(world, tmp_path, f"--report={report.pk}", output="again.pdf")
    assert again["pdf_sha256"] == said["pdf_sha256"]
    command(world, tmp_path, f"--report={report.pk}", output="report.json")
    whole = (tmp_path / "report.json").read_bytes()
    assert hashlib.sha256(whole).hexdigest() == report.figures_hash


def test_the_command_writes_a_draft_and_says_its_facts_in_lines(tmp_path):
    world = reported()
    said = io.StringIO()
    call_command(
        "cabinet_report",
        f"--authority={world.authority.slug}",
        "--period=2025-26",
        f"--output={tmp_path / 'draft.pdf'}",
        stdout=said,
    )
    facts = dict(line.split(": ", 1) for line in said.getvalue().splitlines())
    assert list(facts) == [
        "report", "status", "acted_as", "file", "pages", "figures_hash", "pdf_sha256",
    ]  # fmt: skip
    assert facts["status"] == "draft"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--authority=nowhere"], "There is no authority called 'nowhere'."),
        (["--period=2025"], "2025"),
        (["--as=nobody@example.org"], "nobody@example.org is no report author"),
        (["--report=999999"], "does not exist"),
        (["--output=report.txt"], "End the name of the file with one of"),
        (["--meeting=soon"], "'soon' is not a day"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path, more, sentence):
    world = reported()
    with pytest.raises(CommandError, match=sentence):
        command(world, tmp_path, *more)
    assert list(tmp_path.iterdir()) == []


def test_the_command_tells_a_period_that_is_not_the_reports(tmp_path):
    world = reported()
    report = draft(world.author)
    with pytest.raises(CommandError, match="is about 2025-26, not 2024-25"):
        command(world, tmp_path, f"--report={report.pk}", "--period=2024-25")
