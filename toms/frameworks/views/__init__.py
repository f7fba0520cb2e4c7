"""Pages of frameworks and their measures."""

from __future__ import annotations

from toms.frameworks.views.catalogue import Catalogue, CatalogueExport

__all__ = ["Catalogue", "CatalogueExport"]
