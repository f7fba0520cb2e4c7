"""What these tests share: an address, what is typed, and the path in a letter."""

from __future__ import annotations

from socialvalue.accounts import services

EMAIL = "bids@hazel.example"
PASSWORD = "walnut-harvest-basket"
TYPED = {"organisation_name": "Hazel and Sons", "full_name": "Bid manager", "password": PASSWORD}


def text(response):
    return response.content.decode()


def register(**more):
    return services.register_supplier(**{"email": EMAIL, **TYPED, **more})
