"""The chain of daily seals: whatever is changed afterwards, by whomever, is found and named."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from procurement.ledger.models import LedgerEntry
from procurement.ledger.services import post_entries
from socialvalue.audit.models import AccessRecord, AuditRecord, DailySeal
from socialvalue.audit.queries.seals import (
    chain,
    chain_departs,
    newest_seal,
    sealed_sources,
    verify_seals,
)
from socialvalue.audit.rules import ACCESS_RECORD_DAYS
from socialvalue.audit.services import record, record_access, remove_old_accesses, seal_day
from socialvalue.audit.services import seals as sealing
from socialvalue.audit.vocabulary import AccessKind
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS, SYSTEM, Actor
from socialvalue.core.errors import NotAllowed
from tests.conftest import without_guards
from tests.factories.accounts import AuthorityFactory
from tests.factories.ledger import Promise, contract_with, measure, posting

pytestmark = [pytest.mark.django_db, pytest.mark.owner]

FIRST = datetime(2025, 1, 6, 12, tzinfo=UTC)
OFFICER = Actor(name="An officer", organisation_id=7, organisation_name="A council")


def tamper(sql: str, params: object = ()) -> None:
    with without_guards() as cursor:
        cursor.execute(sql, params)


def deeds(count: int) -> list[int]:
    target = AuthorityFactory()
    for number in range(count):
        record(
            actor=OFFICER,
            deed="tested",
            sentence=f"Deed {number} was done.",
            target=target,
            before={"value": "1"},
            after={"value": "2", "number": number},
        )
    return list(
        AuditRecord.objects.filter(deed="tested").values_list("id", flat=True).order_by("id")
    )


def access() -> int:
    record_access(actor=OFFICER, kind=AccessKind.SIGNED_IN, sentence="Signed in.")
    return AccessRecord.objects.order_by("-id")[0].pk


@pytest.fixture
def three_days():
    """Three seals: two deeds and an access, an entry of the ledger, nothing."""
    with clock.at(FIRST):
        rows = deeds(2)
        looked = access()
        seal_day(actor=SYSTEM)
    with clock.at(FIRST + timedelta(days=1)):
        (commitment,) = contract_with(Promise(measure("M1")))[1]
        (posted,) = post_entries(actor=SYSTEM, postings=[posting(commitment)])
        seal_day(actor=SYSTEM)
    with clock.at(FIRST + timedelta(days=2)):
        seal_day(actor=SYSTEM)
    return rows, looked, posted.pk


def fault():
    found = verify_seals().fault
    return found and (found.seal, found.source, found.row_id)


def said() -> str:
    found = verify_seals().fault
    assert found is not None
    return found.sentence


# --- making them ----------------------------------------------------------------------------------


def test_a_chain_of_three_days_holds(three_days):
    found = verify_seals()
    assert found.fault is None
    assert found.seals == 3
    assert found.rows["deeds"] == AuditRecord.objects.count()
    assert found.rows["accesses"] == 1
    assert found.rows["ledger entries"] == LedgerEntry.objects.count() == 1
    assert found.waiting == {"deeds": 0, "accesses": 0, "ledger entries": 0}
    assert (found.newest_day, found.newest_digest) == (
        (FIRST + timedelta(days=2)).date(),
        newest_seal().digest,
    )


def test_each_seal_names_the_one_before(three_days):
    rows = chain()
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert rows[0]["previous_digest"] == ""
    assert [row["previous_digest"] for row in rows[1:]] == [row["digest"] for row in rows[:-1]]


def test_a_day_is_sealed_once(three_days):
    with clock.at(FIRST + timedelta(days=2, hours=5)):
        deeds(1)
        assert seal_day(actor=SYSTEM).number == 3
    assert DailySeal.objects.count() == 3
    assert verify_seals().waiting["deeds"] > 0


@pytest.mark.parametrize(("moment", "sealed"), [((1, 59, 59), False), ((2, 0, 0), True)])
def test_a_day_is_sealed_from_two_in_the_morning(moment, sealed):
    with clock.at(datetime(2025, 7, 1, *moment, tzinfo=clock.LONDON)):
        assert (seal_day(actor=SYSTEM) is not None) == sealed


def test_people_make_no_seals():
    with pytest.raises(NotAllowed):
        seal_day(actor=ANONYMOUS)


def test_a_day_missed_is_covered_by_the_next(three_days):
    with clock.at(FIRST + timedelta(days=30)):
        deeds(3)
        seal_day(actor=SYSTEM)
    assert verify_seals().fault is None
    assert verify_seals().waiting["deeds"] == 0


def test_another_worker_may_have_been_quicker(three_days, monkeypatch):
    """Both computed the seal of the day; the one that comes second takes the first one's."""
    with clock.at(FIRST + timedelta(days=3)):
        made = seal_day(actor=SYSTEM)
        monkeypatch.setattr(sealing, "newest_seal", iter([_third(), made]).__next__)
        with transaction.atomic():
            assert seal_day(actor=SYSTEM) == made
    assert DailySeal.objects.count() == 4


