"""From a checked file to an edition, and back while nobody uses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from socialvalue.accounts import queries as accounts
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.bulk import without_collecting
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from toms.frameworks.services import (
    EditionInput,
    draft_edition,
    publish_edition,
    remove_withdrawn,
    withdraw_edition,
)
from toms.imports import queries, rules
from toms.imports.models import FrameworkImport
from toms.imports.permissions import IMPORTER, may_import
from toms.imports.services.steps import CHANGED
from toms.imports.vocabulary import FrameworkImportStatus, ImportDeed
from toms.proxies.services import add_proxies, remove_proxies


@transaction.atomic
def apply_import(
    *,
    actor: Actor,
    import_id: int,
    expected_version: int,
    checksum: str,
    licence: str,
    confirmed_by: str,
    accepts_warnings: bool,
) -> FrameworkImport:
    """Publish what the preview showed as an edition of the actor's organisation.

    ``checksum`` is that of the preview the person saw: Conflict when the file now comes to something else.
    RuleBroken while there are errors, while warnings are not accepted, or without a licence.
    """
    kept = queries.framework_import(actor, import_id)
    if not may_import(actor):
        raise NotAllowed(IMPORTER.reason)
    _guard_licence(actor, licence, confirmed_by)
    if kept.status != FrameworkImportStatus.STARTED or kept.version != expected_version:
        raise Conflict(CHANGED)
    with without_collecting():
        made = _make(actor, kept, checksum, accepts_warnings)
    moved = FrameworkImport.objects.filter(
        pk=kept.pk, version=expected_version, status=FrameworkImportStatus.STARTED
    ).update(
        version=expected_version + 1,
        status=FrameworkImportStatus.APPLIED,
        licence=licence.strip(),
        licence_confirmed_by=confirmed_by.strip(),
        applied_by_id=actor.person_id,
        applied_at=clock.now(),
        edition_id=made.edition_id,
        edition_slug=made.slug,
        content_checksum=checksum,
        outcome=made.outcome,
    )
    if not moved:
        raise Conflict(CHANGED)
    kept = queries.imports(actor).get(pk=kept.pk)
    record(
        actor=actor,
        deed=ImportDeed.FRAMEWORK_IMPORTED,
        sentence=(
            f"{made.name} was imported with {made.outcome['measures']} measures. "
            f"{confirmed_by.strip()} confirmed the licence."
        ),
        target=kept,
        after={"licence": licence.strip(), "checksum": checksum, "file": kept.checksum},
    )
    return kept


@dataclass(frozen=True, slots=True)
class _Made:
    """The edition an import made, and the counts that are kept of it."""

    edition_id: int
    slug: str
    name: str
    outcome: dict[str, Any]


def _make(actor: Actor, kept: FrameworkImport, checksum: str, accepts_warnings: bool) -> _Made:
    """Read, check and publish. All that was read is let go with the return: nothing is left to be collected."""
    found = queries.preview(actor, kept)
    _guard(found, checksum, accepts_warnings)
    content = found.content
    if content is None:
        raise RuleBroken("There is nothing to import in this file.")
    edition_id, slug = _publish(actor, content, checksum)
    outcome = {
        "measures": found.measure_count,
        "values": found.value_count,
        "warnings": len(found.warnings),
        "left_out": len(found.left_out),
        "themes": [list(row) for row in found.by_theme],
    }
    return _Made(edition_id, slug, f"{content.framework['name']}, {content.label}", outcome)


def _guard_licence(actor: Actor, licence: str, confirmed_by: str) -> None:
    if not licence.strip():
        raise RuleBroken("Enter the licence your organisation holds", field="licence")
    if " ".join(confirmed_by.split()).casefold() != actor.name.casefold():
        raise RuleBroken(
            f"Enter your name as you are signed in: {actor.name}", field="confirmed_by"
        )


def _guard(found: queries.Preview, checksum: str, accepts_warnings: bool) -> None:
    if found.errors:
        many = len(found.errors)
        raise RuleBroken(
            f"{many} cell{'s are' if many > 1 else ' is'} wrong. Mend the file and choose it again."
        )
    if found.same_as is not None:
        raise RuleBroken(
            f"This file says the same as {found.same_as.name}. There is nothing to import."
        )
    if not found.may_apply:
        raise RuleBroken("There are no measures in this file. Check the sheet and its headings.")
    if found.checksum != checksum:
        raise Conflict(
            "The import was changed since you looked at it. Check it again, then import."
        )
    if found.warnings and not accepts_warnings:
        raise RuleBroken(
            "Tick that you have looked at what is odd, or mend the file", field="accepts_warnings"
        )


def _publish(actor: Actor, content: rules.EditionContent, checksum: str) -> tuple[int, str]:
    """Draft, value and publish in one go: the edition is there whole or not at all."""
    if actor.organisation_id is None:
        raise NotAllowed(IMPORTER.reason)
    holder = accounts.authorities().get(pk=actor.organisation_id).slug
    name = content.framework["name"]
    slug = rules.edition_slug(name, content.label, holder)
    region = min(actor.region_ids, default=None)
    try:
        edition, measure_ids = draft_edition(
            actor=actor,
            edition=EditionInput(
                framework=content.framework | {"slug": rules.framework_slug(name, holder)},
                slug=slug,
                label=content.label,
                valid_from=date.fromisoformat(content.valid_from),
                valid_to=date.fromisoformat(content.valid_to) if content.valid_to else None,
                themes=content.themes,
                measures=content.measures,
                double_counting=content.double_counting,
                packs=content.packs,
                holder_id=actor.organisation_id,
                region_id=region,
            ),
        )
    except RuleBroken as error:
        raise RuleBroken(
            f"Your organisation holds {name}, {content.label} with other content already. "
            "Give this edition another label, or undo the import that made the other one."
        ) from error
    add_proxies(
        actor=actor, edition_id=edition.pk, measure_ids=measure_ids, proxies=content.proxies
    )
    publish_edition(actor=actor, edition_id=edition.pk, checksum=checksum)
    return edition.pk, slug


@transaction.atomic
def undo_import(*, actor: Actor, import_id: int) -> FrameworkImport:
    """Take the edition of an import back. RuleBroken once a tender, a contract or a report rests on it."""
    kept = queries.framework_import(actor, import_id)
    edition_id = kept.edition_id
    if edition_id is None:
        raise Conflict("This import made no edition, or was undone already.")
    moved = FrameworkImport.objects.filter(pk=kept.pk, status=FrameworkImportStatus.APPLIED).update(
        status=FrameworkImportStatus.UNDONE,
        edition_id=None,
        undone_at=clock.now(),
        undone_by_id=actor.person_id,
        version=kept.version + 1,
    )
    if not moved:
        raise Conflict("This import was undone already.")
    withdraw_edition(actor=actor, edition_id=edition_id)
    remove_proxies(actor=actor, edition_id=edition_id)
    remove_withdrawn(actor=actor, edition_id=edition_id)
    record(
        actor=actor,
        deed=ImportDeed.FRAMEWORK_UNDONE,
        sentence=f"The import of {kept.file_name} was undone: its edition {kept.edition_slug} was taken back.",
        target=kept,
    )
    kept.refresh_from_db()
    return kept
