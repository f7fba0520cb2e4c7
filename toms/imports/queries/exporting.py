"""An edition as one value, to be compared and written out."""

from __future__ import annotations

from socialvalue.core.actor import Actor
from toms.frameworks import queries as frameworks
from toms.imports import rules
from toms.proxies.queries.exporting import value_rows


def content_of(edition: frameworks.EditionInfo) -> rules.EditionContent:
    """All that an edition says, in reading order."""
    rows = frameworks.edition_rows(edition.id)
    return rules.in_order(
        rules.EditionContent(
            framework={
                "name": edition.framework_name,
                "owner": edition.framework_owner,
                "licence": edition.framework_licence,
                "about": edition.framework_about,
            },
            label=edition.label,
            valid_from=edition.valid_from.isoformat(),
            valid_to=edition.valid_to.isoformat() if edition.valid_to else "",
            themes=rows["themes"],
            measures=rows["measures"],
            proxies=value_rows(edition.id),
            double_counting=[(pair["first"], pair["second"]) for pair in rows["double_counting"]],
            packs=rows["packs"],
            slug=edition.slug,
        )
    )


def content_checksum(edition: frameworks.EditionInfo) -> str:
    """The checksum of what an edition says, worked out from its rows."""
    return rules.checksum_of(content_of(edition))


def exported(actor: Actor, slug: str) -> rules.EditionContent:
    """An edition the actor may read. NotVisible for any other."""
    return content_of(frameworks.edition_info(actor, slug))
