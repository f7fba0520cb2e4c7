"""What a supplier types about a delivery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from procurement.deliveries.queries import ClaimDraft, EvidenceInfo
from procurement.deliveries.rules import MAX_NARRATIVE, WHOLE_OR_NOTHING, figure_names
from procurement.deliveries.vocabulary import InboxShow
from socialvalue.core import widgets
from socialvalue.core.files import ALLOWED_KINDS
from socialvalue.core.forms import BaseForm, QuantityField, name_figures
from socialvalue.core.periods import quarter_label

ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.csv,.txt"


class FilesInput(widgets.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """The files are stored by the view before the form is read, so nothing is left for the form to clean."""

    def clean(self, value: Any, initial: Any = None) -> None:
        return None


class EvidenceField(forms.MultipleChoiceField):
    """Files that are kept already, ticked: to untick one is to leave it out."""

    widget = widgets.Checkboxes(small=True)

    def clean(self, value: Any) -> list[int]:
        return [int(pk) for pk in super().clean(value)]


class DeliveryForm(BaseForm):
    """The boxes that a new claim and a mended one share. The figures follow the measure."""

    quantity = QuantityField(label="Quantity")
    denominator = QuantityField(label="Out of", required=False)
    narrative = forms.CharField(
        label="What was delivered, where and for whom",
        help_text="Roles and the first half of a postcode are enough. Do not name people.",
        widget=widgets.Textarea(rows=4, max_characters=MAX_NARRATIVE),
        error_messages={"required": "Enter what was delivered, where and for whom"},
    )
    file = FilesField(label="Evidence", required=False)
    evidence = EvidenceField(
        label="Files added", required=False, help_text="Untick a file to leave it out"
    )

    def __init__(
        self,
        *args: Any,
        draft: ClaimDraft,
        kept: Sequence[EvidenceInfo],
        max_megabytes: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        measure = draft.commitment.measure
        names = figure_names(measure)
        name_figures(self, quantity=names.quantity, unit=names.unit, whole=names.whole)
        if measure.unit in WHOLE_OR_NOTHING:
            self.fields["quantity"].help_text = "1 when it was done, 0 when it was not"
        self.fields[
            "file"
        ].help_text = f"{measure.evidence} Keep names, faces and contact details out of it."
        self.fields["file"].widget = FilesInput(
            limits=f"{ALLOWED_KINDS}, up to {max_megabytes} MB each",
            attrs={"accept": ACCEPT, "multiple": True},
        )
        if kept:
            self.fields["evidence"].choices = [(str(found.id), found.name) for found in kept]  # type: ignore[attr-defined]
        else:
            del self.fields["evidence"]


class ClaimForm(DeliveryForm):
    """A new claim. ``submission_key`` makes a form that is sent twice one claim."""

    quarter = forms.ChoiceField(
        label="Quarter it was delivered in",
        widget=widgets.Select(),
        error_messages={
            "invalid_choice": "Select a quarter from the list: those of the contract that have begun"
        },
    )
    submission_key = forms.CharField(max_length=64, widget=forms.HiddenInput())

    field_order = (
        "quarter",
        "quantity",
        "denominator",
        "narrative",
        "file",
        "evidence",
        "submission_key",
    )

    def __init__(self, *args: Any, draft: ClaimDraft, **kwargs: Any) -> None:
        super().__init__(*args, draft=draft, **kwargs)
        quarters = self.fields["quarter"]
        quarters.choices = [(day.isoformat(), quarter_label(day)) for day in draft.quarters]  # type: ignore[attr-defined]

    def clean_quarter(self) -> date:
        return date.fromisoformat(self.cleaned_data["quarter"])


class MendForm(DeliveryForm):
    """A returned claim, with what was sent before in its boxes."""

    version = forms.IntegerField(widget=forms.HiddenInput())


class InboxFilter(BaseForm):
    """Narrow the inbox."""

    q = forms.CharField(
        label="Search", required=False, max_length=100, widget=widgets.TextInput(width=20),
        help_text="Contract, authority or measure",
    )  # fmt: skip
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", InboxShow.NOW.label),
            *((show.value, show.label) for show in InboxShow if show != InboxShow.NOW),
        ],
        widget=widgets.Select(),
    )


def ids_of(texts: Sequence[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 19]
