from __future__ import annotations

from django.urls import path

from reporting.figures import views

app_name = "figures"
urlpatterns = [
    path("", views.Glossary.as_view(), name="glossary"),
    path("<slug:name>/", views.Proof.as_view(), name="proof"),
    path("<slug:name>.csv", views.Export.as_view(), {"form": "csv"}, name="proof_csv"),
    path("<slug:name>.xlsx", views.Export.as_view(), {"form": "xlsx"}, name="proof_xlsx"),
]
