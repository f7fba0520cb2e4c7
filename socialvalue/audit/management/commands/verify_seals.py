"""Whether every sealed row is as it was when it was sealed."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from socialvalue.audit.queries.seals import Verified, chain_departs, verify_seals


class Command(BaseCommand):
    help = (
        "Hold every deed, access and ledger entry against the daily seals, and say which is the first that differs. "
        "Ends with 1 when one does."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")
        parser.add_argument(
            "--against",
            metavar="FILE",
            help="A chain of seals taken out before: today's has to begin with it. Without it, somebody who may change "
            "every table could have written the whole chain anew.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kept = _read(options["against"]) if options["against"] else None
        found = verify_seals()
        departs = chain_departs(kept) if kept is not None else None
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found, departs), indent=2, sort_keys=True))
        else:
            self._say(found, departs, kept)
        if found.fault or departs:
            raise SystemExit(1)

    def _say(self, found: Verified, departs: int | None, kept: list[dict[str, Any]] | None) -> None:
        for name in sorted({*found.rows, *found.removed, *found.waiting}):
            self.stdout.write(
                f"{name}: {found.rows.get(name, 0):,} as sealed, {found.removed.get(name, 0):,} removed at the end of "
                f"their time, {found.waiting.get(name, 0):,} not sealed yet"
            )
        if found.fault:
            self.stdout.write(self.style.ERROR(found.fault.sentence))
        elif found.seals:
            self.stdout.write(
                self.style.SUCCESS(
                    f"{found.seals:,} seals, all as they were made. The newest, of {found.newest_day}, has the digest "
                    f"{found.newest_digest}."
                )
            )
        else:
            self.stdout.write("Nothing is sealed yet. The first seal is made at night, from 02:00.")
        if departs:
            self.stdout.write(
                self.style.ERROR(f"From seal {departs} on, the chain is not the one in the file.")
            )
        elif kept is not None:
            self.stdout.write(
                self.style.SUCCESS(f"The {len(kept):,} seals in the file are the same here.")
            )


def _as_json(found: Verified, departs: int | None) -> dict[str, Any]:
    fault = found.fault
    return {
        "seals": found.seals,
        "newest_digest": found.newest_digest,
        "newest_day": found.newest_day and found.newest_day.isoformat(),
        "rows": found.rows,
        "removed": found.removed,
        "waiting": found.waiting,
        "fault": fault
        and {
            "seal": fault.seal,
            "source": fault.source,
            "row": fault.row_id,
            "sentence": fault.sentence,
        },
        "departs_from_file_at": departs,
    }


def _read(path: str) -> list[dict[str, Any]]:
    try:
        kept = json.loads(Path(path).read_text("utf-8"))["seals"]
        return [{"number": int(row["number"]), "digest": str(row["digest"])} for row in kept]
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(
            f"{path} is no chain of seals. Take it out on the page of your organisation's record."
        ) from error
