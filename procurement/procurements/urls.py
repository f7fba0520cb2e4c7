from __future__ import annotations

from django.urls import path, re_path

from procurement.procurements import views

app_name = "procurements"
urlpatterns = [
    path("", views.ProcurementList.as_view(), name="list"),
    re_path(r"^export\.(?P<form>csv|xlsx)$", views.ProcurementExport.as_view(), name="export"),
    path("new/", views.ProcurementNew.as_view(), name="new"),
    path("advice/", views.RouteAdvice.as_view(), name="advice"),
    path("import/", views.NoticeUpload.as_view(), name="import"),
    path("import/<int:pk>/", views.NoticePreview.as_view(), name="import_preview"),
    path("import/<int:pk>/apply/", views.NoticeApply.as_view(), name="import_apply"),
    path("<int:pk>/edit/", views.ProcurementEdit.as_view(), name="edit"),
    path("<int:pk>/withdraw/", views.ProcurementWithdraw.as_view(), name="withdraw"),
    path("<int:pk>/note/", views.NotePage.as_view(), name="note"),
    path("<int:pk>/note/print/", views.NotePrint.as_view(), name="note_print"),
]
