"""The page of a report, freezing it, and the page on which to wait for that and for its files."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from reporting.cabinet.permissions import AUTHOR, BUYER
from reporting.cabinet.queries import reports
from reporting.cabinet.queries.jobs import job_page
from reporting.cabinet.queries.standing import standing_of
from reporting.cabinet.services import jobs
from reporting.cabinet.views.of_report import OfReport
from socialvalue.core.views import Deed, Page


class Report(OfReport, Page):
    access = BUYER
    template_name = "reporting/cabinet/report.html"

    def get_page(self) -> dict[str, Any]:
        report = reports.report_page(self.actor, self.report_id)
        standing = standing_of(self.actor, self.report_id, has_problems=bool(report.problems))
        return {"report": report, "standing": standing}


class OfJobs(OfReport):
    """What leads to the page on which to wait."""

    def job_url(self, *, counts_only: bool) -> str:
        url = reverse("reporting:cabinet:job", args=[self.report_id])
        return f"{url}?counts=1" if counts_only else f"{url}?counts=0"


class Freeze(OfJobs, Deed):
    access = AUTHOR

    def perform(self) -> str:
        jobs.ask_for_freeze(actor=self.actor, report_id=self.report_id)
        return self.job_url(counts_only=False)


class MakeFiles(OfJobs, Deed):
    """Ask for the files, with £ or with counts only."""

    access = BUYER

    def perform(self) -> str:
        counts_only = self.request.POST.get("counts") == "1"
        jobs.ask_for_files(actor=self.actor, report_id=self.report_id, counts_only=counts_only)
        return self.job_url(counts_only=counts_only)


class Job(OfJobs, Page):
    """How far it is, and the files once they are there."""

    access = BUYER
    template_name = "reporting/cabinet/job.html"

    def get_page(self) -> dict[str, Any]:
        return {
            "job": job_page(self.actor, self.report_id, counts_only=self.counts_only),
            "job_url": self.job_url(counts_only=self.counts_only),
            "report_url": self.report_url,
        }
