from __future__ import annotations

from django.urls import path, re_path

from procurement.duties import views

app_name = "duties"
ONE = "procurements/<int:procurement_pk>/duties/"
urlpatterns = [
    path("duties/", views.DutyList.as_view(), name="list"),
    re_path(r"^duties/export\.(?P<form>csv|xlsx|ics)$", views.DutyExport.as_view(), name="export"),
    path(ONE, views.ProcurementDuties.as_view(), name="procurement"),
    path(f"{ONE}calendar.ics", views.ProcurementCalendar.as_view(), name="calendar"),
    path(f"{ONE}<slug:duty>/record/", views.RecordDuty.as_view(), name="record"),
    path(
        f"{ONE}<slug:duty>/<slug:occurrence>/record/",
        views.RecordDuty.as_view(),
        name="record_time",
    ),
]
