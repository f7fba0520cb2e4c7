from __future__ import annotations

from django.urls import path

from procurement.deliveries import views

app_name = "deliveries"
urlpatterns = [
    path("", views.Inbox.as_view(), name="inbox"),
    path("commitments/<int:commitment_pk>/worth/", views.Worth.as_view(), name="worth"),
    path(
        "commitments/<int:commitment_pk>/<str:quarter>/", views.NewClaim.as_view(), name="claim_new"
    ),
    path("<int:pk>/", views.Claim.as_view(), name="claim"),
    path("<int:pk>/mend/", views.MendClaim.as_view(), name="claim_edit"),
    path("<int:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("evidence/<int:pk>/", views.EvidenceDownload.as_view(), name="evidence"),
]
