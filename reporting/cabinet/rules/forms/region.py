"""The report to the board of a region: what its members tell it, and what they do not."""

from __future__ import annotations

from reporting.cabinet.rules.forms import phrases
from reporting.cabinet.rules.forms.shapes import Facts, Form, FormSection
from reporting.cabinet.vocabulary import ReportKind, SignOffStep


def recommendation(facts: Facts) -> list[str]:
    return [
        f"That the {facts.committee} notes the social value committed and delivered through the contracts of the "
        f"authorities of {facts.region} in {facts.period}.",
    ]


def in_figures(facts: Facts) -> list[str]:
    return [
        f"This report adds up the social value of the contracts of the authorities of {facts.region} in "
        f"{facts.period}: of each authority, for the months in which it belonged to the region.",
        "Suppliers committed social value of {committed_total} for delivery in the period.",
        phrases.delivered(facts),
        *phrases.local_pay(facts),
        *facts.show("chart:themes", "table:themes", "chart:quarters", "table:quarters"),
    ]


def members(facts: Facts) -> list[str]:
    return [
        "An authority decides itself whether the region sees its figures. Of one that withholds them nothing is in "
        "the totals, and nothing is shown here but its name.",
        *facts.show("table:members"),
    ]


def compared(facts: Facts) -> list[str]:
    return [
        phrases.VERIFIED_MEANS,
        phrases.NOT_SAVINGS,
        *facts.show("table:compared", "table:measures"),
    ]


FORM = Form(
    kind=ReportKind.REGION,
    purpose="The figures of a region for its board, with what each member brings and what is withheld.",
    committee="Regional Board",
    title="Social value in {region}, {period}",
    meeting="Date of the board meeting",
    sections=(
        FormSection("recommendation", "Recommendation", False, recommendation),
        FormSection("in_figures", "The region in figures", True, in_figures),
        FormSection("members", "The authorities of the region", True, members),
        FormSection("environment", "The environment", True, phrases.environment),
        FormSection("compared", "Supporting information", True, compared),
        FormSection(
            "next_steps",
            "Next steps",
            True,
            lambda facts: [f"The next report will set out the position for {facts.next_period}."],
        ),
        FormSection(
            "appendices",
            "Appendices",
            False,
            lambda facts: [
                "Appendix A: The figures in this report and how they are worked out",
                *facts.show("table:definitions"),
            ],
        ),
    ),
    contact_roles=("Report Author", "Director", "Chair of the Board"),
    sign_off_steps=(SignOffStep.FINANCE, SignOffStep.LEGAL, SignOffStep.DIRECTOR),
    is_quarterly=True,
    has_region=True,
)
