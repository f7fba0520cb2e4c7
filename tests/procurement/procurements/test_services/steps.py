"""What these tests share: the deeds on record, and a light-touch note that is finished."""

from __future__ import annotations

from decimal import Decimal

from procurement.procurements import services
from socialvalue.audit.models import AuditRecord
from socialvalue.core.actor import SYSTEM
from toms.imports.services import load_priorities


def deeds(procurement):
    rows = AuditRecord.objects.filter(procurement_id=procurement.pk).order_by("id")
    return list(rows.values_list("deed", flat=True))


def finish(actor, procurement, **more):
    load_priorities(actor=SYSTEM)
    facts = {
        "considered": "Asked two local workshops.",
        "objectives": ["PLB"],
        "quotations_sought": 3,
        "local_quotations": 2,
        "chosen_supplier": "A workshop",
        "chosen_value": Decimal("12000"),
        "is_local_or_sme": None,
        "agreed": "",
    }
    return services.finish_light_touch(
        actor=actor, procurement_id=procurement.pk, **{**facts, **more}
    )
