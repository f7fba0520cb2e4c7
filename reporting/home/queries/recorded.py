"""The record of one thing: which deeds belong to it, asked of the room it is in, which says who may see it.

This room stands above every other, so that audit and accounts, which are below them, can ask here by a path in the
settings.
"""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from procurement.action_plans import queries as plans
from procurement.awards import queries as awards
from procurement.deliveries import queries as deliveries
from procurement.policies import queries as policies
from procurement.remedies import queries as remedies
from procurement.threads.queries.recorded import procurement_scope
from reporting.cabinet.queries.reports import report_for
from reporting.cabinet.queries.templates import template_page
from reporting.open_data.queries.publications import choice_of
from reporting.showcase.queries import story_for
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.permissions import is_buyer
from socialvalue.audit.queries.records import Scope
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.frameworks import queries as frameworks
from toms.priorities import queries as priorities
from toms.priorities.vocabulary import PriorityLevel
from toms.proxies.queries.own import own_version


def find(actor: Actor, record: str, key: str) -> Scope:
    """The deeds of one thing that this actor may read. ``key`` is what its own page is opened with.

    NotVisible or NotAllowed as its own page; NotVisible for what has none.
    """
    of_number, of_name = BY_NUMBER.get(record), BY_NAME.get(record)
    if of_name is not None:
        return of_name(actor, key)
    if of_number is None or not key.isdecimal() or len(key) > 18:
        raise NotVisible
    return of_number(actor, int(key))


# --- procurements and contracts -------------------------------------------------------------------


def _contract(actor: Actor, contract_id: int) -> Scope:
    contract = awards.contract_for(actor, contract_id)
    told = [("contract", contract.pk)]
    if is_buyer(actor):
        # What was told to which bidder is for the authority's eyes only.
        told.append(("award", contract.award_id))
    url = reverse("procurement:awards:contract", args=[contract.pk])
    return Scope(f"Contract: {contract.title}", url, tuple(told))


def _proposal(actor: Actor, procurement_id: int) -> Scope:
    page = awards.proposal_page(actor, procurement_id)
    url = reverse("procurement:awards:proposal", args=[procurement_id])
    return Scope(f"Award proposal: {page.title}", url, (("awardproposal", page.id),))


def _plan(actor: Actor, contract_id: int) -> Scope:
    page = plans.plan_of(actor, contract_id)
    if page.plan_id is None:
        raise NotVisible
    url = reverse("procurement:action_plans:plan", args=[contract_id])
    return Scope(f"Action plan: {page.contract.title}", url, (("actionplan", page.plan_id),))


def _claim(actor: Actor, claim_id: int) -> Scope:
    claim = deliveries.claim_for(actor, claim_id)
    url = reverse("procurement:deliveries:claim", args=[claim_id])
    return Scope(f"Claim {claim.id}: {claim.commitment.measure.label}", url, (("claim", claim_id),))


def _shortfall(actor: Actor, shortfall_id: int) -> Scope:
    remedies.shortfall_page(actor, shortfall_id)
    if not is_buyer(actor):
        raise NotVisible
    url = reverse("procurement:remedies:shortfall", args=[shortfall_id])
    return Scope(f"Shortfall {shortfall_id}", url, (("shortfall", shortfall_id),))


def _change(actor: Actor, request_id: int) -> Scope:
    remedies.change_request(actor, request_id)
    url = reverse("procurement:remedies:change", args=[request_id])
    return Scope(f"Request for a change {request_id}", url, (("changerequest", request_id),))


def _terms(actor: Actor, contract_id: int) -> Scope:
    page = remedies.contract_remedies(actor, contract_id)
    if page.terms_id is None:
        raise NotVisible
    url = reverse("procurement:remedies:contract", args=[contract_id])
    return Scope(f"Remedies: {page.contract.title}", url, (("remedyterms", page.terms_id),))


