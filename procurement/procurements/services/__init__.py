"""Writing procurements: the record, its moves through the stages, the light-touch note, notices from outside."""

from __future__ import annotations

from procurement.procurements.services.considering import record_consideration
from procurement.procurements.services.deviating import explain_deviation
from procurement.procurements.services.lots import set_lots, tender_in_lots
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
from procurement.procurements.services.overrides import (
    approve_override,
    ask_override,
    refuse_override,
    take_back_override,
)
from procurement.procurements.services.planning import (
    change_plan,
    drop_plan,
    plan_procurement,
    record_pipeline_notice,
    record_spend,
    start_planned,
)
from procurement.procurements.services.records import (
    change_procurement,
    create_procurement,
    what_differs,
)
from procurement.procurements.services.taking_in import ImportOutcome

__all__ = [
    "MAX_BYTES",
    "ImportOutcome",
    "apply_notices",
    "approve_override",
    "ask_override",
    "change_plan",
    "change_procurement",
    "create_procurement",
    "decide_again",
    "drop_plan",
    "explain_deviation",
    "finish_light_touch",
    "import_notices",
    "mark_awarded",
    "mark_complete",
    "mark_evaluating",
    "mark_published",
    "plan_procurement",
    "preview_notices",
    "record_consideration",
    "record_pipeline_notice",
    "record_spend",
    "refuse_override",
    "set_lots",
    "start_planned",
    "take_back_override",
    "tender_in_lots",
    "what_differs",
    "withdraw_procurement",
]  # fmt: skip
