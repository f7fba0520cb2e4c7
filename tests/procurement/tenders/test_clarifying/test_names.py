"""What names a bidder, and what only sounds like it."""

from __future__ import annotations

import pytest

from procurement.tenders.rules import named_bidder


@pytest.mark.parametrize(
    ("said", "name", "is_named"),
    [
        ("Hazel & Sons Ltd asks", "Hazel & Sons Ltd", True),
        ("hazel and sons asks", "Hazel & Sons Ltd", True),
        ("hazel-and-sons' price", "Hazel & Sons Ltd", True),
        ("Hazel's sons", "Hazel & Sons Ltd", False),
        ("Marrowfat asks", "Marrowfat Limited", True),
        ("Marrowfats ask", "Marrowfat Limited", False),
        ("Is care counted?", "Care Ltd", False),
        ("Is Care Ltd invited?", "Care Ltd", True),
        ("The group of the company", "The Group Company", False),
        ("We, the group company, ask", "The Group Company", True),
        ("Supplier 10 asks", "Supplier 1", False),
        ("Supplier 1 asks", "Supplier 1", True),
        ("", "Supplier 1", False),
        ("Anything", "", False),
    ],
)
def test_what_names_a_bidder(said, name, is_named):
    assert named_bidder(said, ["Nobody Near", name]) == (name if is_named else "")
