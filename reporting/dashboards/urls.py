from __future__ import annotations

from django.urls import path, re_path

from reporting.dashboards.views import boards as views
from reporting.dashboards.views import regions

app_name = "dashboards"
urlpatterns = [
    path("dashboard/", views.Council.as_view(), name="council"),
    path("dashboard/<slug:table>.csv", views.CouncilCsv.as_view(), name="council_csv"),
    path("dashboard/all.xlsx", views.CouncilXlsx.as_view(), name="council_xlsx"),
    path("dashboard/by/<slug:dimension>/", views.BrokenDown.as_view(), name="breakdown"),
    path(
        "dashboard/by/<slug:dimension>.csv",
        views.BreakdownFile.as_view(),
        {"form": "csv"},
        name="breakdown_csv",
    ),
    path(
        "dashboard/by/<slug:dimension>.xlsx",
        views.BreakdownFile.as_view(),
        {"form": "xlsx"},
        name="breakdown_xlsx",
    ),
    path("region/", views.Region.as_view(), name="region"),
    path("region/late/", regions.RegionLate.as_view(), name="late"),
    path("region/comparison/", regions.RegionBenchmark.as_view(), name="benchmark"),
    re_path(
        r"^region/comparison/values\.(?P<form>csv|xlsx)$",
        regions.RegionBenchmarkFile.as_view(),
        name="benchmark_file",
    ),
    path("region/targets/", regions.Targets.as_view(), name="targets"),
    re_path(
        r"^region/targets/parts\.(?P<form>csv|xlsx)$",
        regions.TargetsFile.as_view(),
        name="targets_file",
    ),
    path("region/targets/new/", regions.SetTarget.as_view(), name="target_new"),
    path("region/targets/<int:target_id>/", regions.ChangeTarget.as_view(), name="target"),
    path("region/targets/<int:target_id>/end/", regions.EndTarget.as_view(), name="target_end"),
    path("region/<slug:table>.csv", views.RegionCsv.as_view(), name="region_csv"),
    path("region/all.xlsx", views.RegionXlsx.as_view(), name="region_xlsx"),
]
