from __future__ import annotations

from django.urls import path, re_path

from procurement.procurements import views
from procurement.procurements.views import planning

app_name = "procurements"
urlpatterns = [
    path("", views.ProcurementList.as_view(), name="list"),
    re_path(r"^export\.(?P<form>csv|xlsx)$", views.ProcurementExport.as_view(), name="export"),
    path("new/", views.ProcurementNew.as_view(), name="new"),
    path("advice/", views.RouteAdvice.as_view(), name="advice"),
    path("under-policy-draft/<int:version_pk>/", views.UnderDraft.as_view(), name="under_draft"),
    path("pipeline/", planning.Pipeline.as_view(), name="pipeline"),
    re_path(
        r"^pipeline/export\.(?P<form>csv|xlsx|json)$",
        planning.PipelineExport.as_view(),
        name="pipeline_export",
    ),
    path("pipeline/new/", planning.PlanNew.as_view(), name="plan_new"),
    path("pipeline/<int:pk>/", planning.PlanEdit.as_view(), name="plan"),
    path("pipeline/<int:pk>/drop/", planning.PlanDrop.as_view(), name="plan_drop"),
    path("pipeline/<int:pk>/start/", planning.PlanStart.as_view(), name="plan_start"),
    path("pipeline/<slug:year>/spend/", planning.SpendRecord.as_view(), name="spend"),
    path(
        "pipeline/<slug:year>/published/",
        planning.PipelinePublished.as_view(),
        name="pipeline_published",
    ),
    path("import/", views.NoticeUpload.as_view(), name="import"),
    path("import/<int:pk>/", views.NoticePreview.as_view(), name="import_preview"),
    path("import/<int:pk>/apply/", views.NoticeApply.as_view(), name="import_apply"),
    path("overrides/", views.OverrideRegister.as_view(), name="overrides"),
    re_path(
        r"^overrides\.(?P<form>csv|xlsx)$", views.OverrideExport.as_view(), name="overrides_export"
    ),
    path("overrides/<int:pk>/", views.OverridePage.as_view(), name="override"),
    path(
        "overrides/<int:pk>/take-back/",
        views.OverrideTakeBack.as_view(),
        name="override_take_back",
    ),
    path("<int:pk>/edit/", views.ProcurementEdit.as_view(), name="edit"),
    path("<int:pk>/lots/", views.LotsPage.as_view(), name="lots"),
    path("<int:pk>/lots/tender/", views.TenderInLots.as_view(), name="tender_in_lots"),
    path("<int:pk>/override/", views.OverrideNew.as_view(), name="override_new"),
    path("<int:pk>/deviation/", views.DeviationNew.as_view(), name="deviation"),
    path("<int:pk>/consideration/", views.ConsiderationPage.as_view(), name="consideration"),
    path(
        "<int:pk>/consideration/print/",
        views.ConsiderationPrint.as_view(),
        name="consideration_print",
    ),
    path(
        "<int:pk>/consideration/<int:record_pk>/file/",
        views.ConsiderationFile.as_view(),
        name="consideration_file",
    ),
    path("<int:pk>/withdraw/", views.ProcurementWithdraw.as_view(), name="withdraw"),
    path("<int:pk>/note/", views.NotePage.as_view(), name="note"),
    path("<int:pk>/note/print/", views.NotePrint.as_view(), name="note_print"),
]
