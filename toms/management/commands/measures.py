from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from socialvalue.core import clock
from socialvalue.core.errors import DomainError
from toms.frameworks import queries as frameworks
from toms.frameworks.queries import MeasureInfo
from toms.proxies.queries import UnitValueRow, proxies_by_measure


class Command(BaseCommand):
    help = "List the measures of an edition with their values. Without --edition: the one in force today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--edition", default="", metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            slug = options["edition"]
            edition = (
                frameworks.edition(slug) if slug else frameworks.current_edition(clock.today())
            )
        except DomainError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"error": error.message}, ensure_ascii=False))
                raise SystemExit(2) from error
            raise CommandError(error.message, returncode=2) from error
        measures = frameworks.measures_of(edition.pk)
        values = proxies_by_measure(measure.id for measure in measures)
        if options["json"]:
            rows = [as_json(edition.slug, row, values[row.id]) for row in measures]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in measures:
            self.stdout.write(f"{row.code}\t{row.title}\t{row.unit}\t{row.kind_label}")
        self.stdout.write(f"{len(measures)} measures of {edition}")


def as_json(edition: str, measure: MeasureInfo, values: list[UnitValueRow]) -> dict[str, Any]:
    """One measure for programs. Amounts as text with all their places; "" is everywhere, and every sector."""
    return {
        "edition": edition,
        "code": measure.code,
        "title": measure.title,
        "unit": measure.unit,
        "kind": measure.kind,
        "aggregation": measure.aggregation,
        "theme": measure.theme_name,
        "outcome": measure.outcome_name,
        "objectives": list(measure.objectives),
        "certainty": measure.certainty,
        "proxies": [
            {
                "place": row.value.place,
                "sector": row.value.sector,
                "amount": row.value.amount_shown.replace(",", ""),
                "price_year": row.value.price_year,
                "source": row.value.source,
                "valid_from": row.valid_from.isoformat(),
                "valid_to": row.valid_to.isoformat() if row.valid_to else None,
            }
            for row in values
        ],
    }
