"""Frameworks, editions and measures.

What a tender or a contract rests on is read by id or slug without asking who reads; whoever browses asks
``visible_editions``, because a licensed edition is for those who hold its licence.
"""

from __future__ import annotations

from toms.frameworks.queries.adoption import EditionUsed, InUse, in_use, used_by_region
from toms.frameworks.queries.content import (
    edition_rows,
)
from toms.frameworks.queries.editions import (
    EditionInfo,
    current_edition,
    edition,
    edition_info,
    edition_infos,
    editions_by_id,
    held_checksums,
    holder_of,
    published_editions,
    visible_editions,
)
from toms.frameworks.queries.measures import (
    MeasureInfo,
    ThemeInfo,
    catalogue,
    double_counting_pairs,
    measure,
    measure_count,
    measure_infos,
    measures_of,
    theme_infos,
    themes_of,
)
from toms.frameworks.queries.packs import (
    PackInfo,
    pack_for_cpv,
    packs_of,
)

__all__ = [
    "EditionInfo",
    "EditionUsed",
    "InUse",
    "MeasureInfo",
    "PackInfo",
    "ThemeInfo",
    "catalogue",
    "current_edition",
    "double_counting_pairs",
    "edition",
    "edition_info",
    "edition_infos",
    "edition_rows",
    "editions_by_id",
    "held_checksums",
    "holder_of",
    "in_use",
    "measure",
    "measure_count",
    "measure_infos",
    "measures_of",
    "pack_for_cpv",
    "packs_of",
    "published_editions",
    "theme_infos",
    "themes_of",
    "used_by_region",
    "visible_editions",
]
