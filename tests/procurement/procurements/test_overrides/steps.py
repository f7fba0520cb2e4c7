"""Asking for another route, approving it, and changing the procurement afterwards."""

from __future__ import annotations

from django.urls import reverse

from procurement.procurements import queries, services

REASON = "The market for this is one charity."


def ask(officer, procurement, to_route="light_touch", reason=REASON):
    return services.ask_override(
        actor=officer, procurement_id=procurement.pk, to_route=to_route, reason=reason
    )


def approve(approver, override, answer="The charity agrees."):
    return services.approve_override(actor=approver, override_id=override.pk, answer=answer)


def change(officer, procurement, **more):
    procurement.refresh_from_db()
    services.change_procurement(
        actor=officer, procurement_id=procurement.pk, expected_version=procurement.version, **more
    )
    return queries.latest_decision(procurement.pk)


def url(name, *args):
    return reverse(f"procurement:procurements:{name}", args=args)


def text(response):
    return response.content.decode().replace("&#x27;", "'")
