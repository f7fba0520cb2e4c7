"""From the first draft of a tender to its award."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from procurement.awards.services import (
    approve_award,
    issue_summaries,
    propose_award,
    set_standstill,
    sign_contract,
)
from procurement.bids import queries as bids
from procurement.bids.rules import AnswerInput, LineInput, OfferInput
from procurement.bids.services import save_offer, submit_bid
from procurement.evaluations import queries as evaluations
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import (
    Declaration,
    MarkInput,
    add_panel_member,
    declare_interests,
    lock_marks,
    mark_bid,
    moderate,
    open_evaluation,
    rank_bids,
    start_opening,
)
from procurement.evaluations.vocabulary import PanelRole
from procurement.tenders import queries as tenders
from procurement.tenders.rules import QuestionInput, RequirementInput
from procurement.tenders.services import (
    choose_measures,
    invite_suppliers,
    publish_tender,
    set_place,
    set_questions,
    set_scoring,
    start_tender,
)
from procurement.tenders.vocabulary import WeightingKind
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.demo.playing.scene import Scene
from socialvalue.demo.stories.shape import Ask, Ending
from socialvalue.demo.words import ANSWERS, QUESTIONS, RATIONALES, WORDS, in_own_words, whole
from toms.frameworks.queries import measures_of

if TYPE_CHECKING:
    from procurement.awards.models import Contract
    from procurement.evaluations.models import Evaluation
    from procurement.procurements.models import Procurement
    from procurement.tenders.models import Tender

WINNING = 0
SIGNED_AFTER = 17
"""Days from the award to the signature: more than eight working days and a bank holiday or two."""


def prepare(scene: Scene, procurement: Procurement) -> Tender:
    """The officer chooses measures, place, scoring and questions."""
    story, actor = scene.story, scene.officer
    day = (
        scene.days.today
        if story.ending == Ending.DRAFTED
        else scene.deadline_on - timedelta(days=40)
    )
    with clock.at(scene.days.by_now(day, 9, 40)):
        tender = start_tender(actor=actor, procurement_id=procurement.pk)
        ids = {measure.code: measure.id for measure in measures_of(tender.edition_id)}
        if any(row.code not in ids for row in story.asks):
            # Some are the authority's own, in use beside the main edition.
            offered = tenders.measure_catalogue(actor, procurement.pk).measures
            ids = {measure.code: measure.id for measure in offered}
        tender = choose_measures(
            actor=actor,
            tender_id=tender.pk,
            expected_version=tender.version,
            requirements=[
                RequirementInput(ids[row.code], row.minimum is not None, row.minimum)
                for row in story.asks
                # A demonstration that an earlier release entered may have its own measures from a later day.
                if row.code in ids
            ],
        )
        if story.place:
            tender = set_place(
                actor=actor,
                tender_id=tender.pk,
                expected_version=tender.version,
                place=story.place,
            )
        if story.ending == Ending.DRAFTED:
            return tender
        tender = set_scoring(
            actor=actor,
            tender_id=tender.pk,
            expected_version=tender.version,
            weighting_kind=WeightingKind.WEIGHTED if story.weighting else WeightingKind.PASS_FAIL,
            weighting_percent=Decimal(story.weighting) if story.weighting else None,
            quantitative_percent=Decimal(60),
        )
        return set_questions(
            actor=actor,
            tender_id=tender.pk,
            expected_version=tender.version,
            questions=[QuestionInput(*row) for row in QUESTIONS],
        )


def publish(scene: Scene, tender: Tender) -> None:
    """Invitations, and the tender goes out."""
    story = scene.story
    invited = [accounts.organisation(slug).pk for slug in (*story.bidders, *story.invited)]
    published = min(scene.deadline_on - timedelta(days=30), scene.days.today - timedelta(days=7))
    with clock.at(scene.days.moment(published, 10, 15)):
        invite_suppliers(actor=scene.officer, tender_id=tender.pk, supplier_ids=invited)
        publish_tender(
            actor=scene.officer,
            tender_id=tender.pk,
            deadline_at=scene.days.moment(scene.deadline_on, 12),
        )


def receive_bids(scene: Scene, tender: Tender) -> None:
    """Each bidder saves a draft and submits it; the first of those that do not bid only begins to."""
    story = scene.story
    for place, slug in enumerate(story.bidders):
        actor = scene.cast.supplier(slug)
        offer = _offer(scene, tender, place)
        with clock.at(_bid_at(scene, place)):
            bid = save_offer(actor=actor, tender_id=tender.pk, offer=offer, expected_version=0)
            submit_bid(actor=actor, tender_id=tender.pk, expected_version=bid.version)
    for slug in story.invited[:1]:
        whole_offer = _offer(scene, tender, len(story.bidders))
        begun = OfferInput(price=None, lines=whole_offer.lines[:1], answers=())
        with clock.at(_bid_at(scene, len(story.bidders))):
            save_offer(
                actor=scene.cast.supplier(slug),
                tender_id=tender.pk,
                offer=begun,
                expected_version=0,
            )


def _bid_at(scene: Scene, place: int) -> datetime:
    day = min(scene.deadline_on, scene.days.today) - timedelta(days=1 + 2 * place)
    return scene.days.moment(day, 11 + place, 25)


def _offer(scene: Scene, tender: Tender, place: int) -> OfferInput:
    """The winner offers what the story says; each later bidder less, at another price."""
    asked = {row.measure.code: row for row in tenders.requirements_of(tender.pk)}
    mark = 5 if place == WINNING else 3
    return OfferInput(
        price=_price(scene, place),
        lines=tuple(
            _line(scene, asked[row.code].id, row, place)
            for row in scene.story.asks
            if row.code in asked
        ),
        answers=tuple(
            AnswerInput(question.id, in_own_words(ANSWERS[mark], place))
            for question in tenders.questions_of(tender.pk)
        ),
    )


def _price(scene: Scene, place: int) -> Decimal:
    share = Decimal(100) if place == WINNING else Decimal(scene.chance.randrange(96, 112))
    return (scene.story.contract_value * share / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)


def _line(scene: Scene, requirement_id: int, row: Ask, place: int) -> LineInput:
    quantity = row.quantity
    is_one = row.quantity == 1
    if place != WINNING and not is_one:
        share = Decimal(scene.chance.randrange(55, 90)) / 100
        quantity = max(whole(row.quantity * share, row.code), row.minimum or Decimal(0))
    return LineInput(
        requirement_id,
        quantity,
        row.attribution,
        row.negotiated,
        in_own_words(WORDS[row.code].promise, place),
    )


def name_panel(scene: Scene, tender: Tender) -> None:
    """Two evaluators, and the officer to moderate; all declare that they have no interest in any bidder."""
    story = scene.story
    invited = [accounts.organisation(slug).pk for slug in (*story.bidders, *story.invited)]
    panel = [(actor, PanelRole.EVALUATOR) for actor in scene.evaluators]
    panel.append((scene.officer, PanelRole.MODERATOR))
    day = min(scene.deadline_on - timedelta(days=5), scene.days.today - timedelta(days=1))
    with clock.at(scene.days.moment(day, 13, 30)):
        for actor, role in panel:
            add_panel_member(
                actor=scene.officer, tender_id=tender.pk, person_id=actor.person_id, role=role
            )
        for actor, _ in panel:
            declare_interests(
                actor=actor,
                tender_id=tender.pk,
                declarations=[Declaration(pk, False, "") for pk in invited],
            )


def open_bids(scene: Scene, tender: Tender) -> Evaluation:
    """The officer and the approver, one after the other."""
    day = scene.deadline_on + timedelta(days=1)
    with clock.at(scene.days.by_now(day, 9, 30)):
        start_opening(actor=scene.officer, tender_id=tender.pk)
    with clock.at(scene.days.by_now(day, 9, 34)):
        return open_evaluation(actor=scene.buyer(Role.APPROVER), tender_id=tender.pk)


def mark(scene: Scene, tender: Tender, evaluation: Evaluation, *, bidders: Sequence[str]) -> None:
    """Both evaluators mark the answers of these bidders, the second now and then one lower."""
    place_of = {accounts.organisation(slug).pk: n for n, slug in enumerate(scene.story.bidders)}
    wanted = {accounts.organisation(slug).pk for slug in bidders}
    questions = tenders.questions_of(tender.pk)
    opened = [bid for bid in bids.opened_bids(tender.pk) if bid.supplier_id in wanted]
    for hour, evaluator in enumerate(scene.evaluators, start=14):
        with clock.at(scene.days.by_now(scene.deadline_on + timedelta(days=2), hour)):
            for bid in opened:
                marks = [
                    MarkInput(question.id, number, RATIONALES[number])
                    for question in questions
                    for number in [_mark(scene, place_of[bid.supplier_id])]
                ]
                mark_bid(actor=evaluator, evaluation_id=evaluation.pk, bid_id=bid.id, marks=marks)


def _mark(scene: Scene, place: int) -> int:
    return scene.chance.choice((4, 5)) if place == WINNING else scene.chance.choice((2, 3, 4))


def agree_marks(scene: Scene, tender: Tender, evaluation: Evaluation) -> None:
    """Each evaluator locks; the moderator sets the lower of the two marks, and says why."""
    with clock.at(scene.days.by_now(scene.deadline_on + timedelta(days=4), 10)):
        for evaluator in scene.evaluators:
            lock_marks(actor=evaluator, evaluation_id=evaluation.pk)
    with clock.at(scene.days.by_now(scene.deadline_on + timedelta(days=5), 11)):
        for (bid_id, question_id), given in evaluations.locked_marks_of(evaluation.pk).items():
            number = min(given)
            moderate(
                actor=scene.officer,
                evaluation_id=evaluation.pk,
                bid_id=bid_id,
                question_id=question_id,
                verdict=Verdict(mark=number),
                reason=RATIONALES[number],
            )


def rank(scene: Scene, evaluation: Evaluation) -> None:
    with clock.at(scene.days.by_now(scene.deadline_on + timedelta(days=10), 15)):
        rank_bids(actor=scene.officer, evaluation_id=evaluation.pk)


def award(scene: Scene, tender: Tender, procurement: Procurement) -> Contract:
    """To the first bidder of the story, for the price it bid: proposed, and approved by a second person."""
    winner = accounts.organisation(scene.story.bidders[WINNING]).pk
    bid = next(bid for bid in bids.opened_bids(tender.pk) if bid.supplier_id == winner)
    with clock.at(scene.days.moment(scene.awarded_on, 10, 10)):
        proposal = propose_award(
            actor=scene.officer,
            procurement_id=procurement.pk,
            bid_id=bid.id,
            reason="The best offer over price, quality and social value together.",
            value=bid.price or scene.story.contract_value,
            value_basis="excl",
            starts_on=scene.starts_on,
            ends_on=scene.ends_on,
        )
    with clock.at(scene.days.moment(scene.awarded_on, 10, 30)):
        return approve_award(actor=scene.buyer(Role.APPROVER), proposal_id=proposal.pk)


def sign(scene: Scene, contract: Contract) -> None:
    """Summaries to every bidder, the award notice, the standstill, the signature."""
    noticed_on = scene.awarded_on + timedelta(days=1)
    with clock.at(scene.days.moment(scene.awarded_on, 14)):
        issue_summaries(actor=scene.officer, award_id=contract.award_id)
    with clock.at(scene.days.moment(noticed_on, 9)):
        set_standstill(
            actor=scene.officer,
            award_id=contract.award_id,
            notice_on=noticed_on,
            notice_reference="",
        )
    signed_on = scene.awarded_on + timedelta(days=SIGNED_AFTER)
    with clock.at(scene.days.moment(signed_on, 15)):
        sign_contract(actor=scene.officer, contract_id=contract.pk, signed_on=signed_on)
