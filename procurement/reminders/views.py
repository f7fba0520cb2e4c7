"""What was sent to me and about a contract, when people are reminded, and calendars."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from procurement.awards.queries import contract_for
from procurement.reminders import queries, services
from procurement.reminders.forms import RuleForm
from procurement.reminders.permissions import PARTY, SETTER
from procurement.reminders.renderers import to_calendar
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core import clock
from socialvalue.core.access import ANYONE
from socialvalue.core.calendars import MEDIA_TYPE
from socialvalue.core.periods import uk_date
from socialvalue.core.views import BaseView, Deed, Download, FormPage, Page

PAGE_SIZE = 25


def _site_url() -> str:
    return settings.SITE_URL.rstrip("/")


class MyReminders(Page):
    """What the person was sent, when the authority's people are reminded, and the person's calendar address."""

    access = PARTY
    template_name = "procurement/reminders/mine.html"

    def get_page(self) -> dict[str, Any]:
        page = Paginator(queries.mine(self.actor), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "page": page,
            "rows": queries.my_rows(self.actor, page),
            "rule": queries.rule_of(self.actor) if is_buyer(self.actor) else None,
            "feed": queries.my_feed(self.actor),
        }


class SetRule(FormPage):
    access = SETTER
    template_name = "procurement/reminders/rule.html"
    form_class = RuleForm

    def get_page(self) -> dict[str, Any]:
        return {"rule": queries.rule_of(self.actor)}

    def get_initial(self) -> dict[str, Any]:
        rule = queries.rule_of(self.actor)
        timing = rule.next_timing or rule.timing
        return {
            "first_before": timing.before[0],
            "second_before": timing.before[1],
            "first_after": timing.after[0],
            "second_after": timing.after[1],
        }

    def perform(self, form: RuleForm) -> str:
        rule = services.set_rule(actor=self.actor, timing=form.timing)
        messages.success(self.request, f"The reminders are set from {uk_date(rule.from_date)}.")
        return reverse("procurement:reminders:mine")


class MakeCalendar(BaseView):
    """The address is shown in the answer itself and kept nowhere, so there is no page to be sent on to."""

    access = PARTY
    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Opened again, the address is gone; the page above says which one stands."""
        return HttpResponseRedirect(reverse("procurement:reminders:mine"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = services.make_feed(actor=self.actor)
        address = _site_url() + reverse("procurement:reminders:calendar", args=[token])
        response = render(request, "procurement/reminders/calendar.html", {"address": address})
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


class RevokeCalendar(Deed):
    access = PARTY

    def perform(self) -> str:
        if services.revoke_feed(actor=self.actor):
            self.say("The calendar address is revoked. Calendars that use it get nothing more.")
        return reverse("procurement:reminders:mine")


class Calendar(Download):
    """For calendar programs, which cannot sign in: the address is the key."""

    access = ANYONE
    limit = "links"
    reads_across = "The secret address stands for the right."
    inline = True

    def get_file(self) -> tuple[str, str, bytes]:
        found = queries.calendar_of(self.kwargs["token"])
        services.announce_read(feed_id=found.feed_id, last_read_at=found.last_read_at)
        content = to_calendar(found.events, name=found.name, at=clock.now(), site_url=_site_url())
        return "due-dates.ics", MEDIA_TYPE, content


class ContractReminders(Page):
    """Every reminder about one contract."""

    access = PARTY
    template_name = "procurement/reminders/contract.html"

    def get_page(self) -> dict[str, Any]:
        contract = contract_for(self.actor, self.kwargs["pk"])
        rows = queries.sent_about(self.actor, contract.pk)
        return {
            "contract": contract,
            "page": Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page")),
            "who_can_see": [
                f"{contract.supplier}: what its own people were sent.",
                f"{contract.authority}: all of it, without the names of the supplier's people.",
            ],
        }
