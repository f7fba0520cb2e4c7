from __future__ import annotations

from django.urls import path

from procurement.verifications import views

app_name = "verifications"
urlpatterns = [
    path("", views.Queue.as_view(), name="queue"),
    path("<int:claim_pk>/", views.Decide.as_view(), name="decide"),
    path("<int:claim_pk>/verify/", views.Verify.as_view(), name="verify"),
    path("<int:claim_pk>/correct/", views.Correct.as_view(), name="correct"),
]
