"""Procurements as their own authority may see them."""

from __future__ import annotations

from procurement.procurements.queries.beside import Beside, beside_decisions
from procurement.procurements.queries.compliance import KeptFacts, kept_facts
from procurement.procurements.queries.considering import (
    Consideration,
    consideration_file,
    consideration_missing,
    consideration_of,
)
from procurement.procurements.queries.dated import (
    DatedProcurement,
    dated_procurement,
    dated_procurements,
)
from procurement.procurements.queries.decisions import (
    advice_for,
    decisions_of,
    latest_decision,
    route_now,
)
from procurement.procurements.queries.listing import (
    SORTS,
    ProcurementFilter,
    counts_by_route,
    directorates,
    procurement_list,
    procurement_table,
)
from procurement.procurements.queries.lots import LotLine, Lots, lots_of
from procurement.procurements.queries.notes import (
    beyond_light_touch,
    light_touch_note,
    objective_names,
    toolkit_of,
)
from procurement.procurements.queries.notices import notice_import
from procurement.procurements.queries.overrides import (
    OVERRIDE_SORTS,
    Deviation,
    OverrideFilter,
    deviations_of,
    override_for,
    override_table,
    overrides,
    overrides_of,
    overrides_waiting,
    rules_own_route,
)
from procurement.procurements.queries.planning import (
    PLAN_SORTS,
    PlanFilter,
    PlanLine,
    pipeline_now,
    plan_directorates,
    plan_for,
    plan_list,
    plan_release,
    plan_table,
    spend_of,
    spends,
)
from procurement.procurements.queries.records import (
    ProcurementBrief,
    estimate_of,
    parts_by_category,
    procurement_brief,
    procurement_briefs,
    procurement_for,
    stored_values,
    with_route,
    with_routes,
)
from procurement.procurements.queries.similar import aggregation_of, similar_to
from procurement.procurements.queries.under_draft import Rerouted, UnderDraft, under_draft

__all__ = [
    "OVERRIDE_SORTS",
    "PLAN_SORTS",
    "SORTS",
    "Beside",
    "Consideration",
    "DatedProcurement",
    "Deviation",
    "KeptFacts",
    "LotLine",
    "Lots",
    "OverrideFilter",
    "PlanFilter",
    "PlanLine",
    "ProcurementBrief",
    "ProcurementFilter",
    "Rerouted",
    "UnderDraft",
    "advice_for",
    "aggregation_of",
    "beside_decisions",
    "beyond_light_touch",
    "consideration_file",
    "consideration_missing",
    "consideration_of",
    "counts_by_route",
    "dated_procurement",
    "dated_procurements",
    "decisions_of",
    "deviations_of",
    "directorates",
    "estimate_of",
    "kept_facts",
    "latest_decision",
    "light_touch_note",
    "lots_of",
    "notice_import",
    "objective_names",
    "override_for",
    "override_table",
    "overrides",
    "overrides_of",
    "overrides_waiting",
    "parts_by_category",
    "pipeline_now",
    "plan_directorates",
    "plan_for",
    "plan_list",
    "plan_release",
    "plan_table",
    "procurement_brief",
    "procurement_briefs",
    "procurement_for",
    "procurement_list",
    "procurement_table",
    "route_now",
    "rules_own_route",
    "similar_to",
    "spend_of",
    "spends",
    "stored_values",
    "toolkit_of",
    "under_draft",
    "with_route",
    "with_routes",
]
