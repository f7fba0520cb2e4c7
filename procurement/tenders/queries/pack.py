"""The tender pack: all a bidder needs to know, as one document. A draft says on every page that it is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from procurement.policies.vocabulary import Category
from procurement.procurements.queries import ProcurementBrief, procurement_brief, procurement_for
from procurement.tenders.models import Tender, TenderClarification
from procurement.tenders.queries.amendments import AmendmentInfo, amendments_of
from procurement.tenders.queries.asked import (
    QuestionInfo,
    RequirementInfo,
    questions_of,
    requirements_of,
)
from procurement.tenders.queries.clarifications import AnsweredInfo, ask_until
from procurement.tenders.queries.links import is_invited
from procurement.tenders.queries.scoring import scoring_now
from procurement.tenders.queries.tenders import mark_scale_of, place_name
from procurement.tenders.rules import ScoringInWords
from procurement.tenders.rules.pack import CLAUSE, CLAUSE_STANDING, how_to_bid, with_zone
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.core.actor import Actor
from socialvalue.core.clock import LONDON
from socialvalue.core.documents import (
    Block,
    Bullets,
    Document,
    Grid,
    Heading,
    Paragraph,
    Pounds,
    quantity,
    worth,
)
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import quantity_text, without_pounds
from socialvalue.core.periods import uk_date
from toms.frameworks.queries import editions_named
from toms.proxies.rules import sector_name

NOTHING = "–"


def tender_pack(actor: Actor, procurement_id: int) -> Document:
    """For buyers of the authority, from the first draft on. NotVisible for others, and before there is a tender."""
    procurement_for(actor, procurement_id)
    tender = Tender.objects.filter(procurement_id=procurement_id).first()
    if tender is None:
        raise NotVisible("This procurement has no tender yet.")
    return _pack(tender)


def tender_pack_for_bidder(actor: Actor, tender_id: int) -> Document:
    """The same document for a supplier invited to a published tender. NotVisible for everybody else."""
    tender = Tender.objects.filter(pk=tender_id).exclude(status=TenderStatus.DRAFT).first()
    if tender is None or not is_invited(actor, tender_id):
        raise NotVisible
    return _pack(tender)


def _pack(tender: Tender) -> Document:
    """Holds nothing about who is invited or who has bid: one document for everybody who may read it."""
    brief = procurement_brief(tender.procurement_id)
    asked = requirements_of(tender.pk)
    questions = questions_of(tender.pk)
    scoring = scoring_now(tender)
    is_draft = tender.status == TenderStatus.DRAFT
    notices = [("Draft", is_draft), ("Demonstration data", brief.is_demonstration)]
    return Document(
        title=brief.title,
        subtitle=f"{brief.authority_name} – tender pack: social value",
        facts=_facts(tender, brief),
        blocks=[
            *_bidding(tender, has_questions=bool(questions)),
            *measures_asked(asked),
            *questions_asked(questions, mark_scale_of(tender)),
            *_scored(scoring),
            *_clause(asked),
            *_said_since(tender),
        ],
        notice=" – ".join(text for text, holds in notices if holds),
    )


def _facts(tender: Tender, brief: ProcurementBrief) -> list[tuple[str, str]]:
    lot = brief.part_of
    dates = (brief.starts_on, brief.ends_on)
    facts = [
        ("Reference", brief.reference),
        ("Lot", f"{lot.label} of {lot.whole_title} ({lot.whole_reference})" if lot else ""),
        ("Who buys", brief.authority_name),
        ("What is bought", Category(brief.category).label + (f", CPV {brief.cpv}" if brief.cpv else "")),
        ("Contract", " to ".join(uk_date(day) for day in dates if day) if all(dates) else ""),
        ("Deadline for bids", _moment(tender.deadline_at) or "Set when the tender is published"),
        ("Questions until", _asking_ends(tender)),
        ("Measures from", editions_named([tender.edition_id])[tender.edition_id]),
        ("Place of localised values", place_name(tender.place) if tender.place else ""),
        ("Sector of values", sector_name(tender.sector) if tender.sector else ""),
        ("Published", _moment(tender.published_at) or "Not yet"),
        ("Changed since", f"{tender.amendments} times, see the end" if tender.amendments > 1 else ""),
    ]  # fmt: skip
    if tender.amendments == 1:
        facts[-1] = ("Changed since", "Once, see the end")
    return [(name, text) for name, text in facts if text]


def _moment(at: datetime | None) -> str:
    return with_zone(at.astimezone(LONDON)) if at else ""


def _asking_ends(tender: Tender) -> str:
    return _moment(ask_until(tender)) if tender.deadline_at else ""


def _bidding(tender: Tender, *, has_questions: bool) -> list[Block]:
    steps = how_to_bid(
        site=settings.SITE_URL.rstrip("/"),
        deadline=_moment(tender.deadline_at),
        questions_until=_asking_ends(tender),
        has_questions=has_questions,
    )
    return [Heading("How to bid"), Bullets(steps)]


# --- what is asked ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the measures asked; one that says nothing in any row is left out."""

    heading: str
    texts: list[str]
    width: int
    is_numeric: bool = False
    is_kept: bool = False


