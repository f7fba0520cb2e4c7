"""Writing procurements: the record, its moves through the stages, the light-touch note, notices from outside."""

from __future__ import annotations

from procurement.procurements.services.moves import (
    decide_again,
    mark_awarded,
    mark_complete,
    mark_evaluating,
    mark_published,
    withdraw_procurement,
)
from procurement.procurements.services.notes import finish_light_touch
from procurement.procurements.services.notices import (
    MAX_BYTES,
    apply_notices,
    import_notices,
    preview_notices,
)
from procurement.procurements.services.records import change_procurement, create_procurement
from procurement.procurements.services.taking_in import ImportOutcome

__all__ = [
    "MAX_BYTES", "ImportOutcome", "apply_notices", "change_procurement", "create_procurement", "decide_again",
    "finish_light_touch", "import_notices", "mark_awarded", "mark_complete", "mark_evaluating",
    "mark_published", "preview_notices", "withdraw_procurement",
]  # fmt: skip
