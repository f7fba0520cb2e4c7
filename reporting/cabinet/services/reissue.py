"""Issuing a frozen report again: a draft with the same words, whose figures follow the ledger once more."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from reporting.cabinet.models import CabinetReport, CabinetSection
from reporting.cabinet.permissions import can_see, why_not_reissue
from reporting.cabinet.queries.reports import sections_of
from reporting.cabinet.rules.format_one import EXHIBITS
from reporting.cabinet.vocabulary import CabinetDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible

SAME = (
    "authority_id", "kind", "template_id", "title", "committee", "financial_year", "quarter", "directorate",
    "region_id", "meeting_on", "contacts", "circulation_local", "circulation_other", "sign_off_steps",
    "needs_sign_off",
)  # fmt: skip
FIRST_FORMAT = 1


@transaction.atomic
def reissue_report(*, actor: Actor, report_id: int) -> CabinetReport:
    """The next issue of a frozen report, as a draft; the one before stays as it is, and is named in it.

    NotAllowed without the author's role, for a draft, or when it was issued again before; Conflict when somebody else
    did so in the same instant.
    """
    report = CabinetReport.objects.filter(pk=report_id).first()
    if report is None or not can_see(actor, report):
        raise NotVisible
    is_replaced = CabinetReport.objects.filter(replaces=report).exists()
    if reason := why_not_reissue(actor, report, is_replaced=is_replaced):
        raise NotAllowed(reason)
    try:
        with transaction.atomic():
            again = CabinetReport.objects.create(
                **{name: getattr(report, name) for name in SAME},
                issue=report.issue + 1,
                replaces=report,
                started_by_id=actor.person_id,
                started_at=clock.now(),
            )
    except IntegrityError as error:
        raise Conflict("Somebody else issued this report again a moment ago.") from error
    CabinetSection.objects.bulk_create(
        CabinetSection(
            report=again,
            kind=row.kind,
            heading=row.heading,
            is_numbered=row.is_numbered,
            position=row.position,
            narrative=_narrative(report, row),
        )
        for row in sections_of(report.pk)
    )
    _record(actor, report, again)
    return again


def _narrative(report: CabinetReport, section: CabinetSection) -> str:
    """The words as they were; a report of the first format did not name the exhibits that ended its sections."""
    if report.figures.get("format") != FIRST_FORMAT:
        return section.narrative
    exhibits = [exhibit.typed for exhibit in EXHIBITS.get(section.kind, ())]
    return "\n\n".join([section.narrative, *exhibits]).strip()


def _record(actor: Actor, report: CabinetReport, again: CabinetReport) -> None:
    facts = {"issue": again.issue, "replaces": report.pk, "figures_hash": report.figures_hash}
    sentence = f"{actor.name} began issue {again.issue} of the report “{report.title}”."
    for target in (again, report):
        record(
            actor=actor,
            deed=CabinetDeed.REISSUED,
            sentence=sentence,
            target=target,
            after=facts,
        )
