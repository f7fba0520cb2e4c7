from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from procurement.policies import queries, services
from procurement.policies.models import Policy, PolicyBand, PolicyVersion, Threshold
from socialvalue.accounts.services import load_organisations
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotAllowed, RuleBroken
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.policies import load_law_and_policies

pytestmark = pytest.mark.django_db

HEADER = ",".join(services.COLUMNS)
ROW = "PA2023,2026-01-01,2027-12-31,incl,goods_services,sub_central,207720,a source,secondary"


def written(path, *lines):
    path.write_text("\n".join(lines) + "\n")
    return path


def counts():
    return [m.objects.count() for m in (Threshold, Policy, PolicyVersion, PolicyBand, AuditRecord)]


def test_loading_twice_changes_nothing():
    load_law_and_policies()
    before = counts()
    assert before[:4] == [78, 2, 2, 3]
    load_law_and_policies()
    assert counts() == before


def test_warwickshire_keeps_no_copy_of_the_regional_bands():
    load_law_and_policies()
    version = PolicyVersion.objects.get(policy__slug="warwickshire-social-value-policy")
    assert version.bands.count() == 0
    assert version.inherits.slug == "wmca-social-value-policy"


def test_a_threshold_is_corrected_in_place_and_the_correction_is_recorded(tmp_path):
    source = written(tmp_path / "t.csv", HEADER, ROW)
    assert services.load_thresholds(actor=SYSTEM, source=source) == 1
    written(source, HEADER, ROW.replace("207720", "207721"))
    services.load_thresholds(actor=SYSTEM, source=source)
    assert list(Threshold.objects.values_list("amount", flat=True)) == [Decimal("207721")]
    assert AuditRecord.objects.filter(deed="thresholds_loaded").count() == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW.replace("207720", "much"), "Line 3"),
        (ROW.replace("2026-01-01", "soon"), "Line 3"),
        (ROW.replace("incl", "both"), "Line 3"),
    ],
)
def test_one_bad_line_loads_nothing_and_is_named(tmp_path, row, said):
    source = written(tmp_path / "t.csv", HEADER, ROW, row)
    with pytest.raises(RuleBroken, match=said):
        services.load_thresholds(actor=SYSTEM, source=source)
    assert Threshold.objects.count() == 0


def test_a_file_without_a_column_is_refused(tmp_path):
    source = written(tmp_path / "t.csv", HEADER.replace(",certainty", ""), ROW)
    with pytest.raises(RuleBroken, match="no column certainty"):
        services.load_thresholds(actor=SYSTEM, source=source)


def test_only_the_platform_loads(tmp_path):
    owner = actor_for_role(Role.POLICY_OWNER)
    with pytest.raises(NotAllowed):
        services.load_thresholds(actor=owner)
    with pytest.raises(NotAllowed):
        services.load_policy(actor=owner, source=services.DATA / "wmca-policy.json")


def test_a_policy_of_an_unknown_organisation_says_what_to_do(tmp_path):
    with pytest.raises(RuleBroken, match="Load the organisations first"):
        services.load_policy(actor=SYSTEM, source=services.DATA / "wmca-policy.json")


def regional(tmp_path, **changes):
    data = json.loads((services.DATA / "wmca-policy.json").read_text())
    data["versions"][0].update(changes)
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(data))
    return path


@pytest.mark.parametrize(
    "changes", [{"weighting_max": "20"}, {"vat_basis": "incl"}, {"valid_from": "2018-04-01"}]
)
def test_an_adopted_version_never_changes(tmp_path, changes):
    load_organisations(actor=SYSTEM)
    services.load_policy(actor=SYSTEM, source=regional(tmp_path))
    with pytest.raises(RuleBroken, match="does not change"):
        services.load_policy(actor=SYSTEM, source=regional(tmp_path, **changes))


def test_bands_of_an_adopted_version_never_change(tmp_path):
    load_organisations(actor=SYSTEM)
    source = services.DATA / "wmca-policy.json"
    services.load_policy(actor=SYSTEM, source=source)
    data = json.loads(source.read_text())
    data["versions"][0]["bands"][0]["upper"] = "60000"
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(data))
    with pytest.raises(RuleBroken, match="does not change"):
        services.load_policy(actor=SYSTEM, source=changed)


def test_an_adopted_version_may_be_ended(tmp_path):
    load_organisations(actor=SYSTEM)
    services.load_policy(actor=SYSTEM, source=regional(tmp_path))
    services.load_policy(actor=SYSTEM, source=regional(tmp_path, valid_to="2026-12-31"))
    assert PolicyVersion.objects.get().valid_to == date(2026, 12, 31)
    with pytest.raises(RuleBroken, match="No social value policy was in force on 1 January 2027"):
        queries.policy_in_force(None, date(2027, 1, 1))
    assert queries.policy_in_force(None, date(2026, 12, 31)).number == 1


def test_a_damaged_policy_file_is_a_sentence(tmp_path):
    path = tmp_path / "policy.json"
    path.write_text('{"slug": "x"}')
    with pytest.raises(RuleBroken, match=r"policy\.json cannot be read as a policy"):
        services.load_policy(actor=SYSTEM, source=path)


def test_a_policy_with_neither_bands_nor_another_to_follow_is_refused(tmp_path):
    load_organisations(actor=SYSTEM)
    with pytest.raises(RuleBroken, match="neither bands"):
        services.load_policy(actor=SYSTEM, source=regional(tmp_path, bands=[]))
    assert Policy.objects.count() == 0


def test_a_new_organisation_can_have_its_own_bands(tmp_path):
    load_law_and_policies()
    council = AuthorityFactory(slug="own-bands")
    data = json.loads((services.DATA / "wmca-policy.json").read_text())
    data |= {
        "slug": "own",
        "organisation": "own-bands",
        "regional_default": False,
        "title": "Own policy",
    }
    data["versions"][0]["bands"][0]["upper"] = data["versions"][0]["bands"][1]["lower"] = "30000"
    path = tmp_path / "own.json"
    path.write_text(json.dumps(data))
    services.load_policy(actor=SYSTEM, source=path)
    result = queries.decide(
        authority_id=council.pk, category="services", amount=Decimal("30000"), basis="excl",
        vat_rate_percent=None, commenced_on=date(2026, 3, 1),
    )  # fmt: skip
    assert result.route == "toms_advised"
    assert result.policy.policy_slug == "own"
