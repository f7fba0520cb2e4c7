"""Hostile strings in every text column of the demonstration, past the services and the guards of the tables."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat

from tests.conftest import without_guards

APPS = ("accounts", "audit", "toms", "procurement", "reporting")
BEFORE = ("=", "+", "-", "@", "\t=", "\r=")
"""What the texts of a column begin with, one row after the other."""
WITHIN = "\"><svevil a='1'>' svevil='1' \"\r\nsvevil: 1\" svevil=\"{{7*7}}</textarea>"
SHORT = "'\"><svevil>\r\n"
LINK = "javascript:svevil()//"
ROOM_FOR_KEY = 12
SHORTEST = 30
"""Columns with less room hold codes."""
CODES = re.compile(
    r"(^|_)(kind|code|codes|unit|slug|hash|digest|checksum|key|token|salt|receipt|fingerprint|status|state|version"
    r"|cpv|ocid|path|session|secret|password|email|number|envelope|nonce|table|basis|place|sector|postcode.*|district"
    r"|theme|licence|formula|deed|type|id|certainty|sha256|sort|category|figure|renderer|seed|family|mark|asker|content|quantity|denominator"
    r"|asked)$"
)
"""Names of columns whose texts the code knows or counts with: no word of anybody's."""
KEPT = frozenset({"SealMarks.source"})


def columns() -> dict[str, models.Field[Any, Any]]:
    """Every column that holds somebody's words, by ``Model.column``."""
    found: dict[str, models.Field[Any, Any]] = {}
    for model in apps.get_models():
        if model._meta.app_label not in APPS or not model._meta.managed:
            continue
        for column in model._meta.concrete_fields:
            name = f"{model.__name__}.{column.name}"
            if (
                isinstance(column, models.CharField | models.TextField)
                and not isinstance(column, models.SlugField | models.EmailField)
                and not column.choices
                and not column.primary_key
                and (column.max_length or SHORTEST) >= SHORTEST
                and not CODES.search(column.name)
                and name not in KEPT
            ):
                found[name] = column
    return found


def texts_for(name: str, column: models.Field[Any, Any], number: int) -> list[str]:
    """What is planted in a column: ``number`` tells it from the others. An address is a link that would run."""
    mark = f"svevil{number}"
    if isinstance(column, models.URLField) or column.name in ("address", "url", "source_url"):
        return [f"{LINK}{mark}"]
    room = (column.max_length or 10_000) - ROOM_FOR_KEY
    whole = WITHIN if len(WITHIN) + len(mark) + 2 <= room else SHORT
    return [f"{before}{mark}{whole}"[:room] for before in BEFORE]


def plant() -> dict[str, int]:
    """Overwrite what people wrote, where they wrote something. The rows of each column that holds the strings now."""
    planted: dict[str, int] = {}
    with without_guards():
        for number, (name, column) in enumerate(columns().items()):
            rows = column.model._base_manager.exclude(**{column.name: ""})
            if column.null:
                rows = rows.exclude(**{column.name: None})
            texts = texts_for(name, column, number)
            count = 0
            for turn, text in enumerate(texts):
                some = rows.annotate(turn=F("pk") % len(texts)).filter(turn=turn)
                words = Concat(Value(text), Cast(F("pk"), models.CharField()))
                count += some.update(**{column.name: words})
            if count:
                planted[name] = count
    return planted


def starts_a_formula(text: str) -> bool:
    """A cell that a spreadsheet would work out; a number is none."""
    number = re.fullmatch(r"[-+]?£?[\d,. ]+%?", text)
    return text.startswith(("=", "+", "-", "@", "\t", "\r")) and not number
