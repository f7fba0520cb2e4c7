"""The page of one procurement through all its stages, composed from the rooms' own queries."""

from procurement.threads.queries.compliance import (
    NO_DIRECTORATE,
    GroupLine,
    Register,
    RegisterFilter,
    RegisterLine,
    compliance_register,
    register_table,
)
from procurement.threads.queries.compliance import SORTS as COMPLIANCE_SORTS
from procurement.threads.queries.decisions import DecisionView
from procurement.threads.queries.gathering import Parts, gather, moment_shown
from procurement.threads.queries.lineage import Lineage, Standing, lineage
from procurement.threads.queries.pages import (
    Figures,
    NextDeed,
    ThreadView,
    next_deed,
    stages,
)
from procurement.threads.queries.stage_views import Stage

__all__ = [
    "COMPLIANCE_SORTS",
    "NO_DIRECTORATE",
    "DecisionView",
    "Figures",
    "GroupLine",
    "Lineage",
    "NextDeed",
    "Parts",
    "Register",
    "RegisterFilter",
    "RegisterLine",
    "Stage",
    "Standing",
    "ThreadView",
    "compliance_register",
    "gather",
    "lineage",
    "moment_shown",
    "next_deed",
    "register_table",
    "stages",
]
