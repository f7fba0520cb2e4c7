"""What these tests share: people at their browsers, addresses, and the answers that the forms post."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from procurement.bids.queries import opened_bids
from socialvalue.accounts.models import User


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def at(bench, name, *more):
    return reverse(f"procurement:evaluations:{name}", args=[bench.procurement.pk, *more])


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def bids_of(bench):
    return [bid.id for bid in opened_bids(bench.tender.pk)]


def filled(bench, mark="4", reason="Because.", version="0"):
    data = {}
    for row in bench.questions:
        data |= {
            f"mark_{row.id}": mark,
            f"rationale_{row.id}": reason,
            f"version_{row.id}": version,
        }
    return data
