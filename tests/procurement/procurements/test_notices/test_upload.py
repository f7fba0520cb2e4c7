"""An officer uploads a file of notices: previewed, then applied once."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from procurement.procurements import queries, services
from procurement.procurements.models import Procurement, RouteDecision
from procurement.procurements.vocabulary import BuyerMatch
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.procurements import award_release, procurement_of, release
from tests.procurement.procurements.test_notices.steps import take_in


def preview(actor, *releases, match=BuyerMatch.OWN):
    content = json.dumps(list(releases)).encode()
    return services.preview_notices(
        actor=actor, file_name="notices.json", content=content, match=match
    )


def test_a_preview_saves_no_procurement_and_applying_does_what_it_showed(officer):
    kept = preview(officer, release(), release(ocid="b", buyer={"name": "Dudley Council"}))
    assert Procurement.objects.count() == RouteDecision.objects.count() == 0
    assert (kept.outcome["created"], len(kept.outcome["refused"])) == (1, 1)
    assert "not your organisation" in kept.outcome["refused"][0]["reason"]
    applied = services.apply_notices(actor=officer, import_id=kept.pk)
    assert {k: applied.outcome[k] for k in ("read", "created", "refused")} == {
        k: kept.outcome[k] for k in ("read", "created", "refused")
    }
    found = Procurement.objects.get()
    assert (found.authority_id, found.owner_id) == (officer.organisation_id, officer.user_id)
    assert applied.outcome["rows"][0]["procurement_id"] == found.pk


def test_a_file_is_applied_once(officer):
    kept = preview(officer, release())
    services.apply_notices(actor=officer, import_id=kept.pk)
    with pytest.raises(Conflict, match="applied already"):
        services.apply_notices(actor=officer, import_id=kept.pk)
    assert Procurement.objects.count() == 1


def test_an_officer_may_take_every_notice_as_ours(officer):
    kept = preview(officer, release(buyer={"name": "Our shared service"}), match=BuyerMatch.ALL)
    services.apply_notices(actor=officer, import_id=kept.pk)
    assert Procurement.objects.get().authority_id == officer.organisation_id


def test_another_authority_neither_sees_nor_applies_a_file(officer):
    kept = preview(officer, release())
    other = actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("dudley"))
    with pytest.raises(NotVisible):
        queries.notice_import(other, kept.pk)
    with pytest.raises(NotVisible):
        services.apply_notices(actor=other, import_id=kept.pk)
    assert Procurement.objects.count() == 0


def test_a_colleague_without_the_role_cannot_import(officer):
    kept = preview(officer, release())
    auditor = actor_for_role(Role.AUDITOR, accounts.organisation("coventry"))
    with pytest.raises(NotAllowed):
        preview(auditor, release())
    with pytest.raises(NotAllowed):
        services.apply_notices(actor=auditor, import_id=kept.pk)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"x" * (services.MAX_BYTES + 1), "larger than 5 MB"), (b"\x81\x8d", "not")],
)
def test_a_file_that_cannot_be_read_is_a_sentence_at_the_file_box(officer, content, said):
    with pytest.raises(RuleBroken, match=said) as broken:
        services.preview_notices(
            actor=officer, file_name="x.json", content=content, match=BuyerMatch.OWN
        )
    assert broken.value.errors[0][0] == "file"


def test_a_file_in_the_old_windows_encoding_is_read(officer):
    content = json.dumps([release(tender={"title": "Café £5"})], ensure_ascii=False).encode(
        "cp1252"
    )
    kept = services.preview_notices(
        actor=officer, file_name="x.json", content=content, match=BuyerMatch.OWN
    )
    assert kept.outcome["rows"][0]["title"] == "Café £5"


def test_a_file_tells_nothing_of_another_authoritys_row(officer):
    take_in(release(buyer={"name": "Dudley Council"}))
    row = preview(officer, release(buyer={"name": "Dudley Council"}), match=BuyerMatch.ALL).outcome[
        "rows"
    ][0]
    assert row["reason"] == "It is recorded for another authority already."
    assert (row["procurement_id"], row["estimate"], row["route"]) == (None, "", "")


def test_a_finished_light_touch_purchase_is_not_reopened_by_a_notice(officer):
    take_in(release(tender={"value": {"amount": 100}}))
    Procurement.objects.update(status="complete")
    assert "carried on here" in take_in(award_release(90))["refused"][0]["reason"]
    assert Procurement.objects.get().status == "complete"


def test_a_notice_with_another_value_leaves_out_how_the_old_one_was_made_up(officer):
    services.apply_notices(
        actor=officer, import_id=preview(officer, release(), match=BuyerMatch.ALL).pk
    )
    found = Procurement.objects.get()
    services.change_procurement(
        actor=officer, procurement_id=found.pk, expected_version=found.version,
        estimate_initial=Decimal(50000), estimate_extensions=Decimal(10000),
    )  # fmt: skip
    newer = release(tender={"value": {"amount": 70000, "currency": "GBP"}})
    services.apply_notices(
        actor=officer, import_id=preview(officer, newer, match=BuyerMatch.ALL).pk
    )
    found.refresh_from_db()
    assert (found.estimate, found.estimate_initial) == (Decimal(70000), None)


def test_an_officers_own_entry_is_not_touched_by_an_import(officer):
    own = procurement_of(officer, title="Repair of benches")
    take_in(release())
    own.refresh_from_db()
    assert (own.version, own.source, Procurement.objects.count()) == (1, "entered", 2)
