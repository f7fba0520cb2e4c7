"""What these tests share: a remedy that is proposed."""

from __future__ import annotations

from procurement.remedies import services


def proposed(w, row, kind="service_credit", **more):
    row.refresh_from_db()
    return services.propose_remedy(
        actor=w.manager,
        shortfall_id=row.pk,
        expected_version=row.version,
        kind=kind,
        reason="Nothing moved for two quarters.",
        **more,
    )
