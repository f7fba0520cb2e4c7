"""The people of an organisation: who they are, what they hold, changing it, ending it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property

from socialvalue.accounts.forms.people import (
    PeopleFilterForm,
    RemoveForm,
    RolesForm,
    held_as_text,
    held_of_text,
)
from socialvalue.accounts.permissions import PEOPLE_MANAGER, PEOPLE_READER
from socialvalue.accounts.queries import (
    PersonPage,
    open_invitations,
    organisation_of,
    people_here,
    people_table,
    person_page,
    role_choices,
)
from socialvalue.accounts.services import change_roles, remove_person
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, FormPage, Page, TableDownload

PAGE_SIZE = 50


class OfPeople(BaseView):
    """What the list and its file share."""

    access = PEOPLE_READER

    @cached_property
    def filter_form(self) -> PeopleFilterForm:
        choices = role_choices(organisation_of(self.actor))
        return PeopleFilterForm(self.request.GET, roles=choices)


class People(OfPeople, Page):
    """Everybody who belongs to the acting organisation, and who is invited to."""

    template_name = "accounts/people.html"

    def get_page(self) -> dict[str, Any]:
        rows = people_here(self.actor, self.filter_form.wanted)
        return {
            "filter_form": self.filter_form,
            "page": Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page")),
            "invitations": open_invitations(self.actor),
            "may_change": PEOPLE_MANAGER.allows(self.actor),
        }


class PeopleFile(OfPeople, TableDownload):
    """Exactly what is filtered, one row for each role of each person."""

    def get_table(self) -> tuple[str, Table]:
        name = f"people-{clock.today().isoformat()}"
        return name, people_table(self.actor, self.filter_form.wanted)


class OfPerson(FormPage):
    """One person of the acting organisation."""

    @cached_property
    def found(self) -> PersonPage:
        return person_page(self.actor, self.kwargs["user_id"])

    def get_page(self) -> dict[str, Any]:
        return {"found": self.found, "person": self.found.person}

    def version_now(self) -> str:
        del self.found
        return held_as_text(self.found.person.held)


class PersonDetail(OfPerson):
    """What somebody holds, held and is named on; for an administrator with a form to change it."""

    access = PEOPLE_READER
    template_name = "accounts/person.html"
    form_class = RolesForm

    def get_page(self) -> dict[str, Any]:
        may_erase = PEOPLE_MANAGER.allows(self.actor) and not self.found.is_self
        return super().get_page() | {"may_erase": may_erase}

    def get_form_kwargs(self) -> dict[str, Any]:
        held = self.found.person.held
        choices = self.found.choices
        if self.found.is_self:
            # Nobody grants themselves a role: they may only give one up.
            choices = tuple(row for row in choices if row[0] in held)
        return {"choices": choices}

    def get_initial(self) -> dict[str, Any]:
        held = self.found.person.held
        return {"roles": sorted(held), "version": held_as_text(held)}

    def perform(self, form: RolesForm) -> str:
        change_roles(
            actor=self.actor,
            person_id=self.kwargs["user_id"],
            wanted=[Role(role) for role in form.cleaned_data["roles"]],
            seen=held_of_text(form.cleaned_data["version"]),
        )
        messages.success(self.request, "Saved.")
        if self.found.is_self:
            return "/"
        return reverse("accounts:person", args=[self.kwargs["user_id"]])


class RemovePerson(OfPerson):
    """A question first: every role ends at once."""

    access = PEOPLE_MANAGER
    template_name = "accounts/person_remove.html"
    form_class = RemoveForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.found.may_change:
            return HttpResponseRedirect(reverse("accounts:person", args=[self.kwargs["user_id"]]))
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"version": held_as_text(self.found.person.held)}

    def perform(self, form: RemoveForm) -> str:
        remove_person(
            actor=self.actor,
            person_id=self.kwargs["user_id"],
            seen=held_of_text(form.cleaned_data["version"]),
        )
        name = self.found.person.name
        messages.success(self.request, f"{name} holds no role here any more.")
        return "/" if self.found.is_self else reverse("accounts:people")
