"""One page: the figures a member asks for first."""

from __future__ import annotations

from reporting.cabinet.rules.forms import phrases
from reporting.cabinet.rules.forms.shapes import Facts, Form, FormSection
from reporting.cabinet.vocabulary import ReportKind, SignOffStep

NOTHING = "Nothing was committed or reported for this period."


def at_a_glance(facts: Facts) -> list[str]:
    bullets = [
        "{committed_total} of social value committed for delivery in this period",
        "{verified_total} verified against evidence"
        + (", {verified_share} of what was committed" if facts.has("verified_share") else ""),
    ]
    if facts.has("contracts_live", "commitments_count"):
        bullets.append(
            "Contracts with social value: {contracts_live}; commitments in them: {commitments_count}"
        )
    if facts.some("tco2e_verified"):
        bullets.append("{tco2e_verified} of greenhouse gas emissions avoided")
    if facts.some("fte_years_verified"):
        bullets.append("{fte_years_verified} of work for local and disadvantaged people")
    lines = "\n".join(f"- {bullet}" for bullet in bullets)
    return [
        f"Social value through the contracts of {facts.organisation} in {facts.period}:\n{lines}"
    ]


FORM = Form(
    kind=ReportKind.SUMMARY,
    purpose="One side of A4 with the main figures and one chart.",
    committee="Cabinet",
    title="Social value in {period}: summary",
    meeting="Date of the meeting",
    sections=(
        FormSection("at_a_glance", "At a glance", False, at_a_glance),
        FormSection(
            "by_theme",
            "Theme by theme",
            False,
            lambda facts: facts.show("chart:themes") or [NOTHING],
        ),
        FormSection("mean", "What the figures mean", False, lambda _: [phrases.NOT_SAVINGS]),
    ),
    contact_roles=("Report Author",),
    sign_off_steps=(SignOffStep.DIRECTOR,),
    is_quarterly=True,
)
