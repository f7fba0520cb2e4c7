from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from socialvalue.accounts.vocabulary import MemberStatus, OrganisationKind, Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail. What they may do is a matter of memberships, not of this row."""

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email


class Organisation(models.Model):
    """An authority (combined authority or council) or a supplier."""

    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    aliases = models.JSONField(default=list, blank=True)
    """Other names this organisation has in published notices."""
    company_number = models.CharField(max_length=20, blank=True)
    is_sme = models.BooleanField(null=True, blank=True)
    is_vcse = models.BooleanField(null=True, blank=True)
    postcode_district = models.CharField(max_length=5, blank=True)
    place = models.SlugField(max_length=80, blank=True)
    """The district whose figures apply to localised measures; empty when there is none."""
    brand_colour = models.CharField(
        max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")]
    )
    tile_code = models.CharField(max_length=4, blank=True)
    tile_column = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["company_number"],
                condition=~Q(company_number=""),
                name="organisation_company_number_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Region(models.Model):
    """A combined authority's area."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RegionMembership(models.Model):
    """An authority belongs to a region from a date to a date (exclusive end is not used: both days count)."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="memberships")
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=MemberStatus.choices)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    certainty = models.TextField(blank=True)
    is_withheld = models.BooleanField(default=False)
    """The authority withholds its figures from the region: readers take one such row for all of its time there."""
    in_benchmark = models.BooleanField(default=False)
    """The authority agrees to be compared: readers ask it of every row of its time there."""
    choice_version = models.PositiveIntegerField(default=1)
    """Grows with each change of the two choices."""

    class Meta:
        ordering = ["region", "authority", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "authority", "from_on"], name="region_membership_once"
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="region_membership_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(is_withheld=False) | Q(in_benchmark=False),
                name="region_membership_withheld_is_not_compared",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority} in {self.region}"


class Membership(models.Model):
    """A person holds a role in an organisation until it is ended."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=30, choices=Role.choices)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["organisation", "user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
                name="membership_role_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} at {self.organisation}"
