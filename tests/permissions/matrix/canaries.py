"""Texts that only the owner's rows hold, gathered from every text column there is: no stranger's page may show one."""

from __future__ import annotations

from collections import deque
from typing import Any

from django.apps import apps
from django.db import models

from socialvalue.accounts.models import Organisation
from tests.permissions.matrix.viewers import OWNER

APPS = ("procurement", "reporting")
PARTIES = ("authority", "organisation")
"""Names of the field that says whose a row is."""
PUBLIC_MODELS = frozenset(
    {"Publication", "Threshold", "RegionTarget", "Policy", "PolicyVersion", "PolicyBand"}
)
"""What was chosen for everybody, or for every authority: an adopted policy is read across the region."""
PUBLIC_ROWS: dict[str, dict[str, Any]] = {"Story": {"status": "published"}}
OF_THE_FORM = frozenset({"CabinetSection.heading"})
"""Words of a form that everybody uses: "Social value" stands in many a workbook."""
SHORTEST = 14
OF_A_COLUMN = 3


def path_to_owner(model: type[models.Model]) -> str:
    """The lookup from a row to the slug of the authority whose it is; empty when there is none."""
    waiting: deque[tuple[type[models.Model], str]] = deque([(model, "")])
    seen = {model}
    while waiting:
        here, path = waiting.popleft()
        relations = [
            item
            for item in here._meta.fields
            if (item.is_relation and item.many_to_one) or item.one_to_one
        ]
        for item in relations:
            if item.related_model is Organisation and item.name in PARTIES:
                return f"{path}{item.name}__slug"
        for item in relations:
            related: Any = item.related_model
            if related not in seen and related._meta.app_label in APPS and path.count("__") < 5:
                seen.add(related)
                waiting.append((related, f"{path}{item.name}__"))
    return ""


def text_columns(model: type[models.Model]) -> list[str]:
    """Columns that hold what somebody typed, or the name of a file."""
    return [
        item.name
        for item in model._meta.fields
        if isinstance(item, (models.CharField, models.TextField, models.FileField))
        and not isinstance(item, models.SlugField)
        and item.name != "kind"
        and f"{model.__name__}.{item.name}" not in OF_THE_FORM
        and not item.choices
        and not item.primary_key
    ]


def gather() -> dict[str, str]:
    """Text by ``Model.column 0``: in a row of the owner, in no other authority's, and long enough to be no accident."""
    found: dict[str, str] = {}
    theirs = _texts_of_others()
    for model in apps.get_models():
        if model._meta.app_label not in APPS or model.__name__ in PUBLIC_MODELS:
            continue
        path = path_to_owner(model)
        for column in text_columns(model) if path else ():
            rows = model.objects.filter(**{path: OWNER}).order_by("-pk")
            if model.__name__ in PUBLIC_ROWS:
                rows = rows.exclude(**PUBLIC_ROWS[model.__name__])
            kept: list[str] = []
            for text in rows.values_list(column, flat=True)[:60]:
                plain = str(text or "").strip().split("\n")[0]
                if len(plain) >= SHORTEST and plain not in theirs and plain not in kept:
                    kept.append(plain)
                if len(kept) == OF_A_COLUMN:
                    break
            found |= {f"{model.__name__}.{column} {n}": text for n, text in enumerate(kept)}
    return found


def _texts_of_others() -> set[str]:
    """First lines of every text in rows of other authorities or of nobody."""
    found: set[str] = set()
    for model in apps.get_models():
        if model._meta.app_label not in (*APPS, "toms", "accounts", "audit"):
            continue
        path = path_to_owner(model) if model._meta.app_label in APPS else ""
        rows = model.objects.exclude(**{path: OWNER}) if path else model.objects.all()
        if model.__name__ in ("AuditRecord", "AccessRecord"):
            continue
        for column in text_columns(model):
            found.update(
                str(text or "").strip().split("\n")[0]
                for text in rows.values_list(column, flat=True)
            )
    return found