def _policy(actor: Actor, version_id: int) -> Scope:
    page = policies.draft_for(actor, version_id, clock.today())
    url = reverse("procurement:policies:draft", args=[version_id])
    title = f"{page.policy_title}, version {page.number}"
    return Scope(title, url, (("policyversion", version_id),))


# --- measures -------------------------------------------------------------------------------------


def _own_measures(actor: Actor, slug: str) -> Scope:
    page = own_version(actor, slug)
    url = reverse("toms:proxies:own_version", args=[slug])
    return Scope(page.edition.name, url, (("edition", page.edition.id),))


def _statement(actor: Actor, slug: str) -> Scope:
    found = priorities.statement(actor, slug)
    if found.level != PriorityLevel.COUNCIL:
        raise NotVisible
    url = reverse("toms:priorities:statement", args=[slug])
    return Scope(found.name, url, (("priorityset", found.id),))


def _mapping(actor: Actor, key: str) -> Scope:
    """``key`` is the region and the measure: ``wmca:55``."""
    slug, _, number = key.partition(":")
    regions = priorities.regions_read(actor, clock.today())
    region = next((row for row in regions if row.slug == slug), None)
    if region is None or not number.isdecimal() or len(number) > 18:
        raise NotVisible
    page = priorities.crosswalk_measure(actor, region.id, int(number), clock.today())
    url = reverse("toms:priorities:crosswalk_measure", args=[number])
    title = f"{page.row.measure.label} in {region.name}"
    return Scope(
        title,
        f"{url}?region={slug}",
        (("measure", int(number)),),
        organisation_ids=(region.lead_id,),
    )


def _adoption(actor: Actor, adoption_id: int) -> Scope:
    frameworks.visible_adoption(actor, adoption_id)
    url = reverse("toms:frameworks:adoption_detail", args=[adoption_id])
    return Scope(f"Adoption {adoption_id}", url, (("adoption", adoption_id),))


# --- reports and what others see --------------------------------------------------------------------


def _report(actor: Actor, report_id: int) -> Scope:
    report = report_for(actor, report_id)
    url = reverse("reporting:cabinet:report", args=[report_id])
    return Scope(report.title, url, (("cabinetreport", report_id),))


def _template(actor: Actor, template_id: int) -> Scope:
    page = template_page(actor, template_id)
    url = reverse("reporting:cabinet:template", args=[template_id])
    return Scope(f"Report template: {page.name}", url, (("reporttemplate", template_id),))


def _story(actor: Actor, story_id: int) -> Scope:
    story = story_for(actor, story_id)
    url = reverse("reporting:showcase:story", args=[story_id])
    return Scope(story.title, url, (("story", story_id),))


def _publication(actor: Actor, key: str) -> Scope:
    """``key`` is whose page it is: ``region:wmca``."""
    owner, _, slug = key.partition(":")
    chosen = choice_of(actor, owner, slug)
    if chosen.publication_id is None:
        raise NotVisible
    url = reverse("reporting:open_data:choose", kwargs={"owner": owner, "own_slug": slug})
    return Scope(f"Public page of {chosen.name}", url, (("publication", chosen.publication_id),))


def _region(actor: Actor, slug: str) -> Scope:
    choice = accounts.region_choice(actor, slug)
    if choice is None:
        raise NotVisible
    url = f"{reverse('accounts:region_sees')}?region={slug}"
    return Scope(f"What {choice.name} sees", url, (("regionmembership", choice.membership_id),))


BY_NUMBER: dict[str, Callable[[Actor, int], Scope]] = {
    "procurement": procurement_scope,
    "contract": _contract,
    "proposal": _proposal,
    "plan": _plan,
    "claim": _claim,
    "shortfall": _shortfall,
    "change": _change,
    "remedies": _terms,
    "policy": _policy,
    "adoption": _adoption,
    "report": _report,
    "template": _template,
    "story": _story,
}
BY_NAME: dict[str, Callable[[Actor, str], Scope]] = {
    "own-measures": _own_measures,
    "statement": _statement,
    "mapping": _mapping,
    "publication": _publication,
    "region": _region,
}
