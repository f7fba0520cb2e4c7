from __future__ import annotations

from django.urls import path

from procurement.tenders import views

app_name = "tenders"
urlpatterns = [
    path("", views.TaskList.as_view(), name="task_list"),
    path("start/", views.StartTender.as_view(), name="start"),
    path("edition/", views.UseEdition.as_view(), name="use_edition"),
    path("measures/", views.Measures.as_view(), name="measures"),
    path("measures/details/", views.Details.as_view(), name="details"),
    path("measures/why-not/", views.WhyNot.as_view(), name="why_not"),
    path("approve/", views.Approve.as_view(), name="approve"),
    path("place/", views.Place.as_view(), name="place"),
    path("scoring/", views.Scoring.as_view(), name="scoring"),
    path("scoring/advice/", views.ScoringAdvice.as_view(), name="scoring_advice"),
    path("point-cost/", views.PointCost.as_view(), name="point_cost"),
    path("questions/", views.Questions.as_view(), name="questions"),
    path("suppliers/", views.Suppliers.as_view(), name="suppliers"),
    path(
        "suppliers/<int:supplier_pk>/remove/",
        views.RemoveSupplier.as_view(),
        name="remove_supplier",
    ),
    path("publish/", views.Publish.as_view(), name="publish"),
]
