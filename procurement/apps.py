from __future__ import annotations

from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    name = "procurement"

    def ready(self) -> None:
        """Wires what one room announces to the later rooms that hear it."""
        from procurement.action_plans.receivers import contract_was_awarded
        from procurement.bids.receivers import suppliers_were_asked
        from procurement.events import (
            contract_awarded,
            procurement_withdrawn,
            suppliers_invited,
            tender_published,
        )
        from procurement.tenders.receivers import procurement_was_withdrawn

        contract_awarded.connect(contract_was_awarded, dispatch_uid="action_plans.start_plan")
        tender_published.connect(suppliers_were_asked, dispatch_uid="bids.make_places")
        suppliers_invited.connect(suppliers_were_asked, dispatch_uid="bids.make_late_places")
        procurement_withdrawn.connect(procurement_was_withdrawn, dispatch_uid="tenders.tell")
