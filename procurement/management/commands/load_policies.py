from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from procurement.policies.services import load_policies, load_thresholds
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Load the statutory thresholds and the policies from their data files. Safe to run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = load_thresholds(actor=SYSTEM)
            policies = load_policies(actor=SYSTEM)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{rows} thresholds and {len(policies)} policies loaded.")
