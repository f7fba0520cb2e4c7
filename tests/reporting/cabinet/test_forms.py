"""The forms that come with the service: their first words hold for the figures, whatever those are."""

from __future__ import annotations

import pytest

from reporting.cabinet.queries.knowing import known_of_form
from reporting.cabinet.rules import words
from reporting.cabinet.rules.forms import FORMS, LEANED_ON, PLACES, Facts, form_of
from reporting.cabinet.rules.references import problems
from reporting.cabinet.rules.templates import copied, filled
from reporting.cabinet.vocabulary import ReportKind, SectionKind
from reporting.figures.rules.definitions import FIGURES

NAMES = frozenset(FIGURES)


def facts(**more) -> Facts:
    given = {
        "organisation": "Shire",
        "committee": "Cabinet",
        "period": "2025 to 2026",
        "next_period": "2026 to 2027",
        "directorate": "Highways",
        "region": "West Midlands",
    }
    return Facts(**(given | more))


def texts(form, known):
    return {section.kind: form.opening(section.kind, known) for section in form.sections}


def test_there_is_a_form_for_every_kind():
    assert list(FORMS) == ReportKind.values


def test_the_cabinet_form_has_the_headings_of_a_report_to_cabinet():
    sections = form_of(ReportKind.CABINET).sections
    numbers = words.numbers(section.is_numbered for section in sections)
    assert [section.kind for section in sections] == SectionKind.values
    assert [
        words.heading_of(section.heading, number)
        for section, number in zip(sections, numbers, strict=True)
    ] == [
        "Recommendation",
        "1. Executive Summary",
        "2. Financial Implications",
        "3. Environmental Implications",
        "4. Supporting Information",
        "5. Timescales associated with the decision and next steps",
        "Appendices",
        "Background Papers",
    ]


@pytest.mark.parametrize("kind", ReportKind.values)
def test_keys_and_headings_are_there_once(kind: str):
    form = form_of(kind)
    assert len({section.kind for section in form.sections}) == len(form.sections)
    assert len({section.heading for section in form.sections}) == len(form.sections)
    assert form.purpose.endswith(".")
    assert form.contact_roles[0] == "Report Author"


@pytest.mark.parametrize("kind", ReportKind.values)
@pytest.mark.parametrize(
    "known",
    [
        facts(),
        facts(reported=NAMES),
        facts(
            reported=NAMES,
            above_zero=NAMES,
            exhibits=frozenset(LEANED_ON),
            stories=("a-warm-home",),
        ),
    ],
    ids=["nothing reported", "all zero", "everything"],
)
def test_every_first_word_can_be_shown(kind: str, known: Facts):
    form = form_of(kind)
    can_show = known_of_form(form)
    for text in texts(form, known).values():
        assert text.strip()
        named = [row for row in words.exhibits(text) if row.kind != "story"]
        # A table that only other reports have is in LEANED_ON too; the facts of a real report leave it out.
        unknown = [row.typed for row in named if row.name not in can_show.names(row.kind)]
        said = [said for said in problems(text, can_show) if not said.startswith(tuple(unknown))]
        assert [row for row in said if not row.startswith("{story:")] == []


@pytest.mark.parametrize("kind", ReportKind.values)
def test_nothing_is_named_that_was_not_reported(kind: str):
    text = "\n\n".join(texts(form_of(kind), facts()).values())
    for name in ("tco2e", "average_weighting", "oversight_cost", "remedies", "verified_share"):
        assert name not in words.references(text)
        assert f"{{{name}" not in text
    assert words.exhibits(text) == []


def test_finance_sets_the_cost_of_overseeing_beside_the_benefit_and_names_remedies():
    known = facts(reported=NAMES, above_zero=NAMES, exhibits=frozenset(LEANED_ON))
    text = form_of(ReportKind.CABINET).opening(SectionKind.FINANCIAL, known)
    assert {"oversight_cost", "verified_total", "remedies_count", "remedies_due"} <= set(
        words.references(text)
    )
    assert {row.typed for row in words.exhibits(text)} == {
        "{table:overseeing}",
        "{table:remedies}",
        "{chart:quarters}",
        "{table:quarters}",
    }


def test_the_environment_tells_what_is_known_of_emissions():
    form = form_of(ReportKind.CABINET)

    def told(*names):
        return words.references(
            form.opening(SectionKind.ENVIRONMENTAL, facts(reported=frozenset(names)))
        )

    assert told() == []
    assert told("tco2e_committed") == ["tco2e_committed"]
    assert told("tco2e_verified") == ["tco2e_verified"]
    assert told("tco2e_committed", "tco2e_verified") == ["tco2e_committed", "tco2e_verified"]


@pytest.mark.parametrize("kind", ReportKind.values)
def test_a_copied_form_keeps_its_places_in_words_and_can_be_shown(kind: str):
    form = form_of(kind)
    sections = copied(form)
    assert [row["kind"] for row in sections] == [section.kind for section in form.sections]
    everything = "\n\n".join(row["narrative"] for row in sections)
    assert "{period}" in everything
    assert problems(everything, known_of_form(form)) == []
    full = filled(everything, facts())
    assert not any(f"{{{place}}}" in full for place in PLACES)
    assert "2025 to 2026" in full


def test_filling_leaves_figures_in_their_braces():
    assert filled("{committed_total} in { period }", facts()) == "{committed_total} in 2025 to 2026"
