"""``manage.py rollup``: add what waits to the totals. ``--rebuild`` makes every total again, ``--verify`` compares."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.rollups import services
from socialvalue.core.actor import SYSTEM


class Command(BaseCommand):
    help = "Roll the ledger up into cells."

    def add_arguments(self, parser: CommandParser) -> None:
        either = parser.add_mutually_exclusive_group()
        either.add_argument(
            "--rebuild", action="store_true", help="Make every cell again from the ledger."
        )
        either.add_argument(
            "--verify",
            action="store_true",
            help="Compare every cell with the ledger; ends with 1 if one differs.",
        )
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verify"]:
            self.verify(options["json"])
        elif options["rebuild"]:
            entries = services.rebuild(actor=SYSTEM).entries
            self.answer(options["json"], {"entries": entries}, f"Rebuilt from {entries} entries.")
        else:
            done = services.drain()
            facts = {"postings": done.postings, "entries": done.entries}
            self.answer(
                options["json"],
                facts,
                f"Rolled up {done.entries} entries of {done.postings} postings.",
            )

    def verify(self, as_json: bool) -> None:
        result = services.reconcile()
        facts: dict[str, Any] = {"cells": result.cells, "wrong": result.wrong}
        if as_json:
            facts["differences"] = [str(found) for found in result.differences]
        self.answer(as_json, facts, f"cells: {result.cells}\nwrong: {result.wrong}")
        if result.wrong and not as_json:
            for found in result.differences:
                self.stderr.write(str(found))
        if result.wrong:
            raise CommandError(
                f"{result.wrong} of {result.cells} cells differ from the ledger.", returncode=1
            )

    def answer(self, as_json: bool, facts: dict[str, Any], sentence: str) -> None:
        self.stdout.write(json.dumps(facts) if as_json else sentence)
