"""What each bidder is told of its assessment, built from the last ranking and the reasons behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from procurement.awards.rules import (
    Compared,
    ComparedAnswer,
    QuantityLine,
    ReasonLine,
    ScoreLine,
    Summary,
    advantages_in_words,
)
from procurement.bids import queries as bids
from procurement.evaluations import queries as evaluations
from procurement.evaluations.queries.explanations import (
    AnswerExplained,
    BidExplained,
    explanations_of,
)
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import WeightingKind
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import measured, pounds_from_pence, quantity_text
from socialvalue.core.periods import uk_date

if TYPE_CHECKING:
    from procurement.awards.models import Contract
    from procurement.tenders.models import Tender

HUNDRED = Decimal(100)
HIGHEST_MARK = 5
PENNY = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Judged:
    """All bids of an awarded tender with what was decided of them; read once for every summary."""

    contract: Contract
    tender: Tender
    questions: Sequence[tenders.QuestionInfo]
    scale: Sequence[str]
    opened: Mapping[int, bids.OpenedBid]
    ranked: Mapping[int, evaluations.RankedBid]
    explained: Mapping[int, BidExplained]
    labels: Mapping[int, str]
    quantitative_share: Decimal
    weights: Mapping[int, Decimal | None] = field(default_factory=dict)

    @property
    def winner_id(self) -> int:
        return self.contract.award.bid_id

    @property
    def is_pass_fail(self) -> bool:
        return self.tender.weighting_kind == WeightingKind.PASS_FAIL

    @property
    def bid_ids(self) -> list[int]:
        """The winner first, then as ranked, then those that did not pass."""
        return sorted(
            self.opened,
            key=lambda pk: (
                pk != self.winner_id,
                self.explained[pk].rank is None,
                self.explained[pk].rank or 0,
                self.opened[pk].supplier_name,
            ),
        )


def judged(actor: Actor, contract: Contract) -> Judged:
    """NotVisible outside the authority, and when the bids were never ranked here."""
    tender = tenders.tender_for(actor, contract.award.bid.tender_id)
    explained = explanations_of(tender.pk)
    opened = {bid.id: bid for bid in bids.opened_bids(tender.pk) if bid.id in explained}
    if contract.award.bid_id not in opened:
        raise NotVisible
    asked = tenders.requirements_of(tender.pk)
    return Judged(
        contract=contract,
        tender=tender,
        questions=tenders.questions_of(tender.pk),
        scale=tenders.mark_scale_of(tender),
        opened=opened,
        ranked={bid.bid_id: bid for bid in evaluations.ranking_of_tender(tender)},
        explained=explained,
        labels={row.id: row.label for row in asked},
        quantitative_share=evaluations.scoring_of(tender).quantitative_share,
        weights={row.id: row.weight_percent for row in asked},
    )


def summary_of(found: Judged, bid_id: int, advantages: str | None = None) -> Summary:
    """One bid's summary before anything is withheld. ``advantages`` None: as drafted."""
    contract, own, winner = (
        found.contract,
        found.explained[bid_id],
        found.explained[found.winner_id],
    )
    is_winner = bid_id == found.winner_id
    if is_winner:
        told = ""
    else:
        told = drafted_advantages(found, bid_id) if advantages is None else advantages
    return Summary(
        authority=contract.authority.name,
        title=contract.title,
        reference=contract.procurement.reference,
        bidder=found.opened[bid_id].supplier_name,
        winner=contract.supplier.name,
        is_winner=is_winner,
        awarded_on=uk_date(contract.award.decided_at.astimezone(clock.LONDON).date()),
        result=_result(own, is_winner=is_winner, is_pass_fail=found.is_pass_fail),
        reason=contract.award.reason,
        scores=tuple(_scores(found, own, None if is_winner else winner)),
        answers=tuple(_answers(found, own)),
        quantities=tuple(_quantities(found, bid_id)),
        social_value=pounds_from_pence(own.social_value_pence),
        advantages=told,
    )


def drafted_advantages(found: Judged, bid_id: int) -> str:
    """The winner's advantages over this bid, drafted from the differences."""
    own, winner = found.explained[bid_id], found.explained[found.winner_id]
    return advantages_in_words(
        Compared(
            winner_name=found.contract.supplier.name,
            own_failed="" if own.is_passed else own.reason,
            own_quantities=points(own.quantitative),
            winner_quantities=points(winner.quantitative),
            is_winner_ahead_on_quantities=not found.is_pass_fail
            and own.is_passed
            and winner.quantitative > own.quantitative,
            more_of=_more_of(found, bid_id),
            answers=[
                _compared(found, question, own.answers[question.id], winner.answers[question.id])
                for question in found.questions
                if question.id in own.answers and question.id in winner.answers
            ],
        )
    )


def points(score: Decimal) -> str:
    """Points to two places, as the board shows them."""
    return f"{score.quantize(PENNY, rounding=ROUND_HALF_UP):,f}"


# --- parts ------------------------------------------------------------------------------------


def _result(own: BidExplained, *, is_winner: bool, is_pass_fail: bool) -> str:
    if not own.is_passed:
        return f"Did not pass. {own.reason}"
    if is_winner:
        return "Awarded the contract"
    return "Passed" if is_pass_fail or own.rank is None else f"Ranked {own.rank} on social value"


