"""The sign-off of a report: its route, and a step's answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages

from reporting.cabinet.forms import SignForm
from reporting.cabinet.permissions import AUTHOR, BUYER
from reporting.cabinet.queries.signing import sign_page
from reporting.cabinet.services.signing import ask_for_sign_off, sign_report
from reporting.cabinet.views.of_report import OfReport
from reporting.cabinet.vocabulary import SignOffAnswer
from socialvalue.core.views import Deed, FormPage


class SignOff(OfReport, FormPage):
    """Read by whoever may read the report; answered by an approver who did not write in it."""

    access = BUYER
    template_name = "reporting/cabinet/sign_off.html"
    form_class = SignForm

    def get_page(self) -> dict[str, Any]:
        self.sign = sign_page(self.actor, self.report_id)
        return {"sign": self.sign, "report_url": self.report_url}

    def get_initial(self) -> dict[str, Any]:
        return {"words_hash": self.sign.words_hash, "step": self.sign.open_step}

    def perform(self, form: SignForm) -> str:
        signed = sign_report(actor=self.actor, report_id=self.report_id, **form.cleaned_data)
        said = (
            "agreed to the words"
            if signed.answer == SignOffAnswer.AGREED
            else "returned the report"
        )
        messages.success(self.request, f"You {said} for {signed.get_step_display()}.")
        return self.report_url


class AskForSignOff(OfReport, Deed):
    access = AUTHOR

    def perform(self) -> str:
        ask_for_sign_off(actor=self.actor, report_id=self.report_id)
        self.say(
            "The sign-off is asked for. Approvers of your organisation see it on their first page and in the letter of "
            "the week, each step in its turn."
        )
        return self.report_url
