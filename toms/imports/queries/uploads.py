"""The imports of an organisation, and what their files say so far. Another organisation's import does not exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from operator import itemgetter

from django.db.models import QuerySet

from socialvalue.core.actor import Actor
from socialvalue.core.bulk import without_collecting
from socialvalue.core.errors import NotVisible, RuleBroken
from toms.frameworks import queries as frameworks
from toms.frameworks.vocabulary import MeasureKind
from toms.imports import rules
from toms.imports.models import FrameworkImport, SavedColumns
from toms.imports.permissions import may_import
from toms.imports.queries.exporting import content_checksum
from toms.imports.queries.files import read_workbook
from toms.imports.vocabulary import FrameworkImportStatus, ThemeSource
from toms.proxies.queries.exporting import value_rows


def imports(actor: Actor) -> QuerySet[FrameworkImport]:
    """Every import of the actor's organisation, newest first, without the files themselves."""
    if not may_import(actor) or actor.organisation_id is None:
        return FrameworkImport.objects.none()
    rows = FrameworkImport.objects.filter(organisation_id=actor.organisation_id)
    return rows.select_related("uploaded_by", "edition__framework").defer("content")


def framework_import(actor: Actor, import_id: int) -> FrameworkImport:
    """One of them, with its file. NotVisible for any other."""
    if may_import(actor) and actor.organisation_id is not None:
        found = FrameworkImport.objects.filter(
            pk=import_id, organisation_id=actor.organisation_id
        ).first()
        if found is not None:
            return found
    raise NotVisible


def workbook_of(kept: FrameworkImport) -> rules.Workbook:
    return read_workbook(bytes(kept.content), kept.file_kind)


# --- sheet and headings -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet to choose from: how many lines it holds and how it begins."""

    name: str
    lines: int
    columns: int
    first: tuple[tuple[int, tuple[str, ...]], ...]
    """The first lines with their number, cells shortened."""


def sheets_of(book: rules.Workbook, lines: int = 12, columns: int = 8) -> list[SheetView]:
    return [
        SheetView(
            sheet.name,
            len(sheet.rows),
            sheet.width,
            tuple(
                (number, tuple(rules.text_of(value)[:40] for value in row[:columns]))
                for number, row in enumerate(sheet.rows[:lines], start=1)
            ),
        )
        for sheet in book.sheets
    ]


@dataclass(frozen=True, slots=True)
class Headings:
    """The sheet and the heading rows that are chosen, or guessed until then."""

    sheet: str
    first: int
    last: int


def headings_for(kept: FrameworkImport, book: rules.Workbook) -> Headings:
    if kept.sheet:
        return Headings(kept.sheet, kept.heading_first, kept.heading_last)
    name = rules.guess_sheet(book.sheets)
    sheet = book.sheet(name)
    if sheet is None:
        raise RuleBroken(
            "The file has no sheet with anything in it. Choose another file.", field="file"
        )
    return Headings(name, *rules.guess_heading_rows(sheet))


# --- columns ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of the sheet with its heading and what stands below it."""

    index: int
    letter: str
    heading: str
    sample: str


@dataclass(frozen=True, slots=True)
class Columns:
    choices: tuple[ColumnChoice, ...]
    chosen: Mapping[str, int]
    theme_source: str
    origin: str
    """``chosen``, ``saved`` (used before for the same headings) or ``guessed``."""


def columns_for(actor: Actor, kept: FrameworkImport, book: rules.Workbook) -> Columns:
    """The columns to map, with what was chosen, was used last time, or looks right."""
    headings = headings_for(kept, book)
    sheet = book.sheet(headings.sheet)
    if sheet is None:
        raise RuleBroken("That sheet is not in the file. Choose a sheet again.")
    texts = rules.headings_of(sheet, headings.first, headings.last)
    # Examples come from the fullest lines first: a banner is no example of a code.
    below = sorted(
        sheet.rows[headings.last : headings.last + 40],
        key=lambda row: -sum(1 for value in row if rules.text_of(value)),
    )
    choices = tuple(
        ColumnChoice(
            index,
            rules.column_name(index),
            text,
            next((said[:60] for row in below if (said := rules.text_of(row[index]))), ""),
        )
        for index, text in enumerate(texts)
        if text or any(rules.text_of(row[index]) for row in below)
    )
    if kept.columns:
        return Columns(choices, kept.columns, kept.theme_source, "chosen")
    saved = SavedColumns.objects.filter(
        organisation_id=kept.organisation_id, headings_hash=rules.hash_of(texts)
    ).first()
    if saved is not None:
        return Columns(choices, saved.columns, saved.theme_source, "saved")
    guessed = rules.guess_columns(texts)
    source = ThemeSource.COLUMN if "theme" in guessed else ThemeSource.LINES
    return Columns(choices, guessed, source, "guessed")


