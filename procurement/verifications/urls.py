from __future__ import annotations

from django.urls import path, re_path

from procurement.verifications import views

app_name = "verifications"
urlpatterns = [
    path("", views.Queue.as_view(), name="queue"),
    re_path(r"^claims\.(?P<form>csv|xlsx)$", views.QueueExport.as_view(), name="queue_export"),
    path("ticked/", views.VerifyTicked.as_view(), name="verify_ticked"),
    path("sampling/", views.Sampling.as_view(), name="sampling"),
    path("sampling/new/", views.SetSamplingRule.as_view(), name="sampling_rule"),
    path("sampling/draw/", views.DrawSamples.as_view(), name="draw_samples"),
    re_path(
        r"^sampling/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\.(?P<form>csv|xlsx)$",
        views.SampleDownload.as_view(),
        name="sample_file",
    ),
    path("contracts/<int:contract_pk>/", views.ContractProof.as_view(), name="proof"),
    path("<int:claim_pk>/", views.Decide.as_view(), name="decide"),
    path("<int:claim_pk>/verify/", views.Verify.as_view(), name="verify"),
    path("<int:claim_pk>/correct/", views.Correct.as_view(), name="correct"),
]
