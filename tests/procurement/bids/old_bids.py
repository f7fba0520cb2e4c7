"""A database as it was before envelopes, with a bid in each state, brought up to date. Run on its own by a test.

Prints as JSON what today's code reads of it.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 4, 1, 11, 0, tzinfo=UTC)
SENT_AT = NOW + timedelta(days=1)
STATES = ("draft", "submitted", "none")


def migrate(*target: str) -> None:
    from django.core.management import call_command

    call_command("migrate", *target, verbosity=0)


def old_apps():
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    graph = MigrationExecutor(connection).loader
    nodes = [
        node for node in graph.graph.leaf_nodes() if node[0] not in ("procurement", "reporting")
    ]
    return graph.project_state([*nodes, ("procurement", "0007_formulas")]).apps


def enter() -> dict[str, int]:
    """Two tenders, one still sealed and one opened; three suppliers each: draft only, submitted, nothing."""
    from cryptography.fernet import Fernet
    from django.conf import settings

    from procurement.bids.rules import OfferInput, content_hash, draft_text, sealed_text
    from procurement.tenders.rules import new_key, wrap_key

    apps = old_apps()

    def get(app: str, name: str):
        return apps.get_model(app, name).objects

    user = get("accounts", "User").create(email="a@b.example", full_name="Ada Bidder")
    authority = get("accounts", "Organisation").create(kind="council", slug="a", name="A")
    suppliers = [
        get("accounts", "Organisation").create(kind="supplier", slug=f"s{n}", name=f"S{n}")
        for n in range(3)
    ]
    framework = get("toms", "Framework").create(slug="f", name="F")
    edition = get("toms", "Edition").create(
        framework=framework, slug="e", label="E", valid_from=date(2026, 1, 1)
    )
    found = {"user": user.pk}
    for name in ("sealed", "opened"):
        procurement = get("procurement", "Procurement").create(
            authority=authority,
            reference=name,
            title=name,
            category="services",
            estimate=Decimal(100000),
            estimate_basis="excl",
            commenced_on=date(2026, 3, 1),
            created_at=NOW,
            submission_key=name,
        )
        tender = get("procurement", "Tender").create(
            procurement=procurement, authority=authority, edition=edition
        )
        for supplier in suppliers:
            get("procurement", "TenderInvitation").create(
                tender=tender, supplier=supplier, invited_at=NOW, invited_by=user
            )
        get("procurement", "Tender").filter(pk=tender.pk).update(
            status="published", deadline_at=DEADLINE, published_at=NOW, published_by=user
        )
        key = new_key()
        get("procurement", "TenderKey").create(
            tender=tender,
            wrapped_key=wrap_key(key, sealing_key=settings.SEALING_KEY, tender_id=tender.pk),
        )
        fernet = Fernet(key)

        def hidden(text: str, fernet: Fernet = fernet) -> str:
            return fernet.encrypt(text.encode()).decode()

        draft = draft_text(OfferInput(price=Decimal(111)), page_key="k", page_from=1)
        sent = sealed_text(
            OfferInput(price=Decimal(222)),
            tender_id=tender.pk,
            supplier_id=suppliers[1].pk,
            salt="s",
        )
        get("procurement", "Bid").create(
            tender=tender, supplier=suppliers[0], draft_content=hidden(draft), version=4
        )
        is_opened = name == "opened"
        bid = get("procurement", "Bid").create(
            tender=tender,
            supplier=suppliers[1],
            draft_content=hidden(draft),
            sealed_content=hidden(sent),
            status="opened" if is_opened else "submitted",
            content_hash=content_hash(sent),
            receipt=f"SV-{name.upper():X<11}",
            submitted_at=SENT_AT,
            submitted_by=user,
            price=Decimal(222) if is_opened else None,
            opened_at=DEADLINE if is_opened else None,
            version=7,
        )
        if is_opened:
            get("procurement", "Tender").filter(pk=tender.pk).update(
                status="opened", opened_at=DEADLINE
            )
        found |= {name: tender.pk, f"{name}_bid": bid.pk}
    return found | {f"s{n}": supplier.pk for n, supplier in enumerate(suppliers)}


def read(known: dict[str, int]) -> dict[str, object]:
    from procurement.bids.models import Bid
    from procurement.bids.queries.places import places_of

    found: dict[str, object] = {"known": known}
    for name in ("sealed", "opened"):
        places = places_of(known[name])
        found[name] = {
            state: {
                "price": str(place.draft.offer.price) if place.draft else None,
                "sent": str(place.sealed.price) if place.sealed else None,
                "state": place.state,
                "version": place.envelope.version,
                "receipt": place.envelope.receipt,
                "hash_length": len(place.envelope.content_hash),
                "submitted_at": str(place.envelope.submitted_at),
                "submitted_by": place.envelope.submitted_by,
                "submitter": place.envelope.submitter,
                "is_opened": place.is_opened,
                "bid_id": place.bid_id,
            }
            for state, place in zip(STATES, (places[known[f"s{n}"]] for n in range(3)), strict=True)
        }
        found[f"{name}_rows"] = list(
            Bid.objects.filter(tender_id=known[name])
            .order_by("status", "pk")
            .values_list("status", "supplier_id", "receipt")
        )
        found[f"{name}_sizes"] = sorted(
            {len(row.envelope) for row in Bid.objects.filter(tender_id=known[name])}
        )
    return found


def open_now(known: dict[str, int]) -> list[str]:
    """The converted sealed bids are opened by today's services."""
    from procurement.bids.queries import opening_of
    from procurement.bids.services import open_bids, start_opening
    from socialvalue.accounts.models import User
    from socialvalue.core import clock
    from socialvalue.core.actor import Actor
    from tests.factories.accounts import UserFactory

    tender_id = known["sealed"]
    from procurement.tenders.queries import tender_brief

    people = [User.objects.get(pk=known["user"]), UserFactory()]
    actors = [
        Actor(
            user_id=person.pk,
            name=str(person),
            organisation_id=tender_brief(tender_id).authority_id,
            organisation_kind="council",
            roles=frozenset({"procurement_officer"}),
        )
        for person in people
    ]
    with clock.at(DEADLINE):
        start_opening(actor=actors[0], tender_id=tender_id)
        open_bids(actor=actors[1], tender_id=tender_id)
    opening = opening_of(tender_id)
    return [line.receipt for line in opening.lines] if opening else []


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialvalue.settings")
    import django

    django.setup()
    for app in ("accounts", "audit", "toms"):
        migrate(app)
    migrate("procurement", "0007_formulas")
    known = enter()
    migrate()
    found = read(known)
    found["receipts"] = open_now(known)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
