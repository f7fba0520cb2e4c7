"""Forms of frameworks and their measures."""

from __future__ import annotations

from toms.frameworks.forms.adoption import (
    AdoptionForm,
    ChooseEditionForm,
    EndForm,
    PackForm,
)
from toms.frameworks.forms.catalogue import CatalogueFilter

__all__ = [
    "AdoptionForm",
    "CatalogueFilter",
    "ChooseEditionForm",
    "EndForm",
    "PackForm",
]
