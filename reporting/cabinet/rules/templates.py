"""An organisation's own forms: their words in braces, and the standard forms to begin from. Pure."""

from __future__ import annotations

import re
from typing import Any

from reporting.cabinet.rules.exhibits import about, exhibits_of
from reporting.cabinet.rules.forms import LEANED_ON, PLACES, Facts, Form
from reporting.figures.rules.definitions import FIGURES

_PLACE = re.compile(r"\{\s*(" + "|".join(PLACES) + r")\s*\}")
EXHIBITS_OF_FORMS = frozenset(LEANED_ON)
"""What a copied form shows to begin with, as far as its reports have it."""


def filled(text: str, facts: Facts) -> str:
    """The text with the words of a template filled in; figures stay in braces."""
    return _PLACE.sub(lambda found: facts.places[found.group(1)], text)


def copied(form: Form) -> list[dict[str, Any]]:
    """The sections of a form as a template keeps them: ``kind``, ``heading``, ``is_numbered``, ``narrative``."""
    facts = _in_words(form)
    return [
        {
            "kind": str(section.kind),
            "heading": section.heading,
            "is_numbered": section.is_numbered,
            "narrative": form.opening(section.kind, facts),
        }
        for section in form.sections
    ]


def _in_words(form: Form) -> Facts:
    """Facts that write ``{period}`` where a report writes its period, with every figure the scope has."""
    names = frozenset(
        name for name, row in FIGURES.items() if row.for_region or not form.has_region
    )
    scope = about(region=form.has_region, directorate="one" if form.has_directorate else "")
    exhibits = {f"{row.kind}:{row.name}" for row in exhibits_of(scope)} & EXHIBITS_OF_FORMS
    return Facts(
        organisation="{organisation}",
        committee="{committee}",
        period="{period}",
        next_period="{next_period}",
        directorate="{directorate}",
        region="{region}",
        reported=names,
        above_zero=names,
        exhibits=frozenset(exhibits),
    )
