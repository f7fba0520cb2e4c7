from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from socialvalue.accounts.services import invite_administrator
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotVisible, RuleBroken


class Command(BaseCommand):
    help = (
        "Write to an address how to become an administrator of an organisation. This is how an authority starts; "
        "everybody else is invited from its page of people."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="its slug, for example warwickshire")
        parser.add_argument("email")
        parser.add_argument(
            "--print-link",
            action="store_true",
            help="print the link as well, for a service that cannot send letters yet; it works once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            invitation, path = invite_administrator(
                actor=SYSTEM, organisation_slug=options["organisation"], email=options["email"]
            )
        except (NotVisible, RuleBroken) as error:
            raise CommandError(error.message) from None
        self.stdout.write(
            f"A letter is on its way. The link works once, until {invitation.expires_at:%d %B %Y}."
        )
        if options["print_link"]:
            self.stdout.write(path)
