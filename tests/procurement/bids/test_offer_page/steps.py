"""What these tests share: what the page says."""

from __future__ import annotations

import re

from tests.procurement.bids.test_views import text


def words(response):
    """What the page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", "", text(response)).split())
