"""Which editions an authority and its region use: the list, one adoption, and the table to keep."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from socialvalue.accounts.permissions import BUYER
from socialvalue.core.tables import Column, Table
from socialvalue.core.views import Page, TableDownload
from toms.frameworks import queries


def adoption_url(name: str, *args: Any) -> str:
    return reverse(f"toms:frameworks:{name}", args=args)


def list_url(region_slug: str) -> str:
    return adoption_url("adoption_region", region_slug) if region_slug else adoption_url("adoption")


class Adoptions(Page):
    """What the authority uses today, or its region; what it used before and what it will use."""

    access = BUYER
    template_name = "toms/frameworks/adoption.html"

    def get_page(self) -> dict[str, Any]:
        slug = self.kwargs.get("region", "")
        page = queries.adopter_page(self.actor, slug)
        name = "adopt_choose_region" if slug else "adopt_choose"
        return {
            "adopter": page,
            "adopt_url": adoption_url(name, *([slug] if slug else [])),
        }


class OfAdoption:
    """What the pages of one adoption share."""

    kwargs: dict[str, Any]
    actor: Any

    @cached_property
    def detail(self) -> queries.AdoptionDetail:
        return queries.adoption_detail(self.actor, self.kwargs["pk"])

    @property
    def list_url(self) -> str:
        return list_url(self.detail.region.slug if self.detail.region else "")

    @property
    def own_url(self) -> str:
        return adoption_url("adoption_detail", self.kwargs["pk"])


class AdoptionPage(OfAdoption, Page):
    access = BUYER
    template_name = "toms/frameworks/adoption_detail.html"

    def get_page(self) -> dict[str, Any]:
        return {"adoption": self.detail, "list_url": self.list_url}


class AdoptedMeasures(OfAdoption, TableDownload):
    """The measures of the sub-set, each with the packs it is in."""

    access = BUYER

    def get_table(self) -> tuple[str, Table]:
        detail = self.detail
        packs = {
            row.id: ", ".join(pack.name for pack in detail.packs if row.id in pack.measure_ids)
            for row in detail.measures
        }
        table = Table(
            f"{detail.edition.name}, as {detail.adopter_name} uses it",
            [
                Column("Code"), Column("Measure", width=50), Column("Theme", width=30),
                Column("Outcome", width=40), Column("Unit"), Column("Kind"),
                Column("How it adds up"), Column("Packs", width=40),
            ],
            [
                (m.code, m.title, m.theme_name, m.outcome_name, m.unit, m.kind_label,
                 m.aggregation_label, packs[m.id])
                for m in detail.measures
            ],
        )  # fmt: skip
        return f"adopted-{detail.edition.slug}-{detail.from_on.isoformat()}", table
