"""From a content to its view: texts with their figures filled in, exhibits in their places, definitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from reporting.cabinet.rules import words
from reporting.cabinet.rules.content import exhibits
from reporting.cabinet.rules.content.earlier import in_this_format
from reporting.cabinet.rules.content.jsons import Json
from reporting.cabinet.rules.content.standing import period_of, replaces_sentence, standing
from reporting.cabinet.rules.content.views import (
    Block,
    ContactView,
    FigureView,
    ParagraphView,
    Piece,
    ReportView,
    SectionView,
    SignOffView,
    Text,
)
from reporting.cabinet.vocabulary import SectionKind
from reporting.figures.rules.shapes import Kind
from socialvalue.core.periods import uk_date

LONDON = ZoneInfo("Europe/London")
DEFINITIONS = "definitions"


def report_view(
    content: Json, *, figures_hash: str = "", counts_only: bool = False, opens: bool = False
) -> ReportView:
    """The view of a content, frozen (with its hash) or live.

    ``opens`` gives the figures in its text the address of their rows, for the web page.
    """
    content = in_this_format(content)
    figures = {row["name"]: row for row in content["figures"]}
    drawing = _Drawing(content, figures, counts_only=counts_only, opens=opens)
    sections = drawing.sections()
    first = sections[0] if sections and sections[0].kind == SectionKind.RECOMMENDATION else None
    is_defined = ("table", DEFINITIONS) in drawing.drawn
    return ReportView(
        kind=content["kind"],
        organisation=content["organisation"],
        about=content["about"],
        title=content["title"],
        committee=content["committee"],
        meeting_on=uk_date(date.fromisoformat(content["meeting_on"])),
        period=period_of(content),
        issue=content["issue"],
        replaces=replaces_sentence(content),
        is_draft=not figures_hash,
        is_demonstration=content["is_demonstration"],
        counts_only=counts_only,
        standing=standing(content, figures_hash),
        editions=tuple(content["editions"]),
        recommendation=first,
        sections=sections[1:] if first else sections,
        definitions=() if is_defined else drawing.definitions(),
        sign_offs=tuple(_sign_off(row) for row in content["sign_offs"]),
        contacts=tuple(ContactView(**row) for row in content["contacts"] if any(row.values())),
        circulation_local=content["circulation_local"] or "None",
        circulation_other=content["circulation_other"] or "None",
        created=content["moment"],
    )


def _sign_off(row: Json) -> SignOffView:
    on = uk_date(datetime.fromisoformat(row["at"]).astimezone(LONDON).date())
    return SignOffView(row["step"], row["answer"], row["by"], on, row["note"])


def shown_as(row: Json, *, counts_only: bool) -> str:
    """A figure as it is read; without £ where only counts are shown."""
    if counts_only and row["is_money"]:
        return words.WITHHELD if row["kind"] == Kind.MONEY else words.SHARE_WITHHELD
    return str(row["shown"])


def pieces(text: str, figures: Mapping[str, Json], *, counts_only: bool, opens: bool) -> Text:
    """Running text with its figures filled in. A reference that is no figure stays as typed in a draft."""
    found: list[Piece] = []
    end = 0
    for mark in words.REFERENCE.finditer(text):
        row = figures.get(mark.group(1))
        if row is None:
            continue
        if mark.start() > end:
            found.append(Piece(text[end : mark.start()]))
        url = row["opens_url"] if opens else ""
        shown = shown_as(row, counts_only=counts_only)
        found.append(Piece(shown, row["ref"], url, exhibits.is_price(row)))
        end = mark.end()
    if end < len(text):
        found.append(Piece(text[end:]))
    return tuple(found)


@dataclass
class _Drawing:
    """One pass over the sections, which numbers what it draws."""

    content: Json
    figures: Mapping[str, Json]
    counts_only: bool
    opens: bool
    drawn: set[tuple[str, str]] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=lambda: {"chart": 0, "table": 0, "story": 0})

    def sections(self) -> tuple[SectionView, ...]:
        rows = self.content["sections"]
        numbers = words.numbers(row["is_numbered"] for row in rows)
        return tuple(
            SectionView(
                row["kind"],
                row["kind"].replace("_", "-"),
                words.heading_of(row["heading"], number),
                row["is_numbered"],
                self._blocks(words.blocks(row["narrative"], number)),
            )
            for row, number in zip(rows, numbers, strict=True)
        )

    def _blocks(self, found: Sequence[words.Paragraph | words.Exhibit]) -> tuple[Block, ...]:
        followed = [*found[1:], None] if found else []
        return tuple(
            self._exhibit(block, after)
            if isinstance(block, words.Exhibit)
            else ParagraphView(
                block.number, self._pieces(block.text), tuple(map(self._pieces, block.bullets))
            )
            for block, after in zip(found, followed, strict=True)
        )

    def _pieces(self, text: str) -> Text:
        return pieces(text, self.figures, counts_only=self.counts_only, opens=self.opens)

    def _exhibit(
        self, asked: words.Exhibit, after: words.Paragraph | words.Exhibit | None
    ) -> Block:
        if (asked.kind, asked.name) == ("table", DEFINITIONS):
            found: Json | None = {"rows": [True]}
        else:
            found = exhibits.variant(
                self.content["exhibits"][asked.kind].get(asked.name), counts_only=self.counts_only
            )
        if found is None:  # as typed: it stands in the way of the freeze
            return _plain(asked.typed)
        if asked.kind != "story" and not (found.get("rows") or found.get("categories")):
            return _plain(exhibits.nothing(asked, found))
        self.drawn.add((asked.kind, asked.name))
        self.numbers[asked.kind] += 1
        number = self.numbers[asked.kind]
        if asked.kind == "story":
            return exhibits.story(number, asked, found, counts_only=self.counts_only)
        if asked.name == DEFINITIONS:
            return exhibits.definitions(number, asked, self.definitions())
        refs = {name: row["ref"] for name, row in self.figures.items()}
        if asked.kind == "table":
            return exhibits.table(number, asked, found, refs)
        follows = isinstance(after, words.Exhibit) and (after.kind, after.name) == (
            "table",
            asked.name,
        )
        return exhibits.chart(number, asked, found, with_table=not follows)

    def definitions(self) -> tuple[FigureView, ...]:
        """The figures that the report uses, in the order of their references."""
        return tuple(
            exhibits.definition(
                row, shown_as(row, counts_only=self.counts_only), counts_only=self.counts_only
            )
            for row in self.content["figures"]
            if row["is_used"]
        )


def _plain(text: str) -> ParagraphView:
    return ParagraphView("", (Piece(text),))