def _third():
    from socialvalue.audit.queries.seals import seal_of

    return seal_of(DailySeal.objects.get(number=3))


def test_every_column_of_a_sealed_table_is_sealed():
    for source in sealed_sources():
        columns = {field.attname for field in source.rows.model._meta.concrete_fields}
        assert set(source.columns) == columns, source.name


def test_rows_are_read_a_few_at_a_time(monkeypatch, django_assert_num_queries):
    ids = deeds(7)
    monkeypatch.setattr("socialvalue.audit.queries.seals.AT_ONCE", 3)
    source = sealed_sources()[0]
    with django_assert_num_queries(3):
        rows = list(source.between(ids[0] - 1, ids[-1], source.columns))
    assert [row["id"] for row in rows] == ids


def test_a_column_added_later_is_no_part_of_older_seals(three_days, monkeypatch):
    """What was sealed is held against the columns it was sealed with."""
    whole = sealed_sources()
    monkeypatch.setattr(
        "socialvalue.audit.queries.seals.sealed_sources",
        lambda: [
            type(source)(
                source.name,
                source.rows,
                tuple(c for c in source.columns if c != "request_id"),
                source.kept_days,
            )
            for source in whole
        ],
    )
    assert verify_seals().fault is None


# --- rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_auditrecord SET sentence = 'Nothing was done.' WHERE id = %s",
        "UPDATE audit_auditrecord SET actor_name = 'Somebody else' WHERE id = %s",
        "UPDATE audit_auditrecord SET at = '2024-01-01 00:00:00+00:00' WHERE id = %s",
        "UPDATE audit_auditrecord SET organisation_id = NULL WHERE id = %s",
        'UPDATE audit_auditrecord SET after = \'{"value": "3"}\' WHERE id = %s',
        "UPDATE audit_auditrecord SET target_id = target_id + 1 WHERE id = %s",
    ],
)
def test_a_changed_deed_is_named(three_days, sql):
    (_, second), *_ = three_days
    tamper(sql, [second])
    assert fault() == (1, "deeds", second)
    assert said() == f"Under seal 1 of 2025-01-06, row {second} of deeds was changed."


def test_a_removed_deed_is_named(three_days):
    (first, _), *_ = three_days
    tamper("DELETE FROM audit_auditrecord WHERE id = %s", [first])
    assert fault() == (1, "deeds", first)
    assert said().endswith("is gone.")


def test_a_deed_put_in_afterwards_is_named():
    with clock.at(FIRST):
        first, second, _ = deeds(3)
        tamper("DELETE FROM audit_auditrecord WHERE id = %s", [second])
        seal_day(actor=SYSTEM)
    tamper(
        "INSERT INTO audit_auditrecord (id, at, actor_name, organisation_name, deed, sentence, target_type, before, "
        "after, request_id) SELECT %s, at, actor_name, organisation_name, deed, sentence, target_type, before, after, "
        "request_id FROM audit_auditrecord WHERE id = %s",
        [second, first],
    )
    assert fault() == (1, "deeds", second)
    assert said().endswith("was put in afterwards.")


def test_a_changed_entry_of_the_ledger_is_named(three_days):
    *_, posted = three_days
    tamper(
        "UPDATE procurement_ledgerentry SET value_pence = value_pence + 1 WHERE id = %s", [posted]
    )
    assert fault() == (2, "ledger entries", posted)


def test_a_changed_access_is_named(three_days):
    _, looked, _ = three_days
    tamper("UPDATE audit_accessrecord SET kind = 'signed_out' WHERE id = %s", [looked])
    assert fault() == (1, "accesses", looked)


def test_accesses_at_the_end_of_their_time_are_no_fault(three_days):
    with clock.at(FIRST + timedelta(days=ACCESS_RECORD_DAYS, seconds=1)):
        assert remove_old_accesses(actor=SYSTEM) == 1
        found = verify_seals()
    assert found.fault is None
    assert found.removed == {"accesses": 1}


def test_accesses_removed_before_their_time_are_a_fault(three_days):
    _, looked, _ = three_days
    tamper("DELETE FROM audit_accessrecord")
    with clock.at(FIRST + timedelta(days=ACCESS_RECORD_DAYS)):
        assert fault() == (1, "accesses", looked)


def test_deeds_are_kept_for_ever(three_days):
    tamper("DELETE FROM audit_auditrecord")
    with clock.at(FIRST + timedelta(days=10_000)):
        assert fault()[:2] == (1, "deeds")


# --- seals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["audit_dailyseal", "audit_sealmarks"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET number = 9", "DELETE FROM {}"])
def test_the_database_refuses_to_change_a_seal(three_days, table, deed):
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(deed.format(table))


def test_a_changed_seal_is_named(three_days):
    tamper("UPDATE audit_dailyseal SET made_at = '2025-01-07 13:00:00+00:00' WHERE number = 2")
    assert said() == "Seal 2 was changed: its digest is not that of what it says."


