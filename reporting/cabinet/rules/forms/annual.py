"""The annual social value report: for everybody who asks what the year brought."""

from __future__ import annotations

from reporting.cabinet.rules.forms import phrases
from reporting.cabinet.rules.forms.shapes import Facts, Form, FormSection
from reporting.cabinet.vocabulary import ReportKind, SignOffStep


def introduction(facts: Facts) -> list[str]:
    return [
        f"This report tells what suppliers of {facts.organisation} promised to the area and did for it in "
        f"{facts.period}, beyond what they were paid for.",
        phrases.ACT,
    ]


def year_in_figures(facts: Facts) -> list[str]:
    return [
        "Contracts with social value that ran in the year: {contracts_live}. Commitments in them: {commitments_count}. "
        "For delivery in the year suppliers committed social value of {committed_total}.",
        phrases.delivered(facts),
        *phrases.local_pay(facts),
        *facts.show("chart:quarters", "table:quarters", "table:compared"),
    ]


def by_theme(facts: Facts) -> list[str]:
    return [
        "The chart and the table below show what was committed, claimed and verified for each theme.",
        *facts.show("chart:themes", "table:themes", "table:measures"),
    ]


def stories(facts: Facts) -> list[str]:
    return phrases.stories(facts) or ["No stories have been published yet."]


def short_of_plan(facts: Facts) -> list[str]:
    found = [*phrases.on_track(facts), *facts.show("table:contracts"), *phrases.shortfalls(facts)]
    return found or ["No commitment was behind its plan."]


def worked_out(facts: Facts) -> list[str]:
    return [
        phrases.VERIFIED_MEANS,
        phrases.NOT_SAVINGS,
        *phrases.overseeing(facts),
        *facts.show("table:definitions"),
    ]


FORM = Form(
    kind=ReportKind.ANNUAL,
    purpose="The year as a whole, theme by theme, with stories, for members, suppliers and residents.",
    committee="Council",
    title="Social value in {period}: annual report",
    meeting="Date of the meeting",
    sections=(
        FormSection("introduction", "Introduction", False, introduction),
        FormSection("year_in_figures", "The year in figures", True, year_in_figures),
        FormSection("by_theme", "What was delivered, theme by theme", True, by_theme),
        FormSection("environment", "The environment", True, phrases.environment),
        FormSection("stories", "Stories from our contracts", True, stories),
        FormSection("short_of_plan", "Where delivery fell short of the plan", True, short_of_plan),
        FormSection(
            "next_steps",
            "What comes next",
            True,
            lambda facts: [
                phrases.REPORTED_QUARTERLY,
                f"The next annual report will set out the position for {facts.next_period}.",
            ],
        ),
        FormSection("worked_out", "How the figures are worked out", False, worked_out),
    ),
    contact_roles=("Report Author", "Strategic Director", "Portfolio Holder"),
    sign_off_steps=(SignOffStep.FINANCE, SignOffStep.DIRECTOR),
)
