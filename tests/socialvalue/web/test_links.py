"""Every address that is a key, as docs/security.md lists them: altered, taken elsewhere, too old, revoked, used twice.

What such an address opens is tested in its room. Here all of them are held to the same: a calm answer, none of what
the link was about, and no way for the address to reach another site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from procurement.deliveries.models import Confirmation, Delegation
from procurement.deliveries.services import (
    ask_confirmation,
    cancel_confirmation,
    delegate,
    end_delegation,
)
from procurement.reminders.services import make_feed, revoke_feed
from procurement.tenders.models import TenderEmailInvitation
from procurement.tenders.queries import token_of
from procurement.tenders.services import invite_by_email, revoke_link
from socialvalue.accounts.models import Invitation, Organisation, User
from socialvalue.accounts.queries import registration_path
from socialvalue.accounts.services import invite, revoke_invitation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.jobs import run_inline
from tests.architecture.house import ROOT
from tests.factories.accounts import PASSWORD, AuthorityFactory, actor_of, user_with_role
from tests.factories.deliveries import claim, world
from tests.factories.tenders import NOW, published
from tests.permissions.test_every_address import addresses

NEW_PASSWORD = "walnut-harvest-basket"
LATER = timedelta(days=400)


@dataclass
class World:
    paths: dict[str, str]
    secret: tuple[str, ...]
    """What no answer for a link that does not work may say."""


def typed_in(letter_to: str, pattern: str) -> str:
    letter = next(found for found in reversed(mail.outbox) if found.to == [letter_to])
    return re.search(pattern, letter.body)[1]


def make() -> World:
    w, t = world(), published()
    Organisation.objects.filter(pk=w.authority.pk).update(name="Canary Council")
    Organisation.objects.filter(pk=w.supplier.pk).update(name="Canary Supplies")
    council = AuthorityFactory(name="Canary Borough")
    admin = actor_of(user_with_role(Role.ORGANISATION_ADMIN, council))
    invite(actor=admin, email="new@canary.example", roles=[Role.EVALUATOR])
    delegate(
        actor=w.claimant,
        commitment_id=w.hours.pk,
        email="depot@canary.example",
        site="Canary depot",
    )
    made = claim(w.claimant, w.hours)
    ask_confirmation(
        actor=w.manager, claim_id=made.pk, group="Canary School", email="school@canary.example"
    )
    link = invite_by_email(actor=t.officer, tender_id=t.tender.pk, email="bids@canary.example")
    feed = make_feed(actor=w.claimant)
    person = user_with_role(Role.SUPPLIER_ADMIN)
    client = Client()
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/email/", {"email": "other@canary.example", "action_add": "1"})
    forgetful = user_with_role(Role.SUPPLIER_ADMIN)
    Client().post("/account/password/reset/", {"email": forgetful.email})
    site = r"https?://[^/]+"
    return World(
        {
            "invitation": typed_in("new@canary.example", rf"{site}(/invitations/\S+)"),
            "registration": registration_path("fresh@canary.example"),
            "tender": reverse("procurement:tenders:link", args=[token_of(link)]),
            "hand-in": typed_in("depot@canary.example", rf"{site}(/deliveries/hand-in/\S+)"),
            "confirmation": typed_in("school@canary.example", rf"{site}(/deliveries/confirm/\S+)"),
            "calendar": reverse("procurement:reminders:calendar", args=[feed]),
            "new password": typed_in(forgetful.email, rf"{site}(/account/password/reset/key/\S+)"),
            "new address": typed_in("other@canary.example", rf"{site}(/account/confirm-email/\S+)"),
        },
        ("Canary", "canary.example", forgetful.email, person.email, t.procurement.title),
    )


@pytest.fixture(scope="module")
def links(django_db_setup, django_db_blocker):
    """One link of every kind, made once for this file."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        mail.outbox = []
        with run_inline(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(transaction, "on_commit", lambda job, **more: job())
            found = make()
        yield found
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _day(links, db):
    with time_machine.travel(NOW + timedelta(hours=1), tick=False), run_inline():
        yield


def opened(path, *, method="get", data=None):
    """The answer to a stranger's browser, and where it leads on this site."""
    return getattr(Client(), method)(path, data or {}, follow=True)


def faults(path, answer, secret):
    """What is wrong with the answer to a link that does not work."""
    text = answer.content.decode(errors="replace")
    found = []
    # A null byte is refused before anything looks at the address.
    refused = 400 if "%00" in path else 404
    if answer.status_code not in (200, 404, 405, 409, 410, refused):
        found.append(f"{path}: {answer.status_code}")
    if answer.wsgi_request.resolver_match and answer.status_code == 200:
        # A page that says so, and not a form to use the link with.
        form = re.search(r"<main.*?</main>", text, re.S)
        if form and re.search(r'name="(?:password1?|quantity|answer|full_name|email)"', form[0]):
            found.append(f"{path}: there is a form")
    found += [f"{path}: says {word!r}" for word in secret if word in text]
    return found


def altered(path):
    """The same address with its secret changed, cut, emptied or made longer."""
    *_, token = [part for part in re.split(r"[/]", path.removesuffix(".ics")) if part]
    middle = len(token) // 2
    other = "A" if token[middle] != "A" else "B"
    for changed in (
        token[:middle] + other + token[middle + 1 :], token[:-4], token + "AAAA", token.swapcase(), token[::-1], "x",
        token[:8] + "-" * 30, token + "%00", token[:10] + "%27%20OR%201=1", token[:10] + "\u00e9", token * 40,
    ):  # fmt: skip
        yield path.replace(token, changed)


# --- the list -----------------------------------------------------------------------------------------


def test_every_address_with_a_secret_is_in_the_list(links):
    """A route whose address holds a token or a key is one of these, or no secret."""
    no_secret = {"accounts:record_of", "accounts:record_of_export"}  # what a record is about
    named = {
        name for name, route, _ in addresses()
        if re.search(r"<(?:\w+:)?(?:token|key|secret|signature)>", route) and name not in no_secret
    }  # fmt: skip
    opens = {
        "accounts:invitation", "accounts:register_with", "procurement:tenders:link", "procurement:deliveries:hand_in",
        "procurement:deliveries:confirm", "procurement:reminders:calendar", "account_reset_password_from_key",
        "account_confirm_email",
    }  # fmt: skip
    assert named == opens
    assert len(links.paths) == len(opens)


def test_the_page_on_security_lists_them_with_how_they_end(links):
    text = (ROOT / "docs" / "security.md").read_text()
    rows = re.findall(r"^\| ([\w ,’'-]+?) \|.*\|.*\|.*\|.*\|$", text, re.M)
    for kind in links.paths:
        assert kind in rows, kind


# --- as it should be ------------------------------------------------------------------------------------


def test_each_opens_for_whoever_holds_it_and_tells_no_other_site(links):
    """The control: what is refused below works here. No page of a link loads or names another site's things."""
    for kind, path in links.paths.items():
        answer = opened(path)
        assert answer.status_code == 200, kind
        assert answer.headers["Referrer-Policy"] == "same-origin", kind
        assert re.search("private|no-store", answer.headers["Cache-Control"]), kind
        outside = re.findall(
            r'(?:src|href|action)="((?:https?:)?//[^"]*)"', answer.content.decode()
        )
        assert [found for found in outside if "testserver" not in found] == [], kind
        if kind != "calendar":
            assert "noindex" in answer.content.decode() + answer.headers.get("X-Robots-Tag", ""), (
                kind
            )


# --- as it should not -------------------------------------------------------------------------------------


def test_altered_it_opens_nothing_and_says_nothing(links):
    found = []
    for path in links.paths.values():
        for number, wrong in enumerate(altered(path)):
            for method in ("get", "post") if number < 2 else ("get",):
                found += faults(wrong, opened(wrong, method=method), links.secret)
    assert found == []


def test_the_secret_of_one_kind_opens_no_other(links):
    """Each secret at the address of every other kind."""
    parts = {
        kind: re.fullmatch(r"(.*/)([^/]{20,}?)((?:\.ics|/)?)", path)
        for kind, path in links.paths.items()
    }
    found, asked = [], 0
    for there in parts.values():
        for taken in parts.values():
            # Invitations of both kinds are at the same address, which asks for a signature where there is a dot.
            if there[1] != taken[1]:
                wrong = there[1] + taken[2] + there[3]
                found += faults(wrong, opened(wrong), links.secret)
                asked += 1
    assert found == []
    assert asked == len(parts) * (len(parts) - 1) - 2


ENDLESS = {"calendar"}
"""Works until it is revoked: a calendar program asks for years."""
SAY_WHAT_IT_WAS = {"confirmation", "hand-in", "invitation", "tender", "registration"}
"""Who held the right link is told that it has ended, and whom to ask: it was theirs to read before."""


def test_too_old_it_opens_nothing(links):
    found = []
    with time_machine.travel(NOW + LATER, tick=False):
        for kind, path in links.paths.items():
            if kind not in ENDLESS:
                secret = () if kind in SAY_WHAT_IT_WAS else links.secret
                for method in ("get", "post"):
                    found += faults(path, opened(path, method=method), secret)
        assert Client().get(links.paths["calendar"]).status_code in (200, 404)
    assert found == []


def test_revoked_it_opens_nothing_at_once(links):
    invitation = Invitation.objects.get(email="new@canary.example")
    admin = actor_of(User.objects.get(pk=invitation.invited_by_id))
    revoke_invitation(actor=admin, invitation_id=invitation.pk)
    delegation = Delegation.objects.get(email="depot@canary.example")
    claimant = actor_of(User.objects.get(pk=delegation.made_by_id))
    end_delegation(actor=claimant, delegation_id=delegation.pk)
    revoke_feed(actor=claimant)
    asked = Confirmation.objects.get(email="school@canary.example")
    manager = actor_of(User.objects.get(pk=asked.asked_by_id))
    cancel_confirmation(actor=manager, confirmation_id=asked.pk)
    sent = TenderEmailInvitation.objects.get(email="bids@canary.example")
    officer = actor_of(User.objects.get(pk=sent.invited_by_id))
    revoke_link(actor=officer, link_id=sent.pk)
    found, statuses = [], {}
    for kind in ("invitation", "hand-in", "calendar", "confirmation", "tender"):
        for method in ("get", "post"):
            answer = opened(links.paths[kind], method=method)
            statuses[kind, method] = answer.status_code
            found += faults(links.paths[kind], answer, ())
    assert found == []
    assert statuses["calendar", "get"] == 404
    assert {statuses[kind, "get"] for kind in ("invitation", "hand-in", "tender")} == {410}


def test_used_it_does_not_work_a_second_time(links):
    """A new password, a new address, a registration, an invitation and an answer are given once."""
    uses = {
        "invitation": {"full_name": "New Comer", "password": NEW_PASSWORD},
        "registration": {
            "organisation_name": "Fresh", "full_name": "Fresh", "password": NEW_PASSWORD,
        },
        "confirmation": {"answer": "confirmed", "role": "Head teacher"},
        "new address": {},
    }  # fmt: skip
    found = []
    for kind, typed in uses.items():
        path = links.paths[kind]
        first = Client().post(path, typed)
        assert first.status_code == 302, (kind, first.status_code)
        again = opened(path)
        found += faults(path, again, ())
        second = opened(path, method="post", data=typed)
        found += faults(path, second, ())
    path = links.paths["new password"]
    client = Client()
    form = client.get(path, follow=True).request["PATH_INFO"]
    assert path.rsplit("-", 1)[1].strip("/") not in form, (
        "the key is in no address that a page is at"
    )
    typed = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(form, typed).status_code == 302
    answer = opened(path)
    assert "This link no longer works" in answer.content.decode()
    found += faults(path, answer, links.secret)
    assert found == []
