"""What a procurement record may hold. Pure."""

from __future__ import annotations

import re
from datetime import date

from socialvalue.core.errors import RuleBroken

MAX_TITLE = 300
FIELDS = {
    "title": "Title",
    "description": "Description",
    "directorate": "Directorate",
    "category": "Category",
    "cpv": "CPV code",
    "estimate": "Estimate",
    "estimate_basis": "VAT basis",
    "vat_rate_percent": "VAT rate",
    "estimate_other": "Estimate on the other VAT basis",
    "estimate_initial": "Initial term",
    "estimate_extensions": "Extensions",
    "estimate_options": "Options",
    "is_utilities": "Utility activity",
    "parts": "Parts of a mixed contract",
    "commenced_on": "Commencement date",
    "starts_on": "Contract start",
    "ends_on": "Contract end",
}
"""What a person may change, and how it is called."""
CPV_CODE = re.compile(r"^(\d{8})(-\d)?$")


def clean_cpv(text: str) -> str:
    """A CPV code as ``72000000`` or ``72000000-5``, or nothing. RuleBroken for anything else."""
    code = text.strip()
    if code and not CPV_CODE.match(code):
        raise RuleBroken("A CPV code has 8 digits, like 72000000.", field="cpv")
    return code


def clean_title(text: str) -> str:
    title = " ".join(text.split())
    if not title:
        raise RuleBroken("Enter a title.", field="title")
    if len(title) > MAX_TITLE:
        raise RuleBroken(f"The title must be {MAX_TITLE} characters or fewer.", field="title")
    return title


def check_period(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise RuleBroken("The contract must end on or after the day it starts.", field="ends_on")


def check_start(commenced_on: date | None, starts_on: date | None) -> None:
    """A contract cannot start before anybody began to buy it. Imported notices are taken as they were published."""
    if commenced_on and starts_on and starts_on < commenced_on:
        raise RuleBroken(
            "The contract must start on or after the day the procurement commences.",
            field="starts_on",
        )
