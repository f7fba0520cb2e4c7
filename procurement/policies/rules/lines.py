"""The lines of the table that route nothing: what each is for. Pure."""

from __future__ import annotations

OTHER_LINES = {
    "light_touch_concession": "Concessions for light-touch services",
    "notifiable_below_threshold": "Smaller contracts from this amount on need notices (sections 84 and 87)",
    "kpi_publication_gt": "Contracts over this amount need at least three key performance indicators (section 52)",
    "contract_copy_publication_gt": "A copy of contracts over this amount is published (section 53)",
    "pipeline_spend_gt": "Who expects to pay more than this in a year publishes a pipeline notice (section 93)",
    "pipeline_contract_gt": "Contracts over this amount are listed in the pipeline notice (section 93)",
    "payment_notice_gt": "Payments over this amount are published (section 70)",
    "s85_works_no_prequal_ceiling": "Smaller works below this amount have no stage on suitability (section 85)",
    "small_lot_goods_services": "Small lots of goods and services that may be left out",
    "small_lot_works": "Small lots of works that may be left out",
}
"""What the table calls them, and what they mean for a council, in the order they are shown."""


WHOSE = {
    "central": "Central government",
    "sub_central": "Councils",
    "other_than_central": "Councils and others outside central government",
    "utility": "Utilities",
    "utility_or_defence": "Utilities and defence",
    "any": "Everybody",
}
"""The table's kinds of authority in words."""


ROUTED_LINES = {
    "goods_services": "Goods and services",
    "works": "Works",
    "light_touch": "Light-touch services",
    "concession": "Concessions",
}
"""The lines that decide a route, as the table calls them."""


def line_label(category: str) -> str:
    """What a category of the table is called on a page."""
    return ROUTED_LINES.get(category) or OTHER_LINES.get(category) or category
