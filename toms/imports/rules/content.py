"""Everything an edition says, as one value: its order, its checksum. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

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
                for row in sorted(rows, key=lambda row: (row["place"], row["valid_from"]))
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


def _measure(row: Row) -> Row:
    found = {name: row.get(name) or "" for name in MEASURE_TEXTS}
    found["unit_parts"] = [{"name": part["name"]} for part in row["unit_parts"]]
    found["objectives"] = [
        *row.get("objectives", ()),
        *row.get("national_2021", ()),
        *row.get("national_2025", ()),
    ]
    found["is_local_employment"] = bool(row.get("is_local_employment", False))
    return found


def _proxy(row: Row) -> Row:
    found = {name: row.get(name) or "" for name in PROXY_TEXTS}
    found["derivation"] = [
        {key: item.get(key, "") for key in ("label", "value", "source")}
        for item in row.get("derivation") or ()
    ]
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
            _LINE.join([_said_of_measure(row) for row in ordered.measures]),
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


def _said_of_measure(row: Row) -> str:
    *texts, parts, objectives, is_local = row.values()
    units = _ITEM.join([part["name"] for part in parts])
    return _CELL.join([*texts, units, _ITEM.join(objectives), "1" if is_local else ""])


def _said_of_value(code: str, row: Row) -> str:
    *texts, derivation = row.values()
    steps = json.dumps(derivation, ensure_ascii=False) if derivation else ""
    return _CELL.join([code, *texts, steps])


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
