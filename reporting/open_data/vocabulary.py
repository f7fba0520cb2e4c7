from __future__ import annotations

from django.db.models import TextChoices


class Licence(TextChoices):
    OGL3 = "ogl-3", "Open Government Licence v3.0"
    CC_BY_4 = "cc-by-4", "Creative Commons Attribution 4.0"


LICENCE_ADDRESSES = {
    Licence.OGL3: "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    Licence.CC_BY_4: "https://creativecommons.org/licenses/by/4.0/",
}


class PublicationDeed(TextChoices):
    CHOSEN = "public_page_chosen", "Public page chosen"
    CHANGED = "public_page_changed", "Public page changed"
    STOPPED = "public_page_stopped", "Public page stopped"
