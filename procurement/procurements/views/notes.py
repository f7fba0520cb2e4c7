"""The light-touch note."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from procurement.procurements import queries, services
from procurement.procurements.forms import NoteForm
from procurement.procurements.permissions import BUYER, OFFICER, why_not_finish_note
from procurement.procurements.views.links import thread_url
from socialvalue.core.errors import Conflict, NotVisible
from socialvalue.core.views import FormPage, Page


class NotePage(FormPage):
    """The light-touch note on one page; finishing it finishes the procurement."""

    access = OFFICER
    template_name = "procurement/procurements/note.html"
    form_class = NoteForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A note that is finished is refused for good: no page asks to save it again."""
        if queries.light_touch_note(self.actor, self.kwargs["pk"]) is not None:
            raise Conflict(
                "The note of this procurement is finished already, and a finished note does not change."
            )
        return super().post(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        procurement = queries.procurement_for(self.actor, self.kwargs["pk"])
        return {
            "procurement": procurement,
            "decision": queries.latest_decision(procurement.pk),
            "toolkit": queries.toolkit_of(procurement),
            "why_not": why_not_finish_note(self.actor, procurement),
            "note": queries.light_touch_note(self.actor, procurement.pk),
            "cancel_url": thread_url(procurement.pk),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        procurement = queries.procurement_for(self.actor, self.kwargs["pk"])
        return {
            "authority_id": procurement.authority_id,
            "crosses": lambda value: queries.beyond_light_touch(
                self.actor, self.kwargs["pk"], value
            ),
        }

    def perform(self, form: NoteForm) -> str:
        values = {"objectives": [], **form.cleaned_data}
        services.finish_light_touch(actor=self.actor, procurement_id=self.kwargs["pk"], **values)
        return reverse("procurement:procurements:note_print", args=[self.kwargs["pk"]])


class NotePrint(Page):
    """The finished note, to read, print or save."""

    access = BUYER
    template_name = "procurement/procurements/note_print.html"

    def get_page(self) -> dict[str, Any]:
        note = queries.light_touch_note(self.actor, self.kwargs["pk"])
        if note is None:
            raise NotVisible
        return {
            "note": note,
            "procurement": note.procurement,
            "decision": queries.latest_decision(note.procurement_id),
            "objectives": queries.objective_names(note.objectives, note.procurement.authority_id),
            "thread_url": thread_url(note.procurement_id),
            "who_can_see": [f"Everyone on the buyer side of {note.procurement.authority.name}."],
        }
