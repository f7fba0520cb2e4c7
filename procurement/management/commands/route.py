from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procurement.policies import queries as policies
from procurement.policies.rules import RouteResult
from procurement.policies.vocabulary import Category, VatBasis
from socialvalue.accounts import queries as accounts
from socialvalue.core.errors import DomainError, RuleBroken
from socialvalue.core.money import parse_decimal


class Command(BaseCommand):
    help = "Say which route a procurement takes and why. Exit code 2 and a reason for input that cannot be routed."

    def add_arguments(self, parser: CommandParser) -> None:
        # Read as text and judged here, so that bad input is one clear answer, in JSON too.
        parser.add_argument("--authority", default="", metavar="SLUG")
        parser.add_argument("--category", default="", metavar="|".join(Category.values))
        parser.add_argument(
            "--estimate", default="", metavar="AMOUNT", help="pounds over the whole life"
        )
        parser.add_argument(
            "--vat",
            default="unknown",
            metavar="incl|excl|unknown",
            help="unknown: taken as excluding VAT",
        )
        parser.add_argument("--vat-rate", default="", metavar="PERCENT", help="20 when left out")
        parser.add_argument("--commenced", default="", metavar="YYYY-MM-DD")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = _decide(options)
        except DomainError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"error": error.message}, ensure_ascii=False))
                raise SystemExit(2) from error
            raise CommandError(error.message, returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(result), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(f"{result.route_label}: {result.explanation}")


def _decide(options: dict[str, Any]) -> RouteResult:
    if not options["authority"]:
        raise RuleBroken("Name the authority with --authority, by its slug.")
    authority = accounts.organisation(options["authority"])
    if not accounts.authorities().filter(pk=authority.pk).exists():
        raise RuleBroken(f"{options['authority']} is not a council or combined authority.")
    if options["vat"] not in (*VatBasis.values, "unknown"):
        raise RuleBroken("--vat must be incl, excl or unknown.")
    return policies.decide(
        authority_id=authority.pk,
        category=options["category"],
        amount=_number("--estimate", options["estimate"]),
        # Nothing said about VAT: an estimate is made net, and the VAT on top may cross the line. The careful reading.
        basis=VatBasis.EXCL if options["vat"] == "unknown" else options["vat"],
        vat_rate_percent=_number("--vat-rate", options["vat_rate"])
        if options["vat_rate"]
        else None,
        commenced_on=_day(options["commenced"]),
    )


def _number(name: str, text: str) -> Decimal:
    try:
        return parse_decimal(text)
    except ValueError as error:
        raise RuleBroken(f"{name} must be a number, like 75,000 or £75,000.50.") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RuleBroken("--commenced must be a date, like 2026-03-27.") from error


def _as_json(result: RouteResult) -> dict[str, Any]:
    """Money as text to the penny, so that nothing is lost on the way."""
    threshold = result.threshold
    return {
        "route": result.route,
        "band": result.band_name,
        "threshold": {
            "regime": threshold.regime,
            "amount": str(threshold.amount),
            "vat_basis": threshold.vat_basis,
            "effective_from": threshold.effective_from.isoformat(),
        },
        "compared_amount": str(result.compared_amount),
        "compared_basis": result.compared_basis,
        "net": str(result.net),
        "gross": str(result.gross),
        "weighting": {
            "min": str(result.weighting_min_percent),
            "max": str(result.weighting_max_percent),
            "pass_fail": result.pass_fail_allowed,
        },
        "policy": result.policy.label,
        "explanation": result.explanation,
    }
