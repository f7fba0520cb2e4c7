"""What people say about shortfalls, changes, KPIs and costs."""

from procurement.remedies.forms.changes import AddedForm, AnswerForm, EndForm, QuantityForm
from procurement.remedies.forms.filters import CostFilterForm, ShortfallFilterForm
from procurement.remedies.forms.kpis import CostForm, KpiForm, RatingForm
from procurement.remedies.forms.shortfalls import (
    CloseForm,
    DecideForm,
    EndContractForm,
    MessageForm,
    PlanForm,
    RaiseForm,
    RemedyForm,
    TermsForm,
)

__all__ = [
    "AddedForm",
    "AnswerForm",
    "CloseForm",
    "CostFilterForm",
    "CostForm",
    "DecideForm",
    "EndContractForm",
    "EndForm",
    "KpiForm",
    "MessageForm",
    "PlanForm",
    "QuantityForm",
    "RaiseForm",
    "RatingForm",
    "RemedyForm",
    "ShortfallFilterForm",
    "TermsForm",
]
