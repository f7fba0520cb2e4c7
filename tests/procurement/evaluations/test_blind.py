"""Nobody reads a mark that could sway them: a scan of every page, export and history, with its control."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from procurement.bids.queries import opened_bids
from procurement.evaluations.models import (
    EvaluationInterest,
    EvaluationMark,
    EvaluationPanelMember,
)
from procurement.evaluations.queries import bid_to_mark
from procurement.evaluations.services import MarkInput, lock_marks, mark_bid
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.services.platform import open_platform_access
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from tests.factories.accounts import UserFactory, actor_for_role, actor_of
from tests.factories.evaluations import AFTER, offered, opened, published, reference_data
from tests.permissions.test_every_address import ours

pytestmark = pytest.mark.django_db
WORDS = "Quillfeather"
MARK = "1 of 5"
"""Nothing else on any page counts to one of five."""


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()
    with clock.at(AFTER):
        yield


@pytest.fixture
def bench():
    """Evaluator 1 has marked everything 1 of 5, in words nobody else uses. Evaluator 2 has marked nothing."""
    found = published()
    offered(found, 0, {"PLB1": "10000"})
    offered(found, 1, {"PLB1": "5000"})
    opened(found)
    mark_everything(found, found.evaluator, 1, WORDS)
    return found


def mark_everything(bench, actor, mark, words):
    for bid in opened_bids(bench.tender.pk):
        mark_bid(
            actor=actor,
            evaluation_id=bench.evaluation.pk,
            bid_id=bid.id,
            marks=[MarkInput(row.id, mark, words) for row in bench.questions],
        )


def lock(bench, actor):
    lock_marks(actor=actor, evaluation_id=bench.evaluation.pk)


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def addresses(bench):
    """Every address of this procurement from its bids on, filled with what it has; its tender holds no marks."""
    pk = bench.procurement.pk
    bids = [bid.id for bid in opened_bids(bench.tender.pk)]
    members = list(EvaluationPanelMember.objects.values_list("pk", flat=True))
    known = {
        "procurement_pk": [pk],
        "pk": [pk],
        "tender_pk": [bench.tender.pk],
        "bid_pk": bids,
        "member_pk": members,
        "interest_pk": list(EvaluationInterest.objects.values_list("pk", flat=True))[:1],
        "line_pk": [line.id for bid in opened_bids(bench.tender.pk) for line in bid.lines],
        "supplier_pk": [bench.bidders[0].organisation_id],
        "form": ["csv", "xlsx"],
        "kind": ["pdf", "docx"],
    }
    found = set()
    for _, route, _ in ours():
        if "/tender/" not in route and ("procurement_pk" in route or "procurements/" in route):
            found |= set(_filled("/" + re.sub(r"[\^$\\]", "", route), known))
    return sorted(found)


def _filled(route, known):
    part = re.search(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)", route)
    if part is None:
        return [route]
    return [
        address
        for value in known.get(part[1] or part[2], [])
        for address in _filled(route.replace(part[0], str(value), 1), known)
    ]


def text_of(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b" ".join(archive.read(name) for name in archive.namelist())
    return content.decode(errors="replace")


def leaks(client, bench):
    """Addresses that show the words or the marks."""
    found = []
    for address in addresses(bench):
        text = text_of(client.get(address))
        if WORDS in text or MARK in text:
            found.append(address)
    return found


def others(bench):
    yield from (bench.evaluator2, bench.moderator, bench.officer, bench.approver, bench.manager)
    yield bench.bidders[0]
    yield actor_for_role(Role.AUDITOR, bench.authority)
    yield actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))


def test_the_scan_covers_the_room(bench):
    found = addresses(bench)
    for name in ("board", "panel", "marking", "lock", "moderation"):
        assert reverse(f"procurement:evaluations:{name}", args=[bench.procurement.pk]) in found
    assert reverse("procurement:threads:procurement", args=[bench.procurement.pk]) in found
    assert len([row for row in found if "/evaluation/" in row]) >= 12


def test_before_locking_nobody_else_finds_a_mark(bench):
    """And the control: the evaluator finds their own, so that the scan does see them."""
    for actor in others(bench):
        assert leaks(client_of(actor), bench) == [], actor
    own = leaks(client_of(bench.evaluator), bench)
    assert reverse("procurement:evaluations:marking", args=[bench.procurement.pk]) in own


def test_locked_marks_stay_hidden_until_one_has_locked_too(bench):
    lock(bench, bench.evaluator)
    for actor in (bench.evaluator2, bench.moderator, bench.officer):
        assert leaks(client_of(actor), bench) == [], actor
    mark_everything(bench, bench.evaluator2, 5, "Bright.")
    assert leaks(client_of(bench.evaluator2), bench) == []
    lock(bench, bench.evaluator2)
    pk = bench.procurement.pk
    first = opened_bids(bench.tender.pk)[0].id
    bid_page = reverse("procurement:evaluations:bid", args=[pk, first])
    side_by_side = reverse("procurement:evaluations:moderate", args=[pk, first])
    auditor = actor_for_role(Role.AUDITOR, bench.authority)
    for actor in (bench.evaluator2, bench.moderator, bench.officer, auditor):
        found = leaks(client_of(actor), bench)
        assert {bid_page, side_by_side} <= set(found), actor
    for actor in (bench.manager, bench.bidders[0]):
        assert leaks(client_of(actor), bench) == [], actor


def test_a_locked_evaluator_sees_only_those_who_locked(bench):
    lock(bench, bench.evaluator)
    bid = opened_bids(bench.tender.pk)[0].id
    mine = bid_to_mark(bench.evaluator, bench.procurement.pk, bid)
    assert [(row.shown, len(row.others)) for row in mine.answers] == [(MARK, 0)] * 2
    mark_everything(bench, bench.evaluator2, 5, "Bright.")
    mine = bid_to_mark(bench.evaluator, bench.procurement.pk, bid)
    assert [len(row.others) for row in mine.answers] == [0, 0]
    lock(bench, bench.evaluator2)
    mine = bid_to_mark(bench.evaluator, bench.procurement.pk, bid)
    assert [[seen.shown for seen in row.others] for row in mine.answers] == [["5 of 5"]] * 2


def operator(slug=None):
    """With all that an operator can have, and an access to the organisation with this slug; "" is the whole service."""
    staff = UserFactory(is_staff=True, is_superuser=True)
    if slug is not None:
        open_platform_access(
            actor=actor_of(staff),
            organisation_slug=slug,
            reason="Looking, as a test does.",
            hours=4,
        )
    client = Client()
    client.force_login(staff)
    return client


def rows_in_the_admin(bench):
    """The addresses of every mark, and of all that was recorded of this procurement."""
    marks = EvaluationMark.objects.values_list("pk", flat=True)
    deeds = AuditRecord.objects.filter(procurement_id=bench.procurement.pk)
    return [reverse("admin:procurement_evaluationmark_change", args=[pk]) for pk in marks], [
        reverse("admin:audit_auditrecord_change", args=[row.pk]) for row in deeds
    ]


MARKS_LIST = "admin:procurement_evaluationmark_changelist"


def test_the_site_admin_is_blind_too(bench):
    """Who has opened the whole service looks at tables: marks are not in the list, and the audit does not hold them."""
    client = operator(slug="")
    lock(bench, bench.evaluator)
    marks, deeds = rows_in_the_admin(bench)
    assert len(marks) == 4
    assert deeds
    for address in marks:
        assert WORDS not in text_of(client.get(address, follow=True))
    for address in deeds:
        answer = client.get(address)
        assert answer.status_code == 200
        assert WORDS not in text_of(answer)
    listed = text_of(client.get(reverse(MARKS_LIST)))
    assert "0 evaluation marks" in listed
    mark_everything(bench, bench.evaluator2, 5, "Bright.")
    lock(bench, bench.evaluator2)
    listed = text_of(client.get(reverse(MARKS_LIST)))
    assert "8 evaluation marks" in listed
    # The control: what is found now was there to be found.
    assert WORDS in text_of(client.get(marks[0]))


@pytest.mark.parametrize("is_at_authority", [False, True])
def test_the_site_admin_is_closed_without_the_whole_service(bench, is_at_authority):
    """Being staff opens no table of marks, nor does an access to one authority: not even when all have locked."""
    client = operator(slug=bench.authority.slug if is_at_authority else None)
    mark_everything(bench, bench.evaluator2, 5, "Bright.")
    lock(bench, bench.evaluator)
    lock(bench, bench.evaluator2)
    marks, deeds = rows_in_the_admin(bench)
    for address in (reverse(MARKS_LIST), *marks, *deeds):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert WORDS not in text_of(answer)
