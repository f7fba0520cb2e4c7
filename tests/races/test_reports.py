"""Reports and many people: a freeze from one moment while others post and write, and files for fifty who press."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.urls import reverse

from procurement.ledger.rules import Stretch
from procurement.ledger.services import post_entries
from reporting.cabinet import services
from reporting.cabinet.models import CabinetReport, CabinetSection, ReportFile, ReportJob
from reporting.cabinet.queries.jobs import LIVE
from reporting.cabinet.rules.behind import disagreements
from reporting.cabinet.rules.content import hash_of
from reporting.cabinet.services import jobs
from reporting.cabinet.services.freezing import WAITING
from reporting.cabinet.services.reissue import reissue_report
from reporting.cabinet.vocabulary import JobStatus, OutputKind, ReportStatus
from reporting.rollups import queries as rollup_queries
from reporting.rollups import services as rollups
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, DomainError, RuleBroken
from socialvalue.core.snapshots import one_view
from tests.factories.cabinet import draft, reported
from tests.factories.ledger import posting
from tests.factories.reporting import browser
from tests.races.crew import Crew, until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ASKERS = 50
REPORTS = 4
SLOWEST_SECONDS = 20.0
"""A page that waited for a PDF would take the time of all of them: ten at once on two busy cores take this at most."""


def post(world, number: int, pence: int = 10_000) -> None:
    post_entries(
        actor=world.manager,
        postings=[
            posting(
                world.commitments[0],
                period=date(2025, 4, 1),
                quantity=Decimal(8),
                value_pence=pence,
                key=f"race:{world.authority.pk}:{number}",
            )
        ],
    )


# --- one moment -----------------------------------------------------------------------------------


def test_one_view_sees_one_moment_and_a_plain_transaction_does_not() -> None:
    """What is committed beside it while it is open is not in it; the control reads it."""
    world = reported()

    def seen_after(beside: Callable[[], object]) -> int:
        run = threading.Thread(target=_apart, args=(beside,))
        run.start()
        run.join(timeout=60)
        assert not run.is_alive()
        return _pence(world)

    first = _pence(world)
    with one_view() as is_whole:
        assert is_whole
        assert _pence(world) == first
        within = seen_after(lambda: (post(world, 1), rollups.drain()))
    assert (within, _pence(world)) == (first, first + 10_000)
    without = seen_after(lambda: (post(world, 2), rollups.drain()))
    assert without == first + 20_000


def _stretches(world) -> list[Stretch]:
    return [Stretch((world.authority.pk,), date(2025, 4, 1), date(2026, 3, 31))]


def _pence(world) -> int:
    rows = rollup_queries.theme_sums(_stretches(world), ("basis",))
    return next(row.value_pence for row in rows if row.key == ("committed",))


def _apart(deed: Callable[[], object]) -> None:
    """In a thread with a connection of its own."""
    try:
        deed()
    finally:
        connection.close()


def test_freezing_while_entries_pour_in_and_drains_run_keeps_figures_and_rows_of_one_moment() -> (
    None
):
    """Whatever moment it is: every figure is what its rows add up to, and the cells of that moment agree."""
    world = reported()
    reports = [draft(world.author, f"Report {number}") for number in range(4)]
    stop = threading.Event()

    def pour(first: int) -> None:
        number = first
        while not stop.is_set():
            number += 1
            post(world, number)

    def drains() -> None:
        while not stop.is_set():
            rollups.drain()

    threads = [
        threading.Thread(target=_apart, args=(deed,))
        for deed in (partial(pour, 0), partial(pour, 1_000_000), drains)
    ]
    for thread in threads:
        thread.start()
    frozen, refused = [], []
    try:
        last = time.monotonic() + 60
        while reports and time.monotonic() < last:
            try:
                frozen.append(services.freeze_report(actor=world.author, report_id=reports[0].pk))
                reports.pop(0)
            except RuleBroken as error:
                refused.append(error.message)
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=60)
    rollups.drain()
    # On a machine that posts faster than it drains all may be refused, which is right too; then it is done in peace.
    while reports:
        frozen.append(services.freeze_report(actor=world.author, report_id=reports.pop(0).pk))
    assert set(refused) <= {WAITING}
    for report in frozen:
        assert disagreements(report.figures) == []
        assert report.figures_hash == hash_of(report.figures)
        committed = next(
            row for row in report.figures["figures"] if row["name"] == "committed_total"
        )
        ids = {row[0] for row in report.figures["entries"]["rows"] if row[1] == "committed"}
        assert committed["rows"]["count"] == len(ids)
    positions = [report.figures["ledger_position"] for report in frozen]
    assert positions == sorted(positions)
    assert rollups.reconcile().wrong == 0


# --- two at once ----------------------------------------------------------------------------------


def test_two_who_freeze_at_once_freeze_it_once(together) -> None:
    world = reported()
    report = draft(world.author)
    deed = partial(services.freeze_report, actor=world.author, report_id=report.pk)
    done = together(deed, deed)
    assert sum(isinstance(one, CabinetReport) for one in done) == 1
    assert sum(isinstance(one, DomainError) for one in done) == 1
    assert AuditRecord.objects.filter(deed="report_frozen", target_id=report.pk).count() == 1


def test_what_is_written_at_the_moment_of_the_freeze_is_frozen_or_refused_never_lost(
    together,
) -> None:
    """Ten times a freeze and a writer at once: the words in the table are the words that are frozen."""
    world = reported()
    for number in range(10):
        report = draft(world.author, f"Report {number}")
        section = CabinetSection.objects.get(report=report, kind="financial")
        done = together(
            partial(services.freeze_report, actor=world.author, report_id=report.pk),
            partial(
                services.write_section,
                actor=world.author,
                report_id=report.pk,
                kind="financial",
                expected_version=section.version,
                narrative=f"Written at the same moment, {number}.",
            ),
        )
        report.refresh_from_db()
        assert any(not isinstance(one, DomainError) for one in done)
        if report.status == ReportStatus.DRAFT:
            assert isinstance(done[0], Conflict)
            continue
        section.refresh_from_db()
        kept = next(row for row in report.figures["sections"] if row["kind"] == "financial")
        assert kept["narrative"] == section.narrative


def test_two_who_issue_it_again_make_one_issue(together) -> None:
    world = reported()
    report = draft(world.author)
    services.freeze_report(actor=world.author, report_id=report.pk)
    deed = partial(reissue_report, actor=world.author, report_id=report.pk)
    done = together(deed, deed)
    assert sum(isinstance(one, CabinetReport) for one in done) == 1
    assert CabinetReport.objects.filter(replaces=report).count() == 1


def test_two_workers_at_one_job_make_one_set_of_files(together) -> None:
    world = reported()
    report = draft(world.author)
    job = jobs.ask_for_files(actor=world.author, report_id=report.pk)
    deed = partial(jobs.run_job, actor=SYSTEM, job_id=job.pk)
    together(deed, deed)
    job.refresh_from_db()
    assert job.status == JobStatus.DONE
    assert ReportFile.objects.filter(report=report).count() == len(OutputKind.values)


def fewer(jobs_left, than: int) -> bool:
    return jobs_left.count() < than


# --- fifty who press ------------------------------------------------------------------------------


def test_fifty_who_ask_at_once_queue_and_finish_and_no_page_waits(together, crew: Crew) -> None:
    """Ten at a time, as a web server has threads: each is answered at once, one job a report and variant is done by a
    real worker, and pages open while it works."""
    crew.worker()
    world = reported()
    reports = [draft(world.author, f"Report {number}") for number in range(REPORTS)]

    def ask(number: int) -> float:
        client = browser(world.author)
        report = reports[number % REPORTS]
        began = time.monotonic()
        answer = client.post(
            reverse("reporting:cabinet:make_files", args=[report.pk]),
            {"counts": str(number // REPORTS % 2)},
        )
        assert answer.status_code == 302
        assert client.get(answer["Location"]).status_code == 200
        return time.monotonic() - began

    taken = []
    for first in range(0, ASKERS, 10):
        answers = together(*(partial(ask, number) for number in range(first, first + 10)))
        assert all(isinstance(seconds, float) for seconds in answers), answers
        taken += answers
    assert max(taken) < SLOWEST_SECONDS
    live = ReportJob.objects.filter(status__in=LIVE)
    while left := live.count():
        # Each for itself: a PDF takes its time on a busy machine.
        until(partial(fewer, live, left), "the end of one job")
    assert set(ReportJob.objects.values_list("status", "problem")) == {(JobStatus.DONE, "")}
    # Fewer than fifty: whoever asked while a job waited or ran shares it.
    assert REPORTS * 2 <= ReportJob.objects.count() < ASKERS
    assert ReportFile.objects.count() == REPORTS * 2 * len(OutputKind.values)
    assert jobs.restart_silent_jobs(actor=SYSTEM) == 0


def test_a_worker_killed_in_the_middle_of_a_freeze_leaves_nothing_and_another_ends_it(
    crew: Crew,
) -> None:
    world = reported()
    report = draft(world.author)
    worker = crew.worker()
    job = jobs.ask_for_freeze(actor=world.author, report_id=report.pk)
    until(
        lambda: ReportJob.objects.filter(pk=job.pk, status=JobStatus.RUNNING).exists(), "the claim"
    )
    worker.kill()
    crew.worker()
    # The silence of ten minutes, without the minutes.
    ReportJob.objects.filter(pk=job.pk).update(started_at=clock.now() - timedelta(minutes=10))
    jobs.restart_silent_jobs(actor=SYSTEM)
    until(
        lambda: ReportFile.objects.filter(report=report).count() == len(OutputKind.values),
        "the files",
    )
    report.refresh_from_db()
    assert report.status == ReportStatus.FROZEN
    assert AuditRecord.objects.filter(deed="report_frozen", target_id=report.pk).count() == 1
    assert hash_of(report.figures) == report.figures_hash
