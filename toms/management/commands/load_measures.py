from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import DomainError
from toms.imports.services import OPEN_SET, load_measure_set, load_priorities


class Command(BaseCommand):
    help = "Load and publish the open measure set and the priorities. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, default=OPEN_SET, help="A measure set as JSON"
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            loaded = load_measure_set(actor=SYSTEM, source=file)
            statements = load_priorities(actor=SYSTEM)
        except FileNotFoundError as error:
            raise CommandError(f"There is no file {file}.") from error
        except DomainError as error:
            raise CommandError(error.message) from error
        state = "loaded" if loaded.is_new else "already loaded"
        self.stdout.write(
            f"{loaded.edition_slug} {state}: {loaded.measures} measures, {loaded.proxies} values; "
            f"{statements} statements of priorities."
        )
