"""Two versions side by side."""

from __future__ import annotations

from typing import Any

from procurement.policies import forms, queries
from socialvalue.accounts.permissions import BUYER
from socialvalue.core import clock
from socialvalue.core.sheets import CSV, to_csv
from socialvalue.core.views import BaseView, Download, Page


def _comparison(view: BaseView) -> queries.Comparison:
    asked = view.request.GET
    left, right = asked.get("left", ""), asked.get("right", "")
    return queries.comparison(
        view.actor,
        clock.today(),
        left=int(left) if left.isdecimal() else None,
        right=int(right) if right.isdecimal() else None,
    )


class Compare(Page):
    """Differences are said in words; without a choice the authority's own stands beside the regional default."""

    access = BUYER
    template_name = "procurement/policies/compare.html"

    def get_page(self) -> dict[str, Any]:
        found = _comparison(self)
        form = forms.CompareForm(
            versions=found.versions,
            initial={"left": str(found.left_id), "right": str(found.right_id)},
        )
        return {"comparison": found, "form": form, "groups": queries.compared_groups(found)}


class CompareExport(Download):
    access = BUYER

    def get_file(self) -> tuple[str, str, bytes]:
        table = queries.comparison_table(_comparison(self))
        return "policies-compared.csv", CSV, to_csv(table)
