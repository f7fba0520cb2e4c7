from __future__ import annotations

from django.urls import include, path, re_path

from procurement.tenders import views

app_name = "tenders"
of_procurement = [
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
    re_path(r"^pack\.(?P<kind>pdf|docx)$", views.Pack.as_view(), name="pack"),
    path("publish/", views.Publish.as_view(), name="publish"),
    path(
        "suppliers/email/",
        views.InviteByEmail.as_view(),
        name="invite_by_email",
    ),
    path(
        "suppliers/links/<int:link_pk>/revoke/",
        views.RevokeLink.as_view(),
        name="revoke_link",
    ),
    path("amend/", views.Amend.as_view(), name="amend"),
    path("questions-asked/", views.Clarifications.as_view(), name="clarifications"),
    path("questions-asked/<int:clarification_pk>/", views.Answer.as_view(), name="answer"),
]
urlpatterns = [
    path("procurements/<int:procurement_pk>/tender/", include(of_procurement)),
    path("bids/<int:tender_pk>/questions/", views.Ask.as_view(), name="ask"),
    path("invitations/<str:token>/", views.Link.as_view(), name="link"),
]
