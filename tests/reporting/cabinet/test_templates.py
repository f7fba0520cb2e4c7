"""An organisation's own forms of a report: copied, changed, archived, seen by nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from reporting.cabinet import services
from reporting.cabinet.models import ReportTemplate
from reporting.cabinet.vocabulary import ReportKind
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW
from tests.factories.reporting import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


@pytest.fixture
def author():
    return actor_for_role(Role.REPORT_AUTHOR)


@pytest.fixture
def template(author):
    return services.copy_form(actor=author, name="Ours", kind=ReportKind.CABINET)


def url(name, *args):
    return reverse(f"reporting:cabinet:{name}", args=args)


def facts(template, **more):
    given = {
        "template_id": template.pk,
        "expected_version": template.version,
        "name": template.name,
        "committee": template.committee,
        "sections": [
            services.TemplateSection(row["kind"], row["heading"], row["is_numbered"])
            for row in template.sections
        ],
        "contact_roles": template.contact_roles,
        "sign_off_steps": template.sign_off_steps,
        "needs_sign_off": template.needs_sign_off,
    }
    return given | more


def test_a_copy_has_everything_of_the_form(author, template):
    assert (template.kind, template.committee) == ("cabinet", "Cabinet")
    assert [row["kind"] for row in template.sections][:2] == ["recommendation", "executive_summary"]
    assert all(row["narrative"] for row in template.sections)
    assert template.contact_roles[0] == "Report Author"
    assert template.sign_off_steps == ["finance", "legal", "director"]
    again = services.copy_form(actor=author, name="Another", template_id=template.pk)
    assert again.sections == template.sections
    assert AuditRecord.objects.filter(deed="report_template_saved").count() == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " ", "kind": "cabinet"}, "name"),
        ({"name": "x" * 121, "kind": "cabinet"}, "name"),
        ({"name": "Ours", "kind": "cabinet"}, "name"),
        ({"name": "New", "kind": "novel"}, "kind"),
    ],
)
def test_a_copy_that_cannot_be_made_is_refused(author, template, given, field):
    with pytest.raises(RuleBroken) as refused:
        services.copy_form(actor=author, **given)
    assert refused.value.errors[0][0] == field
    assert ReportTemplate.objects.count() == 1


def test_headings_are_ordered_renamed_added_and_left_out_with_their_words(author, template):
    words = {row["kind"]: row["narrative"] for row in template.sections}
    sections = [
        services.TemplateSection("financial", "Money", True),
        services.TemplateSection("", "Equality implications", True),
        services.TemplateSection("recommendation", "Recommendations", False),
    ]
    changed = services.change_template(actor=author, **facts(template, sections=sections))
    assert changed.sections == [
        {
            "kind": "financial",
            "heading": "Money",
            "is_numbered": True,
            "narrative": words["financial"],
        },
        {
            "kind": "equality_implications",
            "heading": "Equality implications",
            "is_numbered": True,
            "narrative": "",
        },
        {
            "kind": "recommendation",
            "heading": "Recommendations",
            "is_numbered": False,
            "narrative": words["recommendation"],
        },
    ]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": ""}, "name"),
        ({"committee": " "}, "committee"),
        ({"committee": "x" * 81}, "committee"),
        ({"sections": []}, "sections"),
        ({"sections": [services.TemplateSection("", "", True)]}, "heading"),
        (
            {
                "sections": [
                    services.TemplateSection("", "Twice", True),
                    services.TemplateSection("", "twice", True),
                ]
            },
            "heading",
        ),
        ({"contact_roles": [f"Role {n}" for n in range(13)]}, "contact_roles"),
        ({"sign_off_steps": ["mayor"]}, "sign_off_steps"),
        ({"sign_off_steps": [], "needs_sign_off": True}, "sign_off_steps"),
    ],
)
def test_what_a_template_cannot_say_is_refused(author, template, more, field):
    with pytest.raises(RuleBroken) as refused:
        services.change_template(actor=author, **facts(template, **more))
    assert refused.value.errors[0][0] == field


def test_steps_keep_the_order_of_the_route(author, template):
    changed = services.change_template(
        actor=author, **facts(template, sign_off_steps=["director", "finance"], needs_sign_off=True)
    )
    assert changed.sign_off_steps == ["finance", "director"]


def test_words_of_a_template_name_only_what_its_reports_have(author, template):
    region = services.copy_form(actor=author, name="Board", kind=ReportKind.REGION)

    def write(which, text, version=1):
        return services.write_template_section(
            actor=author,
            template_id=which.pk,
            kind="recommendation",
            expected_version=version,
            narrative=text,
        )

    changed = write(template, "In {period}:\r\n\r\n{contracts_live}")
    assert changed.sections[0]["narrative"] == "In {period}:\n\n{contracts_live}"
    with pytest.raises(RuleBroken, match="not a figure of this kind"):
        write(region, "{contracts_live}")
    with pytest.raises(RuleBroken, match="names no table"):
        write(region, "{table:contracts}")
    with pytest.raises(Conflict) as second:
        write(template, "Late.", version=1)
    assert second.value.changed == {
        "Words of Recommendation": ("In {period}:\n\n{contracts_live}", "Late.")
    }


def test_two_people_changing_at_once_see_what_differs(author, template):
    services.change_template(actor=author, **facts(template, committee="Council"))
    with pytest.raises(Conflict) as second:
        services.change_template(actor=author, **facts(template, committee="Board"))
    assert second.value.changed == {"Who the reports are for": ("Council", "Board")}


def test_an_archived_template_frees_its_name(author, template):
    services.archive_template(actor=author, template_id=template.pk, expected_version=1)
    with pytest.raises(NotVisible):
        services.change_template(actor=author, **facts(template))
    again = services.copy_form(actor=author, name="Ours", kind=ReportKind.ANNUAL)
    assert again.pk != template.pk


def test_another_organisations_template_does_not_exist_and_only_authors_write_one(author, template):
    stranger = actor_for_role(Role.REPORT_AUTHOR)
    with pytest.raises(NotVisible):
        services.change_template(actor=stranger, **facts(template))
    with pytest.raises(NotVisible):
        services.copy_form(actor=stranger, name="Mine", template_id=template.pk)
    with pytest.raises(NotVisible):
        services.archive_template(actor=stranger, template_id=template.pk, expected_version=1)
    with pytest.raises(NotAllowed):
        services.copy_form(
            actor=actor_for_role(Role.POLICY_OWNER), name="Mine", kind=ReportKind.CABINET
        )


# --- pages --------------------------------------------------------------------------------------


def test_a_form_is_copied_changed_and_started_from(author):
    client = browser(author)
    assert "No templates of your own yet" in client.get(url("templates")).content.decode()
    answer = client.post(
        url("copy_template"), {"copy_of": "cabinet", "name": "Resources"}, follow=True
    )
    page = answer.content.decode()
    assert "The template is made." in page
    template = ReportTemplate.objects.get()
    assert url("template_section", template.pk, "financial") in page
    form = {
        "name": "Resources",
        "committee": "Resources Committee",
        "contact_roles": "Author\r\n\r\nDirector",
        "sign_off_steps": ["legal"],
        "version": "1",
        "sections-TOTAL_FORMS": "2",
        "sections-INITIAL_FORMS": "0",
        "sections-0-kind": "financial",
        "sections-0-heading": "Money",
        "sections-0-is_numbered": "on",
        "sections-1-kind": "",
        "sections-1-heading": "Law",
    }
    more = client.post(url("template", template.pk), form | {"sections-add": "1"})
    assert more.status_code == 200
    assert "sections-2-heading" in more.content.decode()
    assert 'value="Resources Committee"' in more.content.decode()
    assert client.post(url("template", template.pk), form).status_code == 302
    template.refresh_from_db()
    assert (template.committee, template.contact_roles) == (
        "Resources Committee",
        ["Author", "Director"],
    )
    assert [row["heading"] for row in template.sections] == ["Money", "Law"]
    moved = form | {"version": "2", "sections-0-place": "2", "sections-1-place": "1"}
    moved |= {"sections-1-kind": "law"}
    assert client.post(url("template", template.pk), moved).status_code == 302
    template.refresh_from_db()
    assert [row["kind"] for row in template.sections] == ["law", "financial"]
    late = client.post(url("template", template.pk), form | {"committee": "Board"})
    assert late.status_code == 409
    assert "Resources Committee" in late.content.decode()
    wrong = client.post(
        url("template", template.pk), form | {"version": "3", "sections-1-heading": "money"}
    )
    assert wrong.status_code == 422
    assert "Another section has this heading" in wrong.content.decode()
    new = client.get(f"{url('new')}?template={template.pk}").content.decode()
    assert "Resources" in new


def test_the_words_of_a_section_are_written_and_searched(author, template):
    client = browser(author)
    address = url("template_section", template.pk, "financial")
    page = client.get(address).content.decode()
    assert "{period}" in page
    assert "{committed_total}" in page
    found = client.post(
        address, {"narrative": "Mine.", "version": "1", "find": "carbon zzz", "preview": "1"}
    )
    assert "Nothing has these words." in found.content.decode()
    put = client.post(address, {"narrative": "Mine.", "version": "1", "insert": "{chart:themes}"})
    assert "Mine.\n\n{chart:themes}" in put.content.decode()
    wrong = client.post(address, {"narrative": "{profit}", "version": "1"})
    assert wrong.status_code == 422
    assert client.post(address, {"narrative": "Mine.", "version": "1"}).status_code == 302
    late = client.post(address, {"narrative": "Late.", "version": "1"})
    assert late.status_code == 409
    assert client.get(url("template_section", template.pk, "gossip")).status_code == 404


def test_a_template_is_archived_by_its_button(author, template):
    client = browser(author)
    answer = client.post(url("archive_template", template.pk), {"version": "1"}, follow=True)
    assert "is archived" in answer.content.decode()
    assert client.get(url("template", template.pk)).status_code == 404


@pytest.mark.parametrize("name", ["template", "archive_template"])
def test_a_foreign_template_is_not_found(template, name):
    client = browser(actor_for_role(Role.REPORT_AUTHOR))
    assert client.post(url(name, template.pk), {"version": "1"}).status_code == 404
    assert client.get(url("template_section", template.pk, "financial")).status_code == 404