def test_a_seal_written_anew_is_named_by_the_next(three_days):
    """With its own digest put right, it is not the one that the next names."""
    (first, _), *_ = three_days
    tamper("UPDATE audit_auditrecord SET sentence = 'Nothing.' WHERE id = %s", [first])
    _seal_anew(1)
    assert said() == "Seal 2 does not name the digest of the seal before it."


def _seal_anew(number: int) -> None:
    from dataclasses import replace

    from socialvalue.audit.queries.seals import digest_of, seal_of
    from socialvalue.audit.rules import part_told, seal_digest

    seal = seal_of(DailySeal.objects.get(number=number))
    sources = {source.name: source for source in sealed_sources()}
    parts = []
    for part in seal.parts:
        found = digest_of(sources[part.source], part.after_id, part.last_id, part.columns)
        parts.append(replace(part, digest=found.hexdigest()))
    seal = replace(seal, parts=tuple(parts))
    tamper(
        "UPDATE audit_dailyseal SET parts = %s, digest = %s WHERE number = %s",
        [json.dumps([part_told(part) for part in seal.parts]), seal_digest(seal), number],
    )


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_seal_taken_away_is_named(three_days, number):
    deeds(1)
    with clock.at(FIRST + timedelta(days=3)):
        seal_day(actor=SYSTEM)
    tamper("DELETE FROM audit_dailyseal WHERE number = %s", [number])
    assert said() == f"Seal {number} is missing."


def test_the_last_seal_taken_away_leaves_its_marks(three_days):
    tamper("DELETE FROM audit_dailyseal WHERE number >= 2")
    assert said() == "Seal 2 is missing."


def test_what_no_seal_says_is_named(three_days):
    tamper('UPDATE audit_dailyseal SET parts = \'[{"source": "deeds"}]\' WHERE number = 1')
    assert said() == "Seal 1 was changed: what it says is not what a seal says."


def test_changed_marks_are_no_fault_by_themselves(three_days):
    tamper("UPDATE audit_sealmarks SET marks = %s", [b"\0" * 16])
    assert fault() is None


def test_without_its_marks_the_rows_that_differ_are_named_from_to(three_days):
    (first, _), *_ = three_days
    tamper("UPDATE audit_auditrecord SET sentence = 'Nothing.' WHERE id = %s", [first])
    tamper("DELETE FROM audit_sealmarks")
    assert fault() == (1, "deeds", None)
    assert "Which one differs cannot be said" in said()


def test_a_whole_chain_written_anew_departs_from_one_taken_out(three_days):
    """Who may change every table can seal everything again; the copy in an auditor's hands says so."""
    kept = chain()
    assert chain_departs(kept) is None
    (first, _), *_ = three_days
    tamper("UPDATE audit_auditrecord SET sentence = 'Nothing.' WHERE id = %s", [first])
    tamper("DELETE FROM audit_dailyseal")
    tamper("DELETE FROM audit_sealmarks")
    for day in range(3):
        with clock.at(FIRST + timedelta(days=day)):
            seal_day(actor=SYSTEM)
    assert fault() is None
    assert chain_departs(kept) == 1


# --- the command ----------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("verify_seals", *arguments, stdout=out, no_color=True)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_says_what_holds(three_days):
    code, text = run()
    assert code == 0
    assert "ledger entries: 1 as sealed" in text
    assert f"has the digest {newest_seal().digest}" in text


def test_the_command_says_that_nothing_is_sealed_yet():
    code, text = run()
    assert code == 0
    assert "Nothing is sealed yet" in text


def test_the_command_ends_with_1_and_names_the_row(three_days):
    *_, posted = three_days
    tamper("UPDATE procurement_ledgerentry SET reason = 'x' WHERE id = %s", [posted])
    code, text = run()
    assert code == 1
    assert f"row {posted} of ledger entries was changed." in text
    code, text = run("--json")
    assert code == 1
    assert json.loads(text)["fault"] == {
        "seal": 2,
        "source": "ledger entries",
        "row": posted,
        "sentence": f"Under seal 2 of 2025-01-07, row {posted} of ledger entries was changed.",
    }


def test_the_command_holds_a_file_against_the_chain(three_days, tmp_path):
    path = tmp_path / "seals.json"
    path.write_text(json.dumps({"seals": chain()}, default=str))
    assert run("--against", str(path))[0] == 0
    kept = chain()
    kept[1]["digest"] = "0" * 64
    path.write_text(json.dumps({"seals": kept}, default=str))
    code, text = run("--against", str(path))
    assert code == 1
    assert "From seal 2 on, the chain is not the one in the file." in text


@pytest.mark.parametrize("content", ["", "[]", '{"seals": [{"number": "x"}]}'])
def test_a_file_that_is_no_chain_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "seals.json"
    path.write_text(content)
    with pytest.raises(CommandError, match="is no chain of seals"):
        call_command("verify_seals", against=str(path))


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_seals", against=str(tmp_path / "none.json"))
