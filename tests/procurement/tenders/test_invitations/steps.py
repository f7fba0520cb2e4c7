"""Inviting by e-mail, and the addresses, clients and bidders of these tests."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from procurement.tenders import services
from procurement.tenders.queries import token_of
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import SupplierFactory, actor_for_role

SECOND = timedelta(seconds=1)
ADDRESS = "tenders@hazel.example"


def invite(world, email=ADDRESS, **more):
    return services.invite_by_email(
        actor=more.pop("actor", world.officer), tender_id=world.tender.pk, email=email
    )


def address_of(link):
    return reverse("procurement:tenders:link", args=[token_of(link)])


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def page_of(world, name, *more):
    return reverse(f"procurement:tenders:{name}", args=[world.procurement.pk, *more])


def text(response):
    return response.content.decode()


def new_bidder(role=Role.SUPPLIER_ADMIN):
    supplier = SupplierFactory()
    return supplier, actor_for_role(role, supplier)
