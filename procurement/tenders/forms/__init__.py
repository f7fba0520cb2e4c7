"""Forms of a tender."""

from __future__ import annotations

from procurement.tenders.forms.asking import (
    DetailsForm,
    MeasuresForm,
    PlaceForm,
    VersionedForm,
)
from procurement.tenders.forms.dialogue import AmendForm, AnswerForm, AskForm, EmailsForm
from procurement.tenders.forms.point_cost import ExamplesFormSet, PriceShareForm
from procurement.tenders.forms.publishing import (
    ApproveForm,
    DeadlineForm,
    InviteForm,
    SupplierSearchForm,
    WhyNotForm,
    london_moment,
    read_time,
)
from procurement.tenders.forms.scoring import QuestionsFormSet, ScoringForm, question_row

__all__ = [
    "AmendForm",
    "AnswerForm",
    "ApproveForm",
    "AskForm",
    "DeadlineForm",
    "DetailsForm",
    "EmailsForm",
    "ExamplesFormSet",
    "InviteForm",
    "MeasuresForm",
    "PlaceForm",
    "PriceShareForm",
    "QuestionsFormSet",
    "ScoringForm",
    "SupplierSearchForm",
    "VersionedForm",
    "WhyNotForm",
    "london_moment",
    "question_row",
    "read_time",
]
