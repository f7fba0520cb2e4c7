from __future__ import annotations

from django.contrib import admin

from socialvalue.accounts.models import Membership, Organisation, Region, RegionMembership
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    is_platform = True
    list_display = ("name", "kind", "slug")
    list_filter = ("kind",)
    search_fields = ("name", "slug")


@admin.register(Region)
class RegionAdmin(ReadOnlyAdmin):
    is_platform = True
    list_display = ("name", "lead")


@admin.register(RegionMembership)
class RegionMembershipAdmin(ReadOnlyAdmin):
    is_platform = True
    list_display = ("authority", "region", "status", "from_on", "to_on", "is_withheld")
    list_select_related = ("authority", "region")


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    is_platform = True
    list_display = ("user", "organisation", "role", "granted_at", "ended_at")
    list_select_related = ("user", "organisation")
    list_filter = ("role",)
