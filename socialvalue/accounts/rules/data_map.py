"""The data map: every kind of data about people that this service keeps. The page, the document and the test read it.

``places`` names columns as ``app.Model.field``; ``app.Model`` is every column of it. Whose deed something was (a column
that names a user) belongs to ``SIGNATURES`` unless a kind names it. A test knows the columns whose words are about
things and not people; it finds the one that is in neither list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TASK = "Public task, Article 6(1)(e)"
DUTY = "Legal duty, Article 6(1)(c)"
SECURITY = "Public task, to keep the service safe, Article 6(1)(e)"
RECORD = "As long as the record it stands in: the authority’s own retention schedule"
SIGNATURES = "signatures"


@dataclass(frozen=True, slots=True)
class DataKind:
    """One row of the data map. ``kept`` may hold ``{days}``, which is read from the settings under ``key``."""

    key: str
    what: str
    why: str
    basis: str
    who: str
    kept: str
    places: tuple[str, ...] = ()
    has_days: bool = False
    """How long is a number of days in the settings."""


DATA_MAP: tuple[DataKind, ...] = (
    DataKind(
        "account",
        "Your name and e-mail address at work, your password (as a hash that cannot be turned back), when you "
        "last signed in",
        "To let you sign in and to show who did what",
        TASK,
        "People in your organisation, and those it works with on a tender or contract",
        "As long as you belong to an organisation. You can ask for it to be erased on the page “Your data”",
        (
            "accounts.User", "account.EmailAddress", "account.EmailConfirmation", "socialaccount.SocialAccount",
            "socialaccount.SocialToken",
        ),
    ),
    DataKind(
        "idle_accounts",
        "Accounts of people who belong to no organisation any more",
        "So that somebody who comes back finds their account",
        TASK,
        "Nobody but the person",
        "{days} after the last sign-in and the end of the last role, then erased",
        has_days=True,
    ),
    DataKind(
        "roles",
        "The roles you hold or held, since when, until when, and who gave them",
        "To decide what you may do, and to show later who could do what",
        DUTY,
        "Administrators and auditors of your organisation",
        "As long as the record of deeds, which they explain",
        ("accounts.Membership",),
    ),
    DataKind(
        "account_invitations",
        "The address somebody is invited to join an organisation with, and the roles offered",
        "To send the invitation and to see that it was taken up",
        TASK,
        "Administrators of the organisation that invites",
        "{days} after it was used, revoked or has expired",
        ("accounts.Invitation",),
        has_days=True,
    ),
    DataKind(
        "second_step",
        "Your second step: the secret of an authenticator app, the public key of a passkey, recovery codes",
        "To make sure that it is you who signs in",
        SECURITY,
        "Nobody; the page shows you their names and when they were used",
        "Until you remove it, or an administrator resets it at your request",
        ("mfa.Authenticator",),
    ),
    DataKind(
        "sessions",
        "Devices that are signed in: network address, browser, when it was last used; what you typed when a "
        "session ended, encrypted",
        "So that you can see and end them, and lose nothing when you are signed out",
        SECURITY,
        "Only you",
        "8 hours at most; what is left of an ended session goes the next day",
        ("sessions.Session", "usersessions.UserSession"),
    ),
    DataKind(
        "access_records",
        "When you signed in or failed to, took a file out, or were refused a page",
        "To find misuse and to show who took data out",
        SECURITY,
        "Administrators and auditors of your organisation",
        "400 days, fixed in the database",
        ("audit.AccessRecord",),
    ),
    DataKind(
        "deeds",
        "What you do on this site, with the time, your name and your organisation as they were",
        "Public money needs a record that can be checked",
        DUTY,
        "People who may see the same record, and auditors",
        "For good: the database refuses to change or remove it, and it is sealed each day",
        ("audit.AuditRecord", "admin.LogEntry"),
    ),
    DataKind(
        SIGNATURES,
        "Who created, sent, decided, approved or signed a record",
        "A decision needs somebody who answers for it",
        DUTY,
        "People who may see the record",
        RECORD,
    ),
    DataKind(
        "organisations",
        "The name, company number, council area and first half of the postcode of an organisation. Of somebody who "
        "trades alone these are about a person",
        "To know whom an authority buys from, and which suppliers are local or small",
        TASK,
        "Authorities and the supplier itself; the name, everybody",
        RECORD,
        (
            "accounts.Organisation.name", "accounts.Organisation.aliases",
            "accounts.Organisation.company_number", "accounts.Organisation.postcode_district",
        ),
    ),
    DataKind(
        "names_in_records",
        "Names and roles that people write into records: who owns a milestone, who considered a purchase, who "
        "confirmed a licence, contacts of a report",
        "So that others know whom to ask",
        TASK,
        "People who may see the record",
        RECORD,
        (
            "procurement.Milestone.owner", "procurement.Milestone.authority_owner",
            "procurement.RectificationStep.owner",
            "procurement.ConsiderationRecord.considered_by", "toms.FrameworkImport.licence_confirmed_by",
            "reporting.CabinetReport.contacts", "reporting.CabinetReport.figures", "procurement.BidOpening.record",
            "procurement.AwardSummary.content", "accounts.OrganisationMerge",
        ),
    ),
    DataKind(
        "tender_addresses",
        "An e-mail address that an authority invites to a tender",
        "To send the invitation and what changes about the tender",
        DUTY,
        "The procurement officers of that authority",
        "{days} after the link expired: records of a procurement are kept three years by law",
        ("procurement.TenderEmailInvitation.email", "procurement.TenderEmailInvitation.nonce"),
        has_days=True,
    ),
    DataKind(
        "askers",
        "Who asked a question about a tender",
        "So that the asker can read it back",
        DUTY,
        "Only the asker’s own organisation. It is kept encrypted",
        RECORD,
        ("procurement.TenderClarification",),
    ),
    DataKind(
        "offers",
        "What a bidder writes in an offer; it may name people who would do the work",
        "To judge the offer",
        DUTY,
        "Nobody but the bidder before the deadline (it is encrypted); the panel afterwards",
        RECORD,
        (
            "procurement.Bid.envelope", "procurement.OfferLine.method_statement",
            "procurement.OfferLine.attribution_reason", "procurement.OfferLinePart.name",
            "procurement.OfferAnswer.text",
            "procurement.Commitment.method_statement",
        ),
    ),
    DataKind(
        "panels",
        "Who sits on a panel, what they declared about their interests, why they left it, their marks and reasons",
        "So that bids are judged by people without an interest in them",
        DUTY,
        "The panel and those who decide about interests; auditors",
        RECORD,
        (
            "procurement.EvaluationPanelMember", "procurement.EvaluationInterest",
            "procurement.EvaluationMark.rationale",
            "procurement.EvaluationModeration.reason", "procurement.EvaluationRuling",
        ),
    ),
    DataKind(
        "claims",
        "What a supplier writes about a delivery, and half a postcode. It should name nobody",
        "To check what was delivered",
        TASK,
        "The supplier and the authority of the contract",
        RECORD,
        (
            "procurement.Claim.narrative", "procurement.Claim.decision_reason", "procurement.Claim.postcode_district",
            "procurement.NilReturn.reason", "procurement.Verification.reason",
            "procurement.ShortfallMessage.text", "procurement.SharedDelivery.title",
        ),
    ),
    DataKind(
        "evidence",
        "Evidence files. They should show nobody’s personal details; the place where a photo was taken is removed "
        "from it",
        "To prove what was delivered",
        TASK,
        "The supplier and the authority of the contract",
        "{years} years after the end of the contract. The file’s name, size and fingerprint stay",
        (
            "procurement.Evidence", "procurement.ConsiderationRecord.evidence",
            "procurement.ConsiderationRecord.evidence_name",
        ),
    ),
    DataKind(
        "loose_evidence",
        "Evidence files that became part of no claim",
        "So that an upload is not lost with a form",
        TASK,
        "The supplier",
        "7 days; 184 days for a file meant for one commitment and quarter",
    ),
    DataKind(
        "claim_drafts",
        "Drafts of claims",
        "So that nothing typed is lost",
        TASK,
        "The supplier",
        "{days} after they were last saved",
        ("procurement.ClaimDraft",),
        has_days=True,
    ),
    DataKind(
        "claim_files",
        "Spreadsheets in which claims were sent, with their marked copies",
        "To show what was sent",
        TASK,
        "The supplier",
        "{days} after the upload. What they came to stays, with their fingerprint",
        ("procurement.ClaimUpload",),
        has_days=True,
    ),
    DataKind(
        "handed_in_figures",
        "Figures and words that a site handed in by a link and that became no claim",
        "So that the supplier can use them",
        TASK,
        "The supplier",
        "{days} after they came in",
        ("procurement.Contribution.narrative",),
        has_days=True,
    ),
    DataKind(
        "link_addresses",
        "The address a commitment was passed on to by a link",
        "To send the link",
        TASK,
        "The supplier",
        "{days} after the link stopped working",
        ("procurement.Delegation",),
        has_days=True,
    ),
    DataKind(
        "confirmation_addresses",
        "The address of a group that is asked whether a claim is right, its answer and the role of who answered",
        "So that those who benefited are heard",
        TASK,
        "The supplier and the authority of the contract",
        "{days} after a link that nobody answered closed; an address that answered, as long as evidence. The "
        "answer stays",
        ("procurement.Confirmation",),
        has_days=True,
    ),
    DataKind(
        "reminders",
        "What you were reminded of, and when",
        "So that nobody is reminded twice",
        TASK,
        "You; of a contract, both its parties",
        "{days} after the day it was about. Erasing your data removes at once what is more than 180 days old",
        ("procurement.Reminder", "procurement.Digest"),
        has_days=True,
    ),
    DataKind(
        "calendars",
        "The address at which your calendar reads due dates (as a hash)",
        "So that your calendar can read it",
        TASK,
        "Only you",
        "Until you revoke it, and {days}",
        ("procurement.CalendarFeed",),
        has_days=True,
    ),
    DataKind(
        "kept_texts",
        "What you typed in a report and have not saved",
        "So that nothing typed is lost",
        TASK,
        "Only you",
        "{days} after you typed it",
        ("reporting.SectionDraft",),
        has_days=True,
    ),
    DataKind(
        "report_words",
        "Words and signatures of a report. A frozen report is a public record",
        "To tell the council and the public",
        TASK,
        "The authority; once published, everybody",
        RECORD,
        (
            "reporting.CabinetSection.narrative", "reporting.CabinetSection.heading", "reporting.SignOff",
            "reporting.ReportFile.file",
        ),
    ),
    DataKind(
        "story_photos",
        "Stories of what a delivery meant, with a photo. Whoever can be recognised has agreed",
        "To show the public what came of it",
        "Consent of those who can be recognised, Article 6(1)(a)",
        "Everybody, once published",
        "Until it is withdrawn. The photo of a withdrawn story goes after {days}",
        ("reporting.Story",),
        has_days=True,
    ),
    DataKind(
        "long_files",
        "Long lists you asked for as an Excel file, with what the list was narrowed by",
        "To write them while you do something else",
        TASK,
        "You alone",
        "{days} after it was written",
        ("procurement.LongFile",),
        has_days=True,
    ),
    DataKind(
        "notice_files",
        "Files of published notices, in which buyers and suppliers name contact persons",
        "To take in what was published; no contact person is taken over",
        TASK,
        "The authority that sent the file",
        "{days} after the upload",
        ("procurement.NoticeImport.content", "procurement.NoticeImport.outcome"),
        has_days=True,
    ),
    DataKind(
        "platform_access",
        "Who of those who run the platform looked into an organisation, when, and why",
        "Nobody looks without a reason that can be checked",
        SECURITY,
        "The organisation’s administrators and auditors",
        "As long as the record of deeds",
        ("accounts.PlatformAccess",),
    ),
    DataKind(
        "letter_files",
        "Letters that wait to be sent",
        "To send them",
        TASK,
        "Nobody",
        "Until the mail server took them. Where letters are written to files instead of being sent, {days}",
        has_days=True,
    ),
    DataKind(
        "logs",
        "Technical logs: no names, no e-mail addresses, no links that open something. The web server’s log holds "
        "network addresses",
        "To find faults and attacks",
        SECURITY,
        "Those who run the platform",
        "As set where the service is hosted",
    ),
)  # fmt: skip
KEYS = tuple(kind.key for kind in DATA_MAP)


def kind_of(key: str) -> DataKind:
    """KeyError for one that is not in the map."""
    return next(kind for kind in DATA_MAP if kind.key == key)


def days_in_words(days: int) -> str:
    """``730`` is "2 years", ``1`` is "1 day"; a day more than whole years is left out of the words."""
    years, rest = divmod(days, 365)
    number, unit = (years, "year") if years and rest <= years // 3 else (days, "day")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def how_long(kind: DataKind, days: Mapping[str, int], *, evidence_years: int) -> str:
    """The words of ``kept``, with the days and the years of the settings."""
    kept_days = days_in_words(days[kind.key]) if kind.has_days else ""
    return kind.kept.format(days=kept_days, years=evidence_years)