def measures_asked(asked: Sequence[RequirementInfo]) -> list[Block]:
    """What bids may offer, and how each is counted."""
    if not asked:
        return [Heading("Measures asked for"), Paragraph("This tender asks for no measures.")]
    return [
        Heading("Measures asked for"),
        _grid("What may be offered, over the whole contract", _asked_columns(asked)),
        _grid("How each measure is counted, and where its value comes from", _counting(asked)),
    ]


def _grid(caption: str, columns: Sequence[_Column]) -> Grid:
    kept = [column for column in columns if column.is_kept or any(column.texts)]
    rows = [
        [text or NOTHING for text in row]
        for row in zip(*(column.texts for column in kept), strict=True)
    ]
    numeric = frozenset(index for index, column in enumerate(kept) if column.is_numeric)
    widths = [column.width for column in kept]
    shares = [width * 100 // sum(widths) for width in widths]
    return Grid(caption, [column.heading for column in kept], rows, numeric, shares)


def _asked_columns(asked: Sequence[RequirementInfo]) -> list[_Column]:
    return [
        _Column("Code", [row.code for row in asked], 11, is_kept=True),
        _Column("Measure", [_named(row) for row in asked], 33, is_kept=True),
        _Column("Unit", [quantity(row.measure.unit) for row in asked], 14, is_kept=True),
        _Column("Asked", ["Mandatory" if row.is_mandatory else "Optional" for row in asked], 13),
        _Column("Minimum", [_amount(row.minimum_quantity) for row in asked], 12, True),
        _Column("Most scored", [_amount(row.maximum_quantity) for row in asked], 12, True),
        _Column("Weight (%)", [_amount(row.weight_percent) for row in asked], 10, True),
        _Column("Value of one unit", [value_of_one(row) for row in asked], 17, True, True),
    ]


def _counting(asked: Sequence[RequirementInfo]) -> list[_Column]:
    return [
        _Column("Code", [row.code for row in asked], 11, is_kept=True),
        _Column("How it is counted", [_counted(row) for row in asked], 44, is_kept=True),
        _Column("Evidence", [row.measure.evidence for row in asked], 22),
        _Column("Where the value comes from", [_source(row) for row in asked], 23),
    ]


def _named(row: RequirementInfo) -> str:
    """The measure, and what the authority adds about it."""
    return row.measure.title + (f"\nFrom the authority: {row.guidance}" if row.guidance else "")


def _amount(number: Decimal | None) -> str:
    return "" if number is None else quantity_text(number)


def value_of_one(row: RequirementInfo) -> str:
    """£ of one unit in words."""
    if row.unit_value is not None:
        return worth(row.unit_value.shown)
    if row.is_negotiated:
        return "Proposed by the bidder"
    return f"None until {row.awaits_until}" if row.awaits else "Counted, not valued"


def _counted(row: RequirementInfo) -> str:
    return " ".join(
        text for text in (row.measure.counting_rule, row.measure.target_requirements) if text
    )


def _source(row: RequirementInfo) -> str:
    cited = row.unit_value.cited if row.unit_value else ""
    return "\n".join(text for text in (cited, f"At {row.place_name}" if row.place else "") if text)


# --- questions and scoring -------------------------------------------------------------------------


def questions_asked(questions: Sequence[QuestionInfo], scale: Sequence[str]) -> list[Block]:
    """What is answered in words, and what the marks mean."""
    if not questions:
        return []
    has_minimum = any(row.minimum_mark is not None for row in questions)
    headings = ["No.", "Question", "Weight (%)", *(["Minimum mark"] if has_minimum else [])]
    blocks: list[Block] = [
        Heading("Questions"),
        Grid(
            "Questions to answer in words",
            headings,
            [
                [
                    str(number),
                    row.text + (f"\nA good answer covers: {row.guidance}" if row.guidance else ""),
                    "Pass or fail" if row.weight_percent is None else quantity_text(row.weight_percent),
                    *([_least(row)] if has_minimum else []),
                ]
                for number, row in enumerate(questions, start=1)
            ],
            numeric=frozenset({2, 3} if has_minimum else {2}),
            widths=[7, 66, 13, 14] if has_minimum else [7, 80, 13],
        ),
    ]  # fmt: skip
    if any(not row.is_pass_fail for row in questions):
        blocks.append(
            Grid(
                "What the marks mean",
                ["Mark", "Meaning"],
                [[str(mark), meaning] for mark, meaning in enumerate(scale)],
                widths=[10, 90],
            )
        )
    return blocks


def _least(row: QuestionInfo) -> str:
    return NOTHING if row.minimum_mark is None else str(row.minimum_mark)


def _scored(scoring: ScoringInWords | None) -> list[Block]:
    if scoring is None:
        return [Heading("How social value is scored"), Paragraph("Not set yet.")]
    return [
        Heading("How social value is scored"),
        Bullets([quantity(text) for text in scoring.sentences]),
        Grid(
            "A worked example in round numbers",
            ["Step", "Working"],
            [[_example(text) for text in line] for line in scoring.example],
            frozenset({1}),
            [58, 42],
            total=["Result", scoring.example_result],
        ),
        *([Paragraph(scoring.point)] if scoring.point else []),
    ]


def _example(text: str) -> str:
    return Pounds(text, without_pounds(text)) if "£" in text else text


# --- the contract, and what was said since ---------------------------------------------------------


def _clause(asked: Sequence[RequirementInfo]) -> list[Block]:
    blocks: list[Block] = [Heading("Commitments in the contract")]
    blocks += [Paragraph(f"{number}. {text}") for number, text in enumerate(CLAUSE, start=1)]
    blocks.append(Paragraph(CLAUSE_STANDING))
    if asked:
        blocks += [
            Heading("Schedule of commitments"),
            Paragraph("Filled in at the award from the bid that wins."),
            Grid(
                "Schedule of commitments",
                [
                    "Code",
                    "Measure",
                    "Unit",
                    "Value of one unit",
                    "Quantity",
                    Pounds("Value (£)", "Value"),
                ],
                [
                    [
                        row.code,
                        row.measure.title,
                        quantity(row.measure.unit),
                        value_of_one(row),
                        "",
                        "",
                    ]
                    for row in asked
                ],
                frozenset({3, 4, 5}),
                [11, 33, 15, 17, 12, 12],
            ),
        ]
    return blocks


def _said_since(tender: Tender) -> list[Block]:
    if tender.status == TenderStatus.DRAFT:
        return []
    return [
        *amendments_made(sorted(amendments_of(tender.pk), key=lambda row: row.number)),
        *questions_answered(answered_of(tender.pk)),
    ]


def amendments_made(amendments: Sequence[AmendmentInfo]) -> list[Block]:
    """Every change since publication, oldest first."""
    blocks: list[Block] = [Heading("Changes since publication")] if amendments else []
    for row in amendments:
        changes = list(row.changes)
        if row.moved_deadline and not any("deadline" in what.lower() for what, _, _ in changes):
            changes.append(("Deadline", _moment(row.deadline_before), _moment(row.deadline_after)))
        blocks += [
            Heading(f"Change {row.number}, {_moment(row.made_at)}", 3),
            Paragraph(row.reason),
            Grid(
                f"What change {row.number} changed",
                ["What", "Before", "Now"],
                [[quantity(text) for text in change] for change in changes],
                widths=[34, 33, 33],
            ),
        ]
    return blocks


def answered_of(tender_id: int) -> list[AnsweredInfo]:
    """Questions and answers as everybody reads them, in the order of the answers. The caller has shown the tender."""
    rows = TenderClarification.objects.filter(tender_id=tender_id, answered_at__isnull=False)
    return [
        AnsweredInfo(row.pk, row.published_text, row.answer, row.answered_at)
        for row in rows.order_by("answered_at", "pk")
        if row.answered_at is not None
    ]


def questions_answered(answered: Sequence[AnsweredInfo]) -> list[Block]:
    """What was asked and answered, without who asked."""
    if not answered:
        return []
    return [
        Heading("Questions asked and answered"),
        Grid(
            "Questions about this tender",
            ["Question", "Answer", "Answered"],
            [[row.question, row.answer, uk_date(row.answered_at.astimezone(LONDON).date())] for row in answered],
            widths=[40, 42, 18],
        ),
    ]  # fmt: skip
