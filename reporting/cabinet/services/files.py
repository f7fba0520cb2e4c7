"""The files of a report: made from one content, kept privately with their hashes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.fields.files import FieldFile

from reporting.cabinet import renderers
from reporting.cabinet.models import CabinetReport, ReportFile
from reporting.cabinet.queries.jobs import kept_files, stored
from reporting.cabinet.queries.reports import content_for, report_for
from reporting.cabinet.rules.content import hash_of
from reporting.cabinet.rules.outputs import RENDERER
from reporting.cabinet.vocabulary import OutputKind
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.snapshots import one_view


@dataclass(frozen=True, slots=True)
class Made:
    """The files by kind, and why one of them is missing; mostly nothing."""

    files: Mapping[str, ReportFile]
    content_hash: str
    problem: str = ""


def make_files(
    *,
    actor: Actor,
    report_id: int,
    counts_only: bool = False,
    tell: Callable[[], object] = lambda: None,
) -> Made:
    """Make and keep every output of what the report says; those of this very content are not made again.

    For whoever may read the report: NotVisible and NotAllowed as ``report_for``. Without Pango there is no PDF, and
    ``problem`` says so.
    """
    with one_view():
        report = report_for(actor, report_id)
        content = content_for(actor, report)
    content_hash = report.figures_hash or hash_of(content)
    found = kept_files(report, counts_only=counts_only)
    if _is_complete(found, content_hash):
        return Made(found, content_hash)
    tell()
    outputs = renderers.outputs(content, report.figures_hash, counts_only)
    tell()
    return Made(
        _keep(report, counts_only, content_hash, outputs.files), content_hash, outputs.problem
    )


def _is_complete(found: Mapping[str, ReportFile], content_hash: str) -> bool:
    """Every kind is there, of this content, and in the store as it was kept."""
    return set(found) == set(OutputKind.values) and all(
        row.content_hash == content_hash and stored(row) is not None for row in found.values()
    )


def _keep(
    report: CabinetReport,
    counts_only: bool,
    content_hash: str,
    outputs: Mapping[OutputKind, renderers.Rendered],
) -> dict[str, ReportFile]:
    """All of them, or none: the files first, then the rows that name them, then the files they replace are gone."""
    made: dict[str, ReportFile] = {}
    for kind, output in outputs.items():
        row = ReportFile(
            report=report,
            kind=kind,
            counts_only=counts_only,
            content_hash=content_hash,
            renderer=RENDERER,
            sha256=output.sha256,
            size=len(output.content),
            pages=output.pages,
            made_at=clock.now(),
        )
        row.file.save(kind, ContentFile(output.content), save=False)
        made[kind] = row
    try:
        with transaction.atomic():
            # One at a time for a report: two workers would write the same rows.
            CabinetReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
            old = ReportFile.objects.filter(report=report, counts_only=counts_only)
            replaced = [row.file for row in old]
            old.delete()
            ReportFile.objects.bulk_create(made.values())
            transaction.on_commit(lambda: _forget(replaced))
    except Exception:
        _forget([row.file for row in made.values()])
        raise
    return made


def _forget(files: Iterable[FieldFile]) -> None:
    """Out of the store. One that is gone already, or cannot go, stands in nobody's way."""
    for file in files:
        with suppress(OSError):
            file.storage.delete(str(file.name))
