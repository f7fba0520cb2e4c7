"""The verify queue, decisions and corrections, what is proved of a contract, and the sample."""

from procurement.verifications.views.deciding import Correct, Decide
from procurement.verifications.views.proof import ContractProof
from procurement.verifications.views.queue import Queue, QueueExport, Verify, VerifyTicked
from procurement.verifications.views.sampling import (
    DrawSamples,
    SampleDownload,
    Sampling,
    SetSamplingRule,
)

__all__ = [
    "ContractProof",
    "Correct",
    "Decide",
    "DrawSamples",
    "Queue",
    "QueueExport",
    "SampleDownload",
    "Sampling",
    "SetSamplingRule",
    "Verify",
    "VerifyTicked",
]
