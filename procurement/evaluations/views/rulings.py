"""The lines of one bid, ruling one of them out, and every ranking that was made."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.urls import reverse

from procurement.evaluations import queries, services
from procurement.evaluations.forms import LiftRulingForm, RuleOutForm
from procurement.evaluations.permissions import AWARDED_REASON, RULE_REASON
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.errors import NotAllowed, RuleBroken
from socialvalue.core.views import FormPage, Page


class Lines(Page):
    """What one bid offers, line by line, and what counts of it."""

    access = BUYER
    template_name = "procurement/evaluations/lines.html"

    def get_page(self) -> dict[str, Any]:
        pk, bid_pk = self.kwargs["procurement_pk"], self.kwargs["bid_pk"]
        return {"bid": queries.bid_lines(self.actor, pk, bid_pk)}


def check_ruling(bid: queries.BidLines) -> None:
    """NotAllowed for who never rules; RuleBroken for who does, once it is too late."""
    if not bid.may_rule:
        raise NotAllowed(RULE_REASON)
    if not bid.can_rule:
        raise RuleBroken(AWARDED_REASON)


class OfLine(FormPage):
    """A page about one offer line, for those who rule."""

    access = BUYER

    @cached_property
    def found(self) -> tuple[queries.BidLines, queries.LineView]:
        found = queries.bid_of_line(
            self.actor, self.kwargs["procurement_pk"], self.kwargs["line_pk"]
        )
        check_ruling(found[0])
        return found

    def get_page(self) -> dict[str, Any]:
        bid, line = self.found
        return {"bid": bid, "line": line, "lines_url": self.lines_url}

    @property
    def lines_url(self) -> str:
        pk = self.kwargs["procurement_pk"]
        return reverse("procurement:evaluations:lines", args=[pk, self.found[0].bid_id])

    def done(self, what: str) -> str:
        again = " The bids were ranked again." if self.found[0].is_ranked else ""
        messages.success(self.request, f"{what}{again}")
        return self.lines_url


class RuleOut(OfLine):
    template_name = "procurement/evaluations/rule_out.html"
    form_class = RuleOutForm

    def perform(self, form: RuleOutForm) -> str:
        _, line = self.found
        services.rule_out(
            actor=self.actor, offer_line_id=line.id, reason=form.cleaned_data["reason"]
        )
        return self.done(f"{line.label} is ruled out.")


class LiftRuling(OfLine):
    template_name = "procurement/evaluations/lift_ruling.html"
    form_class = LiftRulingForm

    @cached_property
    def found(self) -> tuple[queries.BidLines, queries.LineView]:
        pk = self.kwargs["procurement_pk"]
        found = queries.bid_of_ruling(self.actor, pk, self.kwargs["ruling_pk"])
        check_ruling(found[0])
        return found

    def perform(self, form: LiftRulingForm) -> str:
        services.lift_ruling(
            actor=self.actor,
            ruling_id=self.kwargs["ruling_pk"],
            reason=form.cleaned_data["reason"],
        )
        return self.done(f"{self.found[1].label} counts again.")


class Rounds(Page):
    """Every ranking with what it changed and why."""

    access = BUYER
    template_name = "procurement/evaluations/rounds.html"

    def get_page(self) -> dict[str, Any]:
        return {"page": queries.rounds_page(self.actor, self.kwargs["procurement_pk"])}
