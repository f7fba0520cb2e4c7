"""``manage.py purge_expired``: remove what has had its time. ``--dry-run`` only counts it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from socialvalue.accounts.services.expiring import Purged, count_expired, purge_expired
from socialvalue.core.actor import SYSTEM


class Command(BaseCommand):
    help = "Remove what has had its time, in every room. It runs by itself every day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Count what would go. Nothing is removed."
        )
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        is_rehearsal = options["dry_run"]
        rows = (count_expired if is_rehearsal else purge_expired)(actor=SYSTEM)
        if options["json"]:
            self.stdout.write(json.dumps(_facts(rows, is_rehearsal)))
        else:
            self.tell(rows, is_rehearsal)
        failed = [row.kind for row in rows if row.failed]
        if failed:
            raise CommandError(
                f"Could not be removed: {', '.join(failed)}. The log says why.", returncode=1
            )

    def tell(self, rows: list[Purged], is_rehearsal: bool) -> None:
        width = max(len(str(row.count)) for row in rows)
        for row in rows:
            self.stdout.write(f"{row.count:>{width}}  {row.what}")
        total = sum(row.count for row in rows)
        said = "would be removed. Nothing was." if is_rehearsal else "removed."
        self.stdout.write(f"{total:>{width}}  {said}")


def _facts(rows: list[Purged], is_rehearsal: bool) -> dict[str, Any]:
    return {
        "dry_run": is_rehearsal,
        "kinds": [{"kind": row.kind, "what": row.what, "count": row.count} for row in rows],
        "total": sum(row.count for row in rows),
        "failed": [row.kind for row in rows if row.failed],
    }
