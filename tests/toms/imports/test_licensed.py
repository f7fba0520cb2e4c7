"""A licensed workbook becomes an edition of whoever imported it, and can be taken back while nobody uses it."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from socialvalue.accounts.models import Region, RegionMembership
from socialvalue.accounts.vocabulary import MemberStatus, Role
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS, SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.imports import apply, imported, owner, ready, small_file
from tests.factories.ledger import Promise, contract_with
from tests.factories.workbooks import HEADINGS, csv_bytes, measure_rows, messy_workbook, ods, xlsx
from toms.frameworks import queries as frameworks
from toms.frameworks.models import Adoption, Edition, Framework, Measure
from toms.imports import queries
from toms.imports import services as imports
from toms.imports.models import FrameworkImport
from toms.imports.vocabulary import ThemeSource
from toms.priorities.models import CodeAlias, MeasureMapping
from toms.proxies.queries.exporting import value_rows

pytestmark = pytest.mark.django_db


def test_a_workbook_of_300_measures_is_imported_whole():
    actor = owner()
    kept = imported(actor, messy_workbook(300))
    assert kept.status == "applied"
    edition = frameworks.edition_info(actor, kept.edition_slug)
    assert frameworks.measure_count(edition.id) == 300
    values = value_rows(edition.id)
    for row in measure_rows(300):
        if row[6] is None:
            assert row[0] not in values
        else:
            assert Decimal(values[row[0]][0]["amount"]) == row[6]
    assert edition.name == "Lantern Framework, 2026"
    assert Edition.objects.get(pk=edition.id).checksum == queries.content_checksum(edition)


def test_it_is_undone_until_it_is_used():
    actor = owner()
    kept = imported(actor)
    imports.undo_import(actor=actor, import_id=kept.pk)
    assert (Edition.objects.count(), Measure.objects.count(), Framework.objects.count()) == (
        0,
        0,
        0,
    )
    again = apply(actor, ready(actor))
    assert again.edition_slug == kept.edition_slug


# --- who sees it ------------------------------------------------------------------------------------


def region_of(lead, *members):
    region = Region.objects.create(slug=f"region-{lead.pk}", name="A region", lead=lead)
    for member in members:
        RegionMembership.objects.create(
            region=region,
            authority=member,
            status=MemberStatus.CONSTITUENT,
            from_on=date(2020, 1, 1),
        )
    return region


def test_only_its_holder_sees_a_council_s_edition():
    council, other = AuthorityFactory(), AuthorityFactory()
    lead = AuthorityFactory()
    region_of(lead, council, other)
    holder = owner(council)
    kept = imported(holder)
    outsiders = [
        owner(other), owner(lead), actor_for_role(Role.SUPPLIER_ADMIN), ANONYMOUS,
        actor_for_role(Role.REGIONAL_ANALYST, lead), actor_for_role(Role.AUDITOR, other),
    ]  # fmt: skip
    for actor in outsiders:
        assert frameworks.edition_infos(actor) == []
        with pytest.raises(NotVisible):
            frameworks.edition_info(actor, kept.edition_slug)
        with pytest.raises(NotVisible):
            queries.exported(actor, kept.edition_slug)
        with pytest.raises(NotVisible):
            queries.framework_import(actor, kept.pk)
        assert list(queries.imports(actor)) == []
    colleague = actor_for_role(Role.PROCUREMENT_OFFICER, council)
    assert [row.slug for row in frameworks.edition_infos(colleague)] == [kept.edition_slug]
    assert frameworks.edition_info(holder, kept.edition_slug).label == "2026"


def test_what_a_region_s_lead_imports_is_seen_by_its_authorities_and_nobody_else():
    lead, member, outside = AuthorityFactory(), AuthorityFactory(), AuthorityFactory()
    left = AuthorityFactory()
    region = region_of(lead, member)
    RegionMembership.objects.create(
        region=region, authority=left, status=MemberStatus.CONSTITUENT,
        from_on=date(2020, 1, 1), to_on=date(2021, 1, 1),
    )  # fmt: skip
    kept = imported(owner(lead))
    for organisation in (lead, member):
        actor = actor_for_role(Role.PROCUREMENT_OFFICER, organisation)
        assert [row.slug for row in frameworks.edition_infos(actor)] == [kept.edition_slug]
    for organisation in (outside, left):
        assert (
            frameworks.edition_infos(actor_for_role(Role.PROCUREMENT_OFFICER, organisation)) == []
        )
    supplier = actor_for_role(Role.SUPPLIER_ADMIN)
    assert frameworks.edition_infos(supplier) == []


def test_a_licensed_edition_is_never_the_one_in_force():
    imported(owner())
    with pytest.raises(NotVisible):
        frameworks.current_edition(date(2026, 6, 1))


def test_two_councils_may_hold_the_same_framework_side_by_side():
    first, second = owner(), owner()
    one, two = imported(first), imported(second)
    assert one.edition_slug != two.edition_slug
    assert one.content_checksum != two.content_checksum, "each names its own licence"
    assert frameworks.edition_info(first, one.edition_slug).framework_licence.startswith(
        "Licensed to"
    )
    with pytest.raises(NotVisible):
        frameworks.edition_info(first, two.edition_slug)


# --- permission and order ---------------------------------------------------------------------------


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


# --- the edition before ------------------------------------------------------------------------------


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


# --- way back ----------------------------------------------------------------------------------------


def test_an_edition_in_use_stays():
    actor = owner()
    kept = imported(actor)
    contract_with(Promise(Measure.objects.filter(edition_id=kept.edition_id).first()))
    with pytest.raises(RuleBroken, match="in use"):
        imports.undo_import(actor=actor, import_id=kept.pk)
    kept.refresh_from_db()
    assert (kept.status, kept.edition_id is not None) == ("applied", True)
    assert frameworks.measure_count(kept.edition_id) == 12
    assert len(value_rows(kept.edition_id)) == 9


def test_an_adopted_edition_stays_and_says_who_keeps_it():
    actor = owner()
    kept = imported(actor)
    adoption = Adoption.objects.create(
        authority_id=actor.organisation_id, edition_id=kept.edition_id,
        from_on=date(2026, 4, 1), adopted_at=clock.now(),
    )  # fmt: skip
    adoption.measures.set(Measure.objects.filter(edition_id=kept.edition_id)[:2])
    with pytest.raises(RuleBroken, match="in use, so it stays: a council or a region adopted it"):
        imports.undo_import(actor=actor, import_id=kept.pk)
    assert adoption.measures.count() == 2
    assert frameworks.measure_count(kept.edition_id) == 12
    adoption.delete()
    assert imports.undo_import(actor=actor, import_id=kept.pk).status == "undone"


def test_an_edition_in_a_crosswalk_stays_and_says_so():
    actor = owner()
    kept = imported(actor)
    mapping = MeasureMapping.objects.create(
        region=Region.objects.create(slug="fenland", name="Fenland", lead_id=actor.organisation_id),
        source=Measure.objects.filter(edition_id=kept.edition_id).first(),
        reason="Counted nowhere else.", decided_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="so it stays: a crosswalk of a region maps its measures"):
        imports.undo_import(actor=actor, import_id=kept.pk)
    mapping.delete()
    assert imports.undo_import(actor=actor, import_id=kept.pk).status == "undone"


def test_a_family_that_a_priority_names_stays_without_its_edition():
    actor = owner()
    kept = imported(actor)
    family = kept.edition.framework
    CodeAlias.objects.create(framework=family, code="ZQ1", family="Another", alias="NT1")
    assert imports.undo_import(actor=actor, import_id=kept.pk).status == "undone"
    assert Framework.objects.filter(pk=family.pk).exists()
    assert not family.editions.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE toms_edition SET label = 'x'",
        "UPDATE toms_edition SET status = 'draft', published_at = NULL",
        "UPDATE toms_edition SET withdrawn_at = '2026-01-01', label = 'x'",
        "UPDATE toms_measure SET title = 'x'",
        "DELETE FROM toms_proxy",
        "DELETE FROM toms_measure",
    ],
)
def test_a_licensed_edition_does_not_change_even_by_sql(sql):
    imported(owner())
    with (
        pytest.raises(IntegrityError, match="does not change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE toms_edition SET withdrawn_at = NULL",
        "UPDATE toms_measure SET title = 'x'",
        "UPDATE toms_proxy SET amount = 1",
        "UPDATE toms_theme SET name = 'x'",
    ],
)
def test_a_withdrawn_edition_only_goes(sql):
    kept = imported(owner())
    Edition.objects.filter(pk=kept.edition_id).update(withdrawn_at="2026-01-01T00:00:00Z")
    with (
        pytest.raises(IntegrityError, match="does not change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_an_open_edition_is_never_withdrawn():
    imports.load_measure_set(actor=SYSTEM)
    with (
        pytest.raises(IntegrityError, match="does not change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE toms_edition SET withdrawn_at = '2026-01-01'")


# --- files -------------------------------------------------------------------------------------------


def far_cell() -> bytes:
    """A small file that names a cell at the far corner of its sheet."""
    plain = small_file(2)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", row)
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.4 nothing %%EOF", "not a spreadsheet"),
        (b"PK\x03\x04 nothing", "not a spreadsheet"),
        (b"\x00\x01\x02", "not a spreadsheet"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_other_files_are_refused(content, words):
    with pytest.raises(RuleBroken, match=words):
        imports.upload_framework(actor=owner(), file_name="a.xlsx", content=content)
    assert FrameworkImport.objects.count() == 0


def test_a_file_made_to_take_all_memory_is_refused_outside_this_process():
    with pytest.raises(RuleBroken, match=r"cannot be read|too many cells"):
        imports.upload_framework(actor=owner(), file_name="a.xlsx", content=far_cell())


@pytest.mark.parametrize(
    "make", [ods, lambda sheets: csv_bytes(sheets["M"], ";"), lambda sheets: csv_bytes(sheets["M"])]
)
def test_the_same_rows_make_the_same_edition_in_every_kind_of_file(make):
    actor = owner()
    rows = {"M": [list(HEADINGS), *measure_rows(30)]}
    expected = queries.preview(actor, ready(actor, xlsx(rows))).checksum
    found = queries.preview(actor, ready(actor, make(rows)))
    assert found.errors == ()
    assert found.checksum == expected
