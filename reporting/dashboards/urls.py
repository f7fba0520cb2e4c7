from __future__ import annotations

from django.urls import path

from reporting.dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("dashboard/", views.Council.as_view(), name="council"),
    path("dashboard/<slug:table>.csv", views.CouncilCsv.as_view(), name="council_csv"),
    path("dashboard/all.xlsx", views.CouncilXlsx.as_view(), name="council_xlsx"),
    path("region/", views.Region.as_view(), name="region"),
    path("region/<slug:table>.csv", views.RegionCsv.as_view(), name="region_csv"),
    path("region/all.xlsx", views.RegionXlsx.as_view(), name="region_xlsx"),
]
