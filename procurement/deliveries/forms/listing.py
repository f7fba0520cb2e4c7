"""What narrows the list of claims."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from procurement.deliveries.queries import ClaimFilters
from procurement.deliveries.vocabulary import ClaimStatus
from socialvalue.core import widgets
from socialvalue.core.filters import FilterForm, choice
from socialvalue.core.periods import quarter_label

LARGEST = 2**63 - 1


def _key() -> forms.IntegerField:
    return forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput
    )


class ClaimsFilter(FilterForm):
    """Contract, promise and upload come from a link to the list and stay while it is searched."""

    sorts = ("submitted", "quarter", "supplier", "value")

    q = forms.CharField(
        label="Search", required=False, max_length=100, widget=widgets.TextInput(width=20),
        help_text="Contract, supplier or measure",
    )  # fmt: skip
    status = choice("Status", "All claims", ClaimStatus.choices)
    quarter = choice("Quarter", "All quarters")
    evidence = choice(
        "Evidence",
        "With or without evidence",
        (("with", "With evidence"), ("without", "No evidence yet")),
    )
    contract = _key()
    commitment = _key()
    upload = _key()

    def __init__(self, *args: Any, quarters: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(
            "quarter", "All quarters", [(day.isoformat(), quarter_label(day)) for day in quarters]
        )

    @property
    def filters(self) -> ClaimFilters:
        given = self.given
        return ClaimFilters(
            statuses=(given["status"],) if "status" in given else (),
            contract_id=given.get("contract"),
            commitment_id=given.get("commitment"),
            upload_id=given.get("upload"),
            quarter=date.fromisoformat(given["quarter"]) if "quarter" in given else None,
            text=given.get("q", ""),
            order=given.get("sort", "-submitted"),
        )
