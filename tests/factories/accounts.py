"""People and organisations for tests. ``actor_for_role`` is the shortest way to somebody who may do a deed."""

from __future__ import annotations

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from socialvalue.accounts.models import Membership, Organisation, User
from socialvalue.accounts.queries import actor_for
from socialvalue.accounts.vocabulary import SUPPLIER_ROLES, OrganisationKind, Role
from socialvalue.core.actor import Actor

PASSWORD = "a-password-for-tests-only"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    full_name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        password = kwargs.pop("password", PASSWORD)
        return model_class.objects.create_user(password=password, **kwargs)


class AuthorityFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation
        django_get_or_create = ("slug",)

    kind = OrganisationKind.COUNCIL
    slug = factory.Sequence(lambda n: f"council-{n}")
    name = factory.Sequence(lambda n: f"Council {n}")


class SupplierFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation
        django_get_or_create = ("slug",)

    kind = OrganisationKind.SUPPLIER
    slug = factory.Sequence(lambda n: f"supplier-{n}")
    name = factory.Sequence(lambda n: f"Supplier {n}")
    is_sme = True


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(AuthorityFactory)
    role = Role.PROCUREMENT_OFFICER
    granted_at = datetime(2026, 1, 1, tzinfo=UTC)


def user_with_role(role: Role, organisation: Organisation | None = None) -> User:
    """A new person with this role at the organisation, or at a new one of the fitting side."""
    if organisation is None:
        organisation = SupplierFactory() if role in SUPPLIER_ROLES else AuthorityFactory()
    return MembershipFactory(role=role, organisation=organisation).user


def actor_of(user: User, organisation: Organisation | None = None) -> Actor:
    """The actor of this person, as the middleware would make it."""
    return actor_for(user, organisation.slug if organisation else "")


def actor_for_role(role: Role, organisation: Organisation | None = None) -> Actor:
    """Somebody new with this role at the organisation, acting for it."""
    user = user_with_role(role, organisation)
    return actor_of(user, organisation)
