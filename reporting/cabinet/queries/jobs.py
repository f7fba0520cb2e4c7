"""How far the work on a report is, and the files that came of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from reporting.cabinet.models import CabinetReport, ReportFile, ReportJob
from reporting.cabinet.permissions import why_not_write
from reporting.cabinet.queries.reports import content_for, report_for
from reporting.cabinet.rules.content import hash_of
from reporting.cabinet.rules.outputs import ADDRESSES, MEDIA_TYPES, RENDERER, file_name
from reporting.cabinet.vocabulary import JobKind, JobStatus, OutputKind, ReportStatus
from socialvalue.accounts.permissions import is_buyer
from socialvalue.accounts.queries import actor_in, seats_of
from socialvalue.core.actor import Actor

LIVE = (JobStatus.WAITING, JobStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file that may be downloaded."""

    kind: str
    label: str
    size: int
    pages: int | None
    sha256: str
    url: str
    """Of this very file."""


@dataclass(frozen=True, slots=True)
class JobPage:
    """What the progress page shows: the latest job of a report and variant, and the files that were made."""

    id: int
    title: str
    is_frozen: bool
    counts_only: bool
    kind: str
    status: str
    """Of the latest job; empty when there was none."""
    problem: str
    ahead: int
    """Jobs that were asked for before it and are not done."""
    asked_at: datetime | None
    asked_by: str
    files: tuple[FileLine, ...]
    made_at: datetime | None
    is_stale: bool
    """The draft has changed since its files were made."""
    may_freeze: bool

    @property
    def is_at_work(self) -> bool:
        return self.status in LIVE

    @property
    def is_failed(self) -> bool:
        return self.status == JobStatus.FAILED

    @property
    def is_freeze(self) -> bool:
        return self.kind == JobKind.FREEZE

    @property
    def total(self) -> int:
        """Steps: frozen, then files; of a draft the files alone."""
        return 2 if self.is_freeze or self.is_frozen else 1

    @property
    def done(self) -> int:
        return 1 if self.is_frozen else 0

    @property
    def pack(self) -> FileLine | None:
        """All of it in one file."""
        return next((row for row in self.files if row.kind == OutputKind.ZIP), None)

    @property
    def has_no_pdf(self) -> bool:
        return bool(self.files) and all(row.kind != OutputKind.PDF for row in self.files)

    @property
    def heading(self) -> str:
        if self.is_at_work:
            return "The report is being frozen" if self.is_freeze else "The files are being made"
        if self.is_failed and not self.is_frozen:
            return "The report was not frozen" if self.is_freeze else "The files were not made"
        if self.is_frozen:
            return "The report is frozen"
        return "The files of the draft" if self.files else "The files are not made yet"


def job_page(actor: Actor, report_id: int, *, counts_only: bool = False) -> JobPage:
    """NotVisible for another authority's report, NotAllowed for a draft that the actor may not read."""
    report = report_for(actor, report_id)
    job = latest_job(report, counts_only=counts_only)
    is_live = job is not None and job.status in LIVE
    files = {} if is_live else kept_files(report, counts_only=counts_only)
    made = max((row.made_at for row in files.values()), default=None)
    return JobPage(
        id=report.pk,
        title=report.title,
        is_frozen=report.status == ReportStatus.FROZEN,
        counts_only=counts_only,
        kind=job.kind if job else "",
        status=job.status if job else "",
        problem=job.problem if job else "",
        ahead=_ahead(job) if job and is_live else 0,
        asked_at=job.asked_at if job else None,
        asked_by=str(job.asked_by) if job else "",
        files=_lines(files),
        made_at=made,
        is_stale=bool(files) and not _all_fit(files, content_hash_of(actor, report)),
        may_freeze=not why_not_write(actor, report),
    )


def latest_job(report: CabinetReport, *, counts_only: bool) -> ReportJob | None:
    """The latest job for this variant; freezing is for both."""
    jobs = ReportJob.objects.filter(Q(counts_only=counts_only) | Q(kind=JobKind.FREEZE))
    return jobs.filter(report=report).select_related("asked_by").order_by("-id").first()


def _ahead(job: ReportJob) -> int:
    return ReportJob.objects.filter(status__in=LIVE, pk__lt=job.pk).count()


def _lines(files: dict[str, ReportFile]) -> tuple[FileLine, ...]:
    return tuple(_line(row) for kind in OutputKind.values if (row := files.get(kind)))


def _line(row: ReportFile) -> FileLine:
    kind = OutputKind(row.kind)
    address = reverse(f"reporting:cabinet:{ADDRESSES[kind]}", args=[row.report_id])
    asked = urlencode({"counts": int(row.counts_only), "sha256": row.sha256})
    return FileLine(kind, kind.label, row.size, row.pages, row.sha256, f"{address}?{asked}")


def file_lines(report: CabinetReport, *, counts_only: bool = False) -> tuple[FileLine, ...]:
    """The files that were made of it. The caller has shown that the actor may read it."""
    return _lines(kept_files(report, counts_only=counts_only))


def content_hash_of(actor: Actor, report: CabinetReport) -> str:
    """Of what the report says now: the hash it was frozen with, or that of the draft."""
    return report.figures_hash or hash_of(content_for(actor, report))


def kept_files(report: CabinetReport, *, counts_only: bool) -> dict[str, ReportFile]:
    """By kind, the files that this version of the service made; of a frozen report, of what was frozen."""
    rows = ReportFile.objects.filter(report=report, counts_only=counts_only, renderer=RENDERER)
    if report.figures_hash:
        rows = rows.filter(content_hash=report.figures_hash)
    return {row.kind: row for row in rows}


def _all_fit(files: dict[str, ReportFile], content_hash: str) -> bool:
    return all(row.content_hash == content_hash for row in files.values())


def file_to_keep(
    actor: Actor, report_id: int, kind: str, *, counts_only: bool = False, sha256: str = ""
) -> tuple[str, str, bytes] | None:
    """Name, media type and bytes of an output; None while it is not made, or no longer says what the report says.

    ``sha256`` asks for that very file, though the draft has changed since. What is not the bytes that were kept is
    not served: it is made again.
    """
    report = report_for(actor, report_id)
    row = kept_files(report, counts_only=counts_only).get(kind)
    if row is None:
        return None
    if row.sha256 != sha256 and row.content_hash != content_hash_of(actor, report):
        return None
    content = stored(row)
    return None if content is None else (file_name(report.pk, kind), MEDIA_TYPES[kind], content)


def stored(row: ReportFile) -> bytes | None:
    """The bytes that were kept; None when the store has lost or changed them."""
    try:
        with row.file.open("rb") as found:
            content: bytes = found.read()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == row.sha256 else None


def actor_of(job: ReportJob) -> Actor | None:
    """Whoever asked, as they are allowed today; None when they work there no more."""
    for seat in seats_of(job.asked_by_id):
        if seat.organisation_id == job.report.authority_id:
            actor = actor_in(job.asked_by, seat)
            return actor if is_buyer(actor) else None
    return None
