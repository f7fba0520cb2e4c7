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
    path(
        "bids/<int:tender_pk>/earlier/<int:requirement_pk>/",
        views.EarlierMethods.as_view(),
        name="earlier",
    ),
    path(
        "bids/<int:tender_pk>/earlier/answer/<int:question_pk>/",
        views.EarlierAnswers.as_view(),
        name="earlier_answer",
    ),
    path("bids/<int:tender_pk>/submit/", views.Submit.as_view(), name="submit"),
    path("bids/<int:tender_pk>/receipt/", views.ReceiptPage.as_view(), name="receipt"),
    path("bids/<int:tender_pk>/copy/", views.Copy.as_view(), name="copy"),
    path("bids/<int:tender_pk>/workbook/", views.WorkOffline.as_view(), name="workbook"),
    path("bids/<int:tender_pk>/workbook/marked/", views.MarkedWorkbook.as_view(), name="marked"),
    path("bids/<int:tender_pk>/workbook.xlsx", views.DownloadWorkbook.as_view(), name="download"),
    path(
        "bids/<int:tender_pk>/submitted.xlsx", views.DownloadSubmitted.as_view(), name="submitted"
    ),
    re_path(
        r"^bids/(?P<tender_pk>\d+)/pack\.(?P<kind>pdf|docx)$", views.Pack.as_view(), name="pack"
    ),
    path(
        "procurements/<int:procurement_pk>/tender/offer.xlsx",
        views.BlankWorkbook.as_view(),
        name="blank_workbook",
    ),
    path("procurements/<int:procurement_pk>/bids/", views.Sealed.as_view(), name="sealed"),
    path("procurements/<int:procurement_pk>/opening/", views.Opening.as_view(), name="opening"),
    re_path(
        r"^procurements/(?P<procurement_pk>\d+)/opening\.(?P<kind>pdf|docx)$",
        views.OpeningDocument.as_view(),
        name="opening_document",
    ),
]
