"""Pages of frameworks and their measures."""

from __future__ import annotations

from toms.frameworks.views.adopting import (
    Adopt,
    ChangeAdoption,
    ChooseEdition,
    CopyPacks,
    EndAdoption,
    PackPage,
    RemoveAdoption,
    RemoveCheck,
    RemovePack,
    RemovePackCheck,
)
from toms.frameworks.views.adoption import (
    AdoptedMeasures,
    AdoptionPage,
    Adoptions,
)
from toms.frameworks.views.catalogue import Catalogue, CatalogueExport

__all__ = [
    "Adopt",
    "AdoptedMeasures",
    "AdoptionPage",
    "Adoptions",
    "Catalogue",
    "CatalogueExport",
    "ChangeAdoption",
    "ChooseEdition",
    "CopyPacks",
    "EndAdoption",
    "PackPage",
    "RemoveAdoption",
    "RemoveCheck",
    "RemovePack",
    "RemovePackCheck",
]
