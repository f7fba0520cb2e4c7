from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procurement.procurements.services import ImportOutcome, import_notices
from procurement.procurements.vocabulary import NoticeAction
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Take in published notices (OCDS releases, as Contracts Finder gives them) as procurements with their routes. "
        "Safe to run again. Exit code 2 when the file cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", help="a list of releases, a release package, or one release, in JSON"
        )
        parser.add_argument(
            "--authority", default="", metavar="SLUG", help="put every notice under this authority"
        )
        parser.add_argument(
            "--create-buyers", action="store_true", help="add buyers that are not known as councils"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and write nothing"
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            outcome = import_notices(
                actor=SYSTEM,
                content=_read(path),
                file_name=path.name,
                authority_slug=options["authority"],
                create_buyers=options["create_buyers"],
                dry_run=options["dry_run"],
            )
        except DomainError as error:
            self._fail(error.message, as_json=options["json"])
            return
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False, indent=2))
        else:
            self._say(outcome, dry_run=options["dry_run"])

    def _say(self, outcome: ImportOutcome, *, dry_run: bool) -> None:
        for row in outcome.rows:
            line = f"{NoticeAction(row.action).label:<10} {row.ocid or 'no ocid'}"
            if row.route:
                line += f"  {row.estimate} {row.route}"
            if row.award_route:
                line += f", awarded {row.award_value} {row.award_route}"
            self.stdout.write(f"{line}  {row.reason}".rstrip())
        self.stdout.write(outcome.sentence())
        if dry_run:
            self.stdout.write("Nothing was written.")

    def _fail(self, message: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"error": message}, ensure_ascii=False))
            raise SystemExit(2)
        raise CommandError(message, returncode=2)


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DomainError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
