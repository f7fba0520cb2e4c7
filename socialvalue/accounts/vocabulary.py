from __future__ import annotations

from django.db.models import TextChoices

SESSION_KEY = "acting_organisation"
"""Where the session keeps the slug of the organisation a person acts for."""


class OrganisationKind(TextChoices):
    COMBINED_AUTHORITY = "combined_authority", "Combined authority"
    COUNCIL = "council", "Council"
    SUPPLIER = "supplier", "Supplier"


AUTHORITY_KINDS = (OrganisationKind.COMBINED_AUTHORITY, OrganisationKind.COUNCIL)


COUNTY_OF = {
    "north-warwickshire": "warwickshire",
    "nuneaton-and-bedworth": "warwickshire",
    "rugby": "warwickshire",
    "stratford-on-avon": "warwickshire",
    "warwick": "warwickshire",
}
"""The county council's area that a district lies in. Every other area here is of one council alone."""
MORE_AREAS = {"warwick": "Warwick District Council"}
"""Areas of councils that do not use this service, and in which suppliers are."""


class MemberStatus(TextChoices):
    CONSTITUENT = "constituent", "Constituent"
    NON_CONSTITUENT = "non_constituent", "Non-constituent"


class Role(TextChoices):
    ORGANISATION_ADMIN = "organisation_admin", "Organisation administrator"
    POLICY_OWNER = "policy_owner", "Policy owner"
    PROCUREMENT_OFFICER = "procurement_officer", "Procurement officer"
    EVALUATOR = "evaluator", "Evaluator"
    APPROVER = "approver", "Approver"
    CONTRACT_MANAGER = "contract_manager", "Contract manager"
    DIRECTORATE_MANAGER = "directorate_manager", "Directorate manager"
    REPORT_AUTHOR = "report_author", "Report author"
    AUDITOR = "auditor", "Auditor"
    REGIONAL_ANALYST = "regional_analyst", "Regional analyst"
    SUPPLIER_ADMIN = "supplier_admin", "Supplier administrator"
    SUPPLIER_CONTRIBUTOR = "supplier_contributor", "Supplier contributor"


BUYER_ROLES = frozenset(
    {
        Role.ORGANISATION_ADMIN,
        Role.POLICY_OWNER,
        Role.PROCUREMENT_OFFICER,
        Role.EVALUATOR,
        Role.APPROVER,
        Role.CONTRACT_MANAGER,
        Role.DIRECTORATE_MANAGER,
        Role.REPORT_AUTHOR,
        Role.AUDITOR,
        Role.REGIONAL_ANALYST,
    }
)
SUPPLIER_ROLES = frozenset({Role.SUPPLIER_ADMIN, Role.SUPPLIER_CONTRIBUTOR})


class AccountDeed(TextChoices):
    SWITCHED = "organisation_switched", "Acting organisation switched"
    ORGANISATION_ADDED = "organisation_added", "Organisation added"
    ROLE_GRANTED = "role_granted", "Role granted"
    ROLE_ENDED = "role_ended", "Role ended"
    MEMBERSHIP_RECORDED = "region_membership_recorded", "Region membership recorded"
    REGISTERED = "supplier_registered", "Supplier registered"
    DESCRIBED = "organisation_described", "Organisation described"
    REGION_SEES = "region_sees_chosen", "What the region sees chosen"
