"""The quarterly pack of one directorate: for those who run its contracts."""

from __future__ import annotations

from reporting.cabinet.rules.forms import phrases
from reporting.cabinet.rules.forms.shapes import Facts, Form, FormSection
from reporting.cabinet.vocabulary import ReportKind, SignOffStep


def position(facts: Facts) -> list[str]:
    contracts = (
        [
            "Contracts with social value that ran in the quarter: {contracts_live}. "
            "Commitments in them: {commitments_count}."
        ]
        if facts.has("contracts_live", "commitments_count")
        else []
    )
    return [
        f"This pack shows the social value of the contracts of {facts.directorate} in {facts.period}.",
        *contracts,
        "Suppliers committed social value of {committed_total} for delivery in the quarter.",
        phrases.delivered(facts),
        *facts.show("chart:themes", "table:themes"),
    ]


def contracts_behind(facts: Facts) -> list[str]:
    found = [*phrases.on_track(facts), *facts.show("table:contracts"), *phrases.shortfalls(facts)]
    return found or ["No contract is behind its plan."]


def measures(facts: Facts) -> list[str]:
    return facts.show("table:measures") or ["Nothing was committed or reported for the quarter."]


FORM = Form(
    kind=ReportKind.DIRECTORATE,
    purpose="One quarter of one directorate: where its contracts stand, what is behind and what is done about it.",
    committee="Directorate Leadership Team",
    title="Social value of {directorate}, {period}",
    meeting="Date of the meeting",
    sections=(
        FormSection("position", "Where the directorate stands", True, position),
        FormSection(
            "contracts", "Contracts behind their plan and how they recover", True, contracts_behind
        ),
        FormSection("measures", "Every measure", True, measures),
        FormSection("environment", "The environment", True, phrases.environment),
        FormSection(
            "actions",
            "Actions for the next quarter",
            True,
            lambda facts: [
                f"Suppliers report on {facts.next_period} when it ends; contract managers verify it against evidence."
            ],
        ),
    ),
    contact_roles=("Report Author", "Directorate Manager"),
    sign_off_steps=(SignOffStep.DIRECTOR,),
    is_quarterly=True,
    has_directorate=True,
)
