"""The answers to requests for information that a frozen report gives."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from reporting.cabinet.queries.reports import report_for
from reporting.cabinet.rules import foi
from reporting.cabinet.rules.content import Json
from reporting.cabinet.rules.content.standing import period_of
from reporting.cabinet.rules.foi import Answer, Sensitive
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed
from socialvalue.core.tables import Table


@dataclass(frozen=True, slots=True)
class FoiPage:
    """The page of answers. ``ticks`` are the sensitive fields that are shown."""

    id: int
    title: str
    period: str
    answers: tuple[Answer, ...]
    sensitive: tuple[Sensitive, ...]
    ticks: frozenset[str]


def _frozen(actor: Actor, report_id: int) -> tuple[Json, str]:
    """The content and its hash. NotVisible for another authority's report, NotAllowed with the reason where no answers
    can be given from it."""
    report = report_for(actor, report_id)
    content: Json = report.figures
    reason = foi.why_not(content, report.figures_hash) if report.figures_hash else foi.NOT_FROZEN
    if reason:
        raise NotAllowed(reason)
    return content, report.figures_hash


def foi_page(
    actor: Actor, report_id: int, ticks: Collection[str] = (), *, counts_only: bool = False
) -> FoiPage:
    content, _ = _frozen(actor, report_id)
    return FoiPage(
        report_id,
        content["title"],
        period_of(content),
        foi.answers(content, ticks, counts_only=counts_only),
        tuple(foi.SENSITIVE.values()),
        foi.ticked(ticks),
    )


def foi_content(actor: Actor, report_id: int) -> tuple[Json, str]:
    """What the document of answers is made of: the frozen content and its hash."""
    return _frozen(actor, report_id)


def foi_table(
    actor: Actor, report_id: int, ticks: Collection[str] = (), *, counts_only: bool = False
) -> Table:
    """The same, a fact a row."""
    content, _ = _frozen(actor, report_id)
    return foi.answers_table(content, ticks, counts_only=counts_only)
