"""A file on its way in: uploaded, its sheet and columns chosen, described. Nothing is imported yet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.files import safe_name
from socialvalue.core.workbooks import sizes_of
from toms.imports import queries, rules
from toms.imports.models import FrameworkImport, SavedColumns
from toms.imports.permissions import IMPORTER, may_import
from toms.imports.services.kinds import recognise
from toms.imports.vocabulary import FileKind, FrameworkImportStatus, ImportDeed, ThemeSource

MAX_CELLS = 4_000_000
MAX_LINES = 50_000
CHANGED = "Somebody changed this import meanwhile. Look at it again, then save."


def upload_framework(*, actor: Actor, file_name: str, content: bytes) -> FrameworkImport:
    """Keep a file to be imported. RuleBroken (field ``file``) when it is too large, of another kind or unreadable."""
    if not may_import(actor) or actor.organisation_id is None:
        raise NotAllowed(IMPORTER.reason)
    kind, content = recognise(content)
    if kind != FileKind.CSV:
        _check_size(sizes_of(content, otherwise=queries.UNREADABLE))
    book = queries.read_workbook(content, kind)
    if not any(len(sheet.rows) > 1 for sheet in book.sheets):
        raise RuleBroken("The file holds no rows. Choose a file with measures in it.", field="file")
    _check_size([(len(sheet.rows), sheet.width) for sheet in book.sheets])
    with transaction.atomic():
        kept = FrameworkImport.objects.create(
            organisation_id=actor.organisation_id,
            file_name=safe_name(file_name),
            file_kind=kind,
            content=content,
            checksum=hashlib.sha256(content).hexdigest(),
            size=len(content),
            is_export=rules.is_export(book),
            uploaded_by_id=actor.person_id,
            uploaded_at=clock.now(),
        )
        record(
            actor=actor,
            deed=ImportDeed.FRAMEWORK_UPLOADED,
            sentence=f"{kept.file_name} was uploaded to be imported as a framework.",
            target=kept,
            after={"checksum": kept.checksum},
        )
    return kept


def _check_size(sizes: list[tuple[int, int]]) -> None:
    if sum(lines * columns for lines, columns in sizes) > MAX_CELLS or any(
        lines > MAX_LINES for lines, _ in sizes
    ):
        raise RuleBroken(
            f"The file has a sheet of more than {MAX_LINES:,} lines, or too many cells. "
            "Delete what does not belong to the framework and choose it again.",
            field="file",
        )


def _open(actor: Actor, import_id: int) -> FrameworkImport:
    kept = queries.framework_import(actor, import_id)
    if kept.status != FrameworkImportStatus.STARTED:
        raise Conflict(
            f"This import is {kept.get_status_display().lower()}, so its choices no longer change."
        )
    return kept


def _change(kept: FrameworkImport, expected_version: int, **values: Any) -> None:
    """Compare and set: nobody's choice is lost under another's."""
    moved = FrameworkImport.objects.filter(
        pk=kept.pk, version=expected_version, status=FrameworkImportStatus.STARTED
    ).update(version=expected_version + 1, **values)
    if not moved:
        raise Conflict(CHANGED)


@transaction.atomic
def choose_sheet(
    *, actor: Actor, import_id: int, expected_version: int, sheet: str, first: int, last: int
) -> None:
    """Say which sheet holds the measures and which rows (from 1) are its headings. Other headings drop the mapping."""
    kept = _open(actor, import_id)
    found = queries.workbook_of(kept).sheet(sheet)
    if found is None:
        raise RuleBroken("Select a sheet of this file.", field="sheet")
    if not 1 <= first <= last:
        raise RuleBroken("The last heading row is the first one or a later one.", field="last")
    if last - first > 4:
        raise RuleBroken("Headings take at most 5 rows. Check both numbers.", field="last")
    if last >= len(found.rows):
        raise RuleBroken(
            f"There is nothing below row {last}: the sheet ends at row {len(found.rows)}.",
            field="last",
        )
    is_same = (kept.sheet, kept.heading_first, kept.heading_last) == (sheet, first, last)
    _change(
        kept,
        expected_version,
        sheet=sheet,
        heading_first=first,
        heading_last=last,
        columns=kept.columns if is_same else {},
    )


@transaction.atomic
def choose_columns(
    *,
    actor: Actor,
    import_id: int,
    expected_version: int,
    columns: Mapping[str, int],
    theme_source: ThemeSource,
) -> None:
    """Say which column (from 0) holds what, and keep it for the next file of this organisation with these headings."""
    kept = _open(actor, import_id)
    sheet = queries.workbook_of(kept).sheet(kept.sheet)
    if sheet is None:
        raise RuleBroken("Choose the sheet and its headings first.")
    for name in rules.REQUIRED:
        if name not in columns:
            label = rules.BY_NAME[name].label.lower()
            raise RuleBroken(f"Select the column that holds the {label}", field=name)
    if theme_source == ThemeSource.COLUMN and "theme" not in columns:
        raise RuleBroken("Select the column that holds the theme", field="theme")
    chosen = {
        name: index
        for name, index in columns.items()
        if name != "theme" or theme_source == ThemeSource.COLUMN
    }
    for name, index in chosen.items():
        if name not in rules.BY_NAME or not 0 <= index < sheet.width:
            raise RuleBroken("Select a column of this sheet", field=name)
        if other := next((n for n, i in chosen.items() if i == index and n != name), None):
            label = rules.BY_NAME[other].label.lower()
            raise RuleBroken(f"This column is chosen for {label} too. Select another", field=name)
    _change(kept, expected_version, columns=chosen, theme_source=theme_source)
    headings = rules.headings_of(sheet, kept.heading_first, kept.heading_last)
    SavedColumns.objects.update_or_create(
        organisation_id=kept.organisation_id,
        headings_hash=rules.hash_of(headings),
        defaults={"columns": chosen, "theme_source": theme_source, "saved_at": clock.now()},
    )


@transaction.atomic
def describe_edition(
    *,
    actor: Actor,
    import_id: int,
    expected_version: int,
    framework_name: str,
    framework_owner: str,
    edition_label: str,
    valid_from: date,
    valid_to: date | None,
) -> None:
    """Say which framework and which edition of it this is, and from when it holds."""
    kept = _open(actor, import_id)
    if valid_to is not None and valid_to < valid_from:
        raise RuleBroken("The last day is the first day or a later one.", field="valid_to")
    _change(
        kept,
        expected_version,
        framework_name=" ".join(framework_name.split()),
        framework_owner=" ".join(framework_owner.split()),
        edition_label=" ".join(edition_label.split()),
        valid_from=valid_from,
        valid_to=valid_to,
    )


@transaction.atomic
def discard_import(*, actor: Actor, import_id: int) -> None:
    """Throw a file away that was not imported."""
    kept = _open(actor, import_id)
    record(
        actor=actor,
        deed=ImportDeed.FRAMEWORK_DISCARDED,
        sentence=f"{kept.file_name} was thrown away without being imported.",
        target=kept,
        before={"checksum": kept.checksum},
    )
    kept.delete()
