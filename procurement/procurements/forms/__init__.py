"""What an officer types."""

from __future__ import annotations

from procurement.procurements.forms.considering import ConsiderationForm
from procurement.procurements.forms.entry import ProcurementForm, WithdrawForm
from procurement.procurements.forms.figures import AdviceForm, figures_shown
from procurement.procurements.forms.listing import ListFilterForm
from procurement.procurements.forms.lots import LotsFormSet
from procurement.procurements.forms.notes import NoteForm
from procurement.procurements.forms.notices import UploadForm
from procurement.procurements.forms.overrides import (
    APPROVE,
    DeviationForm,
    OverrideAnswerForm,
    OverrideAskForm,
    OverrideFilterForm,
)

__all__ = [
    "APPROVE",
    "AdviceForm",
    "ConsiderationForm",
    "DeviationForm",
    "ListFilterForm",
    "LotsFormSet",
    "NoteForm",
    "OverrideAnswerForm",
    "OverrideAskForm",
    "OverrideFilterForm",
    "ProcurementForm",
    "UploadForm",
    "WithdrawForm",
    "figures_shown",
]
