"""Who judged, how the bids were opened, what was ruled out, and every ranking."""

from __future__ import annotations

from decimal import Decimal

from procurement.awards.queries.record.scores import Judged
from procurement.awards.queries.record.words import (
    NONE,
    moment,
    points,
    price_text,
    to_the_second,
)
from procurement.bids.queries.openings import OpeningInfo
from procurement.evaluations.queries.account import Account, InterestTold, MemberTold, RoundTold
from procurement.evaluations.rules import award_points
from procurement.evaluations.rules.whole import Weights, WholeBid, whole_scores
from procurement.tenders.vocabulary import TieRule
from socialvalue.core.documents import Block, Facts, Grid, Heading, Paragraph, Pounds
from socialvalue.core.money import pounds_from_pence, quantity_text


def panel(account: Account, *, shows_interests: bool) -> list[Block]:
    """The people, and what each declared about each bidder before the bids were opened.

    What an interest is stays with those who decide or audit: without ``shows_interests`` its words are left out.
    """
    blocks: list[Block] = [Heading("2. Who judged")]
    if not account.members:
        return [*blocks, Paragraph("No panel was named: no answer was to be marked.")]
    blocks.append(
        Grid(
            "The panel",
            ["Name", "Role", "Named", "Marks locked", "Left or recused"],
            [
                [
                    row.name,
                    row.role,
                    moment(row.added_at),
                    moment(row.locked_at),
                    _ended(row, shows_words=shows_interests),
                ]
                for row in account.members
            ],
            widths=[20, 13, 19, 19, 29],
        )
    )
    for wording in account.wordings:
        blocks += [Heading("The declaration as it was made", 3), Paragraph(wording)]
    blocks.append(
        Grid(
            "Interests as declared and decided",
            ["Person", "Bidder", "Declared", "When", "Decision"],
            [
                [
                    row.member,
                    row.supplier,
                    _declared(row, shows_words=shows_interests),
                    moment(row.declared_at),
                    _decided(row, shows_words=shows_interests),
                ]
                for row in account.interests
            ],
            widths=[18, 20, 20, 17, 25],
        )
    )
    return blocks


def _ended(row: MemberTold, *, shows_words: bool) -> str:
    why = f": {row.recusal_reason}" if shows_words else ""
    texts = [
        f"Left {moment(row.left_at)}" if row.left_at else "",
        f"Recused {moment(row.recused_at)}{why}" if row.recused_at else "",
    ]
    return "\n".join(text for text in texts if text) or NONE


def _declared(row: InterestTold, *, shows_words: bool) -> str:
    if not row.has_interest:
        return "No interest"
    return row.text if shows_words else "An interest"


def _decided(row: InterestTold, *, shows_words: bool) -> str:
    if not row.decision:
        return NONE
    reason = f": {row.decision_reason}" if shows_words else ""
    return f"{row.decision}{reason}\n{row.decided_by}, {moment(row.decided_at)}"


def opened(opening: OpeningInfo | None) -> list[Block]:
    """The opening by two people, and what they found."""
    blocks: list[Block] = [Heading("3. The opening of the bids")]
    if opening is None or opening.second_at is None:
        return [
            *blocks,
            Paragraph("These bids were opened before openings by two people were recorded."),
        ]
    blocks.append(
        Facts(
            [
                ("First person", f"{opening.first_name}, {moment(opening.first_at)}"),
                ("Second person", f"{opening.second_name}, {moment(opening.second_at)}"),
                ("SHA-256 of the opening record", opening.record_hash),
                (
                    "Checked again now",
                    "The record is as it was written" if opening.is_whole else "The record does not match its hash",
                ),
            ]
        )
    )  # fmt: skip
    if not opening.lines:
        return [*blocks, Paragraph("No bids were submitted.")]
    return [
        *blocks,
        Grid(
            "Bids as they were found",
            ["Bidder", "Submitted", "By", "Receipt and SHA-256 of the content"],
            [
                [
                    row.bidder,
                    to_the_second(row.submitted_at),
                    row.submitted_by,
                    f"{row.receipt}\n{row.content_hash}",
                ]
                for row in opening.lines
            ],
            widths=[23, 22, 18, 37],
        ),
    ]


def ruled(judged: Judged) -> list[Block]:
    """Claims that count as nought, and rulings that were lifted."""
    blocks: list[Block] = [Heading("6. Claims ruled out")]
    lines = {line.id: (bid, line) for bid in judged.bids for line in bid.lines}
    rows = []
    for row in judged.account.rulings:
        bid, line = lines[row.offer_line_id]
        lifted = f"{row.lifted_by}, {moment(row.lifted_at)}: {row.lifted_reason}"
        rows.append(
            [
                bid.supplier_name,
                line.measure.label,
                row.reason,
                f"{row.ruled_by}, {moment(row.ruled_at)}",
                lifted if row.lifted_at else NONE,
            ]
        )
    if not rows:
        return [*blocks, Paragraph("None.")]
    return [
        *blocks,
        Grid("Rulings", ["Bidder", "Claim", "Reason", "Ruled out by", "Lifted"], rows, widths=[18, 22, 26, 17, 17]),
    ]  # fmt: skip


