from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# Django's admin has a sign-in page of its own, without a second step and without limits: ours stands before it.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("socialvalue.core.urls")),
    # Before allauth's: the way to an organisation's sign-in service and back is ours.
    path("", include("socialvalue.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("measures/", include("toms.urls")),
    path("", include("procurement.urls")),
    path("", include("reporting.urls")),
]
