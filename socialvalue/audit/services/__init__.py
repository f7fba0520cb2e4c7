"""Writing the record: deeds inside the transaction of the deed, accesses beside it."""

from __future__ import annotations

from socialvalue.audit.services.accesses import record_access, remove_old_accesses
from socialvalue.audit.services.deeds import record
from socialvalue.audit.services.seals import seal_day

__all__ = ["record", "record_access", "remove_old_accesses", "seal_day"]
