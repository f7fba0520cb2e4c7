"""Everything an edition says, as one value: its order, its checksum. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import Any

from toms.imports.rules.cells import plain
from toms.valuation.rules import natural_key

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EditionContent:
    """An edition in the words of the data files. Amounts are plain decimal text, dates ISO text.

    The slugs name where it is kept and are no part of what it says, so they are no part of the checksum.
    """

    framework: Row
    label: str
    valid_from: str
    valid_to: str
    themes: Sequence[Row] = ()
    measures: Sequence[Row] = ()
    proxies: dict[str, list[Row]] = field(default_factory=dict)
    double_counting: Sequence[Sequence[str]] = ()
    packs: Sequence[Row] = ()
    slug: str = ""
    is_ordered: bool = False
    """Already as ``in_order`` would leave it."""

    @property
    def value_count(self) -> int:
        return sum(len(rows) for rows in self.proxies.values())


SHARES = ("deadweight", "leakage", "displacement", "substitution")
"""What a measure's method may take off, in the order it is written."""
MEASURE_TEXTS = (
    "code", "outcome", "title", "description", "unit", "kind", "aggregation", "numerator_label",
    "denominator_label", "target_requirements", "evidence", "counting_rule",
)  # fmt: skip
PROXY_TEXTS = (
    "place", "amount", "price_year", "source_name", "source_url", "licence", "method", "certainty",
    "valid_from", "valid_to",
)  # fmt: skip


def code_order(code: str) -> tuple[str, str]:
    return natural_key(code), code


def in_order(content: EditionContent) -> EditionContent:
    """The same edition in reading order, so that two ways of writing it are equal."""
    if content.is_ordered:
        return content
    return EditionContent(
        framework={name: content.framework.get(name, "") for name in ("name", "owner", "licence", "about")},
        label=content.label,
        valid_from=content.valid_from,
        valid_to=content.valid_to or "",
        themes=[
            {name: theme.get(name, "") for name in ("code", "slug", "name", "about")}
            | {"outcomes": [{"code": o["code"], "name": o["name"]} for o in theme["outcomes"]]}
            for theme in content.themes
        ],
        measures=[
            _measure(row) for row in sorted(content.measures, key=lambda row: code_order(row["code"]))
        ],
        proxies={
            code: [
                _proxy(row)
                for row in sorted(rows, key=_where)
            ]
            for code, rows in sorted(content.proxies.items(), key=lambda item: code_order(item[0]))
            if rows
        },
        double_counting=sorted(sorted(pair, key=code_order) for pair in content.double_counting),
        packs=[
            {
                "slug": pack["slug"],
                "name": pack["name"],
                "cpv_prefixes": list(pack["cpv_prefixes"]),
                "measures": sorted(pack["measures"], key=code_order),
            }
            for pack in sorted(content.packs, key=lambda pack: pack["slug"])
        ],
        slug=content.slug,
        is_ordered=True,
    )  # fmt: skip


def _where(row: Row) -> tuple[str, str, str]:
    return row["place"], row.get("sector") or "", row["valid_from"]


def _measure(row: Row) -> Row:
    found = {name: row.get(name) or "" for name in MEASURE_TEXTS}
    found["unit_parts"] = [{"name": part["name"]} for part in row["unit_parts"]]
    found["objectives"] = [
        *row.get("objectives", ()),
        *row.get("national_2021", ()),
        *row.get("national_2025", ()),
    ]
    found["is_local_employment"] = bool(row.get("is_local_employment", False))
    said = row.get("additionality") or {}
    found["additionality"] = {name: plain(Decimal(said[name])) for name in SHARES if name in said}
    return found


def _proxy(row: Row) -> Row:
    found = {name: row.get(name) or "" for name in PROXY_TEXTS}
    found["derivation"] = [
        {key: item.get(key, "") for key in ("label", "value", "source")}
        for item in row.get("derivation") or ()
    ]
    found["sector"] = row.get("sector") or ""
    return found


def checksum_of(content: EditionContent) -> str:
    """SHA-256 of all that is said, in reading order. Equal exactly when two editions say the same."""
    ordered = in_order(content)
    said = _SECTION.join(
        [
            json.dumps(
                [
                    [
                        *ordered.framework.values(),
                        ordered.label,
                        ordered.valid_from,
                        ordered.valid_to,
                    ],
                    ordered.themes,
                    ordered.double_counting,
                    ordered.packs,
                ],
                ensure_ascii=False,
            ),
            _LINE.join(_said_of_measures(ordered.measures)),
            _LINE.join(
                [
                    _said_of_value(code, row)
                    for code, rows in ordered.proxies.items()
                    for row in rows
                ]
            ),
        ]
    )
    return hashlib.sha256(said.encode()).hexdigest()


# Clean text holds none of these, so what stands between two of them is one text.
_SECTION, _LINE, _CELL, _ITEM = "\x1d", "\x1e", "\x1f", "\x1c"
_MEASURE_TEXTS, _PROXY_TEXTS = itemgetter(*MEASURE_TEXTS), itemgetter(*PROXY_TEXTS)
_MEASURE_REST = itemgetter("objectives", "is_local_employment", "additionality")


def _said_of_measures(rows: Sequence[Row]) -> list[str]:
    """A line each. What came into being later stands at its end, and only where something is said."""
    units: dict[int, str] = {}
    found = []
    for row in rows:
        parts = row["unit_parts"]
        unit = units.get(id(parts))
        if unit is None:
            # Measures of one sheet share their lists of parts, and every row keeps its own alive.
            unit = units[id(parts)] = _ITEM.join([part["name"] for part in parts])
        objectives, is_local, shares = _MEASURE_REST(row)
        cells = [*_MEASURE_TEXTS(row), unit, _ITEM.join(objectives), "1" if is_local else ""]
        if shares:
            cells.append(_ITEM.join([f"{name}={share}" for name, share in shares.items()]))
        found.append(_CELL.join(cells))
    return found


def _said_of_value(code: str, row: Row) -> str:
    derivation, sector = row["derivation"], row["sector"]
    steps = json.dumps(derivation, ensure_ascii=False) if derivation else ""
    cells = (code, *_PROXY_TEXTS(row), steps)
    return _CELL.join((*cells, sector) if sector else cells)


def slug_of(text: str, limit: int = 60) -> str:
    """Small letters, digits and hyphens. Other letters than a to z are left out."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:limit].strip("-")


def edition_slug(framework: str, label: str, organisation: str) -> str:
    """The name an imported edition is kept under: it ends in its holder, so that no two holders ever meet."""
    holder = organisation[:24].strip("-")
    room = 60 - len(holder) - 1
    return f"{slug_of(f'{framework} {label}', room) or 'edition'}-{holder}"


def framework_slug(framework: str, organisation: str) -> str:
    holder = organisation[:24].strip("-")
    return f"{slug_of(framework, 60 - len(holder) - 1) or 'framework'}-{holder}"
