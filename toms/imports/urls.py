from __future__ import annotations

from django.urls import path

from toms.imports import views

app_name = "imports"
urlpatterns = [
    path("imports/", views.ImportList.as_view(), name="list"),
    path("imports/new/", views.Upload.as_view(), name="new"),
    path("imports/<int:pk>/", views.ImportPage.as_view(), name="import"),
    path("imports/<int:pk>/sheet/", views.ImportSheet.as_view(), name="sheet"),
    path("imports/<int:pk>/columns/", views.ImportColumns.as_view(), name="columns"),
    path("imports/<int:pk>/about/", views.About.as_view(), name="about"),
    path("imports/<int:pk>/check/", views.Check.as_view(), name="check"),
    path("imports/<int:pk>/marked.xlsx", views.MarkedCopy.as_view(), name="marked"),
    path("imports/<int:pk>/discard/", views.Discard.as_view(), name="discard"),
    path("imports/<int:pk>/undo/", views.Undo.as_view(), name="undo"),
    *(
        path(
            f"editions/<slug:slug>/edition.{form}",
            views.EditionExport.as_view(),
            {"form": form},
            name=f"export_{form}",
        )
        for form in ("csv", "xlsx")
    ),
]
