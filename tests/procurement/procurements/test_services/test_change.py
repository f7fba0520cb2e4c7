"""A procurement is changed: decided again, with both decisions kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from procurement.procurements import queries, services
from procurement.procurements.models import Procurement, RouteDecision
from procurement.procurements.vocabulary import DecisionStage
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.procurements import considered, procurement_of, values
from tests.procurement.procurements.test_services.steps import deeds, finish

pytestmark = pytest.mark.django_db


def change(actor, procurement, **fields):
    return services.change_procurement(
        actor=actor, procurement_id=procurement.pk, expected_version=procurement.version, **fields
    )


def test_a_new_value_is_decided_again_and_both_decisions_stay(officer):
    procurement = procurement_of(officer)
    changed = change(officer, procurement, estimate=Decimal("49999.99"))
    assert changed.version == procurement.version + 1
    decisions = queries.decisions_of(officer, procurement.pk)
    assert [(d.stage, d.route, d.crossed_line) for d in decisions] == [
        ("change", "light_touch", True),
        ("entry", "toms_mandatory", False),
    ]
    assert deeds(procurement)[-2:] == ["procurement_changed", "route_decided"]
    audit = AuditRecord.objects.get(deed="procurement_changed")
    assert (audit.before, audit.after) == ({"estimate": "180000.00"}, {"estimate": "49999.99"})


def test_a_new_title_is_not_decided_again(officer):
    procurement = procurement_of(officer)
    change(officer, procurement, title="Grounds maintenance, north")
    assert RouteDecision.objects.count() == 1


def test_the_same_values_again_change_nothing(officer):
    procurement = procurement_of(officer)
    unchanged = change(officer, procurement, **values())
    assert (unchanged.version, RouteDecision.objects.count()) == (1, 1)


def test_two_people_saving_the_second_sees_what_is_there_now(officer):
    procurement = procurement_of(officer)
    change(officer, procurement, title="Theirs")
    with pytest.raises(Conflict, match="Somebody else saved") as conflict:
        change(officer, procurement, title="Mine")
    assert conflict.value.changed == {"Title": ("Theirs", "Mine")}
    with pytest.raises(Conflict) as conflict:
        change(
            officer,
            procurement,
            title="Theirs",
            category="works",
            estimate=Decimal("90000.50"),
            estimate_basis="incl",
            vat_rate_percent=Decimal("17.5"),
        )
    assert conflict.value.changed == {
        "Category": ("Services", "Works"),
        "Estimate": ("£180,000", "£90,000.50"),
        "VAT basis": ("Excluding VAT", "Including VAT"),
        "VAT rate": ("Nothing", "17.5%"),
    }
    assert Procurement.objects.get().title == "Theirs"


def test_a_change_that_cannot_be_routed_changes_nothing(officer):
    procurement = procurement_of(officer)
    with pytest.raises(RuleBroken), transaction.atomic():
        change(officer, procurement, commenced_on=date(2010, 1, 1))
    procurement.refresh_from_db()
    assert (procurement.commenced_on, procurement.version) == (date(2026, 3, 1), 1)


def test_after_publication_nothing_changes(officer):
    procurement = procurement_of(officer)
    considered(officer, procurement)
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    procurement.refresh_from_db()
    with pytest.raises(RuleBroken, match="out to tender"):
        change(officer, procurement, title="Other")


def test_another_authority_cannot_see_change_withdraw_or_finish(officer, stranger):
    procurement = procurement_of(officer, estimate=Decimal("100"))
    for deed in (
        lambda: queries.procurement_for(stranger, procurement.pk),
        lambda: queries.decisions_of(stranger, procurement.pk),
        lambda: change(stranger, procurement, title="Mine"),
        lambda: services.withdraw_procurement(
            actor=stranger, procurement_id=procurement.pk, reason="x"
        ),
        lambda: services.mark_published(actor=stranger, procurement_id=procurement.pk),
        lambda: finish(stranger, procurement),
        lambda: services.decide_again(
            actor=stranger, procurement_id=procurement.pk, stage=DecisionStage.CHANGE
        ),
    ):
        with pytest.raises(NotVisible):
            deed()


def test_a_colleague_without_the_role_may_see_but_not_change(officer):
    procurement = procurement_of(officer, estimate=Decimal("100"))
    auditor = actor_for_role(Role.AUDITOR, accounts.organisation("warwickshire"))
    assert queries.procurement_for(auditor, procurement.pk) == procurement
    for deed in (
        lambda: change(auditor, procurement, title="Mine"),
        lambda: services.withdraw_procurement(
            actor=auditor, procurement_id=procurement.pk, reason="x"
        ),
        lambda: finish(auditor, procurement),
    ):
        with pytest.raises(NotAllowed):
            deed()
