"""Every edition of the open set is complete and consistent, and each value follows from its own working."""

import ast
import csv
import json
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FILES = [ROOT / f"toms/imports/data/{slug}.json" for slug in ("open-2026", "open-2026-27")]
PRIORITIES = ROOT / "toms/priorities/data/priorities.json"
REFERENCE = ROOT.parent / "shared/reference"

KINDS = {"proxy", "pound_for_pound", "record_only", "localised", "negotiated"}
AGGREGATIONS = {"sum", "last", "ratio", "none"}
UNITS_OF_THE_FIELD = {
    "FTE-years",
    "people x hours",
    "weeks",
    "staff hours",
    "£",
    "tCO2e",
    "%",
    "yes/no",
}
MEASURE_KEYS = {
    "code",
    "outcome",
    "title",
    "description",
    "unit",
    "unit_parts",
    "kind",
    "aggregation",
    "numerator_label",
    "denominator_label",
    "target_requirements",
    "evidence",
    "counting_rule",
    "objectives",
    "national_2021",
    "national_2025",
    "is_local_employment",
    "proxies",
}
PROXY_TEXTS = ("price_year", "source_name", "source_url", "licence", "certainty", "method")
NINE_PLACES = Decimal("0.000000001")

DOCUMENTS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}
OLD, NEW = DOCUMENTS.values()
MEASURES = [
    pytest.param(measure, id=f"{slug}-{measure['code']}")
    for slug, document in DOCUMENTS.items()
    for measure in document["measures"]
]
PROXIES = [
    pytest.param(
        measure, proxy, id=f"{slug}-{measure['code']}-{proxy['place']}-{proxy['valid_from']}"
    )
    for slug, document in DOCUMENTS.items()
    for measure in document["measures"]
    for proxy in measure["proxies"]
]
EACH_MEASURE = pytest.mark.parametrize("measure", MEASURES)


@pytest.fixture(params=DOCUMENTS)
def document(request) -> dict:
    return DOCUMENTS[request.param]


OPERATIONS = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}


def work_out(formula: str, inputs: dict[str, Decimal]) -> Decimal:
    """The value of a formula of + - * / and brackets over named inputs, in exact decimals."""

    def value(node: ast.expr) -> Decimal:
        if isinstance(node, ast.BinOp):
            return OPERATIONS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.Constant):
            return Decimal(str(node.value))
        assert isinstance(node, ast.Name), f"not allowed in a formula: {ast.dump(node)}"
        return inputs[node.id]

    return value(ast.parse(formula, mode="eval").body)


def codes(document: dict) -> list[str]:
    return [measure["code"] for measure in document["measures"]]


def reference(name: str) -> list[dict[str, str]]:
    path = REFERENCE / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_framework_and_edition_say_who_owns_them_and_from_when(document: dict) -> None:
    assert document["framework"]["slug"] == "open"
    assert document["framework"]["name"] == "Open social value measures"
    assert document["framework"]["licence"] == "CC BY 4.0"
    assert document["framework"]["owner"]
    assert document["framework"]["about"]
    assert (OLD["edition"]["slug"], OLD["edition"]["valid_from"]) == ("open-2026", "2023-04-01")
    assert (NEW["edition"]["slug"], NEW["edition"]["valid_from"]) == ("open-2026-27", "2026-04-01")
    assert document["edition"]["valid_to"] is None


def test_there_are_five_themes_and_enough_measures(document: dict) -> None:
    assert [theme["code"] for theme in document["themes"]] == ["T1", "T2", "T3", "T4", "T5"]
    assert (len(OLD["measures"]), len(NEW["measures"])) == (52, 74)
    assert len(codes(document)) == len(set(codes(document)))


def test_codes_are_our_own(document: dict) -> None:
    assert [
        code
        for code in codes(document)
        if not re.fullmatch(r"(GSE|PLB|HSC|ENV|INN)\d+[a-z]?", code)
    ] == []


