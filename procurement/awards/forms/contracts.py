"""The filter of the contract list."""

from __future__ import annotations

from django import forms

from procurement.awards.vocabulary import ContractStatus
from socialvalue.core import widgets
from socialvalue.core.forms import BaseForm


class ContractFilterForm(BaseForm):
    q = forms.CharField(label="Search", required=False, widget=widgets.TextInput())
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "All"), *ContractStatus.choices],
        widget=widgets.Select(),
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput)
