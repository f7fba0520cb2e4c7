from __future__ import annotations

from django.urls import path, re_path

from reporting.cabinet import views

app_name = "cabinet"
urlpatterns = [
    path("", views.Reports.as_view(), name="list"),
    re_path(r"^export\.(?P<form>csv|xlsx)$", views.Export.as_view(), name="export"),
    path("new/", views.Start.as_view(), name="new"),
    # Writing
    path("<int:pk>/details/", views.Change.as_view(), name="change"),
    path("<int:pk>/contacts/", views.Contacts.as_view(), name="contacts"),
    path("<int:pk>/sections/", views.Sections.as_view(), name="sections"),
    path("<int:pk>/sections/<slug:kind>/", views.Section.as_view(), name="section"),
    path("<int:pk>/sections/<slug:kind>/draft/", views.KeepDraft.as_view(), name="keep_draft"),
    path("<int:pk>/sections/<slug:kind>/drop/", views.DropDraft.as_view(), name="drop_draft"),
    path("<int:pk>/sections/<slug:kind>/preview/", views.Preview.as_view(), name="preview"),
    path("<int:pk>/sections/<slug:kind>/heading/", views.Heading.as_view(), name="heading"),
    path("<int:pk>/sections/<slug:kind>/move/", views.MoveSection.as_view(), name="move_section"),
    path(
        "<int:pk>/sections/<slug:kind>/remove/",
        views.RemoveSection.as_view(),
        name="remove_section",
    ),
    # Templates
    path("templates/", views.Templates.as_view(), name="templates"),
    path("templates/new/", views.CopyTemplate.as_view(), name="copy_template"),
    path("templates/<int:pk>/", views.Template.as_view(), name="template"),
    path("templates/<int:pk>/archive/", views.ArchiveTemplate.as_view(), name="archive_template"),
    path(
        "templates/<int:pk>/sections/<slug:kind>/",
        views.TemplateSection.as_view(),
        name="template_section",
    ),
    # The report's page, signing, freezing, issuing again, comparing
    path("<int:pk>/", views.Report.as_view(), name="report"),
    path("<int:pk>/freeze/", views.Freeze.as_view(), name="freeze"),
    path("<int:pk>/sign-off/", views.SignOff.as_view(), name="sign_off"),
    path("<int:pk>/sign-off/ask/", views.AskForSignOff.as_view(), name="ask_sign_off"),
    path("<int:pk>/again/", views.Reissue.as_view(), name="reissue"),
    path("<int:pk>/compare/", views.Compare.as_view(), name="compare"),
    re_path(
        r"^(?P<pk>[0-9]+)/compare\.(?P<form>csv|xlsx)$",
        views.CompareExport.as_view(),
        name="compare_export",
    ),
    # Files
    path("<int:pk>/files/", views.Job.as_view(), name="job"),
    path("<int:pk>/files/make/", views.MakeFiles.as_view(), name="make_files"),
    path("<int:pk>/report.html", views.Html.as_view(), name="html"),
    path("<int:pk>/report.pdf", views.Pdf.as_view(), name="pdf"),
    path("<int:pk>/report-to-keep.html", views.Twin.as_view(), name="twin"),
    path("<int:pk>/figures.csv", views.FiguresCsv.as_view(), name="csv"),
    path("<int:pk>/report.json", views.Everything.as_view(), name="json"),
    path("<int:pk>/annex.xlsx", views.Annex.as_view(), name="xlsx"),
    path("<int:pk>/report.zip", views.Pack.as_view(), name="pack"),
    # Answers to requests for information
    path("<int:pk>/answers/", views.Foi.as_view(), name="foi"),
    re_path(
        r"^(?P<pk>[0-9]+)/answers\.(?P<form>pdf|html|csv)$",
        views.FoiFile.as_view(),
        name="foi_file",
    ),
]
