"""Imports at every step, made through the services as a person would."""

from __future__ import annotations

from datetime import date

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import Actor
from tests.factories.accounts import actor_for_role
from tests.factories.workbooks import HEADINGS, measure_rows, xlsx
from toms.imports import queries
from toms.imports import services as imports
from toms.imports.models import FrameworkImport
from toms.imports.vocabulary import ThemeSource

LICENCE = "Licence of the Lantern Society, number 7, for our own procurements until 2027."


def owner(organisation=None) -> Actor:
    return actor_for_role(Role.POLICY_OWNER, organisation)


def small_file(count: int = 12, rows=None) -> bytes:
    return xlsx({"Measures": [list(HEADINGS), *(rows or measure_rows(count))]})


def ready(
    actor: Actor, content: bytes | None = None, *, label: str = "2026", framework: str = "Lantern Framework",
    name: str = "lantern.xlsx",
) -> FrameworkImport:  # fmt: skip
    """A file with every choice made as it is guessed, ready to be looked at."""
    kept = imports.upload_framework(
        actor=actor, file_name=name, content=small_file() if content is None else content
    )
    if kept.is_export:
        return kept
    book = queries.workbook_of(kept)
    heads = queries.headings_for(kept, book)
    imports.choose_sheet(
        actor=actor, import_id=kept.pk, expected_version=1,
        sheet=heads.sheet, first=heads.first, last=heads.last,
    )  # fmt: skip
    kept.refresh_from_db()
    columns = queries.columns_for(actor, kept, book)
    imports.choose_columns(
        actor=actor, import_id=kept.pk, expected_version=2,
        columns=dict(columns.chosen), theme_source=ThemeSource(columns.theme_source),
    )  # fmt: skip
    imports.describe_edition(
        actor=actor, import_id=kept.pk, expected_version=3, framework_name=framework,
        framework_owner="The Lantern Society", edition_label=label,
        valid_from=date(2026, 4, 1), valid_to=None,
    )  # fmt: skip
    kept.refresh_from_db()
    return kept


def apply(actor: Actor, kept: FrameworkImport, **changes) -> FrameworkImport:
    """Confirm the licence and import what the preview shows."""
    values = {
        "expected_version": kept.version,
        "checksum": changes.get("checksum") or queries.preview(actor, kept).checksum,
        "licence": LICENCE,
        "confirmed_by": actor.name,
        "accepts_warnings": True,
    } | changes
    return imports.apply_import(actor=actor, import_id=kept.pk, **values)


def imported(actor: Actor, content: bytes | None = None, **words) -> FrameworkImport:
    return apply(actor, ready(actor, content, **words))
