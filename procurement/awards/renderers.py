"""An assessment summary as a document to keep."""

from __future__ import annotations

from datetime import datetime

from procurement.awards.rules import Summary
from socialvalue.core.clock import LONDON
from socialvalue.core.documents import (
    Block,
    Document,
    Facts,
    Grid,
    Heading,
    Paragraph,
    quantity,
    worth,
)
from socialvalue.core.periods import uk_moment

DRAFT = "Draft, not issued"
DEMONSTRATION = "Demonstration data"


def summary_document(
    summary: Summary, *, issued_at: datetime | None, content_hash: str, is_demonstration: bool
) -> Document:
    """The same words as the page. ``issued_at`` None: a draft, and every page says so."""
    facts = [
        ("Authority", summary.authority),
        ("Procurement", f"{summary.title} ({summary.reference})"),
        ("Bidder", summary.bidder),
        ("Result", summary.result),
        ("Awarded to", f"{summary.winner}, on {summary.awarded_on}"),
    ]
    if issued_at is not None:
        facts.append(("Issued", uk_moment(issued_at.astimezone(LONDON))))
        facts.append(("SHA-256 of the content", content_hash))
    notices = [DEMONSTRATION] if is_demonstration else []
    if issued_at is None:
        notices.append(DRAFT)
    return Document(
        title="Assessment summary",
        subtitle=f"{summary.title}: {summary.bidder}",
        facts=facts,
        blocks=[
            *_scores(summary),
            *_answers(summary),
            *_quantities(summary),
            *_advantages(summary),
            Heading("Reason for the award"),
            *(Paragraph(part) for part in paragraphs(summary.reason)),
        ],
        notice=". ".join(notices),
    )


def paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def _scores(summary: Summary) -> list[Block]:
    own = "Your score" if not summary.is_winner else "Score"
    headings = ["Criterion", "Weight", own, "Winner's score"]
    rows = [[row.criterion, row.weight, row.own, row.winner] for row in summary.scores]
    widths = [46, 18, 18, 18]
    if summary.is_winner:
        headings, rows = headings[:3], [row[:3] for row in rows]
        widths = [56, 22, 22]
    numeric = frozenset(range(1, len(headings)))
    return [
        Heading("Scores"),
        Grid("Scores by criterion", headings, rows, numeric=numeric, widths=widths),
    ]


def _answers(summary: Summary) -> list[Block]:
    if not summary.answers:
        return []
    blocks: list[Block] = [Heading("Reasons for the marks")]
    for row in summary.answers:
        blocks.append(Heading(row.question, level=3))
        facts = [("Mark", row.verdict)]
        if row.means:
            facts.append(("That mark means", row.means))
        facts.append(("Reason", row.reason))
        blocks.append(Facts(facts))
    return blocks


def _quantities(summary: Summary) -> list[Block]:
    if not summary.quantities:
        return [Heading("Quantities offered"), Paragraph("No quantities were offered.")]
    has_notes = any(row.note for row in summary.quantities)
    columns = 4 if has_notes else 3
    rows = [
        [row.measure, quantity(row.offered), worth(row.worth), quantity(row.note)]
        for row in summary.quantities
    ]
    return [
        Heading("Quantities offered"),
        Grid(
            "What was offered, as it counted",
            ["Measure", "Offered", "Social value", "Remark"][:columns],
            [row[:columns] for row in rows],
            numeric=frozenset({1, 2}),
            widths=[34, 16, 18, 32] if has_notes else [56, 22, 22],
            total=["All", "", worth(summary.social_value), ""][:columns],
        ),
    ]


def _advantages(summary: Summary) -> list[Block]:
    if summary.is_winner:
        return []
    return [
        Heading("Advantages of the winner"),
        *(Paragraph(part) for part in summary.advantage_paragraphs),
    ]
