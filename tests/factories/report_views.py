"""Views of reports as they are printed, with everything that has ever been hard to print."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reporting.cabinet.rules.content import (
    Block,
    CellView,
    ChartView,
    ContactView,
    FigureView,
    ParagraphView,
    Piece,
    ReportView,
    RowView,
    SectionView,
    SignOffView,
    StoryView,
    TableView,
)
from reporting.cabinet.vocabulary import ReportKind

WELSH = "Tŷ Gŵyl Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Cyf"
ACCENTED = "Société Générale d’Énergie Łódź Škoda Brøgger"
LONG = "Facilities management, planned and reactive maintenance, cleaning and grounds of every school and library"
SENTENCE = (
    "Suppliers claim to have delivered social value in the year, and contract managers have checked it against "
    "evidence before it was counted. "
)
HASH = "3f" * 32


def words(text: str, number: str = "", *bullets: str) -> ParagraphView:
    """A paragraph; ``{F1 £12,400}`` in it is a figure with its reference."""
    return ParagraphView(number, pieces(text), tuple(pieces(bullet) for bullet in bullets))


def pieces(text: str) -> tuple[Piece, ...]:
    found = []
    for part in text.split("{"):
        figure, brace, rest = part.partition("}")
        if brace:
            ref, _, shown = figure.partition(" ")
            found.append(Piece(shown, ref))
        if after := (rest if brace else part):
            found.append(Piece(after))
    return tuple(found)


def chart(name: str = "themes", *, zero: bool = False, table: TableView | None = None) -> ChartView:
    values = tuple(Decimal(0 if zero else 12_345 * at) for at in range(1, 6))
    return ChartView(
        name=name,
        label="Chart 1",
        title="Social value by theme, 2025 to 2026",
        heading="Theme",
        unit="£",
        categories=("Growth and skills", "Local business", "Health", "Environment", "Innovation"),
        series=(("Committed", values), ("Claimed", values), ("Verified", values)),
        table=table,
    )


def table(rows: int = 5, *, name: str = "measures", label: str = "Table 1") -> TableView:
    """A table as that of every measure, with names of every kind and a total that is the sum."""
    names = ("Young people not in work, education or training", WELSH, ACCENTED, LONG, "Tonnes")
    units = ("people x weeks", "hours", "staff hours", "£", "tCO2e")
    heads = ("Measure", "Unit", "Committed", "Committed (£)", "Verified", "Verified (£)")
    pounds = [1_234 * at for at in range(1, rows + 1)]
    return TableView(
        name=name,
        label=label,
        caption="Every measure with figures, 2025 to 2026",
        columns=tuple(CellView(head, at > 1) for at, head in enumerate(heads)),
        rows=tuple(
            RowView(
                (
                    CellView(f"M{at} {names[at % 5]}"),
                    CellView(units[at % 5]),
                    CellView(f"{at * 3}", True),
                    CellView(f"£{pounds[at - 1]:,}.50", True),
                    CellView(f"{at * 2}", True),
                    CellView("Not valued" if at % 7 == 0 else f"£{at * 987:,}.25", True),
                )
            )
            for at in range(1, rows + 1)
        ),
        total=(
            CellView("Total"),
            CellView(""),
            CellView("", True),
            CellView(f"£{sum(pounds) + rows // 2:,}.00", True, "F1"),
            CellView("", True),
            CellView("£623,898.08", True, "F2"),
        ),
    )


def figure(number: int, shown: str) -> FigureView:
    return FigureView(
        ref=f"F{number}",
        name=f"figure_{number}",
        label="Social value verified in the period",
        shown=shown,
        beside="57% of £12.4m",
        meaning="What suppliers delivered and contract managers have checked against evidence.",
        unit="£",
        computation="Sum of the £ of verified entries whose month lies in the period, corrections included.",
        source="Verified entries of the ledger",
        rows="214 ledger entries that add up to it",
        sheet="Verified entries",
        sha256=HASH,
        opens_url="",
    )


FIGURES = (
    figure(1, "£627,077.18"),
    figure(2, "£623,898.08"),
    figure(3, "20 tCO2e"),
    figure(4, "6.8%"),
)


def story() -> StoryView:
    return StoryView(
        slug="a-first-job",
        label="Story 1",
        title="A first job at the depot",
        caption="Work experience that became a job",
        paragraphs=(SENTENCE * 2, SENTENCE),
        supplier=ACCENTED,
        contract=LONG,
        figures=(
            ("Young people in work", "4 people x weeks", "£12,400", "/ledger/?measure=1"),
            ("Hours given", "12 hours", "", ""),
        ),
        consent="The person told of has agreed in writing to this story being told, on 3 March 2026.",
        url="/stories/a-first-job/",
    )


def section(number: int, heading: str, *blocks: Block) -> SectionView:
    return SectionView(
        f"section_{number}", f"section-{number}", f"{number}. {heading}", True, blocks
    )


def plain(key: str, heading: str, *blocks: Block) -> SectionView:
    return SectionView(key, key.replace("_", "-"), heading, False, blocks)


def report(kind: str = ReportKind.CABINET, *sections: SectionView, **changed: object) -> ReportView:
    """A frozen report of a council with a long name, of the demonstration."""
    found = ReportView(
        kind=kind,
        organisation="Bench and Wŷe Valley Combined County Council",
        about="Bench and Wŷe Valley Combined County Council",
        title="Social value annual report 2025 to 2026",
        committee="Cabinet",
        meeting_on="9 September 2026",
        period="2025 to 2026",
        issue=1,
        replaces="",
        is_draft=False,
        is_demonstration=True,
        counts_only=False,
        standing=f"Figures as at 6 October 2026, up to ledger entry 4211. SHA-256 of the content: {HASH}",
        editions=("National TOMs 2026", "Our own measures, first edition"),
        recommendation=plain(
            "recommendation",
            "Recommendation",
            words("That Cabinet notes {F2 £623,898.08} of social value."),
        ),
        sections=sections
        or (
            section(
                1,
                "Executive Summary",
                words(
                    "Suppliers committed {F1 £627,077.18} and {F2 £623,898.08} is verified.", "1.1"
                ),
                words(
                    "Of this:",
                    "1.2",
                    "{F3 20 tCO2e} of greenhouse gas emissions avoided",
                    "{F4 6.8%} of what was committed",
                ),
                chart(),
                table(),
            ),
            section(2, "Supporting Information", words(SENTENCE * 3, "2.1"), story()),
            plain("background_papers", "Background Papers", words("None")),
        ),
        definitions=FIGURES,
        sign_offs=(
            SignOffView("Finance", "Agreed", "Head of Finance", "1 September 2026", ""),
            SignOffView("Legal", "Agreed", "Monitoring Officer", "2 September 2026", SENTENCE),
        ),
        contacts=(
            ContactView("Report Author", "Siân Ŵen-Brøgger", "author@bench.example"),
            ContactView("Portfolio Holder", "", ""),
        ),
        circulation_local="None",
        circulation_other="None",
        created="2026-10-07T09:00:00+00:00",
    )
    return replace(found, **changed)  # type: ignore[arg-type]  # the fields of a report


def summary(paragraphs: int = 1) -> ReportView:
    return report(
        ReportKind.SUMMARY,
        plain(
            "at_a_glance",
            "At a glance",
            words(
                "Social value through the contracts of the council in 2025 to 2026:",
                "",
                "{F1 £627,077.18} of social value committed for delivery in this period",
                "{F2 £623,898.08} verified against evidence, {F4 6.8%} of what was committed",
                "12 contracts with 40 commitments",
                "{F3 20 tCO2e} of greenhouse gas emissions avoided",
            ),
        ),
        plain("by_theme", "Theme by theme", chart(table=table(5, label=""))),
        plain("mean", "What the figures mean", *[words(SENTENCE * 3)] * paragraphs),
        recommendation=None,
        sign_offs=(),
    )