# --- framework and edition --------------------------------------------------------------------------


def described_before(kept: FrameworkImport) -> FrameworkImport | None:
    """The newest other file of the organisation with the same columns that was described already.

    While that one waits (its cells had to be mended), this is the same edition again; once it is imported, this is
    another edition of the same framework.
    """
    if not kept.columns:
        return None
    others = FrameworkImport.objects.filter(
        organisation_id=kept.organisation_id, columns=kept.columns
    ).exclude(framework_name="")
    return others.exclude(pk=kept.pk).defer("content").order_by("-pk").first()


# --- what it comes to -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """The edition a file makes, and everything that is wrong or odd about it."""

    content: rules.EditionContent | None
    checksum: str
    errors: tuple[rules.Problem, ...]
    warnings: tuple[rules.Problem, ...]
    left_out: tuple[rules.LeftOut, ...] = ()
    blank: int = 0
    out_of_order: int = 0
    before: frameworks.EditionInfo | None = None
    same_as: frameworks.EditionInfo | None = None
    """An edition the actor can read that says exactly this already."""
    by_theme: tuple[tuple[str, int, int], ...] = field(default=())
    """Theme, measures, values."""

    @property
    def measure_count(self) -> int:
        return len(self.content.measures) if self.content else 0

    @property
    def value_count(self) -> int:
        return self.content.value_count if self.content else 0

    @property
    def may_apply(self) -> bool:
        return self.content is not None and not self.errors and self.measure_count > 0


def missing_steps(kept: FrameworkImport) -> list[str]:
    """Names of the steps that are not done yet, in their order."""
    if kept.is_export:
        return []
    steps = {
        "sheet": bool(kept.sheet),
        "columns": bool(kept.columns),
        "about": bool(kept.framework_name and kept.edition_label and kept.valid_from),
    }
    return [name for name, is_done in steps.items() if not is_done]


def previous_edition(
    actor: Actor, kept: FrameworkImport, framework_name: str
) -> frameworks.EditionInfo | None:
    """The newest edition of the same family that the actor's organisation can read."""
    wanted = framework_name.casefold()
    found = [
        row
        for row in frameworks.edition_infos(actor)
        if row.framework_name.casefold() == wanted and row.id != kept.edition_id
    ]
    return max(found, key=lambda row: (row.valid_from, row.id), default=None)


def said_before(edition: frameworks.EditionInfo | None) -> dict[str, rules.Before]:
    """Unit and latest amounts of every measure of an edition."""
    if edition is None:
        return {}
    values = value_rows(edition.id)
    return {
        row["code"]: rules.Before(
            row["unit"],
            {
                (value["place"], value["sector"]): Decimal(value["amount"])
                for value in values.get(row["code"], ())
            },
        )
        for row in frameworks.edition_rows(edition.id)["measures"]
    }


def preview(actor: Actor, kept: FrameworkImport) -> Preview:
    """What applying the import would make. RuleBroken while a step is missing."""
    if missing_steps(kept):
        raise RuleBroken("Finish the steps before this one first.")
    with without_collecting():
        book = workbook_of(kept)
        found = _of_export(book) if kept.is_export else _of_sheet(actor, kept, book)
    content = found.content
    if content is None or found.errors:
        return found
    return replace(found, same_as=_same(actor, found))


def _of_export(book: rules.Workbook) -> Preview:
    content, problems, _ = rules.read_records(book)
    errors = tuple(row for row in problems if row.level == "error")
    if content is None:
        return Preview(None, "", errors, ())
    return Preview(content, rules.checksum_of(content), errors, (), by_theme=_by_theme(content))