def ranked(judged: Judged, weighting: Decimal | None, tie_rule: str) -> list[Block]:
    """Every ranking with its cause; the last one holds."""
    blocks: list[Block] = [Heading("7. Rankings")]
    for row in judged.account.rounds:
        by = f", by {row.made_by}" if row.made_by else ""
        holds = " (holds)" if row is judged.account.rounds[-1] else ""
        blocks += [
            Heading(f"Ranking {row.number}{holds}, {moment(row.made_at)}{by}", 3),
            Paragraph(row.cause),
        ]
        if row.results:
            blocks.append(_ranking(judged, row, weighting))
        ranks = [result.rank for result in row.results if result.rank is not None]
        if weighting is not None and len(ranks) != len(set(ranks)):
            blocks.append(
                Paragraph(f"Bids share a place (=). The tie rule: {TieRule(tie_rule).label}.")
            )
    return blocks


def _ranking(judged: Judged, row: RoundTold, weighting: Decimal | None) -> Grid:
    ranks = [result.rank for result in row.results]
    prices = {bid.id: bid.price for bid in judged.bids}
    headings = ["Bidder", "Place", "Social value counted", "Price", "Quantities", "Answers"]
    headings.append("Points of 100")
    rows = []
    for result in row.results:
        line = [
            judged.names[result.bid_id],
            _place(result.rank, is_shared=ranks.count(result.rank) > 1),
            Pounds(pounds_from_pence(result.social_value_pence)),
            price_text(prices[result.bid_id]),
            points(result.quantitative),
            points(result.qualitative),
            points(result.total),
        ]
        share = award_points(result.total, weighting)
        if share is not None:
            line.append(points(share))
        if not result.is_passed:
            line[0] += f"\nDid not pass: {result.reason}"
        rows.append(line)
    widths = [29, 8, 14, 14, 12, 11, 12]
    if weighting is not None:
        headings.append(f"Of the award ({quantity_text(weighting)}%)")
        widths = [25, 8, 14, 13, 11, 9, 10, 10]
    return Grid(f"Ranking {row.number}", headings, rows, frozenset(range(1, len(headings))), widths)


def _place(rank: int | None, *, is_shared: bool) -> str:
    if rank is None:
        return NONE
    return f"{rank}=" if is_shared else str(rank)


def whole(judged: Judged, weighting: Decimal | None) -> list[Block]:
    """The whole award, where price and quality scores were entered."""
    account = judged.account
    blocks: list[Block] = [Heading("8. The whole award")]
    if account.price_percent is None or account.quality_percent is None or not account.others:
        return [*blocks, Paragraph("Price and quality scores were not entered here.")]
    weights = Weights(weighting, account.price_percent, account.quality_percent)
    entered = {row.bid_id: row for row in account.others}
    passed = [row for row in account.rounds[-1].results if row.is_passed]
    bids = [
        WholeBid(
            row.bid_id,
            row.total,
            entered[row.bid_id].price_score if row.bid_id in entered else None,
            entered[row.bid_id].quality_score if row.bid_id in entered else None,
        )
        for row in passed
    ]
    places = {row.bid_id: row for row in whole_scores(weights, bids)}
    ranks = [row.rank for row in places.values()]
    rows = []
    for bid in sorted(bids, key=lambda bid: places[bid.bid_id].rank if bid.bid_id in places else 0):
        place, told = places.get(bid.bid_id), entered.get(bid.bid_id)
        rows.append(
            [
                judged.names[bid.bid_id],
                _place(place.rank, is_shared=ranks.count(place.rank) > 1) if place else NONE,
                points(bid.social_value),
                NONE if bid.price is None else points(bid.price),
                NONE if bid.quality is None else points(bid.quality),
                points(place.points) if place else NONE,
                f"{told.entered_by}, {moment(told.entered_at)}" if told else NONE,
            ]
        )
    shares = [
        ("Social value", "Pass or fail" if weighting is None else f"{quantity_text(weighting)}%"),
        ("Price", f"{quantity_text(weights.price)}%"),
        ("Quality", f"{quantity_text(weights.quality)}%"),
    ]
    return [
        *blocks,
        Facts(shares),
        Grid(
            "Scores of 100 each, as entered",
            ["Bidder", "Place", "Social value", "Price", "Quality", "Points of 100", "Entered by"],
            rows,
            frozenset({1, 2, 3, 4, 5}),
            [26, 8, 12, 10, 10, 12, 22],
        ),
    ]
