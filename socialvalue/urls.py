from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("socialvalue.core.urls")),
    path("account/", include("allauth.urls")),
    path("", include("socialvalue.accounts.urls")),
    path("admin/", admin.site.urls),
    path("measures/", include("toms.urls")),
    path("", include("procurement.urls")),
    path("", include("reporting.urls")),
]
