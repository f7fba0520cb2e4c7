"""The admin, closed: see ``socialvalue.core.admin``."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class ClosedAdminConfig(AdminConfig):
    default_site = "socialvalue.core.admin.ClosedAdminSite"
