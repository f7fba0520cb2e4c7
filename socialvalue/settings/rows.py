"""Which organisation a row belongs to: PostgreSQL's row-level security, as ``protect_database`` sets it up.

A condition says when a row belongs to one of ``{orgs}``, the organisation somebody acts for with those merged into it.
A row of a lower table follows the row it hangs on: it is seen when that one is. Queries filter by themselves; this is
the second lock (docs/decisions/0042). A test finds a table with an organisation's column that stands in neither list.
"""

from __future__ import annotations

BUYER = "authority_id = ANY({orgs})"
SUPPLIER = "supplier_id = ANY({orgs})"
EITHER = f"{BUYER} OR {SUPPLIER}"
OWN = "organisation_id = ANY({orgs})"


def under(table: str, column: str, parent: str) -> tuple[str, str]:
    """A table whose rows are seen by whoever sees the row of ``parent`` that they hang on."""
    return table, f"EXISTS (SELECT 1 FROM {parent} above WHERE above.id = {table}.{column})"


def of_tender(table: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM procurement_tender above"
        f" WHERE above.id = {table}.tender_id AND above.authority_id = ANY({{orgs}}))"
    )


def of_procurement(table: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM procurement_procurement above"
        f" WHERE above.id = {table}.procurement_id AND above.authority_id = ANY({{orgs}}))"
    )


ROWS_OF_ORGANISATIONS: dict[str, str] = {
    # Bids. A sealed one says nothing, not even whose it is: see the bids room.
    "procurement_bid": f"status = 'sealed' OR {SUPPLIER} OR {of_tender('procurement_bid')}",
    **dict(
        [
            under("procurement_offerline", "bid_id", "procurement_bid"),
            under("procurement_offerlinepart", "line_id", "procurement_offerline"),
            under("procurement_offeranswer", "bid_id", "procurement_bid"),
        ]
    ),
    "procurement_bidopening": of_tender("procurement_bidopening"),
    # How bids are judged: the buying authority.
    "procurement_evaluation": of_tender("procurement_evaluation"),
    "procurement_evaluationpanelmember": of_tender("procurement_evaluationpanelmember"),
    "procurement_evaluationwording": BUYER,
    **dict(
        [
            under(
                "procurement_evaluationinterest", "member_id", "procurement_evaluationpanelmember"
            ),
            under("procurement_evaluationmark", "evaluation_id", "procurement_evaluation"),
            under("procurement_evaluationmoderation", "evaluation_id", "procurement_evaluation"),
            under("procurement_evaluationruling", "evaluation_id", "procurement_evaluation"),
            under("procurement_evaluationotherscore", "evaluation_id", "procurement_evaluation"),
            under("procurement_evaluationround", "evaluation_id", "procurement_evaluation"),
            under("procurement_evaluationresult", "evaluation_id", "procurement_evaluation"),
        ]
    ),
    "procurement_awardproposal": of_procurement("procurement_awardproposal"),
    # Contracts and what was promised: the two parties.
    "procurement_contract": EITHER,
    **dict(
        [
            under("procurement_commitment", "contract_id", "procurement_contract"),
            under("procurement_contractchange", "contract_id", "procurement_contract"),
            under("procurement_actionplan", "contract_id", "procurement_contract"),
            under("procurement_milestone", "plan_id", "procurement_actionplan"),
            under("procurement_planrevision", "plan_id", "procurement_actionplan"),
            under("procurement_contractkpi", "contract_id", "procurement_contract"),
            under("procurement_kpirating", "kpi_id", "procurement_contractkpi"),
            under("procurement_remedyterms", "contract_id", "procurement_contract"),
        ]
    ),
    "procurement_changerequest": EITHER,
    # What was delivered: the two parties; drafts, files and links in the making are the supplier's.
    "procurement_claim": EITHER,
    "procurement_nilreturn": EITHER,
    "procurement_claimdraft": SUPPLIER,
    "procurement_claimupload": SUPPLIER,
    "procurement_longfile": OWN,
    # An authority sees what it counts a part of, and its own part only.
    "procurement_shareddelivery": (
        f"{SUPPLIER} OR EXISTS (SELECT 1 FROM procurement_allocation above"
        " WHERE above.delivery_id = procurement_shareddelivery.id)"
    ),
    "procurement_evidence": (
        f"{SUPPLIER} OR EXISTS (SELECT 1 FROM procurement_contract above"
        " WHERE above.id = procurement_evidence.contract_id)"
    ),
    "procurement_delegation": SUPPLIER,
    **dict(
        [
            under("procurement_allocation", "claim_id", "procurement_claim"),
            under("procurement_contribution", "delegation_id", "procurement_delegation"),
            under("procurement_confirmation", "claim_id", "procurement_claim"),
            under("procurement_verification", "claim_id", "procurement_claim"),
        ]
    ),
    "procurement_samplingrule": BUYER,
    "procurement_sampleseed": BUYER,
    # What went wrong, and what it cost.
    "procurement_shortfall": EITHER,
    **dict(
        [
            under("procurement_shortfallmessage", "shortfall_id", "procurement_shortfall"),
            under("procurement_rectificationplan", "shortfall_id", "procurement_shortfall"),
            under("procurement_rectificationstep", "plan_id", "procurement_rectificationplan"),
            under("procurement_remedydecision", "shortfall_id", "procurement_shortfall"),
        ]
    ),
    "procurement_oversightcost": BUYER,
    # Letters and calendars.
    "procurement_reminderrule": BUYER,
    # An authority reads what a supplier was reminded of about their contract; the page says no names.
    "procurement_reminder": (
        f"{OWN} OR EXISTS (SELECT 1 FROM procurement_contract above"
        " WHERE above.id = procurement_reminder.contract_id AND above.authority_id = ANY({orgs}))"
    ),
    "procurement_digest": OWN,
    "procurement_calendarfeed": OWN,
    # Reports and their parts.
    "reporting_cabinetreport": BUYER,
    "reporting_reporttemplate": "authority_id IS NULL OR authority_id = ANY({orgs})",
    **dict(
        [
            under("reporting_cabinetsection", "report_id", "reporting_cabinetreport"),
            under("reporting_sectiondraft", "section_id", "reporting_cabinetsection"),
            under("reporting_reportjob", "report_id", "reporting_cabinetreport"),
            under("reporting_reportfile", "report_id", "reporting_cabinetreport"),
            under("reporting_signoff", "report_id", "reporting_cabinetreport"),
            under("reporting_signoffrequest", "report_id", "reporting_cabinetreport"),
        ]
    ),
    "reporting_story": "status = 'published' OR authority_id = ANY({orgs})",
    # Files that are being read in.
    "toms_frameworkimport": OWN,
    "toms_savedcolumns": OWN,
    "procurement_noticeimport": BUYER,
}

