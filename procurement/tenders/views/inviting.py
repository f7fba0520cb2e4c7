"""Who is invited: known suppliers, links by e-mail, and the page such a link opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.tenders.forms import EmailsForm, InviteForm, SupplierSearchForm
from procurement.tenders.queries import (
    LinkPage,
    link_page,
    links_of,
    suppliers_to_invite,
    tender_being_prepared,
)
from procurement.tenders.services import (
    accept_link,
    invite_by_emails,
    invite_suppliers,
    london,
    remove_invitation,
    revoke_link,
)
from procurement.tenders.views.prepare import OFFICER, OfTender, PreparePage
from procurement.tenders.vocabulary import LinkState
from socialvalue.accounts.permissions import ANYONE
from socialvalue.accounts.queries import registration_path, sign_in_path
from socialvalue.core.errors import Conflict
from socialvalue.core.views import BaseView, Deed

MOST_SHOWN = 50
TOO_LATE = "The deadline has passed or the procurement is withdrawn, so nobody else can be invited."


class Suppliers(PreparePage):
    """Who is invited; search for more and tick them. After publication until the deadline, too."""

    template_name = "procurement/tenders/suppliers.html"
    form_class: ClassVar[Callable[..., Any]] = InviteForm

    @property
    def why_closed(self) -> str:
        if self.tender is None or self.overview.is_amendable:
            return ""
        return super().why_closed if self.overview.is_draft else TOO_LATE

    @cached_property
    def found(self) -> list[Any]:
        search = "" if self.request.method == "POST" else self.request.GET.get("q", "")
        return suppliers_to_invite(self.actor, self.tender.pk, search)

    def get_page(self) -> dict[str, Any]:
        page = super().get_page()
        return (
            page
            | {
                "search": SupplierSearchForm(self.request.GET),
                "found_count": len(self.found),
                "most_shown": MOST_SHOWN,
                "links": links_of(self.actor, self.tender.pk),
            }
            | self.other_form()
        )

    def other_form(self) -> dict[str, Any]:
        """The page has two forms; ``form`` is the one that was sent."""
        return {"email_form": EmailsForm()}

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"choices": self.choices}

    @property
    def choices(self) -> list[Any]:
        return self.found if self.request.method == "POST" else self.found[:MOST_SHOWN]

    def keep(self, form: Any) -> str:
        invite_suppliers(
            actor=self.actor, tender_id=self.tender.pk, supplier_ids=form.cleaned_data["suppliers"]
        )
        return self.to("suppliers")


class InviteByEmail(Suppliers):
    """The same page, sent with addresses."""

    form_class = EmailsForm

    def other_form(self) -> dict[str, Any]:
        return {"invite_form": InviteForm(choices=self.found[:MOST_SHOWN])}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def keep(self, form: EmailsForm) -> str:
        emails = form.cleaned_data["emails"]
        invite_by_emails(actor=self.actor, tender_id=self.tender.pk, emails=emails)
        many = "The invitation" if len(emails) == 1 else f"The {len(emails)} invitations"
        verb = "is" if len(emails) == 1 else "are"
        when = "sent" if self.overview.is_sealed else "kept, and sent at publication"
        messages.success(self.request, f"{many} {verb} {when}.")
        return self.to("suppliers")


class RemoveSupplier(OfTender, Deed):
    access = OFFICER

    def perform(self) -> str:
        tender = tender_being_prepared(self.actor, self.procurement_pk)
        remove_invitation(
            actor=self.actor, tender_id=tender.pk, supplier_id=int(self.kwargs["supplier_pk"])
        )
        return self.to("suppliers")


class RevokeLink(OfTender, Deed):
    access = OFFICER

    def perform(self) -> str:
        revoke_link(actor=self.actor, link_id=int(self.kwargs["link_pk"]))
        self.say("The invitation is taken back. Its link no longer works.")
        return self.to("suppliers")


GONE = {
    LinkState.REVOKED: "This invitation was taken back",
    LinkState.USED: "This invitation was used already",
    LinkState.EXPIRED: "This invitation has expired",
    LinkState.WITHDRAWN: "This procurement is withdrawn",
}


class Link(BaseView):
    """The page of a link in a letter: who invites, to what, by when. Its button uses the link.

    Who cannot sign in yet goes to the registration, with the address known, and comes back.
    """

    access = ANYONE
    limit = "links"
    reads_across = "The link in the letter stands for the right."
    http_method_names = ["get", "head", "post", "options"]

    @property
    def token(self) -> str:
        return str(self.kwargs["token"])

    @cached_property
    def link(self) -> LinkPage:
        return link_page(self.actor, self.token)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        link = self.link
        if link.is_invited:
            return HttpResponseRedirect(self.offer_url)
        if link.state in GONE:
            return self.gone()
        here = reverse("procurement:tenders:link", args=[self.token])
        if link.state == LinkState.OPEN and not self.actor.is_signed_in and not link.has_account:
            return HttpResponseRedirect(
                registration_path(link.email, next_path=here, about=self.about)
            )
        page = {"link": link, "sign_in_url": sign_in_path(here)}
        return render(request, "procurement/tenders/link.html", page)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.actor.is_signed_in:
            return HttpResponseRedirect(request.path)
        try:
            accept_link(actor=self.actor, token=self.token)
        except Conflict:
            return self.gone() if self.link.state in GONE else HttpResponseRedirect(request.path)
        return HttpResponseRedirect(self.offer_url)

    @property
    def offer_url(self) -> str:
        return reverse("procurement:bids:offer", args=[self.link.tender_id])

    @property
    def about(self) -> str:
        link = self.link
        by = f" Offers close at {london(link.deadline_at)}." if link.deadline_at else ""
        return (
            f"{link.authority_name} invites you to make an offer for “{link.title}”.{by} "
            f"This invitation expires at {london(link.expires_at)}."
        )

    def gone(self) -> HttpResponse:
        page = {"link": self.link, "heading": GONE[self.link.state]}
        return render(self.request, "procurement/tenders/link_gone.html", page, status=410)
