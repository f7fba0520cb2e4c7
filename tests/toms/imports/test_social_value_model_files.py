"""The national model as a structure: counted or described, never valued, and honest about what nobody checked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import user_with_role
from toms.frameworks.queries import edition, measures_of, themes_of
from toms.frameworks.rules import split_certainty, with_certainty
from toms.imports.services import load_shipped_sets

DATA = Path(__file__).resolve().parents[3] / "toms/imports/data"
FILES = [
    json.loads((DATA / f"social-value-model-{year}.json").read_text(encoding="utf-8"))
    for year in (2020, 2025)
]
OLD, NEW = FILES


def test_ppn_06_20_has_five_themes_eight_outcomes_and_its_codes():
    assert [theme["name"] for theme in OLD["themes"]] == [
        "COVID-19 recovery",
        "Tackling economic inequality",
        "Fighting climate change",
        "Equal opportunity",
        "Wellbeing",
    ]
    assert sum(len(theme["outcomes"]) for theme in OLD["themes"]) == 8
    codes = [row["code"] for row in OLD["measures"]]
    assert (codes[0], codes[-1], len(codes)) == ("MAC 1.1", "MAC 8.2", 24)


def test_ppn_002_has_five_missions_and_eight_outcomes():
    assert [theme["name"] for theme in NEW["themes"]] == [
        "Kickstart economic growth",
        "Make Britain a clean energy superpower",
        "Take back our streets",
        "Break down barriers to opportunity",
        "Build an NHS fit for the future",
    ]
    assert sum(len(theme["outcomes"]) for theme in NEW["themes"]) == len(NEW["measures"]) == 8


@pytest.mark.parametrize("document", FILES, ids=["2020", "2025"])
def test_every_row_is_record_only_complete_and_marked(document):
    outcomes = {o["code"] for theme in document["themes"] for o in theme["outcomes"]}
    assert {row["outcome"] for row in document["measures"]} == outcomes
    for row in document["measures"]:
        assert (row["kind"], row["aggregation"], row["proxies"]) == ("record_only", "none", [])
        assert row["certainty"].startswith("From memory, not checked.")
        assert all(row[key] for key in ("title", "description", "evidence", "counting_rule"))


def test_the_mark_travels_with_the_text():
    text = with_certainty("What counts.", "From memory.")
    assert split_certainty(text) == ("What counts.", "From memory.")
    assert split_certainty("What counts.") == ("What counts.", "")
    assert with_certainty("What counts.", "") == "What counts."


@pytest.mark.django_db
def test_the_catalogue_marks_what_is_not_checked_and_only_that(client):
    load_shipped_sets(actor=SYSTEM)
    client.force_login(user_with_role(Role.POLICY_OWNER))
    page = client.get("/measures/?edition=social-value-model-2020")
    text = page.content.decode()
    assert page.context["unchecked"] == page.context["count"] == 24
    assert len(re.findall(r">\s*Not checked\s*<", text)) == 24
    assert "All 24 rows are marked" in text
    assert "Certainty:" not in text
    row = client.get("/measures/social-value-model-2020/MAC%202.1/").content.decode()
    assert "From memory, not checked." in row
    assert "It has no value in pounds" in row
    ours = client.get("/measures/?edition=open-2026-27")
    assert ours.context["unchecked"] == 0
    assert "Not checked" not in ours.content.decode()
    csv = client.get("/measures/export.csv?edition=social-value-model-2020").content.decode()
    assert csv.count("From memory, not checked.") == 24


@pytest.mark.django_db
def test_both_load_beside_the_open_set():
    load_shipped_sets(actor=SYSTEM)
    assert not any(loaded.is_new for loaded in load_shipped_sets(actor=SYSTEM))
    model = edition("social-value-model-2025")
    assert model.framework.slug == "social-value-model"
    assert len(themes_of(model.pk)) == 5
    assert [row.code for row in measures_of(model.pk)] == [f"Outcome {n}" for n in range(1, 9)]