def _of_sheet(actor: Actor, kept: FrameworkImport, book: rules.Workbook) -> Preview:
    sheet = book.sheet(kept.sheet)
    if sheet is None or kept.valid_from is None:
        raise RuleBroken("That sheet is not in the file. Choose a sheet again.")
    before = previous_edition(actor, kept, kept.framework_name)
    said = said_before(before)
    reading = rules.read_sheet(
        sheet,
        after=kept.heading_last,
        columns=kept.columns,
        about=rules.About(
            valid_from=kept.valid_from.isoformat(),
            source_name=f"{kept.framework_name}, {kept.edition_label}"[:300],
            licence=f"Licensed to {kept.organisation.name}"[:200],
            theme_lines=kept.theme_source == ThemeSource.LINES,
            known_units=_known_units(said),
        ),
    )
    problems = [*reading.problems, *_implausible(kept, reading, said)]
    content = rules.in_order(_content(kept, kept.valid_from, kept.valid_to, reading))
    ordered = sorted(problems, key=lambda row: (row.row, row.column))
    return Preview(
        content,
        rules.checksum_of(content),
        tuple(row for row in ordered if row.level == "error"),
        tuple(row for row in ordered if row.level == "warning"),
        tuple(reading.left_out),
        reading.blank,
        reading.out_of_order,
        before,
        by_theme=_by_theme(content),
    )


def _content(
    kept: FrameworkImport, begins: date, ends: date | None, reading: rules.Reading
) -> rules.EditionContent:
    return rules.EditionContent(
        framework={
            "name": kept.framework_name,
            "owner": kept.framework_owner,
            "licence": f"Licensed to {kept.organisation.name}"[:200],
            "about": "",
        },
        label=kept.edition_label,
        valid_from=begins.isoformat(),
        valid_to=ends.isoformat() if ends else "",
        themes=reading.themes,
        measures=reading.measures,
        proxies=reading.proxies,
        # A file in the natural order of its codes is left as it is read.
        is_ordered=not reading.out_of_order and not reading.has_places,
    )


def _known_units(said: Mapping[str, rules.Before]) -> frozenset[str]:
    return frozenset(row.unit.casefold() for row in said.values())


def _implausible(
    kept: FrameworkImport, reading: rules.Reading, said: Mapping[str, rules.Before]
) -> list[rules.Problem]:
    values = [
        rules.Found(
            code, row["place"], row["sector"], row["amount"],
            reading.value_rows[code, row["place"], row["sector"]],
        )
        for code, rows in reading.proxies.items()
        for row in rows
    ]  # fmt: skip
    amount, unit = kept.columns.get("amount", 0), kept.columns.get("unit", 0)
    return [
        *rules.check_values(values, said, sheet=kept.sheet, column=amount),
        *rules.check_units(reading.measures, said, reading.rows_of, sheet=kept.sheet, column=unit),
    ]


def _by_theme(content: rules.EditionContent) -> tuple[tuple[str, int, int], ...]:
    outcome_of = dict(map(itemgetter("code", "outcome"), content.measures))
    measures = Counter(outcome_of.values())
    values = Counter(outcome_of[code] for code, rows in content.proxies.items() for _ in rows)
    found = []
    for theme in content.themes:
        outcomes = [outcome["code"] for outcome in theme["outcomes"]]
        many, worth = (sum(counted[code] for code in outcomes) for counted in (measures, values))
        found.append((theme["name"] or "No theme", many, worth))
    return tuple(found)


def _same(actor: Actor, found: Preview) -> frameworks.EditionInfo | None:
    """An edition the actor's organisation can read that says the same, word for word."""
    held = frameworks.held_checksums(actor)
    # An import keeps the checksum of what it says, so it need not be worked out again.
    made = FrameworkImport.objects.filter(edition_id__in=held)
    imported = set(made.values_list("edition_id", flat=True))
    for row in frameworks.edition_infos(actor):
        if held.get(row.id) == found.checksum:
            return row
        if row.id in imported:
            continue
        # An open edition is checksummed as the file it came from, an authority's own as it was written.
        if (
            frameworks.measure_count(row.id) == found.measure_count
            and content_checksum(row) == found.checksum
        ):
            return row
    return None


@dataclass(frozen=True, slots=True)
class FirstRow:
    """A measure of the preview with its value as the edition will hold it."""

    code: str
    title: str
    theme: str
    unit: str
    kind: str
    amount: str


def first_measures(found: Preview, count: int) -> list[FirstRow]:
    content = found.content
    if content is None:
        return []
    theme_of = {
        outcome["code"]: theme["name"] for theme in content.themes for outcome in theme["outcomes"]
    }
    rows = []
    for row in content.measures[:count]:
        values = content.proxies.get(row["code"], [])
        several = f"{len(values)} values" if len(values) > 1 else ""
        amount = several or (f"£{values[0]['amount']}" if values else "")
        kind = MeasureKind(row["kind"]).label
        rows.append(
            FirstRow(row["code"], row["title"], theme_of[row["outcome"]], row["unit"], kind, amount)
        )
    return rows


def is_open(kept: FrameworkImport) -> bool:
    return kept.status == FrameworkImportStatus.STARTED
