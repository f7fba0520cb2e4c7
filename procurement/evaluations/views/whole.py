from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.urls import reverse

from procurement.evaluations import queries, services
from procurement.evaluations.forms import WholeForm
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.errors import Conflict
from socialvalue.core.views import FormPage


class Whole(FormPage):
    """Social value beside price and quality: points, place, and who would win at other weightings."""

    access = BUYER
    template_name = "procurement/evaluations/whole.html"
    form_class = WholeForm

    @cached_property
    def award(self) -> queries.WholeAward:
        return queries.whole_award(self.actor, self.kwargs["procurement_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"award": self.award}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"award": self.award}

    def perform(self, form: WholeForm) -> str:
        try:
            services.set_other_scores(
                actor=self.actor,
                evaluation_id=self.award.evaluation_id,
                price_percent=form.cleaned_data["price_percent"],
                quality_percent=form.cleaned_data["quality_percent"],
                scores=[services.OtherScoreInput(*row) for row in form.given()],
            )
        except Conflict:
            # The page now shows what was saved meanwhile, so saving again is a choice.
            form.see_versions(self.award)
            raise
        messages.success(self.request, "The scores are saved.")
        return reverse("procurement:evaluations:whole", args=[self.kwargs["procurement_pk"]])
