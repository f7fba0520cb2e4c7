"""Nobody can tell who asked: no page, no record, no letter, no plain SQL."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from django.core import mail, management
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from procurement.tenders.queries import clarifications_for, dialogue_of, seal_key
from procurement.tenders.rules import asker_of, new_key, seal_asker
from socialvalue.accounts.models import User
from socialvalue.audit.models import AuditRecord
from tests.factories.tenders import published
from tests.procurement.tenders.test_clarifying.steps import (
    answer,
    ask,
    client_of,
    named,
    page_of,
    text,
)

# --- nobody can tell ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_neither_row_nor_record_nor_letter_nor_page_tells_who_asked(
    django_capture_on_commit_callbacks,
):
    world = named(published())
    asker = world.bidders[0]
    with django_capture_on_commit_callbacks(execute=True):
        first = ask(world)
        second = ask(world, "Is parking free?", world.bidders[1])
    officer = User.objects.get(pk=world.officer.user_id)
    assert [letter.to for letter in mail.outbox] == [[officer.email]] * 2
    with django_capture_on_commit_callbacks(execute=True):
        answer(world, first)
    person = User.objects.get(pk=asker.user_id)
    telling = [person.email, person.full_name, "Hazel", "Rowan", world.suppliers[0].slug]

    # The table, as plain SQL and as a dump read it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM procurement_tenderclarification ORDER BY id")
        columns = [column[0] for column in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    dumped = StringIO()
    management.call_command("dumpdata", "procurement.TenderClarification", stdout=dumped)
    for found in (repr(rows), dumped.getvalue()):
        assert not [told for told in telling if told in found]
    assert set(columns) == {
        "id", "tender_id", "sealed_asker", "asked_text", "asked_at", "published_text", "answer",
        "answered_at", "answered_by_id",
    }  # fmt: skip
    assert {len(row["sealed_asker"]) for row in rows} == {len(first.sealed_asker)}

    # The record.
    asked_rows = AuditRecord.objects.filter(deed="clarification_asked")
    for row in asked_rows:
        assert (row.user_id, row.organisation_id, row.organisation_name, row.request_id) == (
            None,
            None,
            "",
            "",
        )
        assert row.actor_name == "An invited supplier"
        assert not [told for told in telling if told in repr((row.sentence, row.before, row.after))]
    assert asked_rows.count() == 2

    # Letters and pages: the same to the officer, to the asker and to the other.
    for letter in mail.outbox:
        assert not [told for told in telling[1:] if told in letter.body + letter.subject]
    client = client_of(world.officer)
    for name, *more in (("clarifications",), ("answer", second.pk), ("task_list",)):
        page = client.get(page_of(world, name, *more))
        assert page.status_code == 200
        shown = re.sub(r"<li>(Hazel &amp; Sons Ltd|Rowan Works)</li>", "", text(page))
        assert not [told for told in telling if told in shown]
    infos = repr(clarifications_for(world.officer, world.tender.pk))
    assert not [told for told in telling if told in infos]
    theirs = [dialogue_of(actor, world.tender.pk).answered for actor in world.bidders]
    assert theirs[0] == theirs[1]


@pytest.mark.django_db
def test_the_seal_opens_under_its_own_tenders_key_only():
    world = published()
    row = ask(world)
    key = seal_key(world.tender.pk)
    assert asker_of(key, row.sealed_asker) == (world.suppliers[0].pk, world.bidder.user_id)
    other = published(authority="warwickshire", suppliers=1)
    for wrong in (seal_key(other.tender.pk), new_key()):
        with pytest.raises(InvalidToken):
            asker_of(wrong, row.sealed_asker)
    # The same person asking twice leaves two seals that do not match.
    assert ask(world).sealed_asker != row.sealed_asker


@given(
    organisation_id=st.integers(1, 2**63 - 1),
    person_id=st.integers(1, 2**63 - 1),
)
def test_every_seal_is_equally_long_and_reads_back(organisation_id, person_id):
    key = new_key()
    sealed = seal_asker(key, organisation_id=organisation_id, person_id=person_id)
    assert len(sealed) == len(seal_asker(key, organisation_id=1, person_id=1))
    assert asker_of(key, sealed) == (organisation_id, person_id)


# --- the key ------------------------------------------------------------------------------------


def test_in_the_tenders_room_only_clarifications_ask_for_the_key():
    root = Path(__file__).resolve().parents[4] / "procurement" / "tenders"
    users = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"\bseal_keys?\b", path.read_text())
    }
    assert users == {
        "queries/__init__.py",
        "queries/tenders.py",
        "queries/clarifications.py",
        "services/clarifying.py",
    }
