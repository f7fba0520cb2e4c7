"""What somebody else changed on a tender meanwhile, beside what was sent: the facts of a conflict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from procurement.tenders.models import Tender, TenderQuestion, TenderRequirement
from procurement.tenders.queries import editions_in_use, place_name
from procurement.tenders.rules import QuestionInput, RequirementInput, plain
from procurement.tenders.vocabulary import Formula, TieRule, WeightingKind
from socialvalue.core.conflicts import differences
from socialvalue.core.money import pounds
from toms.frameworks.queries import measure_infos
from toms.proxies.rules import sector_name

Changed = dict[str, tuple[str, str]]

SCORING = {
    "weighting_kind": "How social value counts",
    "weighting_percent": "Weighting of the whole award",
    "quality_percent": "Quality score's share of the award",
    "quantitative_percent": "Share of the social value score for quantities",
    "formula": "How quantities become points",
    "target_value": "Target",
    "tie_rule": "Between equal bids",
    "mark_scale": "What the marks mean",
}
NOT_ASKED = "Not asked for"


def scoring_changed(tender: Tender, sent: Mapping[str, Any]) -> Changed:
    """How the score is made up."""
    labels = dict(SCORING)
    if tender.is_share_of_quality:
        labels["weighting_percent"] = "Weighting of the quality score"
    return differences(
        labels,
        {name: getattr(tender, name) for name in SCORING},
        sent,
        words={
            "weighting_kind": lambda kind: dict(WeightingKind.choices).get(kind, str(kind)),
            "weighting_percent": _percent,
            "quality_percent": _percent,
            "quantitative_percent": _percent,
            "formula": lambda formula: dict(Formula.choices).get(formula, str(formula)),
            "target_value": pounds,
            "tie_rule": lambda rule: dict(TieRule.choices).get(rule, str(rule)),
            "mark_scale": _marks,
        },
    )


def place_changed(tender: Tender, place: str, sector: str) -> Changed:
    """Where localised measures are valued, and in which sector."""
    return differences(
        {"place": "Place", "sector": "Sector"},
        {"place": tender.place, "sector": tender.sector},
        {"place": place, "sector": sector},
        words={"place": place_name, "sector": sector_name},
    )


def measures_changed(tender: Tender, sent: Sequence[RequirementInput]) -> Changed:
    """Measure by measure, those of editions in use: whether it is asked for, and what is said about it."""
    now = {row.measure_id: _asked(row) for row in TenderRequirement.objects.filter(tender=tender)}
    mine = {row.measure_id: _asked(row) for row in sent}
    editions = {row.edition.id for row in editions_in_use(tender).all}
    labels = {
        pk: info.label
        for pk, info in measure_infos([*now, *mine]).items()
        if pk in now or info.edition_id in editions
    }
    return differences(
        labels,
        {pk: now.get(pk, NOT_ASKED) for pk in labels},
        {pk: mine.get(pk, NOT_ASKED) for pk in labels},
    )


def questions_changed(tender: Tender, sent: Sequence[QuestionInput]) -> Changed:
    """Question by question, in their order."""
    rows = TenderQuestion.objects.filter(tender=tender).order_by("position", "pk")
    now = {n: _question(row) for n, row in enumerate(rows, start=1)}
    mine = {n: _question(row) for n, row in enumerate(sent, start=1)}
    labels = {n: f"Question {n}" for n in range(1, max(len(now), len(mine)) + 1)}
    return differences(labels, now, {n: mine.get(n) for n in labels})


def _percent(value: Decimal) -> str:
    return f"{plain(value)}%"


def _marks(texts: Sequence[str]) -> str:
    return "; ".join(f"{mark}: {text}" for mark, text in enumerate(texts)) or "The usual"


def _asked(row: TenderRequirement | RequirementInput) -> str:
    parts = ["Every bid must offer it" if row.is_mandatory else "Asked for"]
    if row.minimum_quantity is not None:
        parts.append(f"at least {plain(row.minimum_quantity)}")
    if row.maximum_quantity is not None:
        parts.append(f"at most {plain(row.maximum_quantity)} scored")
    if row.weight_percent is not None:
        parts.append(f"weight {_percent(row.weight_percent)}")
    if row.place:
        parts.append(f"valued at {place_name(row.place)}")
    guidance = row.guidance.strip()
    return ", ".join(parts) + (f". Guidance: {guidance}" if guidance else "")


def _question(row: TenderQuestion | QuestionInput) -> str:
    guidance = row.guidance.strip()
    counts = "pass or fail" if row.weight_percent is None else _percent(row.weight_percent)
    if row.minimum_mark is not None:
        counts += f", at least {row.minimum_mark}"
    return f"{row.text.strip()} ({counts})" + (
        f". A good answer covers: {guidance}" if guidance else ""
    )
