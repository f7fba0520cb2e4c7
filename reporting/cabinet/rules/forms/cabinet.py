"""The report to Cabinet, with the headings and in the order members are used to."""

from __future__ import annotations

from reporting.cabinet.rules.forms import phrases
from reporting.cabinet.rules.forms.shapes import Facts, Form, FormSection
from reporting.cabinet.vocabulary import ReportKind, SectionKind, SignOffStep


def recommendation(facts: Facts) -> list[str]:
    return [
        f"That {facts.committee} notes the social value committed and delivered through contracts in {facts.period}.",
        f"That {facts.committee} supports the next steps set out in section 5.",
    ]


def summary(facts: Facts) -> list[str]:
    return [
        f"This report sets out the social value that suppliers committed to and delivered through the contracts of "
        f"{facts.organisation} in {facts.period}.",
        phrases.ACT,
        "Contracts with social value that ran in the year: {contracts_live}. Commitments in them: {commitments_count}. "
        "For delivery in the year suppliers committed social value of {committed_total}.",
        phrases.delivered(facts),
        "The chart and the table below show the position for each theme.",
        *facts.show("chart:themes", "table:themes"),
    ]


def financial(facts: Facts) -> list[str]:
    return [
        phrases.NOT_SAVINGS,
        *phrases.local_pay(facts),
        *phrases.overseeing(facts),
        *phrases.remedies(facts),
        "The table below shows what was committed, claimed and verified in each quarter.",
        *facts.show("chart:quarters", "table:quarters"),
    ]


def supporting(facts: Facts) -> list[str]:
    return [
        *phrases.begun(facts),
        *phrases.on_track(facts),
        phrases.VERIFIED_MEANS,
        "The tables below compare the year with the one before and show every measure, with its quantity.",
        *facts.show("table:compared", "table:contracts"),
        *phrases.shortfalls(facts),
        *facts.show("table:measures"),
        *phrases.stories(facts),
    ]


def timescales(facts: Facts) -> list[str]:
    return [
        phrases.REPORTED_QUARTERLY,
        f"The next annual report will set out the position for {facts.next_period}.",
    ]


def appendices(facts: Facts) -> list[str]:
    return [
        "Appendix A: The figures in this report and how they are worked out",
        *facts.show("table:definitions"),
    ]


FORM = Form(
    kind=ReportKind.CABINET,
    purpose="A report for the members of the Cabinet to note and decide on, in the form they are used to.",
    committee="Cabinet",
    title="Social value annual report {period}",
    meeting="Date of the Cabinet meeting",
    sections=(
        FormSection(SectionKind.RECOMMENDATION, "Recommendation", False, recommendation),
        FormSection(SectionKind.EXECUTIVE_SUMMARY, "Executive Summary", True, summary),
        FormSection(SectionKind.FINANCIAL, "Financial Implications", True, financial),
        FormSection(
            SectionKind.ENVIRONMENTAL, "Environmental Implications", True, phrases.environment
        ),
        FormSection(SectionKind.SUPPORTING, "Supporting Information", True, supporting),
        FormSection(
            SectionKind.TIMESCALES,
            "Timescales associated with the decision and next steps",
            True,
            timescales,
        ),
        FormSection(SectionKind.APPENDICES, "Appendices", False, appendices),
        FormSection(
            SectionKind.BACKGROUND_PAPERS, "Background Papers", False, lambda _: phrases.NONE
        ),
    ),
    contact_roles=("Report Author", "Assistant Director", "Strategic Director", "Portfolio Holder"),
    sign_off_steps=(SignOffStep.FINANCE, SignOffStep.LEGAL, SignOffStep.DIRECTOR),
)
