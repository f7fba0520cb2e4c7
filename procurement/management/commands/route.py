from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procurement.policies import queries as policies
from procurement.policies import rules
from procurement.policies.vocabulary import Category
from socialvalue.core.errors import DomainError


class Command(BaseCommand):
    help = "Say which route a procurement takes and why. Exit code 2 and a reason for input that cannot be routed."

    def add_arguments(self, parser: CommandParser) -> None:
        # Read as text and judged later, so that bad input, or none, is one clear answer, in JSON too.
        def option(name: str, metavar: str, default: str = "", words: str = "") -> None:
            parser.add_argument(
                name, default=default, nargs="?", const="", metavar=metavar, help=words
            )

        option("--authority", "SLUG")
        option("--category", "|".join(Category.values))
        option("--estimate", "AMOUNT", words="pounds over the whole life")
        option("--vat", "incl|excl|unknown", "unknown", "unknown: taken as excluding VAT")
        option("--vat-rate", "PERCENT", words="20 when left out, 0 when exempt")
        option(
            "--other-estimate", "AMOUNT", words="on the other VAT basis, when several rates apply"
        )
        option("--commenced", "YYYY-MM-DD")
        parser.add_argument(
            "--utilities", action="store_true", help="bought for a utility activity"
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        names = policies.Question.__dataclass_fields__
        question = policies.Question(**{name: options[name] for name in names})
        try:
            result = policies.answer(question, named="--{}")
        except DomainError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"error": error.message}, ensure_ascii=False))
                raise SystemExit(2) from error
            raise CommandError(error.message, returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(rules.as_json(result), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(f"{result.route_label}: {result.explanation}")
