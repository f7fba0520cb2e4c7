from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from socialvalue.accounts.rules import roles_document


class Command(BaseCommand):
    help = "Print what each role may do, in Markdown: manage.py roles > docs/roles.md"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(roles_document(), ending="")
