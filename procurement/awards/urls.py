from __future__ import annotations

from django.urls import path, re_path

from procurement.awards import views

app_name = "awards"
urlpatterns = [
    path("procurements/<int:procurement_pk>/award/", views.AwardContract.as_view(), name="award"),
    path("contracts/", views.Contracts.as_view(), name="contracts"),
    re_path(r"^contracts/export\.(?P<form>csv|xlsx)$", views.Export.as_view(), name="export"),
    path("contracts/<int:pk>/", views.ContractPage.as_view(), name="contract"),
    path(
        "contracts/<int:pk>/second-opinion/", views.SecondOpinion.as_view(), name="second_opinion"
    ),
    *(
        path(
            f"contracts/<int:pk>/second-opinion.{form}",
            views.SecondOpinionExport.as_view(),
            {"form": form},
            name="second_opinion_export",
        )
        for form in ("csv", "xlsx")
    ),
    path("contracts/<int:pk>/end/", views.EndContract.as_view(), name="end"),
]
