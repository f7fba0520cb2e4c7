"""The ledger as a source of the daily seals."""

from __future__ import annotations

from procurement.ledger.models import LedgerEntry
from socialvalue.audit.queries.seals import SealedSource, source_of


def entries() -> SealedSource:
    """Every entry, all of its columns: named by ``settings.SEALED_ROWS``."""
    return source_of(
        "ledger entries",
        LedgerEntry,
        columns=(
            "basis",
            "authority_id",
            "supplier_id",
            "edition_id",
            "theme_id",
            "measure_id",
            "contract_id",
            "commitment_id",
            "claim_id",
            "verification_id",
            "period",
            "quantity",
            "denominator",
            "value_pence",
            "corrects_id",
            "reason",
            "posting_key",
            "posted_at",
            "posted_by_id",
        ),
    )
