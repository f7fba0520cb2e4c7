"""Jobs on reports: asked for once, claimed once, ended with a sentence, started again when their worker was killed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from reporting.cabinet import services
from reporting.cabinet.models import CabinetReport, CabinetSection, ReportJob
from reporting.cabinet.queries.jobs import job_page
from reporting.cabinet.services import jobs
from reporting.cabinet.vocabulary import JobKind, JobStatus, ReportStatus
from reporting.rollups.models import Cell
from socialvalue.accounts.models import Membership
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW, draft, reported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def run(job: ReportJob) -> ReportJob:
    jobs.run_job(actor=SYSTEM, job_id=job.pk)
    job.refresh_from_db()
    return job


def test_a_freeze_that_is_asked_for_freezes_and_asks_for_the_files():
    world = reported()
    report = draft(world.author)
    job = jobs.ask_for_freeze(actor=world.author, report_id=report.pk)
    assert job_page(world.author, report.pk).heading == "The report is being frozen"
    assert run(job).status == JobStatus.DONE
    report.refresh_from_db()
    assert report.status == ReportStatus.FROZEN
    assert report.frozen_by_id == world.author.user_id
    following = ReportJob.objects.exclude(pk=job.pk).get()
    assert (following.kind, following.status) == (JobKind.FILES, JobStatus.WAITING)
    page = job_page(world.author, report.pk)
    assert (page.is_at_work, page.done, page.total, page.ahead) == (True, 1, 2, 0)


def test_asked_by_many_it_is_one_job_a_report_and_variant():
    world = reported()
    report, other = draft(world.author), draft(world.author)
    approver = actor_for_role(Role.APPROVER, world.authority)
    asked = {
        jobs.ask_for_files(actor=actor, report_id=report.pk, counts_only=False).pk
        for actor in (world.author, approver, world.author)
    }
    assert len(asked) == 1
    counts = jobs.ask_for_files(actor=approver, report_id=report.pk, counts_only=True)
    last = jobs.ask_for_files(actor=approver, report_id=other.pk)
    assert len({*asked, counts.pk, last.pk}) == 3
    assert job_page(approver, other.pk).ahead == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportJob.objects.create(
            report=report, kind=JobKind.FILES, asked_by_id=approver.user_id, asked_at=NOW
        )


def test_what_can_be_told_at_once_is_told_at_once():
    world = reported()
    report = draft(world.author)
    CabinetSection.objects.filter(report=report, kind="financial").update(narrative="")
    with pytest.raises(RuleBroken, match="Financial Implications is empty"):
        jobs.ask_for_freeze(actor=world.author, report_id=report.pk)
    with pytest.raises(NotAllowed):
        jobs.ask_for_freeze(actor=world.manager, report_id=report.pk)
    with pytest.raises(NotAllowed):
        jobs.ask_for_files(actor=world.manager, report_id=report.pk)
    with pytest.raises(NotVisible):
        jobs.ask_for_files(actor=actor_for_role(Role.REPORT_AUTHOR), report_id=report.pk)
    with pytest.raises(NotVisible):
        jobs.ask_for_files(actor=world.claimant, report_id=report.pk)
    assert not ReportJob.objects.exists()


def test_people_ask_and_jobs_do():
    world = reported()
    job = jobs.ask_for_freeze(actor=world.author, report_id=draft(world.author).pk)
    with pytest.raises(NotAllowed):
        jobs.run_job(actor=world.author, job_id=job.pk)
    with pytest.raises(NotAllowed):
        jobs.restart_silent_jobs(actor=world.author)


def test_a_job_that_is_refused_says_why_and_can_be_asked_for_again():
    world = reported()
    report = draft(world.author)
    job = jobs.ask_for_freeze(actor=world.author, report_id=report.pk)
    Cell.objects.filter(basis="verified").update(value_pence=1)
    assert run(job).status == JobStatus.FAILED
    page = job_page(world.author, report.pk)
    assert page.heading == "The report was not frozen"
    assert page.problem.startswith("The totals do not agree with the ledger in 1 of")
    assert page.may_freeze
    assert jobs.ask_for_freeze(actor=world.author, report_id=report.pk).pk != job.pk


def test_whoever_asked_and_left_freezes_nothing():
    world = reported()
    report = draft(world.author)
    job = jobs.ask_for_freeze(actor=world.author, report_id=report.pk)
    Membership.objects.filter(user_id=world.author.user_id).update(ended_at=NOW)
    assert run(job).status == JobStatus.FAILED
    assert "no longer works for your organisation" in job.problem
    report.refresh_from_db()
    assert report.status == ReportStatus.DRAFT


def test_a_job_that_another_worker_is_at_is_left_to_it():
    world = reported()
    report = draft(world.author)
    job = jobs.ask_for_freeze(actor=world.author, report_id=report.pk)
    ReportJob.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, started_at=NOW)
    assert run(job).status == JobStatus.RUNNING
    report.refresh_from_db()
    assert report.status == ReportStatus.DRAFT
    with clock.at(NOW + timedelta(minutes=8)):
        assert run(job).status == JobStatus.DONE
    # A message that comes late finds nothing to do.
    assert run(job).status == JobStatus.DONE
    assert ReportJob.objects.count() == 2


def test_a_worker_killed_after_the_freeze_and_before_it_said_so():
    world = reported()
    report = draft(world.author)
    job = jobs.ask_for_freeze(actor=world.author, report_id=report.pk)
    ReportJob.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, started_at=NOW)
    services.freeze_report(actor=world.author, report_id=report.pk)
    with clock.at(NOW + timedelta(minutes=8)):
        assert jobs.restart_silent_jobs(actor=SYSTEM) == 1
        assert run(job).status == JobStatus.DONE
    assert ReportJob.objects.filter(kind=JobKind.FILES).count() == 1


def test_silence_is_found_by_the_clock_and_what_kills_again_and_again_is_given_up():
    world = reported()
    one, two = draft(world.author), draft(world.author)
    lost = jobs.ask_for_files(actor=world.author, report_id=one.pk)
    killed = jobs.ask_for_files(actor=world.author, report_id=two.pk)
    ReportJob.objects.filter(pk=killed.pk).update(status=JobStatus.RUNNING, started_at=NOW)
    assert jobs.restart_silent_jobs(actor=SYSTEM) == 0
    with clock.at(NOW + timedelta(minutes=6)):
        assert jobs.restart_silent_jobs(actor=SYSTEM) == 0
    with clock.at(NOW + timedelta(minutes=8)):
        assert jobs.restart_silent_jobs(actor=SYSTEM) == 2
    with clock.at(NOW + timedelta(minutes=61)):
        assert jobs.restart_silent_jobs(actor=SYSTEM) == 1
    killed.refresh_from_db()
    lost.refresh_from_db()
    assert (killed.status, lost.status) == (JobStatus.FAILED, JobStatus.WAITING)
    assert "again and again" in killed.problem


def test_what_waits_for_its_turn_is_not_sent_again_while_the_others_go_on():
    world = reported()
    busy, waiting = draft(world.author), draft(world.author)
    job = jobs.ask_for_files(actor=world.author, report_id=busy.pk)
    jobs.ask_for_files(actor=world.author, report_id=waiting.pk)
    later = NOW + timedelta(minutes=10)
    ReportJob.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, started_at=later)
    with clock.at(later):
        assert jobs.restart_silent_jobs(actor=SYSTEM) == 0
    with clock.at(NOW + timedelta(minutes=16)):
        ReportJob.objects.filter(pk=job.pk).update(started_at=clock.now())
        assert jobs.restart_silent_jobs(actor=SYSTEM) == 1


def test_a_draft_that_some_may_not_read_shows_them_no_progress():
    world = reported()
    report = draft(world.author)
    with pytest.raises(NotAllowed):
        job_page(world.manager, report.pk)
    with pytest.raises(NotVisible):
        job_page(actor_for_role(Role.REPORT_AUTHOR), report.pk)
    assert CabinetReport.objects.get(pk=report.pk).status == ReportStatus.DRAFT
