"""An authority's own measures: its versions, the draft, and the pages that write it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property

from socialvalue.accounts.permissions import BUYER
from socialvalue.core import clock
from socialvalue.core.views import BaseView, Deed, FormPage, Page
from toms.frameworks.permissions import MEASURE_WRITER
from toms.proxies import forms, services
from toms.proxies.forms.own import first_answers
from toms.proxies.queries import own as queries


class OwnMeasures(Page):
    """Every version of the authority's own measures, and what they are for."""

    access = BUYER
    template_name = "toms/proxies/own.html"

    def get_page(self) -> dict[str, Any]:
        return {"shelf": queries.own_shelf(self.actor, clock.today())}


class OwnStart(Deed):
    access = MEASURE_WRITER

    def perform(self) -> str:
        return reverse(
            "toms:proxies:own_version", args=[services.start_own_version(actor=self.actor)]
        )


class OfVersion(BaseView):
    """What the pages of one version share."""

    @cached_property
    def version(self) -> queries.OwnVersion:
        return queries.own_version(self.actor, self.kwargs["slug"])

    def home(self) -> str:
        return reverse("toms:proxies:own_version", args=[self.kwargs["slug"]])


class OwnVersionPage(OfVersion, Page):
    """What a version says: while it is written with what it lacks, afterwards as it was published."""

    access = BUYER
    template_name = "toms/proxies/own_version.html"

    def get_page(self) -> dict[str, Any]:
        version = self.version
        is_draft = version.edition.is_draft
        return {
            "version": version,
            "edition": version.edition,
            "lacks": queries.lacks(self.actor, version) if is_draft else [],
            "may_change": is_draft and version.may_write,
        }


class DraftForm(OfVersion, FormPage):
    """One form about the draft. Once it is published there is nothing to open; who saves late is told so."""

    access = MEASURE_WRITER

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.version.edition.is_draft:
            messages.info(request, "This version is published, so it does not change.")
            return HttpResponseRedirect(self.home())
        return super().get(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        return {"version": self.version, "edition": self.version.edition, "back_url": self.home()}

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.version.seen}

    def version_now(self) -> Any:
        del self.version
        return self.version.seen

    def perform(self, form: Any) -> str:
        """After a conflict the form carries what the version says now, so that saving again is a choice."""
        return self.keep(form)

    def keep(self, form: Any) -> str:
        raise NotImplementedError(f"{type(self).__name__}.keep")

    def seen(self, form: Any) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "edition_id": self.version.edition.id,
            "expected": form.cleaned_data["version"],
        }


class OwnAdd(DraftForm):
    template_name = "toms/proxies/own_measure.html"
    form_class = forms.MeasureForm

    @cached_property
    def line(self) -> queries.OwnLine | None:
        return None

    def get_page(self) -> dict[str, Any]:
        return super().get_page() | {"line": self.line}

    def get_form_kwargs(self) -> dict[str, Any]:
        here = self.line.id if self.line else None
        owner = queries.owner_of(self.actor)
        return {
            "themes": queries.own_themes(owner, self.version.edition.id, clock.today()),
            "others": [
                (row.measure.code, row.measure.label)
                for row in self.version.lines
                if row.id != here
            ],
        }

    def get_initial(self) -> dict[str, Any]:
        code = queries.suggested_code(queries.owner_of(self.actor), self.version)
        return super().get_initial() | {"code": code}

    def keep(self, form: forms.MeasureForm) -> str:
        services.save_own_measure(
            **self.seen(form),
            measure_id=self.line.id if self.line else None,
            measure=form.measure(),
            value=form.value(),
        )
        messages.success(self.request, f"{form.cleaned_data['code']} is saved.")
        return self.home()


class OwnChange(OwnAdd):
    @cached_property
    def line(self) -> queries.OwnLine | None:
        return self.version.line(self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        answers = first_answers(self.version.line(self.kwargs["pk"]))
        return {"version": self.version.seen} | answers


class OwnRemove(DraftForm):
    """Are you sure? What is written about the measure is lost."""

    template_name = "toms/proxies/own_remove.html"
    form_class = forms.SeenForm

    def get_page(self) -> dict[str, Any]:
        return super().get_page() | {"line": self.version.line(self.kwargs["pk"])}

    def keep(self, form: forms.SeenForm) -> str:
        label = self.version.line(self.kwargs["pk"]).measure.label
        services.remove_own_measure(**self.seen(form), measure_id=self.kwargs["pk"])
        messages.success(self.request, f"{label} is removed.")
        return self.home()


class OwnDiscard(DraftForm):
    """Are you sure? A draft that is discarded does not come back."""

    template_name = "toms/proxies/own_discard.html"
    form_class = forms.SeenForm

    def keep(self, form: forms.SeenForm) -> str:
        services.discard_own_version(**self.seen(form))
        messages.success(self.request, "The draft is discarded.")
        return reverse("toms:proxies:own")


class OwnPublish(DraftForm):
    """What it lacks; when it lacks nothing, from when it holds and who else may use it."""

    template_name = "toms/proxies/own_publish.html"
    form_class = forms.PublishForm

    def get_page(self) -> dict[str, Any]:
        return super().get_page() | {"lacks": queries.lacks(self.actor, self.version)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"regions": queries.regions_led(self.actor)}

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"from_on": clock.today()}

    def keep(self, form: forms.PublishForm) -> str:
        services.publish_own_version(
            **self.seen(form),
            from_on=form.cleaned_data["from_on"],
            region_id=form.region_id,
            reference=form.cleaned_data["reference"],
        )
        messages.success(
            self.request,
            "Published. Procurements that commence from its first day on may ask for these measures.",
        )
        return self.home()
