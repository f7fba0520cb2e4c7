"""A light-touch note may name the priorities of its own council beside the regional objectives."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.procurements import services
from procurement.procurements.forms import NoteForm
from procurement.procurements.queries import objective_names
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.priorities import own_statement, owner_of
from tests.factories.procurements import procurement_of
from tests.factories.tenders import NOW, load_everything
from toms.imports.services import load_priorities

pytestmark = pytest.mark.django_db


def finish(officer, procurement, *codes):
    return services.finish_light_touch(
        actor=officer, procurement_id=procurement.pk, considered="Asked two workshops.",
        objectives=codes, quotations_sought=3, local_quotations=2, chosen_supplier="A workshop",
        chosen_value=Decimal(12000), is_local_or_sme=None, agreed="",
    )  # fmt: skip


def test_the_notes_of_a_council_name_its_own_priorities_and_no_other_councils():
    load_everything()
    load_priorities(actor=SYSTEM)
    council = organisation("warwickshire")
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, council)
    with clock.at(NOW):
        first = NOW.date()
        own_statement(actor_for_role(Role.POLICY_OWNER, council), "Fair work", first=first)
        hill = own_statement(owner_of("Hill Council"), "Elsewhere", first=first)
        procurement = procurement_of(officer, estimate=Decimal(12500))
        form = NoteForm(crosses=lambda _: "", authority_id=council.pk)
        groups = dict(form.fields["objectives"].choices)
        code = f"WAR{first:%y}-1"
        assert groups["Council plan"] == [(code, "Fair work")]
        assert len(groups["West Midlands objectives"]) == 6
        with pytest.raises(RuleBroken, match="not on it"):
            finish(officer, procurement, hill.priorities[0].code)
        note = finish(officer, procurement, code, "PLB")
    assert note.objectives == ["PLB", code]
    assert objective_names(note.objectives, council.pk) == [
        "Promoting local businesses",
        "Fair work",
    ]
