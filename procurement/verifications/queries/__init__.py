"""What is read of verifications."""

from procurement.verifications.queries.deciding import (
    DecidePage,
    Decision,
    decide_page,
    decisions_of,
    what_happened,
)
from procurement.verifications.queries.proof import Proof, ProofPage, ProofRow, proof_of, proof_page
from procurement.verifications.queries.queue import (
    QueueRow,
    awaiting_count,
    is_undrawn,
    queue,
    queue_rows,
)
from procurement.verifications.queries.sampling import (
    Draw,
    DrawnAgain,
    RuleRow,
    Sample,
    SamplingPage,
    SeedRow,
    draws_of,
    sample_of,
    sample_table,
    sampling_page,
)

__all__ = [
    "DecidePage",
    "Decision",
    "Draw",
    "DrawnAgain",
    "Proof",
    "ProofPage",
    "ProofRow",
    "QueueRow",
    "RuleRow",
    "Sample",
    "SamplingPage",
    "SeedRow",
    "awaiting_count",
    "decide_page",
    "decisions_of",
    "draws_of",
    "is_undrawn",
    "proof_of",
    "proof_page",
    "queue",
    "queue_rows",
    "sample_of",
    "sample_table",
    "sampling_page",
    "what_happened",
]
