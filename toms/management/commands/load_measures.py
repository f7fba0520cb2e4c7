from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import DomainError
from toms.imports.services import (
    load_aliases,
    load_measure_set,
    load_priorities,
    load_shipped_sets,
)


class Command(BaseCommand):
    help = (
        "Load and publish the measure sets that come with the product, and the priorities. "
        "Running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="One measure set as JSON, instead of all of them"
        )

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:
        try:
            sets = (
                [load_measure_set(actor=SYSTEM, source=file)]
                if file
                else load_shipped_sets(actor=SYSTEM)
            )
            statements = load_priorities(actor=SYSTEM)
            aliases = load_aliases(actor=SYSTEM)
        except FileNotFoundError as error:
            raise CommandError(f"There is no file {file}.") from error
        except DomainError as error:
            raise CommandError(error.message) from error
        for loaded in sets:
            state = "loaded" if loaded.is_new else "already loaded"
            self.stdout.write(
                f"{loaded.edition_slug} {state}: {loaded.measures} measures, {loaded.proxies} values."
            )
        self.stdout.write(f"{statements} statements of priorities.")
        self.stdout.write(f"{aliases} codes of other families.")
