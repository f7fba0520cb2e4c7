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
    REGIONAL_ADMIN = "regional_admin", "Regional administrator"
    SUPPLIER_ADMIN = "supplier_admin", "Supplier administrator"
    SUPPLIER_CONTRIBUTOR = "supplier_contributor", "Supplier contributor"
    MEMBER = "member", "Member, no rights yet"


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
        Role.REGIONAL_ADMIN,
    }
)
SUPPLIER_ROLES = frozenset({Role.SUPPLIER_ADMIN, Role.SUPPLIER_CONTRIBUTOR})
REGION_ROLES = frozenset({Role.REGIONAL_ANALYST, Role.REGIONAL_ADMIN})
"""Held only at an authority that leads a region."""
ADMIN_ROLES = frozenset({Role.ORGANISATION_ADMIN, Role.SUPPLIER_ADMIN})
"""They grant roles in their organisation, so somebody has to hold one there."""


class Deed(TextChoices):
    """What the table of roles speaks of, so that it reads after "may". Who may: ``rules.deeds.MAY``."""

    READ_AUTHORITY = (
        "read_authority",
        "read the procurements, contracts, deliveries and figures of their authority",
    )
    READ_SUPPLIER = (
        "read_supplier",
        "read the invitations, contracts, deliveries and figures of their supplier",
    )
    READ_BIDS = "read_bids", "read bids once they are open, and how they were judged"
    READ_EVALUATION_RECORD = (
        "read_evaluation_record",
        "read the whole evaluation record, every mark by name",
    )
    READ_INTERESTS = "read_interests", "read what panel members declared about their interests"
    READ_POLICY_DRAFTS = "read_policy_drafts", "read policy versions before they are adopted"
    READ_REPORT_DRAFTS = "read_report_drafts", "read Cabinet reports before they are frozen"
    READ_PEOPLE = "read_people", "see who holds which role in their organisation"
    READ_RECORD = (
        "read_record",
        "read and export the record of everything done in their organisation",
    )
    READ_REGION = (
        "read_region",
        "read the region’s totals and its members’ ledger entries, without evidence",
    )
    READ_MEMBERSHIPS = (
        "read_memberships",
        "see which authorities belong to the region they lead, and since when",
    )

    MANAGE_PEOPLE = "manage_people", "invite people, grant roles and end them"
    DESCRIBE_ORGANISATION = "describe_organisation", "say where and what their organisation is"
    CHOOSE_REGION_SEES = "choose_region_sees", "decide what the region sees of their authority"
    CHOOSE_PUBLIC = "choose_public", "decide what the public sees"
    SET_REMINDERS = "set_reminders", "set when people are reminded"
    RUN_ROLLUPS = "run_rollups", "look after the totals: see every run and start one again"

    WRITE_POLICY = "write_policy", "write a policy version and propose it"
    ANSWER_POLICY = (
        "answer_policy",
        "adopt or send back a policy version that somebody else proposed",
    )
    ADOPT_MEASURES = "adopt_measures", "adopt editions of measures and make packs of them"
    WRITE_MEASURES = "write_measures", "write measures of their own, and import licensed frameworks"
    WRITE_PRIORITIES = "write_priorities", "write their authority’s priorities and what serves them"

    PREPARE_PROCUREMENT = (
        "prepare_procurement",
        "create procurements, plan them and decide their route",
    )
    PREPARE_TENDER = (
        "prepare_tender",
        "prepare, publish and amend tenders, invite suppliers, answer questions",
    )
    ANSWER_OVERRIDE = "answer_override", "answer somebody else’s request to override a route"
    EXPLAIN_DEVIATION = "explain_deviation", "explain why a route was not followed"
    APPROVE_TENDER = (
        "approve_tender",
        "approve somebody else’s tender, where the policy names their role",
    )
    RECORD_PIPELINE = "record_pipeline", "record that the pipeline was published"
    RECORD_SPEND = "record_spend", "record the expected spend of a year"
    RECORD_DUTY = "record_duty", "record that a duty was done"

    OPEN_BIDS = "open_bids", "open bids after the deadline, together with a second person"
    MOVE_TENDER = "move_tender", "move a tender on once its bids are open"
    NAME_PANEL = "name_panel", "name the panel of an evaluation"
    SIT_ON_PANEL = (
        "sit_on_panel",
        "sit on a panel that they are named on: mark, moderate or observe",
    )
    DECIDE_INTEREST = "decide_interest", "decide about somebody else’s declared interest"
    DECIDE_OFFICERS_INTEREST = (
        "decide_officers_interest",
        "decide about the interest of another procurement officer",
    )
    WORD_DECLARATION = "word_declaration", "change how the declaration of interests is worded"
    RANK_BIDS = "rank_bids", "rank bids, enter scores for price and quality, reopen marking"
    PROPOSE_AWARD = (
        "propose_award",
        "propose an award, write summaries for bidders, record the standstill",
    )
    APPROVE_AWARD = "approve_award", "approve or refuse an award that somebody else proposed"
    RECORD_SIGNATURE = "record_signature", "record that a contract was signed"

    START_PLAN = "start_plan", "start the action plan of a contract"
    MANAGE_CONTRACT = (
        "manage_contract",
        "plan, change and end a contract, raise shortfalls and propose remedies",
    )
    VERIFY_CLAIMS = "verify_claims", "verify or return what a supplier claims"
    SET_SAMPLING = "set_sampling", "say which claims are opened one by one"
    SPEAK_ON_SHORTFALL = "speak_on_shortfall", "write in the conversation about a shortfall"
    DECIDE_REMEDY = "decide_remedy", "approve or refuse a remedy that somebody else proposed"
    RECORD_OVERSIGHT = "record_oversight", "record what overseeing contracts costs"
    BE_REMINDED = "be_reminded", "be reminded of what waits for them"

    WRITE_REPORT = "write_report", "write Cabinet reports and freeze them"
    SIGN_REPORT = "sign_report", "sign off a report that somebody else wrote"
    WRITE_STORY = "write_story", "write stories for the public showcase"
    ANSWER_STORY = "answer_story", "publish or return a story that somebody else wrote"

    KEEP_LAW = "keep_law", "update the statutory thresholds, at the authority that leads a region"
    MAP_MEASURES = (
        "map_measures",
        "decide how measures count in the region’s, at the authority that leads it",
    )
    SET_TARGETS = "set_targets", "set the targets of the region they lead"
    KEEP_MEMBERSHIPS = (
        "keep_memberships",
        "say which authorities belong to the region they lead, and from when to when",
    )

    WRITE_OFFER = "write_offer", "answer invitations, write and submit offers"
    AGREE_FOR_SUPPLIER = (
        "agree_for_supplier",
        "agree an action plan or a change of a contract for the supplier",
    )
    CLAIM_DELIVERY = (
        "claim_delivery",
        "report deliveries with evidence, and propose how a shortfall is put right",
    )


