from __future__ import annotations

from django.urls import path, re_path

from procurement.policies import views

app_name = "policies"
urlpatterns = [
    path("", views.CurrentPolicy.as_view(), name="current"),
    path("thresholds/", views.Thresholds.as_view(), name="thresholds"),
    re_path(
        r"^thresholds\.(?P<form>csv|xlsx)$",
        views.ThresholdsExport.as_view(),
        name="thresholds_export",
    ),
    path("all/", views.PolicyList.as_view(), name="list"),
    path("start/", views.StartDraft.as_view(), name="start"),
    path("compare/", views.Compare.as_view(), name="compare"),
    path("compare.csv", views.CompareExport.as_view(), name="compare_export"),
    path("drafts/<int:pk>/", views.DraftPage.as_view(), name="draft"),
    path("drafts/<int:pk>/dates/", views.Dates.as_view(), name="dates"),
    path("drafts/<int:pk>/whose-bands/", views.WhoseBands.as_view(), name="whose_bands"),
    path("drafts/<int:pk>/amounts/", views.Amounts.as_view(), name="amounts"),
    path("drafts/<int:pk>/bands/", views.Bands.as_view(), name="bands"),
    path("drafts/<int:pk>/weighting/", views.Weighting.as_view(), name="weighting"),
    path("drafts/<int:pk>/toolkit/", views.Toolkit.as_view(), name="toolkit"),
    path("drafts/<int:pk>/measures/", views.MeasureRules.as_view(), name="measure_rules"),
    path("drafts/<int:pk>/approvals/", views.Approvals.as_view(), name="approvals"),
    path("drafts/<int:pk>/propose/", views.Propose.as_view(), name="propose"),
    path("drafts/<int:pk>/take-back/", views.TakeBack.as_view(), name="take_back"),
    path("drafts/<int:pk>/adopt/", views.Adopt.as_view(), name="adopt"),
    path("drafts/<int:pk>/send-back/", views.SendBack.as_view(), name="send_back"),
    path("drafts/<int:pk>/drop/", views.DropCheck.as_view(), name="drop_check"),
    path("drafts/<int:pk>/drop/now/", views.Drop.as_view(), name="drop"),
    path("thresholds/update/", views.ThresholdUpload.as_view(), name="threshold_upload"),
    path("thresholds/update/<int:pk>/", views.ThresholdPreview.as_view(), name="threshold_import"),
    path(
        "thresholds/update/<int:pk>/lines.csv",
        views.ThresholdLines.as_view(),
        name="threshold_lines",
    ),
    path(
        "thresholds/update/<int:pk>/apply/", views.ThresholdApply.as_view(), name="threshold_apply"
    ),
    path("<slug:policy_slug>/<int:number>/", views.PolicyVersionPage.as_view(), name="version"),
]
