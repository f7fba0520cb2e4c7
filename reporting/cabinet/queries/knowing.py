"""What a report may name in its text: figures, charts and tables of its kind, and stories that are published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reporting.cabinet.rules.exhibits import About, about, exhibits_of
from reporting.cabinet.rules.forms import PLACES, Form
from reporting.cabinet.rules.references import Known
from reporting.figures.rules.definitions import FIGURES
from reporting.showcase import queries as showcase

if TYPE_CHECKING:
    from reporting.cabinet.models import CabinetReport


def about_of(report: CabinetReport) -> About:
    return about(region=report.region_id, directorate=report.directorate)


def about_of_form(form: Form) -> About:
    """What reports of this form are about."""
    return about(region=form.has_region, directorate="one" if form.has_directorate else "")


def figure_names(scope: About) -> frozenset[str]:
    """The figures that reports of this scope have."""
    return frozenset(
        name
        for name, definition in FIGURES.items()
        if scope != About.REGION or definition.for_region
    )


def known_of(report: CabinetReport) -> Known:
    """The names this report can show."""
    told = showcase.published_stories([report.authority_id])
    return _known(about_of(report), frozenset(card.slug for card in told))


def known_of_form(form: Form) -> Known:
    """The names a template of this kind can show; which stories there will be is not known yet."""
    return _known(about_of_form(form), frozenset(), frozenset(PLACES))


def _known(scope: About, stories: frozenset[str], places: frozenset[str] = frozenset()) -> Known:
    rows = exhibits_of(scope)
    return Known(
        figures=figure_names(scope),
        charts=frozenset(row.name for row in rows if row.kind == "chart"),
        tables=frozenset(row.name for row in rows if row.kind == "table"),
        stories=stories,
        places=places,
    )