SEEN_ACROSS: dict[str, str] = {
    "accounts_organisation": "Who takes part is public; people are not in it.",
    "accounts_organisationmerge": "Both suppliers and the platform read it, none of them as the other.",
    "accounts_platformaccess": "Read by platform operators, who act for no organisation.",
    "accounts_membership": "Who signs in where is found out before anybody acts for an organisation.",
    "accounts_regionmembership": "Which authorities make up a region is public.",
    "accounts_region": "Public.",
    "accounts_invitation": "Opened by a link before anybody acts for an organisation.",
    "audit_accessrecord": "Signing in is written down before anybody acts for an organisation.",
    "audit_auditrecord": "A deed on a contract is in the history that both of its parties read.",
    "procurement_ledgerentry": "Totals of regions, of the public pages and of reports are sums over authorities.",
    "reporting_cell": "Sums of the ledger.",
    "reporting_themecell": "Sums of the ledger.",
    "procurement_award": "The parties and the public register read it.",
    "procurement_procurement": "Regional and public lists read published ones; drafts are held back by queries.",
    "procurement_plannedprocurement": "The published pipeline is public.",
    "procurement_policy": "Policies are public, and others inherit them.",
    "procurement_tender": "A published tender is read by whoever is invited or finds it.",
    "procurement_tenderinvitation": "Read through a tender by its authority and by the supplier invited.",
    "procurement_tenderemailinvitation": "Opened by a link before anybody acts for an organisation.",
    "procurement_yearlyspend": "A duty to publish.",
    "reporting_publication": "What an authority publishes.",
    "toms_framework": "A licence, not the holder alone, says who reads it: see the frameworks room.",
    "toms_edition": "The same.",
    "toms_adoption": "The suppliers of an authority read which measures it uses.",
    "toms_priorityset": "Priorities are public.",
}
"""Tables with an organisation's column that no policy holds, and why."""
