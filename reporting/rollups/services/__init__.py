"""Rolling the ledger up into cells: draining the feed, rebuilding, reconciling."""

from reporting.rollups.services.drain import DrainResult, drain
from reporting.rollups.services.rebuild import rebuild
from reporting.rollups.services.reconcile import ReconcileResult, compare, reconcile
from reporting.rollups.services.restart import restart

__all__ = [
    "DrainResult",
    "ReconcileResult",
    "compare",
    "drain",
    "rebuild",
    "reconcile",
    "restart",
]