def test_every_theme_and_outcome_has_measures_and_every_measure_an_outcome(document: dict) -> None:
    outcomes = {o["code"]: theme for theme in document["themes"] for o in theme["outcomes"]}
    assert {measure["outcome"] for measure in document["measures"]} == set(outcomes)
    for measure in document["measures"]:
        prefix = re.match(r"[A-Z]+", measure["code"])
        assert prefix is not None
        assert prefix.group() == outcomes[measure["outcome"]]["objective"]


def test_every_kind_aggregation_and_unit_of_the_field_occurs_often_enough(document: dict) -> None:
    def count(key: str, value: str) -> int:
        return sum(1 for measure in document["measures"] if measure[key] == value)

    assert {measure["kind"] for measure in document["measures"]} == KINDS
    assert {measure["aggregation"] for measure in document["measures"]} == AGGREGATIONS
    assert UNITS_OF_THE_FIELD - {measure["unit"] for measure in document["measures"]} == set()
    assert count("kind", "localised") >= 3
    assert count("kind", "negotiated") >= 2
    assert count("aggregation", "ratio") >= 2
    assert count("aggregation", "none") >= 2


@EACH_MEASURE
def test_a_measure_says_all_that_a_bidder_and_a_verifier_need(measure: dict) -> None:
    assert set(measure) == MEASURE_KEYS
    texts = ("title", "description", "unit", "target_requirements", "evidence", "counting_rule")
    assert [key for key in texts if not measure[key].strip()] == []
    assert measure["unit_parts"]
    assert all(part["name"] for part in measure["unit_parts"])
    if len(measure["unit_parts"]) == 1:
        assert measure["unit"] == measure["unit_parts"][0]["name"]


@EACH_MEASURE
def test_kind_aggregation_and_values_belong_together(measure: dict) -> None:
    places = {proxy["place"] for proxy in measure["proxies"]}
    if measure["kind"] == "proxy":
        assert places == {""}
    elif measure["kind"] == "localised":
        assert places
        assert "" not in places
    else:
        assert places == set()
    if measure["kind"] in {"pound_for_pound", "negotiated"}:
        assert measure["unit"] == "£"
    if measure["kind"] != "record_only":
        assert measure["aggregation"] == "sum"


@EACH_MEASURE
def test_only_ratios_are_percentages_and_name_both_numbers(measure: dict) -> None:
    is_ratio = measure["aggregation"] == "ratio"
    assert (measure["unit"] == "%") is is_ratio
    assert bool(measure["numerator_label"]) is is_ratio
    assert bool(measure["denominator_label"]) is is_ratio


@EACH_MEASURE
def test_objectives_and_national_priorities_exist(measure: dict) -> None:
    sets = json.loads(PRIORITIES.read_text(encoding="utf-8"))["sets"]
    known = {s["slug"]: {priority["code"] for priority in s["priorities"]} for s in sets}
    assert measure["objectives"]
    assert set(measure["objectives"]) - known["wmca-objectives"] == set()
    assert set(measure["national_2021"]) - known["national-2021"] == set()
    assert measure["national_2025"]
    assert set(measure["national_2025"]) - known["national-2025"] == set()


def test_every_objective_and_priority_is_served_by_some_measure(document: dict) -> None:
    sets = json.loads(PRIORITIES.read_text(encoding="utf-8"))["sets"]
    keys = {
        "wmca-objectives": "objectives",
        "national-2021": "national_2021",
        "national-2025": "national_2025",
    }
    assert {s["slug"] for s in sets} == set(keys)
    for priorities in sets:
        served = {
            code for measure in document["measures"] for code in measure[keys[priorities["slug"]]]
        }
        assert served == {priority["code"] for priority in priorities["priorities"]}


def test_local_employment_is_marked_so_totals_can_leave_it_out(document: dict) -> None:
    assert {m["code"] for m in document["measures"] if m["is_local_employment"]} == {
        "GSE1",
        "GSE1a",
        "GSE1b",
    }