class AccountDeed(TextChoices):
    SWITCHED = "organisation_switched", "Acting organisation switched"
    ORGANISATION_ADDED = "organisation_added", "Organisation added"
    ROLE_GRANTED = "role_granted", "Role granted"
    ROLE_ENDED = "role_ended", "Role ended"
    INVITED = "person_invited", "Person invited"
    INVITATION_ACCEPTED = "invitation_accepted", "Invitation accepted"
    INVITATION_REVOKED = "invitation_revoked", "Invitation revoked"
    MEMBERSHIP_RECORDED = "region_membership_recorded", "Region membership recorded"
    REGISTERED = "supplier_registered", "Supplier registered"
    DESCRIBED = "organisation_described", "Organisation described"
    REGION_SEES = "region_sees_chosen", "What the region sees chosen"


class SignInDeed(TextChoices):
    SECOND_STEP_ASKED = "second_step_asked", "Second step asked for"
    SECOND_STEP_RESET = "second_step_reset", "Second step reset"
    RENAMED = "person_renamed", "Name changed"


class PrivacyDeed(TextChoices):
    ERASED = "person_erased", "Person erased"
    EXPIRED = "expired_data_removed", "Data removed at the end of its time"


class MergeStatus(TextChoices):
    ASKED = "asked", "Waiting for an answer"
    AGREED = "agreed", "Merged"
    REFUSED = "refused", "Not merged"
    WITHDRAWN = "withdrawn", "Taken back"
    UNDONE = "undone", "Parted again"


class MergeDeed(TextChoices):
    ASKED = "merge_asked", "Merging of suppliers asked for"
    AGREED = "suppliers_merged", "Suppliers merged"
    REFUSED = "merge_refused", "Merging of suppliers refused"
    WITHDRAWN = "merge_withdrawn", "Merging of suppliers taken back"
    UNDONE = "suppliers_parted", "Merged suppliers parted again"


class PlatformDeed(TextChoices):
    OPENED = "platform_access_opened", "Platform access opened"
    ENDED = "platform_access_ended", "Platform access ended"
    OPERATOR_ADDED = "platform_operator_added", "Platform operator added"