def _scores(found: Judged, own: BidExplained, winner: BidExplained | None) -> list[ScoreLine]:
    if found.is_pass_fail:
        return [_line("Social value", "Pass or fail", own, winner, _passed, is_total=True)]
    share = found.quantitative_share
    rows = [
        _line("Quantities offered", _weight(share), own, winner, lambda b: points(b.quantitative))
    ]
    for question in found.questions:
        rows.append(
            _line(
                question.text,
                "Pass or fail"
                if question.is_pass_fail
                else _weight((HUNDRED - share) * (question.weight_percent or 0) / HUNDRED),
                own,
                winner,
                lambda bid, pk=question.id: _verdict(bid.answers.get(pk)),
            )
        )
    if share < HUNDRED:
        weight = _weight(HUNDRED - share)
        rows.append(_line("Answers in all", weight, own, winner, lambda b: points(b.qualitative)))
    rows.append(
        _line(
            "Social value in all",
            _weight(HUNDRED),
            own,
            winner,
            lambda b: points(b.total),
            is_total=True,
        )
    )
    return rows + _of_the_award(found, own, winner)


def _of_the_award(found: Judged, own: BidExplained, winner: BidExplained | None) -> list[ScoreLine]:
    """Social value as a part of the whole award, and the whole where price and quality were entered."""
    percent = found.tender.whole_percent
    if percent is None:
        return []
    ranked = found.ranked

    def part(bid: BidExplained) -> str:
        award_points = ranked[bid.bid_id].award_points
        return "Not scored" if award_points is None else points(award_points)

    def whole(bid: BidExplained) -> str:
        all_points = ranked[bid.bid_id].whole_points
        return "Not scored" if all_points is None else points(all_points)

    rows = [_line("Social value within the award", _weight(percent), own, winner, part)]
    if any(bid.whole_points is not None for bid in ranked.values()):
        rows.append(
            _line("Whole award, price and quality included", _weight(HUNDRED), own, winner, whole)
        )
    return rows


def _line(criterion, weight, own, winner, shown, *, is_total=False) -> ScoreLine:  # type: ignore[no-untyped-def]
    return ScoreLine(criterion, weight, shown(own), shown(winner) if winner else "", is_total)


def _weight(share: Decimal) -> str:
    return f"{quantity_text(share.quantize(PENNY, rounding=ROUND_HALF_UP))} points"


def _passed(bid: BidExplained) -> str:
    return "Passed" if bid.is_passed else "Did not pass"


def _verdict(answer: AnswerExplained | None) -> str:
    if answer is None:
        return "Not marked"
    verdict = answer.verdict
    if verdict.not_applicable:
        return "Not applicable"
    if verdict.is_met is not None:
        return "Met" if verdict.is_met else "Not met"
    return f"{verdict.mark} of {HIGHEST_MARK}"


def _answers(found: Judged, own: BidExplained) -> list[ReasonLine]:
    rows = []
    for question in found.questions:
        answer = own.answers.get(question.id)
        if answer is None:
            continue
        mark = answer.verdict.mark
        means = found.scale[mark] if mark is not None and mark < len(found.scale) else ""
        rows.append(ReasonLine(question.text, _verdict(answer), means, answer.reason))
    return rows


def _quantities(found: Judged, bid_id: int) -> list[QuantityLine]:
    own, rows = found.explained[bid_id], []
    for line in found.opened[bid_id].lines:
        if line.quantity <= 0:
            continue
        ruling = own.ruled_out.get(line.id)
        is_valued = line.working.value is not None
        worth = "Counted, not valued" if not is_valued else pounds_from_pence(line.scored_pence)
        working = [(step.label, step.shown) for step in line.working.lines]
        notes = []
        if ruling is not None:
            worth = pounds_from_pence(0) if is_valued else worth
            notes.append(f"Ruled out, so it counted as nought: {ruling}")
            working.append(("Ruled out", worth))
        elif line.maximum_quantity is not None and line.quantity > line.maximum_quantity:
            most = measured(line.maximum_quantity, line.measure.unit)
            notes.append(f"Scored up to {most}, the most the tender counts.")
            working.append((f"Of it scored, up to {most}", worth))
        if weight := found.weights.get(line.requirement_id):
            notes.append(f"{quantity_text(weight)}% of the points for quantities.")
        rows.append(
            QuantityLine(
                measure=found.labels[line.requirement_id],
                offered=measured(line.quantity, line.measure.unit),
                worth=worth,
                note=" ".join(notes),
                working=tuple(working) if is_valued else (),
            )
        )
    return rows


def _more_of(found: Judged, bid_id: int) -> list[str]:
    """Measures of which the winner offered more that counted."""
    own, winner = _counted(found, bid_id), _counted(found, found.winner_id)
    return [label for pk, label in found.labels.items() if winner.get(pk, 0) > own.get(pk, 0)]


def _counted(found: Judged, bid_id: int) -> dict[int, Decimal]:
    ruled_out = found.explained[bid_id].ruled_out
    return {
        line.requirement_id: line.quantity
        for line in found.opened[bid_id].lines
        if line.id not in ruled_out
    }


def _compared(
    found: Judged,
    question: tenders.QuestionInfo,
    own: AnswerExplained,
    winner: AnswerExplained,
) -> ComparedAnswer:
    return ComparedAnswer(
        question.text,
        _verdict(own),
        _verdict(winner),
        _order(own),
        _order(winner),
        winner.reason,
    )


def _order(answer: AnswerExplained) -> int | None:
    if answer.verdict.is_met is not None:
        return int(answer.verdict.is_met)
    return answer.verdict.mark