@pytest.mark.parametrize(("measure", "proxy"), PROXIES)
def test_a_value_follows_from_its_own_working(measure: dict, proxy: dict) -> None:
    inputs = {item["key"]: Decimal(item["value"]) for item in proxy["derivation"]}
    assert len(inputs) == len(proxy["derivation"])
    worked = work_out(proxy["formula"], inputs).quantize(NINE_PLACES, ROUND_HALF_UP)
    assert Decimal(proxy["amount"]) == worked
    assert worked > 0
    assert set(re.findall(r"[a-z_]+", proxy["formula"])) == set(inputs)


@pytest.mark.parametrize(("measure", "proxy"), PROXIES)
def test_the_written_method_shows_the_same_arithmetic(measure: dict, proxy: dict) -> None:
    values = {item["key"]: item["value"] for item in proxy["derivation"]}
    with_numbers = re.sub(r"[a-z_]+", lambda name: values[name.group()], proxy["formula"])
    assert proxy["method"].endswith(f": {with_numbers} = {proxy['amount']}")


@pytest.mark.parametrize(("measure", "proxy"), PROXIES)
def test_a_value_names_its_source_licence_and_price_year(measure: dict, proxy: dict) -> None:
    assert [key for key in PROXY_TEXTS if not proxy[key].strip()] == []
    assert [
        i for i in proxy["derivation"] if not (i["label"].strip() and i["source"].strip())
    ] == []
    assert re.fullmatch(r"\d{4}(/\d{2})?", proxy["price_year"])
    assert proxy["source_url"].startswith("https://")
    assert re.fullmatch(r"\d+\.\d{2,9}", proxy["amount"])


@EACH_MEASURE
def test_one_place_has_one_value_on_any_day(measure: dict) -> None:
    for one, other in combinations(measure["proxies"], 2):
        if one["place"] != other["place"]:
            continue
        first, second = sorted((one, other), key=lambda proxy: proxy["valid_from"])
        assert first["valid_to"] is not None
        assert date.fromisoformat(first["valid_to"]) < date.fromisoformat(second["valid_from"])


def test_no_value_begins_before_the_edition(document: dict) -> None:
    begins = date.fromisoformat(document["edition"]["valid_from"])
    for proxy in proxies_in(document):
        assert date.fromisoformat(proxy["valid_from"]) >= begins


def test_localised_measures_have_a_value_in_every_place_and_none_for_the_county(
    document: dict,
) -> None:
    places = {place["slug"] for place in document["places"]}
    localised = [measure for measure in document["measures"] if measure["kind"] == "localised"]
    for measure in localised:
        assert {proxy["place"] for proxy in measure["proxies"]} == places
    (county,) = document["places_without_values"]
    assert county["slug"] == "warwickshire"
    assert county["slug"] not in places
    assert county["why"]
    districts = {p["slug"] for p in document["places"] if p["county"] == "warwickshire"}
    assert set(county["choose"]) == districts
    assert set(county["measures"]) == {measure["code"] for measure in localised}


def test_double_counting_pairs_are_known_measures_named_once(document: dict) -> None:
    pairs = [frozenset(pair) for pair in document["double_counting"]]
    assert all(len(pair) == 2 for pair in pairs)
    assert len(pairs) == len(set(pairs))
    assert {code for pair in pairs for code in pair} - set(codes(document)) == set()


def test_packs_hold_four_or_more_known_measures_and_no_cpv_prefix_twice(document: dict) -> None:
    packs = document["packs"]
    assert len({pack["slug"] for pack in packs}) == len(packs)
    for pack in packs:
        assert len(pack["measures"]) == len(set(pack["measures"])) >= 4
        assert set(pack["measures"]) - set(codes(document)) == set()
    prefixes = [prefix for pack in packs for prefix in pack["cpv_prefixes"]]
    assert len(prefixes) == len(set(prefixes))
    assert [prefix for prefix in prefixes if not re.fullmatch(r"\d{2,8}", prefix)] == []
    assert [pack["slug"] for pack in packs if not pack["cpv_prefixes"]] == ["any-contract"]


def test_no_code_or_name_of_a_licensed_framework_is_used(document: dict) -> None:
    text = json.dumps(document)
    assert re.findall(r"\bNT\d+|\bRE\d+\b|\bHACT\b|\bTOMs\b|Social Value Portal", text) == []


