from __future__ import annotations

from django.urls import path

from procurement.reminders import views

app_name = "reminders"
urlpatterns = [
    path("reminders/", views.MyReminders.as_view(), name="mine"),
    path("reminders/rule/", views.SetRule.as_view(), name="rule"),
    path("reminders/calendar/", views.MakeCalendar.as_view(), name="make_calendar"),
    path("reminders/calendar/revoke/", views.RevokeCalendar.as_view(), name="revoke_calendar"),
    path("contracts/<int:pk>/reminders/", views.ContractReminders.as_view(), name="contract"),
    path("calendar/<str:token>.ics", views.Calendar.as_view(), name="calendar"),
]
