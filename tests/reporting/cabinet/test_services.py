"""Writing a report: title, sections, contacts; who may, and what comes back."""

from __future__ import annotations

from datetime import date

import pytest

from reporting.cabinet import services
from reporting.cabinet.models import CabinetReport, CabinetSection
from reporting.cabinet.vocabulary import ReportStatus
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW, YEAR, draft, reported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


def section(report, kind="financial"):
    return CabinetSection.objects.get(report=report, kind=kind)


def write(actor, report, text, *, kind="financial", version=None):
    return services.write_section(
        actor=actor,
        report_id=report.pk,
        kind=kind,
        expected_version=section(report, kind).version if version is None else version,
        narrative=text,
    )


def test_a_started_report_has_every_heading_filled_in():
    world = reported()
    report = draft(world.author)
    assert report.status == ReportStatus.DRAFT
    assert all(row.narrative for row in report.sections.all())
    assert report.sections.count() == 8
    assert "{committed_total}" in section(report, "executive_summary").narrative
    assert AuditRecord.objects.filter(deed="report_started", target_id=report.pk).count() == 1


@pytest.mark.parametrize("role", [Role.POLICY_OWNER, Role.CONTRACT_MANAGER, Role.SUPPLIER_ADMIN])
def test_only_an_author_starts_a_report(role):
    with pytest.raises(NotAllowed):
        services.start_report(
            actor=actor_for_role(role), title="T", financial_year=YEAR, meeting_on=date(2026, 9, 9)
        )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": "x" * 201}, "title"),
        ({"financial_year": "2025"}, "financial_year"),
        ({"financial_year": "2025-27"}, "financial_year"),
        ({"financial_year": "2026-27"}, "financial_year"),
    ],
)
def test_bad_input_is_refused_with_its_field(facts, field):
    world = reported()
    good = {"title": "T", "financial_year": YEAR, "meeting_on": date(2026, 9, 9)}
    with pytest.raises(RuleBroken) as refused:
        services.start_report(actor=world.author, **(good | facts))
    assert refused.value.errors[0][0] == field
    assert not CabinetReport.objects.exists()


def test_a_section_keeps_what_is_written_and_who_wrote_it():
    world = reported()
    report = draft(world.author)
    write(world.author, report, "One.\r\n\r\nTwo {verified_total}.")
    assert section(report).narrative == "One.\n\nTwo {verified_total}."
    assert section(report).version == 2
    record = AuditRecord.objects.get(deed="report_changed")
    assert record.after == {"narrative": "One.\n\nTwo {verified_total}."}


def test_a_wrong_reference_is_refused_and_nothing_is_lost():
    world = reported()
    report = draft(world.author)
    before = section(report).narrative
    with pytest.raises(RuleBroken, match=r"\{profit\} is not the name of a figure"):
        write(world.author, report, "We made {profit}.")
    assert section(report).narrative == before


def test_two_people_saving_at_once():
    world = reported()
    report = draft(world.author)
    write(world.author, report, "First.", version=1)
    with pytest.raises(Conflict) as second:
        write(world.author, report, "Second.", version=1)
    assert second.value.changed == {"Text of Financial Implications": ("First.", "Second.")}
    assert section(report).narrative == "First."


def test_another_authoritys_report_does_not_exist():
    report = draft(reported().author)
    stranger = actor_for_role(Role.REPORT_AUTHOR)
    with pytest.raises(NotVisible):
        write(stranger, report, "Mine.")
    with pytest.raises(NotVisible):
        services.freeze_report(actor=stranger, report_id=report.pk)


def test_the_own_authority_without_the_role_may_not_write():
    world = reported()
    report = draft(world.author)
    with pytest.raises(NotAllowed):
        write(world.manager, report, "Mine.")
    with pytest.raises(NotAllowed):
        services.freeze_report(actor=world.manager, report_id=report.pk)


def test_contacts_and_circulation():
    world = reported()
    report = draft(world.author)
    services.set_contacts(
        actor=world.author,
        report_id=report.pk,
        expected_version=1,
        contacts=[
            services.Contact("Report Author", "The author", "author@example.org"),
            services.Contact(" ", "", ""),
        ],
        circulation_local=" None ",
        circulation_other="The opposition",
    )
    report.refresh_from_db()
    assert report.contacts == [
        {"role": "Report Author", "name": "The author", "contact": "author@example.org"}
    ]
    assert (report.circulation_local, report.circulation_other) == ("None", "The opposition")
    with pytest.raises(Conflict) as second:
        services.set_contacts(
            actor=world.author,
            report_id=report.pk,
            expected_version=1,
            contacts=[services.Contact("Portfolio Holder", "", "")],
            circulation_local="None",
            circulation_other="",
        )
    assert second.value.changed == {
        "Contacts": ("Report Author, The author, author@example.org", "Portfolio Holder"),
        "Other members the report was circulated to": ("The opposition", "Nothing"),
    }


def test_title_and_date_change_once():
    world = reported()
    report = draft(world.author)
    change = {"actor": world.author, "report_id": report.pk, "expected_version": 1}
    services.change_report(**change, title="  A   new title ", meeting_on=date(2026, 10, 1))
    report.refresh_from_db()
    assert (report.title, report.meeting_on) == ("A new title", date(2026, 10, 1))
    with pytest.raises(Conflict) as second:
        services.change_report(**change, title="Late", meeting_on=date(2026, 10, 2))
    assert second.value.changed == {
        "Title": ("A new title", "Late"),
        "Date of the Cabinet meeting": ("1 October 2026", "2 October 2026"),
    }
