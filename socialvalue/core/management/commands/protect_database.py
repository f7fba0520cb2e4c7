"""Give the web site's role of PostgreSQL no more than it needs: manage.py protect_database --web-role NAME."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from socialvalue.core.database_rights import protect
from socialvalue.core.errors import RuleBroken


class Command(BaseCommand):
    help = (
        "Sets what the web site's role may do in PostgreSQL. Run it as the owner of the tables after every migrate: "
        "tables that are new have no rights until then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--web-role", required=True, help="the role the web site signs in as")
        parser.add_argument(
            "--create",
            action="store_true",
            help="make the role if there is none, with the password in WEB_ROLE_PASSWORD",
        )
        parser.add_argument(
            "--rls",
            action="store_true",
            help="show each organisation its own rows only; set ROW_LEVEL_SECURITY=on for the web site too. "
            "Without it row-level security is taken off.",
        )
        parser.add_argument("--json", action="store_true", help="every table and its rights")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = protect(
                web_role=options["web_role"],
                row_conditions=settings.ROWS_OF_ORGANISATIONS if options["rls"] else {},
                password=settings.WEB_ROLE_PASSWORD,
                is_made=options["create"],
            )
        except RuleBroken as error:
            raise CommandError(error.message) from error
        if options["json"]:
            self.stdout.write(json.dumps([asdict(row) for row in made], indent=1))
            return
        fixed = [row for row in made if set(row.verbs) == {"SELECT", "INSERT"}]
        held = sum(row.is_held_to_rows for row in made)
        rows = f"{held} tables show an organisation its own rows only."
        self.stdout.write(
            f"{options['web_role']} has rights on {len(made)} tables. "
            f"It can add to {len(fixed)} of them and never change or remove a row there. "
            + (rows if held else "Row-level security is off.")
        )
