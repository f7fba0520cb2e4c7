from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from socialvalue.core.errors import DomainError, RuleBroken
from toms.proxies.queries.valuing import Answer, Question, answer

OWN = "when left out, what the measure's own method takes off"
BARE = "\0"
"""Stands for an option that was named with nothing after it. No shell can pass it as a value."""
NEEDED = ("edition", "measure", "quantity")
"""Asked for by ``answer`` with an example, named or not."""


class Command(BaseCommand):
    help = (
        "Say what a quantity of a measure is worth, with the sum line by line. Shares are fractions from 0 to 1. "
        "Exit code 2 and a reason for what cannot be valued."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        # Read as text and judged later, so that bad input, or none, is one clear answer, in JSON too.
        def option(name: str, metavar: str, words: str = "") -> None:
            parser.add_argument(
                name, default="", nargs="?", const=BARE, metavar=metavar, help=words
            )

        option("--edition", "SLUG")
        option("--measure", "CODE")
        option("--quantity", "Q", "in the unit of the measure")
        option("--place", "SLUG", "a district; a localised measure has no value without one")
        option("--sector", "SLUG", "an industry, where a value depends on one")
        option("--on", "YYYY-MM-DD", "the day whose value is used; today when left out")
        option("--attribution", "A", "the share due to this contract; 1 when left out")
        option("--deadweight", "D", f"the share that would have happened anyway; {OWN}")
        option("--displacement", "D", f"the share taken from elsewhere; {OWN}")
        option("--leakage", "L", f"the share that benefits people outside the area; {OWN}")
        option("--substitution", "S", f"the share that replaces another activity; {OWN}")
        option("--in-year", "K", "the value falls K years ahead; year 0 is not discounted")
        option("--discount-rate", "R", "instead of the Green Book schedule, for example 0.015")
        option("--drop-off", "D", "the share lost from each year to the next, with --in-year")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        names = Question.__dataclass_fields__
        try:
            # A number may come from a program that calls this command.
            typed = {
                name: str(options[name]).strip() for name in names if options[name] is not None
            }
            found = answer(Question(**{name: _said(name, text) for name, text in typed.items()}))
        except DomainError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"error": error.message}, ensure_ascii=False))
                raise SystemExit(2) from error
            raise CommandError(error.message, returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join([found.measure.label, *found.lines]))


def _said(name: str, text: str) -> str:
    """What was given for an option. RuleBroken when it was named without a value: it is not the same as left out."""
    if text == BARE and name in NEEDED:
        return ""
    if text == BARE:
        option = f"--{name.replace('_', '-')}"
        raise RuleBroken(f"Give a value after {option}, or leave {option} out.")
    return text


def as_json(found: Answer) -> dict[str, Any]:
    """The answer for programs. Money as text, so that nothing is lost on the way; null is not valued, never 0."""
    value = found.working.value
    return {
        "value": None if value is None else str(value),
        "working": found.lines,
        "source": found.source,
        "edition": found.edition,
        "measure": found.measure.code,
        "unit": found.measure.unit,
        "place": found.place,
        "sector": found.sector,
        "on": found.on.isoformat(),
    }
