"""The marks answer by answer, and the quantities line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.awards.queries.record.words import (
    NONE,
    price_text,
    spread_text,
    verdict_text,
)
from procurement.bids.queries import OpenedBid, OpenedLine
from procurement.evaluations.queries.account import Account, MarkTold, ResultTold
from procurement.tenders.queries import QuestionInfo, RequirementInfo
from socialvalue.core.documents import (
    Block,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Pounds,
    quantity,
    worth,
)
from socialvalue.core.money import measured, pounds_from_pence, quantity_text


@dataclass(frozen=True, slots=True)
class Judged:
    """What the parts of the record look at."""

    account: Account
    bids: Sequence[OpenedBid]
    asked: Sequence[RequirementInfo]
    questions: Sequence[QuestionInfo]

    @property
    def names(self) -> dict[int, str]:
        return {row.id: row.supplier_name for row in self.bids}

    @property
    def last(self) -> dict[int, ResultTold]:
        """The results that hold, by bid."""
        return {row.bid_id: row for row in self.account.rounds[-1].results}

    @property
    def ruled_out(self) -> dict[int, str]:
        """Reasons by offer line, of the rulings that hold."""
        return {
            row.offer_line_id: row.reason for row in self.account.rulings if row.lifted_at is None
        }


# --- answers ---------------------------------------------------------------------------------------


def marked(judged: Judged) -> list[Block]:
    """Every mark with its reason by name, and the one that counts."""
    blocks: list[Block] = [Heading("4. Marks")]
    if not judged.account.marks and not judged.account.moderations:
        return [*blocks, Paragraph("No answers were marked.")]
    for number, question in enumerate(judged.questions, start=1):
        rows = _rows_of(judged, question.id)
        weight = (
            "pass or fail"
            if question.weight_percent is None
            else f"{quantity_text(question.weight_percent)}% of the marks for answers"
        )
        least = f", at least {question.minimum_mark}" if question.minimum_mark is not None else ""
        if rows:
            blocks += [
                Heading(f"Question {number} ({weight}{least})", 3),
                Paragraph(question.text),
                Grid(
                    f"Marks of question {number}",
                    ["Bidder", "By", "Mark", "Reason"],
                    rows,
                    widths=[20, 20, 11, 49],
                ),
            ]
    return blocks


def _rows_of(judged: Judged, question_id: int) -> list[list[str]]:
    marks: dict[int, list[MarkTold]] = {}
    for mark in judged.account.marks:
        if mark.question_id == question_id:
            marks.setdefault(mark.bid_id, []).append(mark)
    settled = {
        row.bid_id: row for row in judged.account.moderations if row.question_id == question_id
    }
    rows = []
    for bid in judged.bids:
        own = marks.get(bid.id, [])
        rows += [
            [
                bid.supplier_name,
                mark.member if mark.is_counted else f"{mark.member} (recused, not counted)",
                verdict_text(mark.verdict),
                mark.rationale,
            ]
            for mark in own
        ]
        one = settled.get(bid.id)
        if one is not None:
            spread = spread_text(mark.verdict for mark in own if mark.is_counted)
            rows.append(
                [
                    bid.supplier_name,
                    f"Moderated by {one.set_by}\nSpread: {spread}",
                    verdict_text(one.verdict),
                    one.reason,
                ]
            )
    return rows


# --- quantities ------------------------------------------------------------------------------------


def quantities(judged: Judged) -> list[Block]:
    """What each bid offered, what of it counted, and how the pounds come about."""
    blocks: list[Block] = [Heading("5. Quantities")]
    if not judged.bids:
        return [*blocks, Paragraph("No bids were submitted.")]
    if not judged.asked:
        return [*blocks, Paragraph("This tender asks for no measures.")]
    blocks.append(
        Paragraph(
            "Value = quantity scored × value of one unit × share due to this contract, less what the measure's method "
            "takes off, rounded once to the penny."
        )
    )
    ruled_out, last, codes = (
        judged.ruled_out,
        judged.last,
        {row.id: row.code for row in judged.asked},
    )
    for bid in judged.bids:
        result = last.get(bid.id)
        counted = worth(pounds_from_pence(result.social_value_pence) if result else NONE)
        blocks += [
            Heading(bid.supplier_name, 3),
            Facts(
                [
                    ("Price", price_text(bid.price)),
                    ("Social value offered", Pounds(pounds_from_pence(bid.social_value_pence))),
                    ("Social value counted", counted),
                ]
            ),
            Grid(
                f"Offer of {bid.supplier_name}",
                ["Code", "Offered", "Scored", "Value of one unit", "Share", "Value", "Why not all"],
                [
                    _line(line, codes[line.requirement_id], ruled_out.get(line.id, ""))
                    for line in bid.lines
                ],
                frozenset({1, 2, 3, 4, 5}),
                [11, 15, 15, 14, 9, 14, 22],
                total=["Counted", "", "", "", "", counted, ""],
            ),
        ]
    return blocks


def _line(line: OpenedLine, code: str, ruling: str) -> list[str]:
    unit = line.measure.unit
    most = line.maximum_quantity
    scored = line.quantity if most is None else min(line.quantity, most)
    value = line.unit_value
    if value is None:
        amount = "Counted, not valued"
    else:
        amount = pounds_from_pence(0 if ruling else line.scored_pence)
    return [
        code,
        quantity(measured(line.quantity, unit)),
        quantity(measured(scored, unit)),
        worth(value.shown if value else NONE),
        f"{quantity_text(line.attribution_percent)}%",
        worth(amount),
        _why(line, ruling, is_capped=scored != line.quantity),
    ]


def _why(line: OpenedLine, ruling: str, *, is_capped: bool) -> str:
    texts = [
        f"Ruled out: {ruling}" if ruling else "",
        "Above the most that is scored" if is_capped else "",
        f"Share: {line.attribution_reason}" if line.attribution_reason else "",
        f"Method takes off {line.measure.additionality.in_words}"
        if line.measure.additionality.in_words
        else "",
    ]
    return "\n".join(text for text in texts if text) or NONE
