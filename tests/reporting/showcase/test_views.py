"""Stories in the browser: write, add a photo, send, publish, withdraw; and who may."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reporting.showcase import services
from reporting.showcase.models import Story
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.cabinet import reported
from tests.factories.reporting import browser, rows_of
from tests.factories.showcase import (
    TOLD_ON,
    WORDS,
    approver_of,
    author_of,
    drafted,
    picture,
    sent,
    told,
    with_photo,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(TOLD_ON):
        yield


@pytest.fixture
def authority():
    return AuthorityFactory()


@pytest.fixture
def author(authority):
    return author_of(authority)


def url(name, *args):
    return reverse(f"reporting:showcase:{name}", args=args)


def text(answer):
    return answer.content.decode()


def photo(content=None):
    return SimpleUploadedFile("yard.jpg", picture() if content is None else content, "image/jpeg")


def test_from_the_first_word_to_the_public(author, authority):
    client = browser(author)
    assert url("new") in text(client.get(url("list")))
    page = client.post(url("new"), WORDS | {"contract": ""}, follow=True)
    story = Story.objects.get()
    assert page.redirect_chain[-1][0] == url("story", story.pk)
    assert "Send for approval" in text(page)
    kept = client.post(
        url("add_photo", story.pk),
        {"photo": photo(), "alt": "A green yard", "version": story.version},
        follow=True,
    )
    assert "A green yard" in text(kept)
    story.refresh_from_db()
    assert client.get(url("send", story.pk)).status_code == 200
    assert (
        client.post(
            url("send", story.pk), {"has_agreement": "on", "version": story.version}
        ).status_code
        == 302
    )
    story.refresh_from_db()
    assert story.status == "awaiting_approval"
    judge = browser(approver_of(authority))
    assert f"Story: {story.title}" in text(judge.get("/"))
    assert "Approve and publish" in text(judge.get(url("story", story.pk)))
    done = judge.post(url("publish", story.pk), {"version": story.version}, follow=True)
    assert "The story is published." in text(done)
    assert "Story: " not in text(judge.get("/"))
    answer = Client().get(url("photo", story.pk))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == (
        "public, max-age=300",
        "nosniff",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": ""}, "Enter title"),
        ({"summary": "a" * 201}, "Summary must be 200 characters or fewer"),
        ({"body": "Ring 01926 410410."}, "Take out “01926 410410”"),
        ({"contract": "999999"}, "Select a contract from the list"),
    ],
)
def test_bad_input_keeps_what_was_typed(author, change, message):
    answer = browser(author).post(url("new"), WORDS | {"contract": ""} | change)
    assert answer.status_code == 422
    assert message in text(answer)
    assert change.get("body", "The yard was bare.") in text(answer)
    assert not Story.objects.exists()


def test_a_contract_of_others_cannot_be_named(author):
    world = reported()
    answer = browser(author).post(url("new"), WORDS | {"contract": str(world.contract.pk)})
    assert answer.status_code == 422
    assert world.contract.title not in text(answer)


def test_two_authors_at_once_are_told_what_differs_and_may_save_again(author):
    story = drafted(author)
    client = browser(author)
    form = WORDS | {"contract": "", "version": str(story.version)}
    assert client.post(url("change", story.pk), form | {"title": "First"}).status_code == 302
    late = client.post(url("change", story.pk), form | {"title": "Second"})
    assert late.status_code == 409
    assert late.context["conflict"].changed == {"Title": ("First", "Second")}
    assert "Second" in text(late)
    again = form | {"title": "Second", "version": late.context["form"]["version"].value()}
    assert client.post(url("change", story.pk), again).status_code == 302
    assert Story.objects.get().title == "Second"


def test_a_photo_outlives_the_words_that_are_missing(author):
    story = drafted(author)
    client = browser(author)
    answer = client.post(url("add_photo", story.pk), {"photo": photo(), "alt": "", "version": "1"})
    assert answer.status_code == 422
    assert "Enter what the photo shows" in text(answer)
    assert "yard.jpg is kept" in text(answer)
    version = answer.context["form"]["version"].value()
    good = client.post(url("add_photo", story.pk), {"alt": "A green yard", "version": version})
    assert good.status_code == 302
    assert Story.objects.get().photo_alt == "A green yard"


def test_what_is_no_photo_is_said_beside_the_box(author):
    story = drafted(author)
    answer = browser(author).post(
        url("add_photo", story.pk), {"photo": photo(b"words"), "alt": "A yard", "version": "1"}
    )
    assert answer.status_code == 422
    assert "The photo must be a JPEG or PNG picture" in text(answer)
    assert not Story.objects.get().photo
    none = browser(author).post(url("add_photo", story.pk), {"alt": "A yard", "version": "1"})
    assert none.status_code == 422
    assert "Choose a photo" in text(none)


def test_a_late_photo_is_a_conflict(author):
    story = with_photo(author, drafted(author))
    answer = browser(author).post(
        url("add_photo", story.pk), {"photo": photo(), "alt": "Late", "version": "1"}
    )
    assert answer.status_code == 409
    assert Story.objects.get().photo_alt == "A green yard beside a school"


def test_it_is_not_sent_without_the_tick(author):
    story = drafted(author)
    answer = browser(author).post(url("send", story.pk), {"version": story.version})
    assert answer.status_code == 422
    assert "Confirm that everybody" in text(answer)


def test_returning_withdrawing_and_opening_again(author, authority):
    judge = browser(approver_of(authority))
    story = sent(author, drafted(author))
    empty = judge.post(url("return", story.pk), {"reason": "", "version": story.version})
    assert empty.status_code == 422
    form = {"reason": "Say who benefited.", "version": story.version}
    assert judge.post(url("return", story.pk), form).status_code == 302
    client = browser(author)
    home = text(client.get("/"))
    assert "Stories to mend" in home
    assert "Say who benefited." in home
    assert "Say who benefited." in text(client.get(url("story", story.pk)))
    live = told(author)
    form = {"reason": "A mistake.", "version": live.version}
    assert client.post(url("withdraw", live.pk), form).status_code == 302
    page = text(client.get(url("story", live.pk)))
    assert "A mistake." in page
    assert "Open again as a draft" in page
    live.refresh_from_db()
    assert client.post(url("reopen", live.pk), {"version": live.version}).status_code == 302
    live.refresh_from_db()
    assert live.status == "draft"
    assert client.post(url("withdraw", live.pk), form).status_code == 409


def test_a_button_of_an_old_page_is_a_conflict(author, authority):
    story = sent(author, drafted(author))
    judge = browser(approver_of(authority))
    services.take_back_story(actor=author, story_id=story.pk, expected_version=story.version)
    answer = judge.post(url("publish", story.pk), {"version": story.version})
    assert answer.status_code == 409
    assert "Draft" in text(answer)
    assert judge.get(url("return", story.pk)).status_code == 409
    assert judge.post(url("publish", story.pk), {}).status_code == 302
    assert Story.objects.get().status == "draft"


def test_the_approver_who_wrote_it_is_told_so(authority, author):
    from tests.factories.accounts import MembershipFactory, actor_of

    user = MembershipFactory(
        role=Role.APPROVER, organisation=authority, user_id=author.user_id
    ).user
    story = sent(author, drafted(author))
    client = browser(actor_of(user, authority))
    page = text(client.get(url("story", story.pk)))
    assert "You wrote part of this story" in page
    assert "Approve and publish" not in page
    assert client.post(url("publish", story.pk), {"version": story.version}).status_code == 403
    assert client.get(url("return", story.pk)).status_code == 403


READ = ["list", "story"]
WRITE = ["new", "change", "add_photo", "send", "take_back", "remove_photo", "reopen"]
ANSWER = ["publish", "return"]


@pytest.mark.parametrize("name", [*WRITE, *ANSWER, "withdraw"])
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CONTRACT_MANAGER, Role.SUPPLIER_ADMIN])
def test_people_without_the_role_are_told_so(author, authority, role, name):
    story = sent(author, drafted(author))
    who = actor_for_role(role, None if role == Role.SUPPLIER_ADMIN else authority)
    args = [] if name == "new" else [story.pk]
    answer = browser(who).post(url(name, *args), {"version": story.version, "reason": "No."})
    assert answer.status_code == 403
    assert Story.objects.get().status == "awaiting_approval"


@pytest.mark.parametrize("name", ["story", "change", "add_photo", "send", "withdraw", "photo"])
def test_another_authority_finds_nothing(author, name):
    story = with_photo(author, drafted(author))
    client = browser(author_of(AuthorityFactory()))
    assert client.get(url(name, story.pk)).status_code == 404
    assert story.title not in text(client.get(url("list")))
    if name not in ("story", "photo"):
        answer = client.post(url(name, story.pk), {"version": story.version, "reason": "No."})
        assert answer.status_code == 404


def test_every_field_that_a_form_lays_out_is_there(author, caplog):
    """A form that lays out a field it lacks writes a warning for every page it draws."""
    client = browser(author)
    for address in (url("new"), url("change", drafted(author).pk)):
        assert client.get(address).status_code == 200
    assert [row.getMessage() for row in caplog.records if "form field" in row.getMessage()] == []


def test_a_supplier_and_somebody_signed_out_read_no_draft(author):
    story = with_photo(author, drafted(author))
    supplier = browser(actor_for_role(Role.SUPPLIER_ADMIN))
    assert supplier.get(url("story", story.pk)).status_code == 403
    assert supplier.get(url("photo", story.pk)).status_code == 404
    assert Client().get(url("photo", story.pk)).status_code == 404
    assert Client().get(url("story", story.pk)).status_code == 302


def test_everybody_of_the_authority_reads_and_only_reads(author, authority):
    story = sent(author, drafted(author))
    page = text(browser(actor_for_role(Role.AUDITOR, authority)).get(url("story", story.pk)))
    assert "An approver of your organisation reads it next." in page
    for button in ("Approve and publish", "Take back", "Withdraw", "Return with"):
        assert button not in page


def test_the_list_and_its_files_hold_the_same_rows(author):
    for number in range(23):
        drafted(author, title=f"Story {number:02}")
    told(author, title="Told")
    drafted(author_of(AuthorityFactory()), title="Theirs")
    client = browser(author)
    page = text(client.get(url("list")))
    assert "Showing 1 to 20 of 24 stories" in " ".join(page.split()).replace(
        "</strong>", ""
    ).replace("<strong>", "")
    rows = rows_of(client.get(url("export", "csv")).content)
    assert len(rows) == 24
    narrowed = rows_of(client.get(url("export", "csv") + "?status=published").content)
    assert [row["Story"] for row in narrowed] == ["Told"]
    assert "No stories match" in text(client.get(url("list") + "?q=nothing"))


def test_pounds_are_hidden_with_counts_only():
    world = reported()
    story = told(world.author, contract_id=world.contract.pk)
    client = browser(world.author)
    for page in (url("list"), url("story", story.pk)):
        assert "£750" in text(client.get(page))
        counted = text(client.get(page + "?counts=1"))
        main = counted[counted.index("<main") : counted.index("</main>")]
        assert "60 hours" in main
        assert "£" not in main
    head = rows_of(client.get(url("export", "csv") + "?counts=1").content)[0]
    assert "Verified so far (£)" not in head
    assert head["Verified quantities"] == "Measure M1: 60 hours"
