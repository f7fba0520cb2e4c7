"""import(export(x)) changes nothing: for the open set, for an imported edition, and for whatever can be thought of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import RuleBroken
from socialvalue.core.workbooks import UNWRITABLE
from tests.factories.imports import apply, imported, owner, ready
from tests.factories.workbooks import csv_bytes, messy_workbook, xlsx
from toms.frameworks import queries as frameworks
from toms.frameworks.models import Edition
from toms.imports import queries, renderers, rules
from toms.imports import services as imports
from toms.imports.rules.cells import clean, plain
from toms.proxies.queries.exporting import value_rows

FORMS = [("xlsx", renderers.edition_xlsx), ("csv", renderers.edition_csv)]
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")) | st.sampled_from("=+-@'\"\n;,\t_x0041£"),
    max_size=40,
).map(clean).filter(lambda text: not UNWRITABLE.search(text))  # fmt: skip
NAME = TEXT.filter(bool)
CODE = st.from_regex(r"[A-Z]{1,3}[0-9]{1,3}[a-z]?", fullmatch=True)
SLUG = st.from_regex(r"[a-z][a-z0-9-]{0,12}[a-z0-9]", fullmatch=True)
DAY = st.dates(min_value=date(2000, 1, 1)).map(str)
FRACTION = st.integers(0, 10**9).map(lambda share: plain(Decimal(share).scaleb(-9)))
AMOUNT = st.tuples(st.integers(0, 10**15 - 1), st.integers(0, 9)).map(
    lambda pair: plain(Decimal(pair[0]).scaleb(-max(pair[1], 6)))
)


@st.composite
def editions(draw: st.DrawFn) -> rules.EditionContent:
    """Any edition that can be kept: every kind, localised values, derivations, pairs, packs, awkward texts."""
    theme_codes = draw(st.lists(CODE, min_size=1, max_size=3, unique=True))
    slugs = draw(st.lists(SLUG, min_size=len(theme_codes), max_size=len(theme_codes), unique=True))
    outcomes = draw(st.lists(CODE, min_size=1, max_size=5, unique=True))
    themes = [
        {"code": code, "slug": slug, "name": draw(NAME), "about": draw(TEXT), "outcomes": []}
        for code, slug in zip(theme_codes, slugs, strict=True)
    ]
    for code in outcomes:
        draw(st.sampled_from(themes))["outcomes"].append({"code": code, "name": draw(NAME)})
    codes = draw(st.lists(CODE, min_size=1, max_size=6, unique=True))
    measures = [draw(measure(code, outcomes)) for code in codes]
    placed = [row["code"] for row in measures if row["kind"] in ("proxy", "localised")]
    proxies = {code: draw(values()) for code in placed}
    pairs = draw(st.lists(st.tuples(st.sampled_from(codes), st.sampled_from(codes)), max_size=3))
    return rules.EditionContent(
        framework={"name": draw(NAME), "owner": draw(NAME), "licence": draw(TEXT), "about": draw(TEXT)},
        label=draw(NAME), valid_from=draw(DAY), valid_to="", themes=themes, measures=measures,
        proxies={code: rows for code, rows in proxies.items() if rows},
        double_counting=[list(p) for p in {tuple(sorted(pair)) for pair in pairs if pair[0] != pair[1]}],
        packs=[
            {"slug": slug, "name": draw(NAME), "cpv_prefixes": draw(st.lists(CODE, max_size=2)),
             "measures": draw(st.lists(st.sampled_from(codes), max_size=3, unique=True))}
            for slug in draw(st.lists(SLUG, max_size=2, unique=True))
        ],
    )  # fmt: skip


@st.composite
def measure(draw: st.DrawFn, code: str, outcomes: list[str]) -> dict:
    kind = draw(
        st.sampled_from(["proxy", "pound_for_pound", "record_only", "localised", "negotiated"])
    )
    is_money = kind in ("proxy", "pound_for_pound", "localised")
    adds_up = "sum" if is_money else draw(st.sampled_from(["sum", "last", "ratio", "none"]))
    label = NAME if adds_up == "ratio" else TEXT
    return {
        "code": code, "outcome": draw(st.sampled_from(outcomes)), "title": draw(NAME), "description": draw(TEXT),
        "unit": draw(NAME), "unit_parts": [{"name": name} for name in draw(st.lists(NAME, max_size=2))],
        "kind": kind, "aggregation": adds_up, "numerator_label": draw(label), "denominator_label": draw(label),
        "target_requirements": draw(TEXT), "evidence": draw(TEXT), "counting_rule": draw(TEXT),
        "objectives": draw(st.lists(CODE, max_size=3)), "is_local_employment": draw(st.booleans()),
        "additionality": draw(st.dictionaries(st.sampled_from(rules.SHARES), FRACTION, max_size=2)),
    }  # fmt: skip


@st.composite
def values(draw: st.DrawFn) -> list[dict]:
    where = st.just("") | SLUG
    keys = draw(st.lists(st.tuples(where, where, DAY), max_size=3, unique=True))
    step = st.fixed_dictionaries({"label": TEXT, "value": TEXT, "source": TEXT})
    return [
        {
            "place": place, "sector": sector, "amount": draw(AMOUNT),
            "price_year": draw(st.sampled_from(["", "2025", "2024/25"])),
            "source_name": draw(TEXT), "source_url": draw(st.sampled_from(["", "https://example.org/a?b=c"])),
            "licence": draw(TEXT), "method": draw(TEXT), "certainty": draw(TEXT), "valid_from": day,
            "valid_to": draw(st.sampled_from(["", day])), "derivation": draw(st.lists(step, max_size=2)),
        }
        for place, sector, day in keys
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "write"), FORMS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=editions())
def test_what_is_written_is_read_again_word_for_word(kind, write, content):
    book = queries.read_workbook(write(content), kind)
    assert rules.is_export(book)
    found, problems, _ = rules.read_records(book)
    assert problems == []
    expected = rules.in_order(content)
    assert (found.framework, found.label, found.valid_from) == (
        expected.framework, expected.label, expected.valid_from,
    )  # fmt: skip
    assert rules.in_order(found) == expected
    assert rules.checksum_of(found) == rules.checksum_of(content)


@pytest.mark.django_db
@settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(content=editions(), form=st.sampled_from(FORMS))
def test_an_edition_kept_and_taken_out_comes_back_the_same(content, form):
    """Through the database, and through the file, and through the database again."""
    kind, write = form
    actor, other = owner(), owner()
    kept = apply(actor, ready(actor, write(content), name=f"a.{kind}"))
    edition = frameworks.edition_info(actor, kept.edition_slug)
    assert queries.content_checksum(edition) == rules.checksum_of(content) == kept.content_checksum
    again = ready(actor, write(queries.content_of(edition)))
    assert queries.preview(actor, again).same_as == edition
    before = Edition.objects.count()
    with pytest.raises(RuleBroken, match="nothing to import"):
        apply(actor, again)
    assert Edition.objects.count() == before
    elsewhere = apply(other, ready(other, write(queries.content_of(edition))))
    assert elsewhere.content_checksum == kept.content_checksum


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "write"), FORMS)
def test_the_open_set_comes_back_the_same(kind, write):
    imports.load_measure_set(actor=SYSTEM)
    actor = owner()
    content = queries.exported(actor, "open-2026")
    found = queries.preview(actor, ready(actor, write(content), name=f"open.{kind}"))
    assert (found.errors, found.warnings) == ((), ())
    assert found.same_as.slug == "open-2026"
    assert found.measure_count == len(content.measures) >= 50


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "write"), FORMS)
def test_an_imported_workbook_comes_back_the_same(kind, write):
    actor = owner()
    kept = imported(actor, messy_workbook(60))
    edition = frameworks.edition_info(actor, kept.edition_slug)
    assert write(queries.content_of(edition)) == write(queries.content_of(edition)), "byte for byte"
    found = queries.preview(actor, ready(actor, write(queries.content_of(edition))))
    assert found.same_as == edition
    assert found.checksum == kept.content_checksum
    assert value_rows(edition.id) != {}


@pytest.mark.parametrize(
    ("table", "heading", "text", "words"),
    [
        ("Measures", "Kind", "glimmer", "not known"),
        ("Measures", "Outcome", "nowhere", "not in this file"),
        ("Measures", "Unit parts", "people", "not a list"),
        ("Measures", "Title", "", "Title is missing"),
        ("Values", "Amount", "1.2345678901", "9 decimal places"),
        ("Values", "Amount", "12,5", "not an amount"),
        ("Values", "Valid from", "soon", "not a date"),
        ("Values", "Sector", "Building & care", "small letters"),
        ("Values", "Source link", "javascript:alert(1)", "not a link"),
        ("Measures", "Deadweight", "25", "fraction from 0 to 1"),
        ("Measures", "Leakage", "-0.1", "fraction from 0 to 1"),
        ("Measures", "Substitution", "some", "fraction from 0 to 1"),
        ("Edition", "Label", "", "Label is missing"),
    ],
)
def test_a_changed_cell_is_told_by_its_place(table, heading, text, words):
    content = rules.EditionContent(
        framework={"name": "Lantern", "owner": "Us", "licence": "L", "about": ""}, label="1",
        valid_from="2026-01-01", valid_to="",
        themes=[{"code": "T", "slug": "t", "name": "T", "about": "", "outcomes": [{"code": "O", "name": "O"}]}],
        measures=[{"code": "A1", "outcome": "O", "title": "One", "unit": "people", "unit_parts": [{"name": "people"}],
                   "kind": "proxy", "aggregation": "sum"}],
        proxies={"A1": [{"place": "", "amount": "1.5", "valid_from": "2026-01-01"}]},
    )  # fmt: skip
    book = queries.read_workbook(renderers.edition_xlsx(content), "xlsx")
    sheet = book.sheet(table)
    column = rules.TABLES[table].index(heading)
    sheet.rows[1][column] = text
    _, problems, _ = rules.read_records(book)
    assert (problems[0].sheet, problems[0].row, problems[0].column) == (table, 2, column)
    assert words in problems[0].message


def test_a_text_that_the_format_would_change_is_refused_and_goes_as_csv():
    content = rules.EditionContent(
        framework={"name": "Lantern", "owner": "Us", "licence": "_x005F_x0041_", "about": ""},
        label="1", valid_from="2026-01-01", valid_to="",
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="as CSV"):
        renderers.edition_xlsx(content)
    found, _, _ = rules.read_records(queries.read_workbook(renderers.edition_csv(content), "csv"))
    assert found.framework["licence"] == "_x005F_x0041_"


# --- editions and exports from before sectors and shares -----------------------------------------------

CHECKSUM_OF_OPEN_2026 = "fea91c5fe8decc53f6e5c64f6fbfa65915f0a4037aab08041b9182a630c79565"
"""What an edition comes to never changes: exports made long ago still say the same as the edition here."""


@pytest.mark.django_db
def test_the_checksum_of_an_edition_stays_what_it_was():
    imports.load_measure_set(actor=SYSTEM)
    content = queries.exported(SYSTEM, "open-2026")
    assert rules.checksum_of(content) == CHECKSUM_OF_OPEN_2026


def as_before(content, kind):
    """The export as it was written before it had columns of shares and sectors."""
    later = {"Measures": 4, "Values": 1}
    book = queries.read_workbook(renderers.edition_xlsx(content), "xlsx")
    tables = {
        sheet.name: [row[: len(row) - later.get(sheet.name, 0)] for row in sheet.rows]
        for sheet in book.sheets
    }
    if kind == "xlsx":
        return xlsx(tables)
    lines = [[rules.RECORD, *tables["Edition"][0]], ["Edition", *tables["Edition"][1]]]
    for name, rows in tables.items():
        if name != "Edition":
            lines += [
                [f"# {name}", *rows[0]],
                *([name, *map(rules.guard, row)] for row in rows[1:]),
            ]
    return csv_bytes(lines)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_older_export_without_the_new_columns_is_read(kind):
    imports.load_measure_set(actor=SYSTEM)
    content = queries.exported(SYSTEM, "open-2026")
    old = as_before(content, kind)
    book = queries.read_workbook(old, kind)
    assert not any("Deadweight" in row for sheet in book.sheets for row in sheet.rows)
    assert rules.is_export(book)
    found, problems, _ = rules.read_records(book)
    assert problems == []
    assert rules.checksum_of(found) == CHECKSUM_OF_OPEN_2026


def test_a_share_and_a_sector_are_part_of_what_is_said():
    base = {
        "framework": {"name": "L", "owner": "U", "licence": "", "about": ""}, "label": "1",
        "valid_from": "2026-01-01", "valid_to": "",
        "themes": [{"code": "T", "slug": "t", "name": "T", "about": "", "outcomes": [{"code": "O", "name": "O"}]}],
    }  # fmt: skip
    row = {"code": "A1", "outcome": "O", "title": "One", "unit": "people", "kind": "proxy",
           "aggregation": "sum", "unit_parts": [{"name": "people"}]}  # fmt: skip
    value = {"place": "", "amount": "1.5", "valid_from": "2026-01-01"}

    def checksum(measure, worth):
        return rules.checksum_of(
            rules.EditionContent(**base, measures=[row | measure], proxies={"A1": [value | worth]})
        )

    plain_one = checksum({}, {})
    assert plain_one == checksum({"additionality": {}}, {"sector": ""})
    others = {
        checksum({"additionality": {"deadweight": "0.25"}}, {}),
        checksum({"additionality": {"leakage": "0.25"}}, {}),
        checksum({"additionality": {"deadweight": "0.5"}}, {}),
        checksum({"additionality": {"deadweight": "0"}}, {}),
        checksum({}, {"sector": "retail"}),
    }
    assert len(others | {plain_one}) == 6
    assert checksum({"additionality": {"deadweight": "0.250"}}, {}) in others
