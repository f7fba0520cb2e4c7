"""Asking and answering, suppliers whose names could give them away, and the pages."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from procurement.tenders import services
from socialvalue.accounts.models import User

QUESTION = "May the work begin in May?"


def named(world):
    """Suppliers whose names could give them away."""
    for supplier, name in zip(world.suppliers, ("Hazel & Sons Ltd", "Rowan Works"), strict=True):
        supplier.name = name
        supplier.save()
    return world


def ask(world, text=QUESTION, actor=None):
    return services.ask(actor=actor or world.bidder, tender_id=world.tender.pk, text=text)


def answer(world, row, published_text=QUESTION, answer="Yes, on 4 May.", actor=None):
    return services.answer(
        actor=actor or world.officer,
        clarification_id=row.pk,
        published_text=published_text,
        answer=answer,
    )


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def text(response):
    return response.content.decode()


def page_of(world, name, *more):
    return reverse(f"procurement:tenders:{name}", args=[world.procurement.pk, *more])
