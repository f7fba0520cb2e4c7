"""The admin shows and never writes: every change goes through a service, with its permission and audit row.

It is for platform operators. They see the platform's own tables; those of the business only while they have opened an
access to the whole service (``request.platform_access``, decision 0043).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse


class ReadOnlyAdmin(admin.ModelAdmin):
    """Lists and shows rows. Nothing can be added, changed or deleted here."""

    list_per_page = 50
    actions = None
    is_platform: ClassVar[bool] = False
    """A table that keeps the service running and says nothing of anybody's business."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not is_operator(request):
            return False
        access = getattr(request, "platform_access", None)
        return self.is_platform or bool(access and access.is_whole_service)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ClosedAdminSite(AdminSite):
    """Only tables that are read here: what other packages would let an administrator write stays out."""

    site_header = site_title = "Social value: tables"
    index_title = "Tables of the platform"

    def register(
        self, model_or_iterable: Any, admin_class: type[Any] | None = None, **options: Any
    ) -> None:
        if admin_class is not None and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return is_operator(request)

    def password_change(  # type: ignore[override]  # it leads on instead of drawing a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The account's own page changes it, with its rules."""
        return HttpResponseRedirect(reverse("account_change_password"))


def is_operator(request: HttpRequest) -> bool:
    """Whoever keeps the service running, signed in as they must (``request.actor``)."""
    actor = getattr(request, "actor", None)
    user = request.user
    return bool(user.is_active and user.is_staff and actor is not None and actor.is_operator)
