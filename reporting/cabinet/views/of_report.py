"""What the views of one report share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from socialvalue.core.views import BaseView


class OfReport(BaseView):
    """A view of one report."""

    kwargs: dict[str, Any]

    @property
    def report_id(self) -> int:
        return int(self.kwargs["pk"])

    @property
    def report_url(self) -> str:
        return reverse("reporting:cabinet:report", args=[self.report_id])