def proxies_in(document: dict) -> list[dict]:
    return [proxy for measure in document["measures"] for proxy in measure["proxies"]]


def proxies_of(document: dict, code: str) -> list[dict]:
    (measure,) = [measure for measure in document["measures"] if measure["code"] == code]
    return measure["proxies"]


def derived_from(document: dict, code: str, key: str) -> dict[str, str]:
    return {
        proxy["place"]: item["value"]
        for proxy in proxies_of(document, code)
        for item in proxy["derivation"]
        if item["key"] == key
    }


@pytest.mark.parametrize(
    ("code", "key", "column"),
    [
        ("GSE1", "median", "median_annual"),
        ("GSE7", "lower_quartile", "p25_annual"),
        ("PLB4", "upper_quartile", "p75_annual"),
        ("INN4", "upper_quartile", "p75_annual"),
    ],
)
def test_pay_figures_are_those_of_the_source(
    document: dict, code: str, key: str, column: str
) -> None:
    rows = reference("wm-earnings-ashe.csv")
    assert derived_from(document, code, key) == {row["la_slug"]: row[column] for row in rows}


def test_carbon_values_are_those_of_the_source(document: dict) -> None:
    central = {
        row["year"]: Decimal(row["central"]) for row in reference("carbon-values-2020prices.csv")
    }
    years = {"open-2026": range(2023, 2031), "open-2026-27": range(2026, 2036)}
    wanted = [str(year) for year in years[document["edition"]["slug"]]]
    valued = [m["code"] for m in document["measures"] if m["unit"] == "tCO2e"]
    assert valued[:3] == ["ENV1", "ENV2", "ENV3"]
    for code in valued:
        by_year = {p["valid_to"][:4]: Decimal(p["amount"]) for p in proxies_of(document, code)}
        assert by_year == {year: central[year] for year in by_year}
        assert sorted(by_year) == wanted
        assert {p["price_year"] for p in proxies_of(document, code)} == {"2020"}


def test_unit_costs_are_those_of_the_source(document: dict) -> None:
    rows = {row["code"]: row for row in reference("gmca-ucd-v1.4-selected.csv")}
    found = 0
    for proxy in proxies_in(document):
        for item in proxy["derivation"]:
            if not item["source"].startswith("gmca-ucd"):
                continue
            row = rows[item["source"].rsplit(" ", 1)[1]]
            assert Decimal(item["value"]) == Decimal(row["value_gbp"])
            assert proxy["price_year"] == row["price_year"]
            found += 1
    assert found == {"open-2026": 13, "open-2026-27": 18}[document["edition"]["slug"]]


def test_the_hourly_rate_is_that_of_the_source(document: dict) -> None:
    rates = {row["announced"]: row["uk_hourly"] for row in reference("real-living-wage.csv")}
    for code in ("GSE8", "GSE9", "GSE10", "HSC1", "ENV8"):
        assert derived_from(document, code, "rate") == {"": rates["2025-10"]}


def test_a_newer_edition_leaves_what_was_measured_before_as_it_was() -> None:
    """Codes keep their meaning: unit, kind and how it adds up are those of the edition before."""
    kept = ("unit", "unit_parts", "kind", "aggregation", "counting_rule")
    newer = {measure["code"]: measure for measure in NEW["measures"]}
    for measure in OLD["measures"]:
        assert {key: newer[measure["code"]][key] for key in kept} == {
            key: measure[key] for key in kept
        }


def test_the_newer_edition_covers_planning_climate_and_the_buyers_themselves() -> None:
    def serving(key: str, code: str) -> int:
        return sum(1 for measure in NEW["measures"] if code in measure[key])

    assert serving("objectives", "PLD") >= 6
    assert serving("objectives", "ENV") >= 12
    assert serving("national_2021", "NP21-2") >= 12
    assert serving("national_2025", "NP25-3") >= 5
    for objective in ("GSE", "PLB", "HSC", "INN"):
        assert serving("objectives", objective) >= 10
