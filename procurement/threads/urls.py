from __future__ import annotations

from django.urls import path, re_path

from procurement.threads import views

app_name = "threads"
urlpatterns = [
    path("procurements/<int:pk>/", views.ProcurementThread.as_view(), name="procurement"),
    path("commitments/<int:pk>/", views.CommitmentLineage.as_view(), name="commitment"),
    path("compliance/", views.ComplianceRegister.as_view(), name="compliance"),
    re_path(
        r"^compliance\.(?P<form>csv|xlsx)$",
        views.ComplianceExport.as_view(),
        name="compliance_export",
    ),
]
