"""The statement of an authority on social value: what it asks, what it got, how it checks."""

from __future__ import annotations

from reporting.cabinet.rules.forms import phrases
from reporting.cabinet.rules.forms.shapes import Facts, Form, FormSection
from reporting.cabinet.vocabulary import ReportKind, SignOffStep


def commitment(facts: Facts) -> list[str]:
    return [
        phrases.ACT,
        f"{facts.organisation} asks its suppliers to do more for the area than what they are paid for, and reports "
        "once a year on what came of it.",
    ]


def delivered(facts: Facts) -> list[str]:
    return [
        f"In {facts.period} suppliers committed social value of {{committed_total}}.",
        phrases.delivered(facts),
        *facts.show("table:themes"),
        *phrases.stories(facts),
    ]


FORM = Form(
    kind=ReportKind.STATEMENT,
    purpose="What the authority asks of suppliers, what was delivered and how it is checked, for the public.",
    committee="Public",
    title="Social value statement {period}",
    meeting="Date of publication",
    sections=(
        FormSection("commitment", "Our commitment", True, commitment),
        FormSection(
            "asked",
            "What we ask of suppliers",
            True,
            lambda facts: phrases.begun(facts) or ["No procurement began in this period."],
        ),
        FormSection("delivered", "What was delivered", True, delivered),
        FormSection(
            "environment", "The environment", True, lambda facts: [phrases.emissions(facts)]
        ),
        FormSection(
            "checked",
            "How we check it",
            True,
            lambda _: [
                phrases.REPORTED_QUARTERLY,
                phrases.VERIFIED_MEANS,
                phrases.NOT_SAVINGS,
            ],
        ),
    ),
    contact_roles=("Report Author", "Portfolio Holder"),
    sign_off_steps=(SignOffStep.LEGAL, SignOffStep.DIRECTOR),
)
