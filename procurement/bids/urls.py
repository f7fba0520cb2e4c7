from __future__ import annotations

from django.urls import path, re_path

from procurement.bids import views

app_name = "bids"
urlpatterns = [
    path("bids/", views.BidList.as_view(), name="list"),
    re_path(r"^bids/export\.(?P<form>csv|xlsx)$", views.ExportBids.as_view(), name="export"),
    path("bids/<int:tender_pk>/", views.Offer.as_view(), name="offer"),
    path("bids/<int:tender_pk>/autosave/", views.Autosave.as_view(), name="autosave"),
    path("bids/<int:tender_pk>/check/", views.Check.as_view(), name="check"),
    path("bids/<int:tender_pk>/submit/", views.Submit.as_view(), name="submit"),
    path("bids/<int:tender_pk>/receipt/", views.ReceiptPage.as_view(), name="receipt"),
    path("bids/<int:tender_pk>/copy/", views.Copy.as_view(), name="copy"),
    path("bids/<int:tender_pk>/workbook/", views.WorkOffline.as_view(), name="workbook"),
    path("bids/<int:tender_pk>/workbook/marked/", views.MarkedWorkbook.as_view(), name="marked"),
    path("bids/<int:tender_pk>/workbook.xlsx", views.DownloadWorkbook.as_view(), name="download"),
    path(
        "bids/<int:tender_pk>/submitted.xlsx", views.DownloadSubmitted.as_view(), name="submitted"
    ),
    path("procurements/<int:procurement_pk>/bids/", views.Sealed.as_view(), name="sealed"),
]
