from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from socialvalue.accounts.vocabulary import (
    MemberStatus,
    MergeStatus,
    OrganisationKind,
    Role,
)


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
    erased_at = models.DateTimeField(null=True, blank=True)
    """When the name and address were replaced. The row stays: decisions are signed by it."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(is_active=False, is_staff=False),
                name="user_erased_cannot_sign_in",
            ),
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
    asks_second_step = models.BooleanField(default=False)
    """All its people sign in with a second step, whatever the site's policy says."""
    created_at = models.DateTimeField(auto_now_add=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The supplier that is the same one: what names this row is shown under that one, and stays as it is."""

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["company_number"],
                condition=~Q(company_number=""),
                name="organisation_company_number_once",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | (Q(kind="supplier") & ~Q(merged_into=F("pk"))),
                name="organisation_merged_into_another_supplier",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name_now(self) -> str:
        """Its own name, and the one it goes by since it was merged into another: ``merged_into`` is read with it."""
        return f"{self.name} (now {self.merged_into.name})" if self.merged_into else self.name


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
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["organisation", "user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
                name="membership_role_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(ended_at__isnull=False),
                name="membership_ended_by_when_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} at {self.organisation}"


class Invitation(models.Model):
    """A letter that lets whoever reads this address' mail join an organisation with these roles, once, for a week."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    roles = models.JSONField()
    """Values of ``Role``, sorted."""
    token_digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of what stands in the letter's link: this row alone opens nothing."""
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Empty when the platform invited the first administrator."""
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")), name="invitation_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_accepted_or_revoked",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True)
                | Q(invited_by__isnull=True)
                | ~Q(accepted_by=F("invited_by")),
                name="invitation_not_to_oneself",
            ),
        ]

    def __str__(self) -> str:
        return f"An invitation to {self.organisation}"


class OrganisationMerge(models.Model):
    """Two suppliers that are one: asked for by one side, agreed by another. No row of theirs is rewritten by it."""

    kept = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """What names this one is shown under ``kept`` from then on."""
    reason = models.TextField()
    status = models.CharField(max_length=10, choices=MergeStatus.choices, default=MergeStatus.ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The supplier on whose behalf it was asked; None for the platform."""
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(blank=True)
    carried = models.JSONField(default=dict, blank=True)
    """What was carried over, so that it can be given back: ``facts`` by name, ``ended`` and ``granted`` memberships."""
    undone_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="merge_of_two"),
            models.CheckConstraint(condition=~Q(reason=""), name="merge_with_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(status="withdrawn")
                | ~Q(decided_by=F("asked_by")),
                name="merge_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status="asked", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(status="asked") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="merge_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status="undone", undone_by__isnull=False, undone_at__isnull=False)
                | ~Q(status="undone") & Q(undone_by__isnull=True, undone_at__isnull=True),
                name="merge_undone_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(status__in=["asked", "agreed"]),
                name="merge_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged} into {self.kept}"


class PurgeRun(models.Model):
    """One time that the clock removed what had had its time: how many of each kind, and what could not be removed."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    removed = models.JSONField(default=dict)
    """How many, by the kind of the data map; kinds of which nothing was due are left out."""
    failed = models.JSONField(default=list, blank=True)
    """Kinds that broke off; the log says why. They are tried again the next day."""

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Removed on {self.started_at:%d %B %Y}"


class PlatformAccess(models.Model):
    """A platform operator looks at an organisation, or at the whole service: for a reason, for four hours at most.

    Triggers on both databases refuse a longer one, any change but its end, and its removal.
    """

    operator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Empty for the whole service: the tables of the admin, and no page of any organisation."""
    reason = models.TextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    """Ended by hand, or when the next one was opened; without it, it ended at ``until_at``."""

    class Meta:
        ordering = ["-from_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")), name="platform_access_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="platform_access_with_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True)
                | Q(ended_at__gte=F("from_at"), ended_at__lte=F("until_at")),
                name="platform_access_ended_in_its_time",
            ),
            models.UniqueConstraint(
                fields=["operator"],
                condition=Q(ended_at__isnull=True),
                name="platform_access_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator} at {self.organisation or 'the whole service'}"
