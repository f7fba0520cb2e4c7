"""A licensed file is applied: by a policy owner, under a confirmed licence, beside the edition before."""

from __future__ import annotations

from decimal import Decimal

import pytest

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.imports import apply, imported, owner, ready, small_file
from tests.factories.workbooks import measure_rows
from toms.frameworks.models import Edition
from toms.imports import queries
from toms.imports import services as imports
from toms.imports.models import FrameworkImport
from toms.imports.vocabulary import ThemeSource

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "role", [Role.PROCUREMENT_OFFICER, Role.ORGANISATION_ADMIN, Role.SUPPLIER_ADMIN]
)
def test_only_a_policy_owner_imports(role):
    actor = actor_for_role(role)
    with pytest.raises(NotAllowed):
        imports.upload_framework(actor=actor, file_name="a.xlsx", content=small_file())
    assert FrameworkImport.objects.count() == 0


def test_a_colleague_without_the_role_cannot_apply_or_undo():
    council = AuthorityFactory()
    holder = owner(council)
    kept = ready(holder)
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, council)
    with pytest.raises(NotVisible):
        apply(officer, kept, checksum="x")
    applied = apply(holder, kept)
    with pytest.raises(NotVisible):
        imports.undo_import(actor=officer, import_id=applied.pk)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"licence": "  "}, "licence"),
        ({"confirmed_by": "Somebody Else"}, "confirmed_by"),
        ({"confirmed_by": ""}, "confirmed_by"),
    ],
)
def test_nothing_is_imported_without_a_confirmed_licence(change, field):
    actor = owner()
    kept = ready(actor)
    with pytest.raises(RuleBroken) as error:
        apply(actor, kept, **change)
    assert error.value.errors[0][0] == field
    assert Edition.objects.count() == 0


def test_an_import_that_changed_meanwhile_is_a_conflict():
    actor = owner()
    kept = ready(actor)
    with pytest.raises(Conflict):
        apply(actor, kept, checksum="of something else")
    with pytest.raises(Conflict):
        apply(actor, kept, expected_version=kept.version - 1)
    applied = apply(actor, kept)
    with pytest.raises(Conflict):
        apply(actor, applied)
    assert Edition.objects.count() == 1


def test_odd_values_are_imported_only_when_accepted():
    rows = measure_rows(8)
    rows[2][5] = "glimmers"
    actor = owner()
    kept = ready(actor, small_file(rows=rows))
    found = queries.preview(actor, kept)
    assert [problem.cell for problem in found.warnings] == ["F4"]
    with pytest.raises(RuleBroken, match="odd"):
        apply(actor, kept, accepts_warnings=False)
    assert apply(actor, kept).status == "applied"


def test_wrong_cells_stop_it():
    rows = measure_rows(8)
    rows[0][6] = "about £12"
    actor = owner()
    kept = ready(actor, small_file(rows=rows))
    with pytest.raises(RuleBroken, match="1 cell is wrong"):
        apply(actor, kept)


def test_the_columns_are_kept_for_the_next_file_of_this_organisation():
    council = AuthorityFactory()
    actor = owner(council)
    kept = ready(actor)
    chosen = dict(kept.columns) | {"method": kept.columns["counting_rule"]}
    chosen.pop("counting_rule")
    imports.choose_columns(
        actor=actor, import_id=kept.pk, expected_version=kept.version,
        columns=chosen, theme_source=ThemeSource.COLUMN,
    )  # fmt: skip
    for who, origin in ((owner(council), "saved"), (owner(), "guessed")):
        other = imports.upload_framework(actor=who, file_name="b.xlsx", content=small_file(5))
        found = queries.columns_for(who, other, queries.workbook_of(other))
        assert found.origin == origin
        assert (dict(found.chosen) == chosen) == (origin == "saved")


def test_the_same_label_with_other_content_needs_another_one():
    actor = owner()
    imported(actor)
    kept = ready(actor, small_file(20))
    with pytest.raises(RuleBroken, match="another label"):
        apply(actor, kept)


def test_values_are_compared_with_the_edition_before():
    actor = owner()
    rows = measure_rows(8)
    rows[0][6], rows[1][6], rows[2][6] = Decimal("1234.5678"), Decimal("20"), Decimal("30")
    imported(actor, small_file(rows=rows))
    rows[0][6], rows[1][6], rows[2][6] = Decimal(12345678), Decimal(2000), Decimal("2999.99")
    rows[4][5] = "people" if rows[4][5] != "people" else "weeks"
    found = queries.preview(actor, ready(actor, small_file(rows=rows), label="2027"))
    said = {problem.cell: problem.message for problem in found.warnings}
    assert set(said) == {"G2", "G3", "F6"}
    assert "lost its point" in said["G2"]
    assert "100 times" in said["G3"]
    assert "counted in" in said["F6"]
    assert found.before.label == "2026"
