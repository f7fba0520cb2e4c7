from __future__ import annotations

from django.urls import path, re_path

from toms.priorities import views

app_name = "priorities"
urlpatterns = [
    path("priorities/", views.Shelf.as_view(), name="priorities"),
    path("priorities/new/", views.StartStatement.as_view(), name="start"),
    path("priorities/<slug:slug>/", views.StatementPage.as_view(), name="statement"),
    path("priorities/<slug:slug>/correct/", views.CorrectStatement.as_view(), name="correct"),
    path("priorities/<slug:slug>/last-day/", views.LastDay.as_view(), name="last_day"),
    path("priorities/<slug:slug>/take-away/", views.DropStatement.as_view(), name="drop"),
    path("priorities/<slug:slug>/links/<int:pk>/", views.Links.as_view(), name="links"),
    *(
        path(
            f"priorities/<slug:slug>/map.{form}",
            views.StatementExport.as_view(),
            {"form": form},
            name=f"map_{form}",
        )
        for form in ("csv", "xlsx")
    ),
    path("crosswalk/", views.CrosswalkList.as_view(), name="crosswalk"),
    re_path(
        r"^crosswalk/export\.(?P<form>csv|xlsx)$",
        views.CrosswalkExport.as_view(),
        name="crosswalk_export",
    ),
    path("crosswalk/suggestions/", views.Suggestions.as_view(), name="crosswalk_suggestions"),
    path("crosswalk/<int:pk>/", views.CrosswalkMeasurePage.as_view(), name="crosswalk_measure"),
    path("crosswalk/<int:pk>/map/", views.MapMeasure.as_view(), name="crosswalk_map"),
    path("crosswalk/<int:pk>/unmap/", views.UnmapMeasure.as_view(), name="crosswalk_unmap"),
    path("aliases/", views.Aliases.as_view(), name="aliases"),
    re_path(
        r"^aliases/export\.(?P<form>csv|xlsx)$", views.AliasExport.as_view(), name="alias_export"
    ),
    path("<slug:edition_slug>/<str:code>/", views.MeasurePage.as_view(), name="measure"),
]
