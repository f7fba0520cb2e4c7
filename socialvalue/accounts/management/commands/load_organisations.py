from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from socialvalue.accounts.services import load_organisations
from socialvalue.core.actor import SYSTEM


class Command(BaseCommand):
    help = (
        "Add or update the region, its authorities and their membership dates. Safe to run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demonstration", action="store_true", help="mark new organisations as demonstration"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count = load_organisations(actor=SYSTEM, demonstration=options["demonstration"])
        self.stdout.write(f"{count} organisations loaded.")
