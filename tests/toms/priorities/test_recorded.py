"""Old sentences of the crosswalk named titles that are held under a licence: the record tells them to their readers."""

from __future__ import annotations

import pytest

from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries.records import RecordFilter, deed_lines, deeds_of_organisation
from socialvalue.audit.services import record
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.crosswalk import edition_of
from toms.frameworks.models import Measure
from toms.priorities.vocabulary import CrosswalkDeed

pytestmark = pytest.mark.django_db

TITLE = "Apprentices of the canary"


def told(reader, **narrowed) -> list[str]:
    rows = list(deeds_of_organisation(reader, RecordFilter(**narrowed)))
    return [line.sentence for line in deed_lines(reader, rows, with_values=True)]


@pytest.mark.parametrize("is_own", [True, False])
@pytest.mark.parametrize("is_licensed", [True, False])
def test_a_title_under_a_licence_is_told_to_its_readers(is_own, is_licensed):
    lead, holder = AuthorityFactory(), AuthorityFactory()
    whose = (lead if is_own else holder) if is_licensed else None
    edition = edition_of("family", "family-1", [("QF-1", TITLE, "people")], holder=whose)
    measure = Measure.objects.get(edition=edition)
    record(
        actor=actor_for_role(Role.POLICY_OWNER, lead),
        deed=CrosswalkDeed.MEASURE_MAPPED,
        sentence=f"QF-1 {TITLE} counts as OM-1.",
        target=measure,
    )
    reader = actor_for_role(Role.AUDITOR, lead)
    may_read = is_own or not is_licensed
    (sentence,) = told(reader)
    assert (TITLE in sentence) == may_read
    assert ("title withheld" in sentence) == (not may_read)
    # What is withheld cannot be guessed by searching for it either.
    assert told(reader, q="canary") == []
    assert told(reader, kind=CrosswalkDeed.MEASURE_MAPPED) == [sentence]
