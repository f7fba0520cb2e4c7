"""The buyer's pages of a tender, all under the procurement's address."""

from __future__ import annotations

from procurement.tenders.views.approving import Approve
from procurement.tenders.views.dialogue import Amend, Answer, Ask, Clarifications
from procurement.tenders.views.inviting import (
    InviteByEmail,
    Link,
    RemoveSupplier,
    RevokeLink,
    Suppliers,
)
from procurement.tenders.views.measures import Details, Measures, Place, WhyNot
from procurement.tenders.views.pack import Pack
from procurement.tenders.views.point_cost import PointCost
from procurement.tenders.views.publishing import Publish
from procurement.tenders.views.scoring import Questions, Scoring, ScoringAdvice
from procurement.tenders.views.task_list import (
    StartTender,
    TaskList,
    UseEdition,
)

__all__ = [
    "Amend",
    "Answer",
    "Approve",
    "Ask",
    "Clarifications",
    "Details",
    "InviteByEmail",
    "Link",
    "Measures",
    "Pack",
    "Place",
    "PointCost",
    "Publish",
    "Questions",
    "RemoveSupplier",
    "RevokeLink",
    "Scoring",
    "ScoringAdvice",
    "StartTender",
    "Suppliers",
    "TaskList",
    "UseEdition",
    "WhyNot",
]
