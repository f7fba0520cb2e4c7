"""``manage.py cabinet_report``: a report as a file, without a browser; ``--freeze`` keeps it for ever first.

Who acts: a report is started and frozen by a person, never by the system, so that somebody answers for it. That is the
report author ``--as`` names by email, or else the authority's first report author; the answer says who it was.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.cabinet import services
from reporting.cabinet.queries.jobs import stored
from reporting.cabinet.queries.reports import report_for
from reporting.cabinet.services.files import Made, make_files
from reporting.cabinet.vocabulary import OutputKind, ReportKind
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import DomainError
from socialvalue.core.periods import FinancialYear, add_months

MONTHS_AHEAD = 2
NO_PDF = "There is no PDF, so nothing was written. "


class Command(BaseCommand):
    help = (
        "Write a report of an authority on a financial year to a file. Without --report a draft is started from the "
        "Cabinet form. It is done in the name of a report author: --as, or the first of the authority."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--authority", required=True, help="The authority's slug.")
        parser.add_argument("--period", required=True, help="A financial year, like 2025-26.")
        parser.add_argument("--report", type=int, help="The number of a report that is there.")
        parser.add_argument("--output", required=True, type=Path, help="The file, like report.pdf.")
        parser.add_argument("--freeze", action="store_true", help="Freeze the report first.")
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")
        parser.add_argument("--as", dest="email", default="", help="Email of the report author.")
        parser.add_argument("--counts-only", action="store_true", help="Without £.")
        parser.add_argument("--title", default="", help="Of a new report.")
        parser.add_argument("--kind", default=ReportKind.CABINET.value, choices=ReportKind.values)
        parser.add_argument("--quarter", type=int, choices=(1, 2, 3, 4))
        parser.add_argument("--directorate", default="")
        parser.add_argument("--region", default="", help="The region's slug.")
        parser.add_argument("--meeting", help="Day of the meeting, like 2026-09-09.")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = _kind_of(options["output"])
        try:
            actor, email = self._author(options["authority"], options["email"])
            report_id = options["report"] or self._start(actor, options)
            self._check_period(actor, report_id, options["period"])
            if options["freeze"]:
                services.freeze_report(actor=actor, report_id=report_id)
            made = make_files(actor=actor, report_id=report_id, counts_only=options["counts_only"])
            report = report_for(actor, report_id)
        except DomainError as error:
            raise CommandError(error.message) from error
        self._write(made, kind, options["output"])
        pdf = made.files.get(OutputKind.PDF)
        facts = {
            "report": report_id,
            "status": report.status,
            "acted_as": email,
            "file": str(options["output"]),
            "pages": pdf.pages if pdf else None,
            "figures_hash": made.content_hash,
            "pdf_sha256": pdf.sha256 if pdf else None,
        }
        if options["json"]:
            self.stdout.write(json.dumps(facts))
        else:
            for name, value in facts.items():
                self.stdout.write(f"{name}: {'none' if value is None else value}")

    def _author(self, slug: str, email: str) -> tuple[Actor, str]:
        authority = accounts.authorities().filter(slug=slug).first()
        if authority is None:
            raise CommandError(f"There is no authority called {slug!r}.")
        people = accounts.people_with_role(authority.pk, Role.REPORT_AUTHOR).order_by("pk")
        person = people.filter(email__iexact=email).first() if email else people.first()
        if person is None:
            who = f"{email} is no report author" if email else "Nobody is a report author"
            raise CommandError(f"{who} of {authority.name}. Name one with --as.")
        seat = next(
            one for one in accounts.seats_of(person.pk) if one.organisation_id == authority.pk
        )
        return accounts.actor_in(person, seat), person.email

    def _start(self, actor: Actor, options: dict[str, Any]) -> int:
        meeting = options["meeting"]
        try:
            meeting_on = (
                date.fromisoformat(meeting) if meeting else add_months(clock.today(), MONTHS_AHEAD)
            )
        except ValueError as error:
            raise CommandError(f"{meeting!r} is not a day. Write it like 2026-09-09.") from error
        report = services.start_report(
            actor=actor,
            title=options["title"],
            kind=options["kind"],
            financial_year=options["period"],
            quarter=options["quarter"],
            directorate=options["directorate"],
            region=options["region"],
            meeting_on=meeting_on,
        )
        return report.pk

    def _check_period(self, actor: Actor, report_id: int, period: str) -> None:
        try:
            wanted = FinancialYear.parse(period).slug
        except ValueError as error:
            raise CommandError(f"{error}.") from error
        report = report_for(actor, report_id)
        if report.financial_year != wanted:
            raise CommandError(
                f"Report {report_id} is about {report.financial_year}, not {wanted}."
            )

    def _write(self, made: Made, kind: OutputKind, output: Path) -> None:
        row = made.files.get(kind)
        content = stored(row) if row is not None else None
        if content is None:
            raise CommandError(
                f"{NO_PDF}{made.problem}" if kind == OutputKind.PDF else "It could not be made."
            )
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error


def _kind_of(output: Path) -> OutputKind:
    """Which of the files it is, by the ending of its name."""
    ending = output.suffix.removeprefix(".").lower()
    if ending not in OutputKind.values:
        raise CommandError(
            f"End the name of the file with one of: .{', .'.join(OutputKind.values)}"
        )
    return OutputKind(ending)
