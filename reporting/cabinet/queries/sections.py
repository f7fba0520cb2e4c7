"""The page on which a section is written: its text, who else writes, and everything that can be inserted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from reporting.cabinet.models import CabinetReport, CabinetSection, SectionDraft
from reporting.cabinet.queries.building import reading_of
from reporting.cabinet.queries.knowing import about_of
from reporting.cabinet.queries.previewing import Preview, preview_with
from reporting.cabinet.queries.reports import report_to_change, section_for, sections_of
from reporting.cabinet.rules import words
from reporting.cabinet.rules.differing import Pair, pairs
from reporting.cabinet.rules.exhibits import exhibits_of
from reporting.figures.rules.definitions import Figure
from reporting.showcase import queries as showcase
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.periods import uk_date

if TYPE_CHECKING:
    from reporting.figures.queries.reading import Reading

CONSENT = "Who sent it says that everybody who can be recognised in it agreed."


@dataclass(frozen=True, slots=True)
class InsertRow:
    """Something that can be put into the text."""

    typed: str
    """As it is written: ``{committed_total}``."""
    label: str
    meaning: str
    shown: str
    """Its value now; empty for what is no figure."""
    is_money: bool = False
    is_price: bool = False
    is_block: bool = False
    """It stands on a line of its own."""
    opens_url: str = ""


@dataclass(frozen=True, slots=True)
class InsertGroup:
    title: str
    rows: tuple[InsertRow, ...]
    empty: str = ""
    """What is said where there is nothing to insert; empty where nothing need be said."""


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """What the actor typed and did not save."""

    narrative: str
    based_on: int
    kept_at: datetime
    has_moved: bool
    """Somebody has saved the section since."""


@dataclass(frozen=True, slots=True)
class SectionPage:
    """One section to be written."""

    report_id: int
    report_title: str
    kind: str
    heading: str
    """Without its number."""
    number: int | None
    is_numbered: bool
    version: int
    narrative: str
    draft: OwnDraft | None
    others: tuple[str, ...]
    """Who else has typed here and not saved, each a sentence."""
    groups: tuple[InsertGroup, ...]
    preview: Preview
    before: tuple[str, str]
    """Key and heading of the section before it; empty texts for the first."""
    after: tuple[str, str]

    @property
    def title(self) -> str:
        """The heading with its number."""
        return words.heading_of(self.heading, self.number)

    @property
    def text(self) -> str:
        """What stands in the box at first: what was typed and not saved, else what is saved."""
        return self.draft.narrative if self.draft else self.narrative

    @property
    def text_version(self) -> int:
        return self.draft.based_on if self.draft else self.version


def section_page(
    actor: Actor, report_id: int, kind: str, *, typed: str | None = None, counts_only: bool = False
) -> SectionPage:
    """A section with everything its writer needs. NotVisible and NotAllowed like ``section_for``.

    ``typed`` is what stands in the box, None where nothing was sent: then it is what was kept, or what is saved.
    """
    section = section_for(actor, report_id, kind)
    report = section.report
    rows = sections_of(report_id)
    place = next(n for n, row in enumerate(rows) if row.pk == section.pk)
    number = words.numbers(row.is_numbered for row in rows)[place]
    drafts = list(SectionDraft.objects.filter(section=section).select_related("user"))
    draft = _own(actor, section, drafts)
    reading = reading_of(actor, report)
    kept = draft.narrative if draft else section.narrative
    return SectionPage(
        report_id=report.pk,
        report_title=report.title,
        kind=section.kind,
        heading=section.heading,
        number=number,
        is_numbered=section.is_numbered,
        version=section.version,
        narrative=section.narrative,
        draft=draft,
        others=_others(actor, drafts),
        groups=inserts(actor, report, reading),
        preview=preview_with(
            report, reading, kind, kept if typed is None else typed, counts_only=counts_only
        ),
        before=_neighbour(rows, place - 1),
        after=_neighbour(rows, place + 1),
    )


def _neighbour(rows: Sequence[CabinetSection], place: int) -> tuple[str, str]:
    return (rows[place].kind, rows[place].heading) if 0 <= place < len(rows) else ("", "")


def _own(actor: Actor, section: CabinetSection, drafts: Iterable[SectionDraft]) -> OwnDraft | None:
    found = next((row for row in drafts if row.user_id == actor.user_id), None)
    if found is None or found.narrative.strip() == section.narrative:
        return None
    return OwnDraft(
        found.narrative, found.based_on, found.kept_at, found.based_on != section.version
    )


def _others(actor: Actor, drafts: Iterable[SectionDraft]) -> tuple[str, ...]:
    return tuple(
        f"{row.user} has text in this section that is not saved yet, last typed {_when(row.kept_at)}. "
        "Your texts are kept apart, and whoever saves second sees both."
        for row in drafts
        if row.user_id != actor.user_id
    )


def _when(moment: datetime) -> str:
    local = moment.astimezone(clock.LONDON)
    at = f"{local:%H:%M}"
    return f"at {at}" if local.date() == clock.today() else f"on {uk_date(local.date())} at {at}"


def others_writing(actor: Actor, report_id: int, kind: str) -> tuple[str, ...]:
    """Who else has typed in this section and not saved, each a sentence."""
    section = section_for(actor, report_id, kind)
    return _others(actor, SectionDraft.objects.filter(section=section).select_related("user"))


def inserts(actor: Actor, report: CabinetReport, reading: Reading) -> tuple[InsertGroup, ...]:
    """Everything that can be put into the text of this report, figures first."""
    shapes = exhibits_of(about_of(report))
    return (
        InsertGroup("Figures", tuple(_figure(row) for row in reading.figures())),
        *(
            InsertGroup(
                title,
                tuple(
                    InsertRow(row.typed, row.title, row.meaning, "", is_block=True)
                    for row in shapes
                    if row.kind == kind
                ),
            )
            for kind, title in (("chart", "Charts"), ("table", "Tables"))
        ),
        InsertGroup(
            "Stories",
            tuple(
                InsertRow(f"{{story:{card.slug}}}", card.title, _story(card), "", is_block=True)
                for card in showcase.published_stories([report.authority_id])
            ),
            "No story is published yet. A published story can be inserted here.",
        ),
    )


def _figure(row: Figure) -> InsertRow:
    return InsertRow(
        f"{{{row.name}}}",
        row.label,
        row.meaning,
        row.shown,
        is_money=row.is_money,
        is_price=row.is_price,
        opens_url=row.opens_url if row.value is not None else "",
    )


def _story(card: showcase.StoryCard) -> str:
    supplier = f" {card.supplier_name}." if card.supplier_name else ""
    return f"{card.summary}{supplier} Published on {uk_date(card.published_on)}. {CONSENT}"


def narrowed(groups: Iterable[InsertGroup], find: str) -> tuple[InsertGroup, ...]:
    """The groups with the rows that have every word looked for in their name, label or definition."""
    wanted = find.casefold().split()
    return tuple(
        replace(
            group,
            rows=tuple(
                row
                for row in group.rows
                if all(
                    word in f"{row.typed} {row.label} {row.meaning}".casefold() for word in wanted
                )
            ),
        )
        for group in groups
    )


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One section among the others."""

    kind: str
    title: str
    version: int
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class OrderPage:
    """The sections of a report in their order."""

    report_id: int
    report_title: str
    rows: tuple[OrderRow, ...]


def order_page(actor: Actor, report_id: int) -> OrderPage:
    """To move, rename, remove and add. NotVisible and NotAllowed like ``report_to_change``."""
    report = report_to_change(actor, report_id)
    rows = sections_of(report_id)
    numbers = words.numbers(row.is_numbered for row in rows)
    return OrderPage(
        report.pk,
        report.title,
        tuple(
            OrderRow(
                row.kind,
                words.heading_of(row.heading, number),
                row.version,
                place == 0,
                place == len(rows) - 1,
            )
            for place, (row, number) in enumerate(zip(rows, numbers, strict=True))
        ),
    )


def both_texts(saved: str, typed: str) -> list[Pair]:
    """The saved text beside the typed one, paragraph by paragraph."""
    return pairs(saved, typed.replace("\r\n", "\n").strip())
