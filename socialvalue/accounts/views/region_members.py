"""Which authorities belong to the region that the acting authority leads, and from when to when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property

from socialvalue.accounts.forms.region_members import (
    MemberDaysForm,
    NewMemberForm,
    days_as_text,
    days_of_text,
)
from socialvalue.accounts.permissions import REGION_KEEPER, REGION_MEMBERS_READER
from socialvalue.accounts.queries import (
    LedRegion,
    RegionMember,
    led_region,
    led_regions,
    possible_members,
    region_member,
    region_member_history,
    region_members_table,
)
from socialvalue.accounts.services import add_region_member, change_region_member
from socialvalue.accounts.vocabulary import MemberStatus
from socialvalue.core import clock
from socialvalue.core.tables import Table
from socialvalue.core.views import FormPage, Page, TableDownload


class RegionMembers(Page):
    access = REGION_MEMBERS_READER
    template_name = "accounts/region_members.html"

    def get_page(self) -> dict[str, Any]:
        return {"regions": led_regions(self.actor)}


class RegionMembersFile(TableDownload):
    access = REGION_MEMBERS_READER

    def get_table(self) -> tuple[str, Table]:
        slug = self.kwargs["region"]
        name = f"members-of-{slug}-{clock.today().isoformat()}"
        return name, region_members_table(self.actor, slug)


class NewRegionMember(FormPage):
    access = REGION_KEEPER
    template_name = "accounts/region_member.html"
    form_class = NewMemberForm

    @cached_property
    def region(self) -> LedRegion:
        return led_region(self.actor, self.kwargs["region"])

    def get_page(self) -> dict[str, Any]:
        return {"region": self.region}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"authorities": possible_members(self.actor, self.kwargs["region"])}

    def perform(self, form: NewMemberForm) -> str:
        row = add_region_member(
            actor=self.actor,
            region_slug=self.kwargs["region"],
            authority_slug=form.cleaned_data["authority"],
            status=MemberStatus(form.cleaned_data["status"]),
            from_on=form.cleaned_data["from_on"],
            to_on=form.cleaned_data["to_on"],
        )
        messages.success(self.request, f"{row.authority} is recorded.")
        return reverse("accounts:region_members")


class ChangeRegionMember(FormPage):
    access = REGION_KEEPER
    template_name = "accounts/region_member.html"
    form_class = MemberDaysForm

    @cached_property
    def member(self) -> RegionMember:
        return region_member(self.actor, self.kwargs["region"], self.kwargs["pk"])

    def get_page(self) -> dict[str, Any]:
        return {
            "region": led_region(self.actor, self.kwargs["region"]),
            "member": self.member,
            "history": region_member_history(self.member),
        }

    def get_initial(self) -> dict[str, Any]:
        row = self.member
        return {
            "status": row.status,
            "from_on": row.from_on,
            "to_on": row.to_on,
            "version": days_as_text(row.seen),
        }

    def version_now(self) -> str:
        del self.member
        return days_as_text(self.member.seen)

    def perform(self, form: MemberDaysForm) -> str:
        row = change_region_member(
            actor=self.actor,
            region_slug=self.kwargs["region"],
            membership_id=self.kwargs["pk"],
            status=MemberStatus(form.cleaned_data["status"]),
            from_on=form.cleaned_data["from_on"],
            to_on=form.cleaned_data["to_on"],
            seen=days_of_text(form.cleaned_data["version"]),
        )
        messages.success(self.request, f"The days of {row.authority} are saved.")
        return reverse("accounts:region_members")
