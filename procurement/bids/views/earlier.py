"""Texts of earlier bids of the same supplier, to be used again in the draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from procurement.bids.forms import EarlierForm
from procurement.bids.queries import earlier_for
from procurement.bids.rules.reuse import Earlier
from procurement.bids.services import use_earlier_text
from procurement.bids.views.sharing import OfTender
from socialvalue.accounts.permissions import SUPPLIER
from socialvalue.core.errors import NotVisible
from socialvalue.core.views import FormPage


class EarlierMethods(OfTender, FormPage):
    """How the supplier said in other bids that it would deliver the same measure."""

    access = SUPPLIER
    template_name = "procurement/bids/earlier.html"
    form_class = EarlierForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.offer_view.is_open:
            return HttpResponseRedirect(self.to("copy"))
        return super().get(request, *args, **kwargs)

    @property
    def pk(self) -> int:
        return int(self.kwargs["requirement_pk"])

    def get_page(self) -> dict[str, Any]:
        about, now = self.about()
        return {"view": self.offer_view, "about": about, "now": now, "texts": self.texts()}

    def about(self) -> tuple[str, str]:
        """What is asked, and what is written now."""
        for line in self.offer_view.lines:
            if line.requirement.id == self.pk:
                return line.requirement.label, line.method_statement
        raise NotVisible

    def texts(self) -> tuple[Earlier, ...]:
        return earlier_for(self.actor, self.offer_view.tender).lines.get(self.pk, ())

    def version_now(self) -> int:
        return self.offer_view.version

    def perform(self, form: EarlierForm) -> str:
        self.use(form.cleaned_data["key"], form.cleaned_data["version"])
        messages.success(
            self.request, "The earlier text is in your draft. Change what no longer fits."
        )
        return f"{self.to('offer')}#{self.box()}"

    def use(self, key: str, version: int) -> None:
        use_earlier_text(
            actor=self.actor,
            tender_id=self.tender_pk,
            requirement_id=self.pk,
            key=key,
            expected_version=version,
        )

    def box(self) -> str:
        return f"id_method_{self.pk}"


class EarlierAnswers(EarlierMethods):
    """What the supplier answered elsewhere to a question that asks much the same."""

    @property
    def pk(self) -> int:
        return int(self.kwargs["question_pk"])

    def about(self) -> tuple[str, str]:
        for answer in self.offer_view.answers:
            if answer.question.id == self.pk:
                return answer.question.text, answer.text
        raise NotVisible

    def texts(self) -> tuple[Earlier, ...]:
        return earlier_for(self.actor, self.offer_view.tender).answers.get(self.pk, ())

    def use(self, key: str, version: int) -> None:
        use_earlier_text(
            actor=self.actor,
            tender_id=self.tender_pk,
            question_id=self.pk,
            key=key,
            expected_version=version,
        )

    def box(self) -> str:
        return f"id_answer_{self.pk}"
