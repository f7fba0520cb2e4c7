"""The sampling rule, its seeds, and the sample drawn again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse

from procurement.verifications import queries, services
from procurement.verifications.forms import SampleForm, SamplingRuleForm
from procurement.verifications.permissions import READER, SAMPLER, VERIFIER
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import count_text, to_pence
from socialvalue.core.tables import Table
from socialvalue.core.views import Deed, FormPage, Page, TableDownload, came_from

PAGE_SIZE = 50


class Sampling(Page):
    """The rule, the seeds, and for a chosen quarter every claim drawn again beside what was recorded."""

    access = READER
    template_name = "procurement/verifications/sampling.html"

    def get_page(self) -> dict[str, Any]:
        shown = queries.sampling_page(self.actor)
        form = SampleForm(self.request.GET or None, seeds=shown.seeds)
        asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
        quarter = asked.get("quarter")
        sample = queries.sample_of(self.actor, quarter) if quarter else None
        rows = sample.shown(asked["show"]) if sample else ()
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {"shown": shown, "filter": form, "sample": sample, "page": page}


class SampleDownload(TableDownload):
    """The sample of a quarter as a file."""

    access = READER

    def get_table(self) -> tuple[str, Table]:
        try:
            quarter = date.fromisoformat(self.kwargs["day"])
        except ValueError as error:
            raise NotVisible from error
        return f"sample-{quarter.isoformat()}", queries.sample_table(self.actor, quarter)


class SetSamplingRule(FormPage):
    """Say from a coming day on which claims are opened one by one."""

    access = SAMPLER
    template_name = "procurement/verifications/sampling_rule.html"
    form_class = SamplingRuleForm

    def get_initial(self) -> dict[str, Any]:
        return {"from_date": clock.today() + timedelta(days=1)}

    def get_page(self) -> dict[str, Any]:
        return {"shown": queries.sampling_page(self.actor)}

    def perform(self, form: Any) -> str:
        data = form.cleaned_data
        services.set_sampling_rule(
            actor=self.actor,
            from_date=data["from_date"],
            always_above_pence=to_pence(data["always_above"]),
            share_percent=data["share_percent"],
            reason=data["reason"],
        )
        messages.success(self.request, "The rule is set. Claims sent from its first day follow it.")
        return reverse("procurement:verifications:sampling")


class DrawSamples(Deed):
    """Draw the seeds that are missing."""

    access = VERIFIER

    def perform(self) -> str:
        drawn = services.draw_samples(actor=self.actor)
        self.say(f"{count_text(drawn, 'sample')} drawn." if drawn else "Every sample is drawn.")
        return came_from(self.request, reverse("procurement:verifications:queue"))
