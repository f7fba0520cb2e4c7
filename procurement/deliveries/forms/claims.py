"""What a supplier types about one delivery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from procurement.deliveries.forms.fields import ACCEPT, EvidenceField, FilesField, FilesInput
from procurement.deliveries.queries import ClaimDraft, EvidenceInfo
from procurement.deliveries.rules import MAX_NARRATIVE, WHOLE_OR_NOTHING, figure_names
from socialvalue.core import widgets
from socialvalue.core.files import ALLOWED_KINDS
from socialvalue.core.forms import BaseForm, QuantityField, name_figures
from socialvalue.core.periods import quarter_label


class DeliveryForm(BaseForm):
    """The boxes that a new claim and a mended one share. The figures follow the measure."""

    quantity = QuantityField(label="Quantity")
    denominator = QuantityField(label="Out of", required=False)
    narrative = forms.CharField(
        label="What was delivered, where and for whom (optional)",
        required=False,
        help_text="Roles are enough. Do not name people.",
        widget=widgets.Textarea(rows=4, max_characters=MAX_NARRATIVE),
    )
    postcode_district = forms.CharField(
        label="First half of the postcode (optional)",
        required=False,
        max_length=20,
        widget=widgets.TextInput(width=5),
    )
    file = FilesField(label="Evidence", required=False)
    has_consent = forms.BooleanField(
        label="People who can be recognised in a photo or are named in a file agreed to it",
        required=False,
        widget=widgets.Checkbox(small=True),
    )
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
        elif draft.promise.adds_up:
            self.fields["quantity"].above_zero = True  # type: ignore[attr-defined]  # a QuantityField
        self.fields[
            "file"
        ].help_text = f"{measure.evidence} Keep names, faces and contact details out of it."
        self.fields["file"].widget = FilesInput(
            limits=f"{ALLOWED_KINDS}, up to {max_megabytes} MB each",
            attrs={"accept": ACCEPT, "multiple": True},
        )
        if kept:
            self.fields["evidence"].choices = [(str(found.id), found.name) for found in kept]  # type: ignore[attr-defined]  # a ChoiceField
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
        "postcode_district",
        "file",
        "evidence",
        "has_consent",
        "submission_key",
    )

    def __init__(self, *args: Any, draft: ClaimDraft, **kwargs: Any) -> None:
        super().__init__(*args, draft=draft, **kwargs)
        quarters = self.fields["quarter"]
        quarters.choices = [(day.isoformat(), quarter_label(day)) for day in draft.quarters]  # type: ignore[attr-defined]  # a ChoiceField

    def see_version(self, version: int | str) -> None:
        """What is sent again after a conflict is another claim."""
        data: Any = self.data
        self.data = data = data.copy()
        data["submission_key"] = str(version)

    def clean_quarter(self) -> date:
        return date.fromisoformat(self.cleaned_data["quarter"])


class MendForm(DeliveryForm):
    """A returned claim, with what was sent before in its boxes. ``sent``: the files it was sent with."""

    removed = EvidenceField(
        label="Files sent before", required=False, help_text="Tick a wrong file to remove it for good",
        error_messages={"invalid_choice": "One of these files is gone already. Tick again what is to be removed"},
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput())

    field_order = (
        "quantity",
        "denominator",
        "narrative",
        "postcode_district",
        "removed",
        "file",
        "evidence",
        "has_consent",
        "version",
    )

    def __init__(self, *args: Any, sent: Sequence[EvidenceInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = [file for file in sent if file.is_kept]
        if there:
            self.fields["removed"].choices = [(str(file.id), file.name) for file in there]  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["removed"]
