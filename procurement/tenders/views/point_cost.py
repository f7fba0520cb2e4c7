"""What a point of social value costs: the tender's scoring tried on example bids. A page to read; nothing is kept."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from procurement.tenders import rules
from procurement.tenders.forms import ExamplesFormSet, PriceShareForm
from procurement.tenders.views.prepare import OfTender
from procurement.tenders.vocabulary import WeightingKind
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.errors import NotVisible
from socialvalue.core.tables import Column, Table
from socialvalue.core.views import Page

PREFIX = "bids"
USUAL_PRICE_SHARE = Decimal(60)


class PointCost(OfTender, Page):
    access = BUYER
    template_name = "procurement/tenders/point_cost.html"

    def get_page(self) -> dict[str, Any]:
        tender = self.tender
        if tender is None or tender.weighting_kind != WeightingKind.WEIGHTED:
            raise NotVisible("There are points to weigh once the tender has a weighted score.")
        sent = self.request.GET if f"{PREFIX}-TOTAL_FORMS" in self.request.GET else None
        share = PriceShareForm(sent or {"price_share": f"{USUAL_PRICE_SHARE}"})
        usual = rules.usual_examples(self.overview.estimate)
        examples: Any = ExamplesFormSet(sent, prefix=PREFIX, initial=[asdict(row) for row in usual])
        page = {"overview": self.overview, "share": share, "examples": examples}
        if sent is None:
            bids = usual
        elif share.is_valid() and examples.is_valid():
            bids = examples.bids()
        else:
            # A row was added or removed: nothing is wrong yet.
            return page | {"forms": [] if examples.rows_changed else [share, examples]}
        return page | self.tried(bids, share) | {"by_measure": self.is_by_measure}

    @property
    def is_by_measure(self) -> bool:
        """Each measure is scored by itself: an example is then right where bids offer all in the same proportion."""
        return any(row.weight_percent is not None for row in self.overview.requirements)

    def tried(self, bids: list[rules.TriedBid], share: PriceShareForm) -> dict[str, Any]:
        tender = self.tender
        price_share = share.cleaned_data["price_share"] if share.is_valid() else USUAL_PRICE_SHARE
        scored = rules.scored_examples(
            bids,
            quantitative_percent=tender.quantitative_percent,
            formula=tender.formula,
            target_value=tender.target_value,
        )
        found = rules.sensitivity(scored, weighting=tender.whole_percent, price_share=price_share)
        return {
            "found": found,
            "weighting": rules.plain(tender.whole_percent),
            "leaders": " and ".join(found.leaders),
            "bids": bid_table(scored, found),
            "winners": winner_table(found),
        }


def bid_table(scored: list[rules.ExampleBid], found: rules.Sensitivity) -> Table:
    return Table(
        "What one more social value point is worth to each bid",
        [
            Column("Bid"), Column("Price (£)", "money"), Column("Social value points of 100", "number"),
            Column("Points of the award", "number"), Column("It could ask this much more (£)", "money"),
        ],
        [
            (gap.name, gap.price, rules.two_places(row.social_value_score), gap.points, more(gap.gap))
            for row, gap in zip(scored, found.gaps, strict=True)
        ],
    )  # fmt: skip


def more(gap: Decimal | None) -> Decimal | str:
    return "Any price" if gap is None else gap


def winner_table(found: rules.Sensitivity) -> Table:
    return Table(
        "Who wins at which weighting of social value",
        [Column("Most points"), Column("From (%)", "number"), Column("To (%)", "number")],
        [(" and ".join(row.winners), row.first, row.last) for row in found.stretches],
    )
