from __future__ import annotations

from django.urls import path, re_path

from reporting.cabinet import views

app_name = "cabinet"
urlpatterns = [
    path("", views.Reports.as_view(), name="list"),
    re_path(r"^export\.(?P<form>csv|xlsx)$", views.Export.as_view(), name="export"),
    path("new/", views.Start.as_view(), name="new"),
    path("<int:pk>/", views.Report.as_view(), name="report"),
    path("<int:pk>/details/", views.Change.as_view(), name="change"),
    path("<int:pk>/contacts/", views.Contacts.as_view(), name="contacts"),
    path("<int:pk>/sections/<slug:kind>/", views.Section.as_view(), name="section"),
    path("<int:pk>/freeze/", views.Freeze.as_view(), name="freeze"),
    path("<int:pk>/report.html", views.Html.as_view(), name="html"),
    path("<int:pk>/report.pdf", views.Pdf.as_view(), name="pdf"),
    path("<int:pk>/annex.xlsx", views.Annex.as_view(), name="xlsx"),
    path("<int:pk>/report.zip", views.Pack.as_view(), name="pack"),
]
