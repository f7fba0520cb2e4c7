"""Forms of pages that show or write values."""

from __future__ import annotations

from toms.proxies.forms.differences import DifferenceFilter
from toms.proxies.forms.own import MeasureForm, PublishForm, SeenForm

__all__ = ["DifferenceFilter", "MeasureForm", "PublishForm", "SeenForm"]
