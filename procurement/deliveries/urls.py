from __future__ import annotations

from django.urls import path, re_path

from procurement.deliveries import views
from procurement.deliveries.views import listing, uploads

app_name = "deliveries"
urlpatterns = [
    path("", views.Inbox.as_view(), name="inbox"),
    path("claims/", listing.Claims.as_view(), name="claims"),
    path("claims/make/", listing.AskClaims.as_view(), name="make_claims"),
    re_path(r"^claims\.(?P<form>csv|xlsx)$", listing.ClaimsExport.as_view(), name="claims_export"),
    path("commitments/<int:commitment_pk>/worth/", views.Worth.as_view(), name="worth"),
    path("commitments/<int:commitment_pk>/pass-on/", views.PassOn.as_view(), name="pass_on"),
    path(
        "commitments/<int:commitment_pk>/<str:quarter>/nothing/",
        views.ReportNothing.as_view(),
        name="nothing",
    ),
    path("nothing/<int:pk>/undo/", views.TakeBackNothing.as_view(), name="nothing_undo"),
    path("links/<int:pk>/end/", views.EndPassingOn.as_view(), name="pass_on_end"),
    path("hand-in/<str:token>/", views.HandIn.as_view(), name="hand_in"),
    path("updates/<int:contract_pk>/<str:quarter>/", views.Update.as_view(), name="update"),
    path(
        "updates/<int:contract_pk>/<str:quarter>/autosave/",
        views.AutosaveUpdate.as_view(),
        name="update_autosave",
    ),
    path("<int:pk>/photo/", views.AddPhoto.as_view(), name="photo"),
    path(
        "commitments/<int:commitment_pk>/<str:quarter>/", views.NewClaim.as_view(), name="claim_new"
    ),
    path("<int:pk>/", views.Claim.as_view(), name="claim"),
    path("<int:pk>/mend/", views.MendClaim.as_view(), name="claim_edit"),
    path("<int:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("<int:pk>/ask/", views.AskConfirmation.as_view(), name="ask_confirmation"),
    path(
        "confirmations/<int:confirmation_pk>/cancel/",
        views.CancelConfirmation.as_view(),
        name="cancel_confirmation",
    ),
    path("confirm/<str:token>/", views.Confirm.as_view(), name="confirm"),
    path("evidence/<int:pk>/", views.EvidenceDownload.as_view(), name="evidence"),
    path("shared/", views.SharedDeliveries.as_view(), name="shared"),
    path("shared/new/", views.NewSharedDelivery.as_view(), name="shared_new"),
    path("shared/<int:pk>/", views.SharedDelivery.as_view(), name="shared_one"),
    path("<int:pk>/parts/", views.Parts.as_view(), name="parts"),
    path("uploads/", uploads.Uploads.as_view(), name="uploads"),
    path("uploads/workbook.<str:form>", uploads.ClaimsBook.as_view(), name="claims_book"),
    path(
        "uploads/contracts/<int:contract_pk>/", uploads.Uploads.as_view(), name="contract_uploads"
    ),
    path(
        "uploads/contracts/<int:contract_pk>/workbook.<str:form>",
        uploads.ClaimsBook.as_view(),
        name="contract_claims_book",
    ),
    path("uploads/<int:pk>/", uploads.Upload.as_view(), name="upload"),
    path("uploads/<int:pk>/send/", uploads.SendUpload.as_view(), name="upload_send"),
    path("uploads/<int:pk>/undo/", uploads.UndoUpload.as_view(), name="upload_undo"),
    path("uploads/<int:pk>/drop/", uploads.DropUpload.as_view(), name="upload_drop"),
    path("uploads/<int:pk>/file/", uploads.UploadFile.as_view(), name="upload_file"),
    path("uploads/<int:pk>/marked/", uploads.MarkedUpload.as_view(), name="upload_marked"),
]
