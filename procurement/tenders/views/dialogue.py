"""What is said after publication: amendments, questions, answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.tenders.forms import AmendForm, AnswerForm, AskForm
from procurement.tenders.queries import (
    ClarificationInfo,
    Dialogue,
    clarification_for,
    clarifications_for,
    dialogue_of,
    planned_amendment,
)
from procurement.tenders.rules import is_short_notice
from procurement.tenders.services import amend_tender, answer, ask
from procurement.tenders.views.prepare import OFFICER, OfTender
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.accounts.permissions import BUYER, SUPPLIER
from socialvalue.core.errors import Conflict, NotVisible, RuleBroken
from socialvalue.core.views import FormPage, Page

NOT_SENT = ("csrfmiddlewaretoken", "check", "confirm", "edit")


class Amend(OfTender, FormPage):
    """Everything an amendment may change; then what it does; then it is sent."""

    access = OFFICER
    template_name = "procurement/tenders/amend.html"
    form_class = AmendForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.overview.is_amendable:
            messages.info(request, self.why_not)
            return HttpResponseRedirect(self.to("task_list"))
        return super().get(request, *args, **kwargs)

    @property
    def why_not(self) -> str:
        if self.tender is None:
            raise NotVisible("This procurement has no tender yet.")
        if self.tender.status == TenderStatus.DRAFT:
            return "This tender is not published yet. Change it here."
        return (
            "The deadline has passed or the procurement is withdrawn. The tender no longer changes."
        )

    def get_page(self) -> dict[str, Any]:
        if self.tender is None or self.tender.deadline_at is None:
            raise NotVisible
        return {"overview": self.overview, "back_url": self.to("task_list")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            "requirements": self.overview.requirements,
            "questions": self.overview.questions,
            "deadline_at": self.tender.deadline_at,
        }

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.tender.version}

    def version_now(self) -> Any:
        return self.tender.version

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "confirm" in request.POST:
            return super().post(request, *args, **kwargs)
        page = self.get_page()
        form = self.build_form(bound=True)
        if "edit" not in request.POST and form.is_valid():
            try:
                return self.checked(form, page)
            except RuleBroken as error:
                for name, message in error.errors:
                    form.add_error(name if name in form.fields else None, message)
        elif "edit" in request.POST:
            return render(request, self.template_name, page | {"form": form, "is_edited": True})
        return render(request, self.template_name, page | {"form": form}, status=422)

    def checked(self, form: AmendForm, page: dict[str, Any]) -> HttpResponse:
        """What it would do, before it is done."""
        before, after = self.tender.deadline_at, form.new_deadline()
        planned = planned_amendment(
            self.tender.pk, form.changed_requirements(), form.changed_questions()
        )
        if after is not None and after < before:
            raise RuleBroken("The deadline can only move later", field="deadline_on")
        if after is None and not planned.changes:
            raise RuleBroken("Nothing is changed. Change something, or go back to the tender.")
        page |= {
            "changes": planned.changes,
            "reason": form.cleaned_data["reason"],
            "deadline_before": before,
            "deadline_after": after,
            "is_short": bool(planned.changes)
            and is_short_notice(self.overview.now, before, after or before),
            "sent": [
                (name, value)
                for name, values in self.request.POST.lists()
                if name not in NOT_SENT
                for value in values
            ],
        }
        return render(self.request, "procurement/tenders/amend_check.html", page)

    def perform(self, form: AmendForm) -> str:
        amend_tender(
            actor=self.actor,
            tender_id=self.tender.pk,
            expected_version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            deadline_at=form.new_deadline(),
            requirements=form.changed_requirements(),
            questions=form.changed_questions(),
        )
        messages.success(self.request, "The tender is amended. Everybody invited gets a letter.")
        return self.to("task_list")


class Clarifications(OfTender, Page):
    """Questions of invited suppliers, without who asked."""

    access = BUYER
    template_name = "procurement/tenders/clarifications.html"

    def get_page(self) -> dict[str, Any]:
        if self.tender is None:
            raise NotVisible("This procurement has no tender yet.")
        rows = clarifications_for(self.actor, self.tender.pk)
        return {
            "overview": self.overview,
            "waiting": [row for row in rows if not row.is_answered],
            "answered": [row for row in rows if row.is_answered],
            "may_answer": self.overview.may_answer,
            "back_url": self.to("task_list"),
        }


class Answer(OfTender, FormPage):
    """One question, worded for everybody, and its answer."""

    access = OFFICER
    template_name = "procurement/tenders/answer.html"
    form_class = AnswerForm

    @cached_property
    def row(self) -> ClarificationInfo:
        if self.tender is None:
            raise NotVisible("This procurement has no tender yet.")
        return clarification_for(self.actor, self.tender.pk, int(self.kwargs["clarification_pk"]))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.row.is_answered:
            messages.info(request, "This question is answered. An answer does not change.")
            return HttpResponseRedirect(self.to("clarifications"))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A second answer is refused for good, beside the first: no page asks to save it again."""
        if self.row.is_answered:
            sent = request.POST.get
            kept = {
                "The question as everybody reads it": (self.row.question, sent("published_text")),
                "Answer": (self.row.answer, sent("answer")),
            }
            raise Conflict(
                "This question was answered already. An answer does not change.",
                changed={label: (now, mine or "") for label, (now, mine) in kept.items()},
            )
        return super().post(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        return {
            "overview": self.overview,
            "row": self.row,
            "back_url": self.to("clarifications"),
        }

    def get_initial(self) -> dict[str, Any]:
        return {"published_text": self.row.asked_text}

    def perform(self, form: AnswerForm) -> str:
        answer(
            actor=self.actor,
            clarification_id=self.row.id,
            published_text=form.cleaned_data["published_text"],
            answer=form.cleaned_data["answer"],
        )
        messages.success(self.request, "Answered. Everybody invited gets a letter.")
        return self.to("clarifications")


class Ask(FormPage):
    """The supplier's page: what was changed and answered, and a box for a question."""

    access = SUPPLIER
    template_name = "procurement/tenders/ask.html"
    form_class = AskForm

    @property
    def tender_pk(self) -> int:
        return int(self.kwargs["tender_pk"])

    @cached_property
    def dialogue(self) -> Dialogue:
        return dialogue_of(self.actor, self.tender_pk)

    def get_page(self) -> dict[str, Any]:
        return {"dialogue": self.dialogue}

    def perform(self, form: AskForm) -> str:
        ask(actor=self.actor, tender_id=self.tender_pk, text=form.cleaned_data["text"])
        messages.success(
            self.request, "Your question is sent. The authority does not learn who asked."
        )
        return reverse("procurement:tenders:ask", args=[self.tender_pk])
