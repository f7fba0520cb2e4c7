"""No float on the path of a value: not in the source, not in a type, not in an answer."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import typing
from decimal import Decimal
from pathlib import Path

import pytest

import toms.valuation.rules
from toms.frameworks.models import Measure
from toms.proxies.models import Proxy
from toms.valuation.rules import Additionality, Timing, Working, value_of, worth

ROOT = Path(__file__).parents[3]
ON_THE_PATH = [
    *sorted((ROOT / "toms/valuation").rglob("*.py")),
    *sorted((ROOT / "toms/proxies").rglob("*.py")),
    ROOT / "toms/management/commands/value.py",
    ROOT / "toms/priorities/rules/opinions.py",
    *sorted((ROOT / "toms/priorities/queries").glob("opinions*.py")),
    ROOT / "toms/priorities/queries/reviewing.py",
    ROOT / "toms/priorities/forms/measure.py",
    ROOT / "procurement/awards/queries/opinions.py",
    ROOT / "procurement/ledger/queries/opinions.py",
    ROOT / "socialvalue/core/shares.py",
    ROOT / "socialvalue/core/money.py",
]
MODULES = [
    importlib.import_module(f"toms.valuation.rules.{found.name}")
    for found in pkgutil.iter_modules(toms.valuation.rules.__path__)
]


def floats_in(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            found.append(f"{node.lineno}: {node.value}")
        if isinstance(node, ast.Name) and node.id in {"float", "round"}:
            found.append(f"{node.lineno}: {node.id}")
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {getattr(node, "module", ""), *(alias.name for alias in node.names)}
            found += [f"{node.lineno}: {name}" for name in names & {"math", "statistics", "numpy"}]
    return found


def types_in(hint: object) -> set[object]:
    return {hint, *(inner for part in typing.get_args(hint) for inner in types_in(part))}


@pytest.mark.parametrize("path", ON_THE_PATH, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_source_names_no_float(path):
    assert floats_in(ast.parse(path.read_text())) == []


@pytest.mark.parametrize("source", ["x = 0.1", "y: float", "import math", "float('1')"])
def test_the_walk_would_find_one(source):
    assert floats_in(ast.parse(source)) != []


def test_no_type_of_the_rules_is_a_float():
    seen = 0
    for module in MODULES:
        for name, thing in vars(module).items():
            if getattr(thing, "__module__", "") != module.__name__:
                continue
            if inspect.isfunction(thing) or inspect.isclass(thing):
                for hint in typing.get_type_hints(thing).values():
                    seen += 1
                    assert float not in types_in(hint), f"{module.__name__}.{name}"
    assert seen > 40


def test_stored_amounts_are_decimals_of_the_agreed_places():
    amount = Proxy._meta.get_field("amount")
    assert (amount.get_internal_type(), amount.max_digits, amount.decimal_places) == (
        "DecimalField",
        18,
        9,
    )
    kinds = {field.get_internal_type() for field in (*Measure._meta.fields, *Proxy._meta.fields)}
    assert "FloatField" not in kinds


@pytest.mark.parametrize(
    "found",
    [
        value_of(quantity=Decimal("2.5"), unit_value=Decimal("0.333333333")),
        worth(
            quantity=Decimal("2.5"),
            unit_value=Decimal("0.333333333"),
            attribution=Decimal("0.1"),
            additionality=Additionality(deadweight=Decimal("0.3")),
            timing=Timing(40, drop_off=Decimal("0.02")),
        ),
    ],
)
def test_an_answer_is_decimal(found: Working):
    assert type(found.value) is Decimal
    assert type(found.exact) is Decimal
    assert type(found.value_pence) is int


def test_a_float_cannot_get_in():
    with pytest.raises(TypeError, match="must be a Decimal, not float"):
        worth(quantity=0.1, unit_value=Decimal(1))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="must be a Decimal, not float"):
        Timing(1, rate=0.035)  # type: ignore[arg-type]
