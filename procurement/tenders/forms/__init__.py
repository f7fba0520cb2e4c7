"""Forms of a tender."""

from __future__ import annotations

from procurement.tenders.forms.asking import (
    DetailsForm,
    MeasuresForm,
    PlaceForm,
    QuestionsFormSet,
    ScoringForm,
    VersionedForm,
)
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

__all__ = [
    "ApproveForm",
    "DeadlineForm",
    "DetailsForm",
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
    "read_time",
]
