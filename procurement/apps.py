from __future__ import annotations

from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    name = "procurement"

    def ready(self) -> None:
        """Wires what one room announces to the later rooms that hear it."""
        from procurement.action_plans.receivers import contract_was_awarded
        from procurement.events import contract_awarded

        contract_awarded.connect(contract_was_awarded, dispatch_uid="action_plans.start_plan")
