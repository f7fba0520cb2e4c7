"""People at a browser, and what they download."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse

from socialvalue.accounts.models import Organisation, Region, RegionMembership, User
from socialvalue.core.actor import Actor
from tests.factories.accounts import AuthorityFactory


def browser(actor: Actor) -> Client:
    """A signed-in browser of this person."""
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV by heading."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def drilled_pounds(client: Client, opens_url: str) -> Decimal:
    """The £ of the ledger rows a figure opens to, added up from the download of that very list."""
    page = client.get(opens_url)
    assert page.status_code == 200
    export = reverse("procurement:ledger:export", args=["csv"])
    answer = client.get(f"{export}?{urlsplit(opens_url).query}")
    assert answer.status_code == 200
    rows = rows_of(answer.content)
    return sum((Decimal(row["Value (£)"] or 0) for row in rows), Decimal(0))


def region_with(*members: tuple[Organisation, str, str | None]) -> Region:
    """A region led by a new combined authority; members with their first and last day."""
    lead = AuthorityFactory(kind="combined_authority", slug="lead", name="Lead Combined Authority")
    region = Region.objects.create(slug="region", name="The Region", lead=lead)
    for authority, from_on, to_on in members:
        RegionMembership.objects.create(
            region=region, authority=authority, status="constituent", from_on=from_on, to_on=to_on
        )
    return region
