"""Gathers the rooms' addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "procurement"
urlpatterns: list[URLPattern | URLResolver] = [
    path("policy/", include("procurement.policies.urls")),
    path("api/v1/", include("procurement.policies.views.api")),
    path("procurements/", include("procurement.procurements.urls")),
    path("", include("procurement.tenders.urls")),
    path("", include("procurement.bids.urls")),
    path("", include("procurement.evaluations.urls")),
    path("", include("procurement.awards.urls")),
    path("contracts/<int:contract_pk>/plan/", include("procurement.action_plans.urls")),
    path("", include("procurement.duties.urls")),
    path("", include("procurement.threads.urls")),
    path("deliveries/", include("procurement.deliveries.urls")),
    path("", include("procurement.remedies.urls")),
    path("verify/", include("procurement.verifications.urls")),
    path("ledger/", include("procurement.ledger.urls")),
    path("files/", include("procurement.downloads.urls")),
    path("", include("procurement.reminders.urls")),
]
