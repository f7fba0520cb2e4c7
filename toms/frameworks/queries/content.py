"""All that an edition says, to be written out and read again."""

from __future__ import annotations

from typing import Any

from toms.frameworks.models import DoubleCountingPair, Measure, MeasurePack, Theme


def edition_rows(edition_id: int) -> dict[str, list[dict[str, Any]]]:
    """All that an edition says, in the words of the data files: themes, measures, double_counting, packs."""
    themes = [
        {
            "code": theme.code,
            "slug": theme.slug,
            "name": theme.name,
            "about": theme.about,
            "outcomes": [{"code": row.code, "name": row.name} for row in theme.outcomes.all()],
        }
        for theme in Theme.objects.filter(edition_id=edition_id)
        .order_by("position")
        .prefetch_related("outcomes")
    ]
    names = (
        "code", "title", "description", "unit", "unit_parts", "kind", "aggregation", "numerator_label",
        "denominator_label", "target_requirements", "evidence", "counting_rule", "objectives",
        "is_local_employment", "additionality",
    )  # fmt: skip
    measures = [
        {**row, "outcome": row.pop("outcome__code")}
        for row in Measure.objects.filter(edition_id=edition_id)
        .order_by("code_sort", "code")
        .values(*names, "outcome__code")
    ]
    pairs = DoubleCountingPair.objects.filter(first__edition_id=edition_id)
    packs = MeasurePack.objects.filter(edition_id=edition_id).prefetch_related("measures")
    return {
        "themes": themes,
        "measures": measures,
        "double_counting": [
            {"first": first, "second": second}
            for first, second in pairs.values_list("first__code", "second__code")
        ],
        "packs": [
            {
                "slug": pack.slug,
                "name": pack.name,
                "cpv_prefixes": pack.cpv_prefixes,
                "measures": [measure.code for measure in pack.measures.all()],
            }
            for pack in packs
        ],
    }
