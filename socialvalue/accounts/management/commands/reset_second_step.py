from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from socialvalue.accounts.services.second_step import reset_second_step_of
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import DomainError


class Command(BaseCommand):
    help = "Reset the second step of somebody whom no administrator can help: the last one, or a platform operator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="How you know that it is them.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = reset_second_step_of(
                actor=SYSTEM, email=options["email"], reason=options["reason"]
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{person} signs in with the password alone now. A letter is on its way.")
