"""Writing a section at a browser, without JavaScript and with it; two people at once; nothing typed is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from reporting.cabinet import services
from reporting.cabinet.models import CabinetSection, SectionDraft
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import PASSWORD, AuthorityFactory, actor_for_role
from tests.factories.cabinet import NOW, draft, reported
from tests.factories.reporting import browser
from tests.factories.showcase import author_of, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(NOW):
        yield


@pytest.fixture
def world():
    return reported()


@pytest.fixture
def report(world):
    return draft(world.author)


@pytest.fixture
def client(world):
    return browser(world.author)


def url(name, report, *args):
    return reverse(f"reporting:cabinet:{name}", args=[report.pk, *args])


def here(report, name="section", kind="financial"):
    return url(name, report, kind)


def section(report, kind="financial"):
    return CabinetSection.objects.get(report=report, kind=kind)


def text_of(answer):
    """What stands in the box."""
    return answer.context["form"]["narrative"].value()


def test_the_page_has_the_text_the_preview_and_everything_that_can_be_inserted(client, report):
    page = client.get(here(report)).content.decode()
    assert section(report).narrative.split("\n")[0][:40] in page
    # The preview shows the section alone, numbered as in the report, with its figures filled in.
    assert "2. Financial Implications" in page
    assert "1. Executive Summary" not in page
    assert "Table 2. Social value by quarter" in page
    assert "What suppliers have promised in their contracts" in page
    for typed in ("{verified_total}", "{chart:themes}", "{table:shortfalls}"):
        assert f'value="{typed}"' in page
    assert "£11,000" in page


def test_a_figure_and_a_chart_are_inserted_without_a_script(client, report):
    sent = {"narrative": "We verified", "version": "1"}
    answer = client.post(here(report), sent | {"insert": "{verified_total}"})
    assert answer.status_code == 200
    assert text_of(answer) == "We verified {verified_total}"
    assert "We verified £750" in " ".join(strip_tags(answer.content.decode()).split())
    answer = client.post(here(report), sent | {"insert": "{chart:themes}"})
    assert text_of(answer) == "We verified\n\n{chart:themes}"
    answer = client.post(here(report), sent | {"insert": "<b>"})
    assert text_of(answer) == "We verified"
    assert section(report).version == 1


def test_the_list_is_searched_without_a_script_and_the_text_stays(client, report):
    sent = {"narrative": "Half a sentence", "version": "1", "preview": "1"}
    answer = client.post(here(report), sent | {"find": "avoided VERIFIED"})
    rows = [row.typed for group in answer.context["groups"] for row in group.rows]
    assert rows == ["{tco2e_verified}"]
    assert text_of(answer) == "Half a sentence"
    none = client.post(here(report), sent | {"find": "zzz"}).content.decode()
    assert "Nothing has these words." in none


def test_the_preview_says_what_cannot_be_shown(client, report):
    answer = client.post(here(report, "preview"), {"narrative": "{profit} and {verified_total}"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "{profit} is not the name of a figure." in page
    assert "£750" in page
    assert "<html" not in page
    assert section(report).version == 1


def test_a_story_is_inserted_with_the_consent_of_who_is_in_it(world, client, report):
    story = told(world.author, title="A warm home", contract_id=world.contract.pk)
    page = client.get(here(report)).content.decode()
    assert f'value="{{story:{story.slug}}}"' in page
    assert "everybody who can be recognised in it agreed" in page
    answer = client.post(here(report, "preview"), {"narrative": f"{{story:{story.slug}}}"})
    shown = answer.content.decode()
    assert "A warm home" in shown
    assert "agreed that it is told" in shown
    other = told(author_of(AuthorityFactory()), title="Elsewhere")
    answer = client.post(here(report, "preview"), {"narrative": f"{{story:{other.slug}}}"})
    assert "no story of this name is published" in answer.content.decode()
    assert "Elsewhere" not in answer.content.decode()


def test_saving_goes_back_to_the_report_or_stays(client, report):
    answer = client.post(here(report), {"narrative": "One.", "version": "1"})
    assert (answer.status_code, answer.url) == (302, url("report", report))
    answer = client.post(here(report), {"narrative": "Two.", "version": "2", "stay": "1"})
    assert (answer.status_code, answer.url) == (302, here(report))
    assert section(report).narrative == "Two."


def test_a_wrong_name_is_told_and_the_text_stays(client, report):
    answer = client.post(here(report), {"narrative": "We made {profit}.", "version": "1"})
    assert answer.status_code == 422
    assert text_of(answer) == "We made {profit}."
    assert "is not the name of a figure" in answer.content.decode()


# --- drafts -------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_for_its_writer_alone(world, client, report):
    typed = "Half a {sent"
    answer = client.post(here(report, "keep_draft"), {"narrative": typed, "version": "1"})
    assert answer.status_code == 200
    assert section(report).narrative != typed
    mine = client.get(here(report))
    assert text_of(mine) == typed
    assert "This is what you typed and have not saved" in mine.content.decode()
    colleague = browser(actor_for_role(Role.REPORT_AUTHOR, world.authority))
    theirs = colleague.get(here(report))
    assert text_of(theirs) == section(report).narrative
    page = theirs.content.decode()
    assert typed not in page
    assert "has text in this section that is not saved yet, last typed at 14:05" in page
    assert (
        "You have text here that is not saved yet."
        in client.get(url("report", report)).content.decode()
    )
    assert "You have text here" not in colleague.get(url("report", report)).content.decode()


def test_saving_or_typing_what_is_saved_takes_the_draft_away(client, report):
    keep = here(report, "keep_draft")
    client.post(keep, {"narrative": "Mine", "version": "1"})
    client.post(here(report), {"narrative": "Mine", "version": "1"})
    assert not SectionDraft.objects.exists()
    client.post(keep, {"narrative": "More", "version": "2"})
    client.post(keep, {"narrative": "Mine ", "version": "2"})
    assert not SectionDraft.objects.exists()


def test_a_draft_is_thrown_away_by_its_button(client, report):
    client.post(here(report, "keep_draft"), {"narrative": "Mine", "version": "1"})
    answer = client.post(here(report, "drop_draft"), follow=True)
    assert text_of(answer) == section(report).narrative
    assert not SectionDraft.objects.exists()


def test_keeping_goes_on_when_somebody_else_has_saved_and_says_so(world, client, report):
    colleague = actor_for_role(Role.REPORT_AUTHOR, world.authority)
    services.write_section(
        actor=colleague,
        report_id=report.pk,
        kind="financial",
        expected_version=1,
        narrative="Theirs.",
    )
    answer = client.post(here(report, "keep_draft"), {"narrative": "Mine.", "version": "1"})
    assert answer.status_code == 200
    assert "Somebody else has saved this section" in answer.content.decode()
    page = client.get(here(report))
    assert text_of(page) == "Mine."
    assert "you see both texts" in page.content.decode()
    # The version it began from goes with it, so that saving cannot write over theirs unseen.
    assert page.context["form"]["version"].value() == 1


def test_keeping_refuses_what_it_cannot_read_and_who_is_signed_out(client, report):
    keep = here(report, "keep_draft")
    assert client.post(keep, {"narrative": "Mine", "version": "x"}).status_code == 422
    client.logout()
    assert client.post(keep, {"narrative": "Mine", "version": "1"}).status_code == 401


# --- two people at once -------------------------------------------------------------------------


@pytest.fixture
def taken(world, report):
    """A colleague has saved the section first."""
    services.write_section(
        actor=actor_for_role(Role.REPORT_AUTHOR, world.authority),
        report_id=report.pk,
        kind="financial",
        expected_version=1,
        narrative="Same.\n\nTheirs {verified_total}.",
    )
    return report


def test_who_saves_second_sees_both_texts(client, taken):
    answer = client.post(here(taken), {"narrative": "Same.\r\n\r\nMine.", "version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert text_of(answer).replace("\r\n", "\n") == "Same.\n\nMine."
    assert [(pair.saved, pair.typed) for pair in answer.context["both"]] == [
        ("Same.", "Same."),
        ("Theirs {verified_total}.", "Mine."),
    ]
    assert "Save my text instead" in page
    # Nothing is kept by itself until a person has chosen.
    assert "data-autosave-url" not in page
    assert section(taken).narrative.endswith("Theirs {verified_total}.")


def test_then_saving_again_is_a_choice(client, taken):
    answer = client.post(here(taken), {"narrative": "Mine.", "version": "1"})
    version = answer.context["form"]["version"].value()
    assert version == "2"
    assert client.post(here(taken), {"narrative": "Mine.", "version": version}).status_code == 302
    assert section(taken).narrative == "Mine."


def test_both_texts_can_be_put_into_the_box(client, taken):
    answer = client.post(here(taken), {"narrative": "Same.\n\nMine.", "version": "2", "both": "1"})
    assert text_of(answer) == "Same.\n\nTheirs {verified_total}.\n\nMine."
    assert section(taken).version == 2


# --- arranging ----------------------------------------------------------------------------------


def order(report):
    return list(
        CabinetSection.objects.filter(report=report)
        .order_by("position")
        .values_list("kind", flat=True)
    )


def test_a_section_is_added_named_moved_and_taken_out(client, report):
    answer = client.post(
        url("sections", report),
        {"heading": "Legal implications", "is_numbered": "on", "after": "financial"},
    )
    assert answer.url == here(report, kind="legal_implications")
    assert order(report)[2:5] == ["financial", "legal_implications", "environmental"]
    client.post(here(report, "move_section", "legal_implications"), {"step": "up"})
    assert order(report)[2:4] == ["legal_implications", "financial"]
    page = client.get(url("sections", report)).content.decode()
    assert "2. Legal implications" in page
    assert "3. Financial Implications" in page
    answer = client.post(
        here(report, "heading", "legal_implications"), {"heading": "Law", "version": "1"}
    )
    assert answer.url == url("sections", report)
    assert "2. Financial Implications" in client.get(url("sections", report)).content.decode()
    late = client.post(
        here(report, "heading", "legal_implications"), {"heading": "Laws", "version": "1"}
    )
    assert late.status_code == 409
    assert (
        client.post(
            here(report, "remove_section", "legal_implications"), {"version": "1"}
        ).status_code
        == 409
    )
    client.post(here(report, "remove_section", "legal_implications"), {"version": "2"})
    assert "legal_implications" not in order(report)
    assert client.get(here(report, kind="legal_implications")).status_code == 404
    positions = CabinetSection.objects.filter(report=report).values_list("position", flat=True)
    assert sorted(positions) == list(range(1, 9))


def test_the_first_stays_first_and_the_last_stays_last(client, report):
    before = order(report)
    client.post(here(report, "move_section", "recommendation"), {"step": "up"})
    client.post(here(report, "move_section", "background_papers"), {"step": "down"})
    assert order(report) == before


def test_two_sections_do_not_have_one_heading(client, report):
    answer = client.post(
        url("sections", report), {"heading": "financial IMPLICATIONS", "after": "financial"}
    )
    assert answer.status_code == 422
    assert "Another section has this heading" in answer.content.decode()


def test_the_last_section_is_not_taken_out(client, report):
    for kind in order(report)[:-1]:
        client.post(here(report, "remove_section", kind), {"version": "1"})
    left = order(report)
    client.post(here(report, "remove_section", left[0]), {"version": "1"})
    assert order(report) == left == ["background_papers"]


# --- who may -------------------------------------------------------------------------------------

POSTS = (
    "section",
    "keep_draft",
    "drop_draft",
    "preview",
    "heading",
    "move_section",
    "remove_section",
)


@pytest.mark.parametrize("name", POSTS)
def test_another_authoritys_section_is_not_found_and_readers_do_not_write(world, report, name):
    sent = {"narrative": "Mine", "version": "1", "heading": "Mine", "step": "up"}
    stranger = browser(actor_for_role(Role.REPORT_AUTHOR))
    assert stranger.post(here(report, name), sent).status_code == 404
    for role in (Role.APPROVER, Role.POLICY_OWNER, Role.AUDITOR):
        reader = browser(actor_for_role(role, world.authority))
        assert reader.post(here(report, name), sent).status_code == 403
    assert not SectionDraft.objects.exists()
    assert section(report).version == 1


def test_nobody_writes_in_a_frozen_report(world, client, report):
    services.freeze_report(actor=world.author, report_id=report.pk)
    for name in POSTS:
        answer = client.post(
            here(report, name), {"narrative": "Mine", "version": "1", "heading": "Mine"}
        )
        assert answer.status_code in (403, 422), name
    assert (
        client.post(url("sections", report), {"heading": "Mine", "after": "financial"}).status_code
        == 403
    )


# --- nothing typed is lost ------------------------------------------------------------------------


def test_what_was_typed_after_the_session_ended_is_there_after_signing_in(world, client, report):
    client.logout()
    sent = {"narrative": "Typed while signed out {profit}", "version": "1"}
    answer = client.post(here(report), sent)
    assert answer.status_code == 302
    assert here(report) in answer.url
    # The session that holds the text is the one that signs in.
    client.post(
        answer.url,
        {"login": User.objects.get(pk=world.author.user_id).email, "password": PASSWORD},
    )
    again = client.get(here(report))
    assert text_of(again) == sent["narrative"]
    assert "You were signed out." in again.content.decode()


def test_the_reports_page_names_text_that_is_not_saved(world, client, report):
    client.post(here(report, "keep_draft"), {"narrative": "Mine", "version": "1"})
    reader = browser(actor_for_role(Role.APPROVER, world.authority))
    page = reader.get(url("report", report)).content.decode()
    assert "has text in Financial Implications that is not saved." in page
    assert "Mine" not in page
