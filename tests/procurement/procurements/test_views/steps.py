"""What these tests share: people, addresses, and the answers that the forms post."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse

from procurement.procurements import services
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import user_with_role


def person(role=Role.PROCUREMENT_OFFICER, slug="warwickshire"):
    return user_with_role(role, accounts.organisation(slug))


def url(name, *args):
    return reverse(f"procurement:procurements:{name}", args=args)


def answers(**more):
    """What the form posts: seven answers."""
    return {
        "title": "Grounds maintenance",
        "category": "services",
        "estimate": "£180,000",
        "estimate_basis": "excl",
        "commenced_on-day": "1",
        "commenced_on-month": "3",
        "commenced_on-year": "2026",
        "submission_key": "key-1",
        **more,
    }


def text(response):
    return response.content.decode()


def note_answers(**more):
    return {
        "considered": "Asked two local workshops.",
        "objectives": ["PLB"],
        "quotations_sought": "3",
        "local_quotations": "2",
        "chosen_supplier": "A workshop",
        "chosen_value": "12,000",
        "is_local_or_sme": "unknown",
        "agreed": "A work placement",
        **more,
    }


def finish(actor, procurement):
    return services.finish_light_touch(
        actor=actor, procurement_id=procurement.pk, considered="Words", objectives=["PLB"], quotations_sought=1,
        local_quotations=0, chosen_supplier="A workshop", chosen_value=Decimal("90"), is_local_or_sme=True, agreed="",
    )  # fmt: skip
