"""The subject of a letter names no person: it is read on locked screens, logged by mail servers, and forwarded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from allauth import __file__ as allauth_file

ROOT = Path(__file__).parents[3]
OURS = sorted((ROOT / "templates/emails").glob("*.txt"))
THEIRS = sorted(
    [
        *(ROOT / "templates").glob("*/email/*_subject.txt"),
        *(Path(allauth_file).parent / "templates").glob("*/email/*_subject.txt"),
    ]
)
ABOUT_THINGS = {
    "title", "contract.title", "authority", "supplier", "organisation", "measure", "deadline", "how_many",
    "how_many|pluralize", "where",
}  # fmt: skip
"""What may stand in a subject: tenders, contracts, organisations, measures, moments, numbers."""


def subject_of(path: Path) -> str:
    """The first line of a letter, as a template."""
    text = re.sub(r"{%\s*(?:load|autoescape)[^%]*%}", "", path.read_text()).lstrip()
    return text.partition("\n")[0]


def variables(text: str) -> set[str]:
    return {found.strip() for found in re.findall(r"{{(.*?)}}", text)}


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_a_subject_of_ours_names_things_only(path):
    subject = subject_of(path)
    assert subject
    assert variables(subject) <= ABOUT_THINGS, subject
    assert "@" not in subject
    assert "{%" not in subject


@pytest.mark.parametrize("path", THEIRS, ids=lambda path: "-".join(path.parts[-3:]))
def test_a_subject_about_signing_in_names_nobody(path):
    assert variables(path.read_text()) == set()


def test_there_are_letters():
    assert len(OURS) >= 20
    assert len(THEIRS) >= 15
