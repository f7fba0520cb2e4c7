"""Who may adopt, change and take back."""

from __future__ import annotations

from datetime import date

import pytest

from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible
from tests.factories.accounts import actor_for_role
from tests.factories.adoption import adopted, ids, of, policy_owner, wmca_region
from tests.toms.frameworks.test_adoption_services.steps import TODAY, TOMORROW, changed
from toms.frameworks import services
from toms.frameworks.models import Adoption

pytestmark = pytest.mark.django_db


def test_only_policy_owners_adopt_and_only_for_their_own():
    for role in sorted(BUYER_ROLES - {Role.POLICY_OWNER}):
        with pytest.raises(NotAllowed, match="policy owner"):
            adopted(actor_for_role(role, organisation("warwickshire")), "open-2026", TODAY)
    stranger = policy_owner("coventry")
    with pytest.raises(NotAllowed):
        adopted(stranger, "open-2026", TODAY, adopter=of(policy_owner()))
    for member in (policy_owner(), actor_for_role(Role.REGIONAL_ANALYST, organisation("wmca"))):
        with pytest.raises(NotAllowed, match="leads it"):
            adopted(member, "open-2026", TODAY, adopter=wmca_region())
    supplier = actor_for_role(Role.SUPPLIER_ADMIN)
    with pytest.raises(NotAllowed):
        adopted(supplier, "open-2026", TODAY)
    assert Adoption.objects.count() == 0


def every_deed(actor, row):
    known = {"actor": actor, "adoption_id": row.pk, "expected_version": row.version}
    yield lambda: changed(actor, row, max_measures=3)
    yield lambda: services.end_adoption(**known, to_on=date(2027, 1, 1))
    yield lambda: services.remove_adoption(**known)
    yield lambda: services.set_packs(**known, packs=[])


def test_nobody_else_touches_an_adoption(owner):
    row = adopted(owner, "open-2026", TOMORROW)
    for stranger in (policy_owner("birmingham"), actor_for_role(Role.SUPPLIER_ADMIN)):
        for deed in every_deed(stranger, row):
            with pytest.raises(NotVisible):
                deed()
    colleague = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("warwickshire"))
    for deed in every_deed(colleague, row):
        with pytest.raises(NotAllowed):
            deed()
    regional = adopted(policy_owner("wmca"), "open-2026", TOMORROW, adopter=wmca_region())
    for deed in every_deed(owner, regional):
        with pytest.raises(NotAllowed, match="leads it"):
            deed()
    assert {row.version for row in Adoption.objects.all()} == {1}


def test_who_was_second_is_told(owner):
    row = adopted(owner, "open-2026", TOMORROW, max_measures=5)
    changed(owner, row, max_measures=8, measure_ids=ids("open-2026", "GSE1"))
    for deed in every_deed(owner, row):
        with pytest.raises(Conflict, match="Somebody else changed this adoption"):
            deed()
    with pytest.raises(Conflict) as second:
        changed(owner, row, max_measures=3, measure_ids=[])
    assert second.value.changed == {
        "Most measures of one tender": ("8", "3"),
        "Measures": ("GSE1", "The whole edition"),
    }
