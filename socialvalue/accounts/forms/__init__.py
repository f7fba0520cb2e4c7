"""Input shapes of people and organisations, one file a noun."""

from __future__ import annotations

from socialvalue.accounts.forms.organisations import YES_NO, OrganisationForm, PlaceForm
from socialvalue.accounts.forms.region import RegionSeesForm
from socialvalue.accounts.forms.registering import AddressForm, RegisterForm

__all__ = [
    "YES_NO",
    "AddressForm",
    "OrganisationForm",
    "PlaceForm",
    "RegionSeesForm",
    "RegisterForm",
]
