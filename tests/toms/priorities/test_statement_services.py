"""Writing a council's own statement: who may, what stays once it has begun, and what is kept of the change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.priorities import link, own_statement, owner_of, rows
from toms.imports.services import load_measure_set, load_priorities, load_shipped_sets
from toms.priorities.models import PriorityLink
from toms.priorities.queries import links_of, names, statement, statements
from toms.priorities.rules import RowInput
from toms.priorities.services import (
    correct_statement,
    drop_statement,
    set_last_day,
    set_links,
    start_statement,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 9)
COMING = date(2027, 4, 1)


@pytest.fixture(autouse=True)
def today():
    with clock.at(datetime(2026, 9, 9, 10, tzinfo=clock.LONDON)):
        yield


@pytest.fixture
def loaded():
    load_measure_set(actor=SYSTEM)
    load_priorities(actor=SYSTEM)


@pytest.fixture
def shipped():
    load_shipped_sets(actor=SYSTEM)
    load_priorities(actor=SYSTEM)


def typed(found, **changes):
    """What the form would send for a statement as it stands."""
    sent = {
        "slug": found.slug, "expected_version": found.version, "name": found.name,
        "document": found.document, "address": found.address, "valid_from": found.valid_from,
        "valid_to": found.valid_to,
        "rows": [RowInput(p.id, p.code, p.name, p.about) for p in found.priorities],
    }  # fmt: skip
    return sent | changes


def deeds():
    return [*AuditRecord.objects.order_by("id").values_list("deed", flat=True)]


def test_a_statement_is_written_with_codes_and_recorded():
    owner = owner_of("Vale Council")
    found = own_statement(owner)
    assert [(p.code, p.name) for p in found.priorities] == [
        ("VAL26-1", "Fair work"),
        ("VAL26-2", "Clean air"),
    ]
    assert (found.authority_id, found.level, found.version) == (owner.organisation_id, "council", 1)
    assert found.slug == "vale-council-2026"
    assert deeds() == ["statement_begun"]


@pytest.mark.parametrize("role", [r for r in Role if r != Role.POLICY_OWNER])
def test_only_a_policy_owner_writes(role):
    with pytest.raises(NotAllowed):
        own_statement(actor_for_role(role))


def test_the_next_one_ends_the_one_before_on_the_day_before():
    owner = owner_of()
    own_statement(owner, name="First")
    own_statement(owner, first=COMING, name="Second")
    assert [(row.name, row.valid_from, row.valid_to) for row in reversed(statements(owner))] == [
        ("First", date(2026, 4, 1), date(2027, 3, 31)),
        ("Second", COMING, None),
    ]
    assert deeds() == ["statement_begun", "statement_last_day", "statement_begun"]


def test_two_do_not_hold_on_one_day_but_other_councils_are_not_asked():
    own_statement(owner_of(), last=date(2027, 3, 31))
    owner = owner_of()
    own_statement(owner, last=date(2027, 3, 31))
    with pytest.raises(RuleBroken):
        own_statement(owner, first=date(2027, 3, 31))
    assert own_statement(owner, first=COMING).valid_from == COMING


def test_a_code_of_another_level_or_statement_is_taken_and_another_councils_is_not(loaded):
    owner = owner_of()
    other = own_statement(owner_of(), "Elsewhere")
    own_statement(owner, "Fair work", last=date(2027, 3, 31))
    for code in ("GSE", "np25-1", "VAL26-1"):
        with pytest.raises(RuleBroken, match="belongs to"):
            start_statement(
                actor=owner, name="Next", document="Plan", address="", valid_from=COMING,
                valid_to=None, rows=[RowInput(None, code, "A priority", "")],
            )  # fmt: skip
    assert other.priorities[0].code == "VAL26-1"
    assert names(owner.organisation_id)["VAL26-1"] == "Fair work"
    assert "VAL26-1" not in names()


def test_words_of_one_that_has_begun_are_corrected_and_what_they_were_is_kept():
    owner = owner_of()
    found = own_statement(owner)
    first, second = found.priorities
    correct_statement(
        actor=owner,
        **typed(
            found,
            rows=[
                RowInput(first.id, first.code, "Good work", "For all"),
                RowInput(second.id, second.code, second.name, ""),
                RowInput(None, "", "Forgotten", ""),
            ],
        ),
    )
    now = statement(owner, found.slug)
    assert [(p.id, p.code, p.name) for p in now.priorities][:2] == [
        (first.id, "VAL26-1", "Good work"),
        (second.id, "VAL26-2", "Clean air"),
    ]
    assert now.priorities[2].code == "VAL26-3"
    kept = AuditRecord.objects.get(deed="statement_corrected")
    assert kept.before == {"priorities": ["VAL26-1 Fair work", "VAL26-2 Clean air"]}
    assert kept.after["priorities"][0] == "VAL26-1 Good work: For all"


def test_once_begun_its_priorities_codes_and_first_day_stay():
    owner = owner_of()
    found = own_statement(owner)
    first, second = found.priorities
    with pytest.raises(RuleBroken, match="Clean air"):
        correct_statement(
            actor=owner,
            **typed(found, rows=[RowInput(first.id, first.code, first.name, "")]),
        )
    changed = [
        RowInput(first.id, "NEW-1", first.name, ""),
        RowInput(second.id, second.code, second.name, ""),
    ]
    with pytest.raises(RuleBroken, match="keeps its code"):
        correct_statement(actor=owner, **typed(found, rows=changed))
    correct_statement(actor=owner, **typed(found, valid_from=date(2020, 1, 1)))
    assert statement(owner, found.slug) == replace(found, version=found.version + 1)


def test_the_same_again_records_nothing():
    owner = owner_of()
    found = own_statement(owner)
    correct_statement(actor=owner, **typed(found))
    assert deeds() == ["statement_begun"]


def test_a_row_removed_and_typed_again_is_the_same_priority():
    owner = owner_of()
    found = own_statement(owner)
    again = [RowInput(None, p.code.lower(), p.name, p.about) for p in found.priorities]
    correct_statement(actor=owner, **typed(found, rows=again))
    assert statement(owner, found.slug).priorities == found.priorities


def test_one_still_to_come_changes_in_everything_but_what_is_linked_stays(loaded):
    owner = owner_of()
    found = own_statement(owner, "Fair work", "Clean air", "Libraries", first=COMING)
    found = link(owner, found, 0, "open/outcome/T1O1")
    work, air, books = found.priorities
    with pytest.raises(RuleBroken, match="Take its links away first"):
        correct_statement(actor=owner, **typed(found, rows=rows("Only this")))
    swapped = [
        RowInput(work.id, air.code, work.name, ""),
        RowInput(air.id, work.code, air.name, ""),
    ]
    correct_statement(actor=owner, **typed(found, rows=swapped, valid_from=date(2027, 5, 1)))
    now = statement(owner, found.slug)
    assert now.valid_from == date(2027, 5, 1)
    assert [(p.id, p.code) for p in now.priorities] == [
        (work.id, air.code),
        (air.id, work.code),
    ]
    assert books.id not in {p.id for p in now.priorities}


def test_the_second_to_save_is_told_what_the_first_wrote():
    owner = owner_of()
    found = own_statement(owner)
    correct_statement(actor=owner, **typed(found, name="Plan of the first"))
    with pytest.raises(Conflict) as conflict:
        correct_statement(actor=owner, **typed(found, name="Plan of the second"))
    assert conflict.value.changed == {"Name": ("Plan of the first", "Plan of the second")}
    for stale in (set_last_day, drop_statement):
        more = {"valid_to": None} if stale is set_last_day else {}
        with pytest.raises(Conflict):
            stale(actor=owner, slug=found.slug, expected_version=found.version, **more)


def test_the_last_day_changes_between_its_first_day_and_the_next_statement():
    owner = owner_of()
    found = own_statement(owner, last=date(2026, 12, 31))
    own_statement(owner, first=COMING, name="Next")

    def to(day):
        now = statement(owner, found.slug)
        set_last_day(actor=owner, slug=found.slug, expected_version=now.version, valid_to=day)
        return statement(owner, found.slug).valid_to

    assert to(date(2027, 3, 31)) == date(2027, 3, 31)
    assert to(date(2026, 4, 1)) == date(2026, 4, 1)
    for day in (COMING, None, date(2026, 3, 31)):
        with pytest.raises(RuleBroken):
            to(day)


def test_only_one_still_to_come_is_taken_away(loaded):
    owner = owner_of()
    begun = own_statement(owner, first=TODAY)
    coming = own_statement(owner, first=date(2026, 9, 10), name="Tomorrow")
    coming = link(owner, coming, 0, "open/outcome/T1O1")
    begun = statement(owner, begun.slug)
    with pytest.raises(Conflict):
        drop_statement(actor=owner, slug=begun.slug, expected_version=begun.version)
    drop_statement(actor=owner, slug=coming.slug, expected_version=coming.version)
    assert [row.slug for row in statements(owner) if row.level == "council"] == [begun.slug]
    assert not links_of(p.id for p in coming.priorities)


def test_another_councils_statement_is_not_there_and_a_colleague_is_refused(loaded):
    owner = owner_of()
    found = own_statement(owner)
    colleague = replace(owner, roles=frozenset({Role.PROCUREMENT_OFFICER}))
    for actor, error in ((owner_of("Hill Council"), NotVisible), (colleague, NotAllowed)):
        with pytest.raises(error):
            correct_statement(actor=actor, **typed(found, name="Mine now"))
        with pytest.raises(error):
            set_last_day(
                actor=actor, slug=found.slug, expected_version=found.version, valid_to=TODAY
            )
        with pytest.raises(error):
            drop_statement(actor=actor, slug=found.slug, expected_version=found.version)
        with pytest.raises(error):
            set_links(
                actor=actor,
                priority_id=found.priorities[0].id,
                expected_version=found.version,
                chosen=["open/outcome/T1O1"],
            )
    assert statement(owner, found.slug) == found


def test_national_words_and_links_are_the_platforms(loaded):
    owner = owner_of()
    found = statement(owner, "national-2025")
    with pytest.raises(NotAllowed, match="come with the platform"):
        correct_statement(actor=owner, **typed(found, name="Ours"))
    with pytest.raises(NotAllowed, match="come with the platform"):
        set_links(
            actor=owner, priority_id=found.priorities[0].id, expected_version=1,
            chosen=["open/outcome/T1O1"],
        )  # fmt: skip


def test_regional_links_are_those_of_the_lead(loaded):
    owner = owner_of()
    lead = replace(owner_of("Lead Authority"), region_ids=frozenset({1}))
    found = statement(owner, "wmca-objectives")
    with pytest.raises(NotAllowed, match="leads the region"):
        link(owner, found, 0, "open/outcome/T5O3")
    assert link(lead, found, 0, "open/outcome/T5O3").version == 2
    with pytest.raises(NotAllowed):
        correct_statement(actor=lead, **typed(statement(lead, found.slug), name="Ours"))


def test_links_are_replaced_and_recorded_and_a_stale_version_is_told(loaded):
    owner = owner_of()
    found = link(owner, own_statement(owner), 0, "open/outcome/T1O1", "open/measure/ENV1")
    assert found.version == 2
    now = link(owner, found, 0, "open/measure/ENV1")
    assert {one.key for one in links_of([found.priorities[0].id])[found.priorities[0].id]} == {
        "open/measure/ENV1"
    }
    kept = AuditRecord.objects.filter(deed="priority_linked").order_by("-id").first()
    assert kept.before == {"links": ["open/measure/ENV1", "open/outcome/T1O1"]}
    assert kept.after == {"links": ["open/measure/ENV1"]}
    assert link(owner, now, 0, "open/measure/ENV1").version == now.version
    with pytest.raises(Conflict):
        set_links(
            actor=owner,
            priority_id=found.priorities[0].id,
            expected_version=found.version,
            chosen=[],
        )


def test_only_what_is_in_use_is_chosen_and_other_links_stay(shipped):
    owner = owner_of()
    found = own_statement(owner)
    for key in ("social-value-model/measure/MAC 1.1", "open/measure/NOPE", "open", ""):
        with pytest.raises(RuleBroken):
            link(owner, found, 0, key)
    priority = found.priorities[0].id
    family = PriorityLink.objects.filter(framework__slug="social-value-model").first().framework_id
    PriorityLink.objects.create(
        priority_id=priority, framework_id=family, kind="measure", code="MAC 1.1"
    )
    link(owner, found, 0, "open/measure/ENV1")
    assert {one.key for one in links_of([priority])[priority]} == {
        "open/measure/ENV1",
        "social-value-model/measure/MAC 1.1",
    }


def test_loading_again_changes_nothing_and_keeps_links_that_people_made(shipped):
    lead = replace(owner_of(AuthorityFactory().name), region_ids=frozenset({1}))
    link(lead, statement(lead, "wmca-objectives"), 0, "open/outcome/T5O3")
    before = sorted(PriorityLink.objects.values_list("priority_id", "kind", "code"))
    load_priorities(actor=SYSTEM)
    assert sorted(PriorityLink.objects.values_list("priority_id", "kind", "code")) == before
    assert ("measure", "MAC 2.1") in {row[1:] for row in before}
