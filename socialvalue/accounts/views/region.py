"""What an authority lets its region see."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property

from socialvalue.accounts.forms import (
    RegionSeesForm,
)
from socialvalue.accounts.permissions import AUTHORITY_MANAGER
from socialvalue.accounts.queries import (
    RegionChoice,
    region_choice,
    region_choice_history,
    region_choices,
)
from socialvalue.accounts.rules import what_changes
from socialvalue.accounts.services import (
    choose_region_sees,
)
from socialvalue.core.errors import NotVisible
from socialvalue.core.views import FormPage, Page


class WhatRegionSees(FormPage):
    """Whether the region's totals hold the authority's figures, and whether it is compared: both on one page."""

    access = AUTHORITY_MANAGER
    template_name = "accounts/region_sees.html"
    form_class = RegionSeesForm

    @cached_property
    def choice(self) -> RegionChoice | None:
        return region_choice(self.actor, self.request.GET.get("region", ""))

    def get_page(self) -> dict[str, Any]:
        choice = self.choice
        return {
            "choice": choice,
            "choices": region_choices(self.actor),
            "history": region_choice_history(choice) if choice else [],
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"choice": self.choice}

    def get_initial(self) -> dict[str, Any]:
        if self.choice is None:
            return {}
        return {
            "figures": "withheld" if self.choice.sees.is_withheld else "shared",
            "compared": "yes" if self.choice.sees.in_benchmark else "no",
            "version": self.choice.version,
        }

    def version_now(self) -> int | None:
        found = region_choice(self.actor, self.choice.slug) if self.choice else None
        return found.version if found else None

    def perform(self, form: RegionSeesForm) -> str:
        choice = self.choice
        if choice is None:
            raise NotVisible
        choose_region_sees(
            actor=self.actor,
            region_slug=choice.slug,
            is_withheld=form.sees.is_withheld,
            in_benchmark=form.sees.in_benchmark,
            expected_version=form.cleaned_data["version"] or 0,
        )
        said = what_changes(choice.name, choice.sees, form.sees)
        messages.success(self.request, "Saved. " + " ".join(said) if said else "Nothing changed.")
        return f"{reverse('accounts:region_sees')}?region={choice.slug}"


class RegionSeesAdvice(Page):
    """What saving would change: a fragment of that page."""

    access = AUTHORITY_MANAGER
    template_name = "accounts/_region_change.html"

    def get_page(self) -> dict[str, Any]:
        choice = region_choice(self.actor, self.request.GET.get("region", ""))
        if choice is None:
            raise NotVisible
        return {"form": RegionSeesForm(self.request.GET, choice=choice)}
