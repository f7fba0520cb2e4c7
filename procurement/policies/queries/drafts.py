"""An authority's policies and the versions that are being written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q

from procurement.policies import rules
from procurement.policies.models import Policy, PolicyVersion
from procurement.policies.permissions import can_adopt, can_see_drafts, can_write
from procurement.policies.queries.versions import default_for, draft_value
from procurement.policies.rules import (
    ApprovalRule,
    Band,
    BandInput,
    DraftFacts,
    Lack,
    MeasureRule,
    PolicyInForce,
)
from procurement.policies.vocabulary import SENT_BACK, PolicyStatus
from socialvalue.audit.queries import HistoryLine, history_of
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible, RuleBroken
from toms.frameworks.queries import in_use, measures_of, themes_of

REVIEW_SOON_DAYS = 90


@dataclass(frozen=True, slots=True)
class ShelfLine:
    """One version in the list of policies."""

    id: int
    slug: str
    number: int
    status: str
    valid_from: date
    valid_to: date | None
    review_on: date | None
    today: date
    is_reviewed_by_later: bool
    """A later version is in force or waiting to begin, so its own review day no longer matters."""

    @property
    def is_draft(self) -> bool:
        return self.status != PolicyStatus.ADOPTED

    @property
    def is_in_force(self) -> bool:
        return (
            not self.is_draft
            and self.valid_from <= self.today
            and (self.valid_to is None or self.today <= self.valid_to)
        )

    @property
    def state(self) -> str:
        """In one word, for a status tag."""
        if self.is_draft:
            return self.status
        if self.valid_from > self.today:
            return "planned"
        return "in_force" if self.is_in_force else "ended"

    @property
    def is_review_overdue(self) -> bool:
        return (
            self.is_in_force
            and not self.is_reviewed_by_later
            and self.review_on is not None
            and self.review_on < self.today
        )

    @property
    def is_review_soon(self) -> bool:
        soon = self.today + timedelta(days=REVIEW_SOON_DAYS)
        return (
            self.is_in_force
            and not self.is_review_overdue
            and self.review_on is not None
            and self.review_on <= soon
        )


@dataclass(frozen=True, slots=True)
class ShelfPolicy:
    slug: str
    title: str
    organisation_name: str
    is_regional_default: bool
    is_own: bool
    versions: list[ShelfLine]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The policies an authority has or follows."""

    policies: list[ShelfPolicy]
    can_write: bool
    open_draft: ShelfLine | None
    """The one draft or proposal there may be at a time."""


def policy_shelf(actor: Actor, today: date) -> Shelf:
    """The authority's own policy first, then the regional default. Drafts only for those who may see them."""
    organisation_id = actor.organisation_id or 0
    default = default_for(organisation_id, today)
    wanted = Q(organisation_id=organisation_id)
    if default is not None:
        wanted |= Q(pk=default.policy_id)
    rows = Policy.objects.filter(wanted).select_related("organisation").prefetch_related("versions")
    policies = [_shelf_policy(actor, row, today) for row in rows]
    policies = [row for row in policies if row.versions]
    policies.sort(key=lambda row: (not row.is_own, row.title))
    drafts = [line for row in policies for line in row.versions if line.is_draft]
    return Shelf(policies, can_write(actor, organisation_id), drafts[0] if drafts else None)


def _shelf_policy(actor: Actor, policy: Policy, today: date) -> ShelfPolicy:
    may_see_drafts = can_see_drafts(actor, policy.organisation_id)
    rows = sorted(policy.versions.all(), key=lambda row: -row.number)
    adopted_starts = [row.valid_from for row in rows if row.status == PolicyStatus.ADOPTED]
    return ShelfPolicy(
        policy.slug,
        policy.title,
        policy.organisation.name,
        policy.is_regional_default,
        policy.organisation_id == actor.organisation_id,
        [
            ShelfLine(
                row.pk, policy.slug, row.number, row.status, row.valid_from, row.valid_to,
                row.review_on, today, any(day > row.valid_from for day in adopted_starts),
            )
            for row in rows
            if row.status == PolicyStatus.ADOPTED or may_see_drafts
        ],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """What a new draft can be copied from."""

    version_id: int
    label: str


@dataclass(frozen=True, slots=True)
class Start:
    """What a policy owner can begin with. ``own_title`` is empty when the authority has no policy yet."""

    sources: list[Source]
    own_title: str
    open_draft_id: int | None


def start_choices(actor: Actor, today: date) -> Start:
    """NotVisible is never raised: who may not write is told so by the service."""
    own = Policy.objects.filter(organisation_id=actor.organisation_id or 0).order_by("pk").first()
    versions = list(own.versions.order_by("-number")) if own else []
    adopted = [row for row in versions if row.status == PolicyStatus.ADOPTED]
    sources = [Source(row.pk, f"{own.title}, version {row.number}") for row in adopted[:1] if own]
    default = default_for(actor.organisation_id, today)
    if default is not None and all(source.version_id != default.pk for source in sources):
        sources.append(Source(default.pk, f"{default} (regional default)"))
    draft = next((row for row in versions if row.status != PolicyStatus.ADOPTED), None)
    return Start(sources, own.title if own else "", draft.pk if draft else None)


@dataclass(frozen=True, slots=True)
class Draft:
    """A version as its task list and its forms show it."""

    id: int
    policy_id: int
    policy_slug: str
    policy_title: str
    organisation_id: int
    number: int
    status: str
    lock: int
    valid_from: date
    valid_to: date | None
    review_on: date | None
    source: str
    vat_basis: str
    weighting_min_percent: Decimal
    weighting_max_percent: Decimal
    pass_fail_allowed: bool
    share_of: str
    weighting_paragraph: str
    toolkit: str
    follows_title: str
    """Whose bands apply by reference; empty when it states its own."""
    can_follow: str
    """The title of the policy it could follow; empty for the regional default itself."""
    bands: tuple[Band, ...]
    measure_rules: tuple[MeasureRule, ...]
    approvals: tuple[ApprovalRule, ...]
    lacks: list[Lack]
    history: list[HistoryLine]
    sent_back: str
    """Why it was sent back, while that is the last word."""
    proposed_at: datetime | None
    can_write: bool
    can_adopt: bool
    """The role is held, and it is another person than the one who proposed it."""
    proposed_by_actor: bool

    @property
    def label(self) -> str:
        return f"{self.policy_title}, version {self.number}"

    @property
    def is_editable(self) -> bool:
        return self.status == PolicyStatus.DRAFT and self.can_write


def draft_for(actor: Actor, version_id: int, today: date) -> Draft:
    """A version that is not adopted, for those who may see it. NotVisible for anybody else, and once it is adopted."""
    row = version_row(actor, version_id)
    if row.status == PolicyStatus.ADOPTED:
        raise NotVisible("This version is adopted. Open it from the list of policies.")
    default = default_for(row.policy.organisation_id, today)
    can_follow = (
        default.policy.title if default is not None and default.policy_id != row.policy_id else ""
    )
    value = draft_value(row, today)
    history = history_of(target_type="policyversion", target_id=row.pk)
    own_bands = value.bands if row.inherits_id is None else ()
    return Draft(
        id=row.pk,
        policy_id=row.policy_id,
        policy_slug=row.policy.slug,
        policy_title=row.policy.title,
        organisation_id=row.policy.organisation_id,
        number=row.number,
        status=row.status,
        lock=row.lock,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        review_on=row.review_on,
        source=row.source,
        vat_basis=row.vat_basis,
        weighting_min_percent=row.weighting_min_percent,
        weighting_max_percent=row.weighting_max_percent,
        pass_fail_allowed=row.pass_fail_allowed,
        share_of=row.share_of,
        weighting_paragraph=row.weighting_paragraph,
        toolkit=row.toolkit,
        follows_title=row.inherits.title if row.inherits else "",
        can_follow=can_follow,
        bands=own_bands,
        measure_rules=value.measure_rules,
        approvals=value.approvals,
        lacks=rules.lacks(facts_of(row, own_bands)),
        history=history,
        sent_back=_sent_back(row, history),
        proposed_at=row.proposed_at,
        can_write=can_write(actor, row.policy.organisation_id),
        can_adopt=can_adopt(actor, row.policy.organisation_id)
        and row.status == PolicyStatus.PROPOSED
        and row.proposed_by_id != actor.user_id,
        proposed_by_actor=row.proposed_by_id == actor.user_id,
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """A version that waits for a second person."""

    version_id: int
    label: str
    valid_from: date
    proposed_by: str


def proposals_waiting(actor: Actor) -> list[Proposal]:
    """Those of the actor's authority that the actor may adopt, oldest first."""
    if not can_adopt(actor, actor.organisation_id or 0):
        return []
    rows = (
        PolicyVersion.objects.filter(
            policy__organisation_id=actor.organisation_id or 0, status=PolicyStatus.PROPOSED
        )
        .exclude(proposed_by_id=actor.user_id)
        .select_related("policy", "proposed_by")
        .order_by("proposed_at", "pk")
    )
    return [Proposal(row.pk, str(row), row.valid_from, str(row.proposed_by)) for row in rows]


def version_row(actor: Actor, version_id: int) -> PolicyVersion:
    """A version of the actor's own authority, with all that it says. NotVisible for another's."""
    row = (
        PolicyVersion.objects.filter(pk=version_id)
        .select_related("policy__organisation", "inherits")
        .prefetch_related("bands", "measure_rules", "approvals")
        .first()
    )
    if row is None or not can_see_drafts(actor, row.policy.organisation_id):
        raise NotVisible
    return row


def facts_of(row: PolicyVersion, bands: tuple[Band, ...]) -> DraftFacts:
    """What the check before a proposal looks at."""
    return DraftFacts(
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        review_on=row.review_on,
        source=row.source,
        follows=row.inherits_id is not None,
        bands=tuple(as_input(band) for band in bands),
        weighting_paragraph=row.weighting_paragraph,
        has_toolkit=bool(row.toolkit.strip()),
    )


def as_input(band: Band) -> BandInput:
    return BandInput(
        band.name, band.lower, band.lower_is_threshold, band.upper, band.upper_is_threshold,
        band.route, band.paragraph, band.guidance,
    )  # fmt: skip


def _sent_back(row: PolicyVersion, history: list[HistoryLine]) -> str:
    """The reason is in the record of the deed; it is shown until the draft is proposed again."""
    if row.status != PolicyStatus.DRAFT:
        return ""
    return next(
        (
            line.sentence.removeprefix(SENT_BACK)
            for line in history
            if line.sentence.startswith(SENT_BACK)
        ),
        "",
    )


def theme_names(on: date, organisation_id: int | None) -> dict[str, str]:
    """Slug to name of the themes of the measures the organisation uses; empty while no measures are loaded."""
    try:
        used = in_use(organisation_id or 0, on).all
    except (NotVisible, RuleBroken):
        return {}
    names: dict[str, str] = {}
    for one in used:
        for row in themes_of(one.edition.id):
            names.setdefault(row.slug, row.name)
    return names


def measure_codes(on: date, organisation_id: int | None) -> set[str]:
    """Codes a rule on measures may name: what the organisation's tenders may ask for."""
    try:
        used = in_use(organisation_id or 0, on).all
    except (NotVisible, RuleBroken):
        return set()
    return {row.code for one in used for row in measures_of(one.edition.id) if one.allows(row.id)}


def value_of_version(actor: Actor, version_id: int, today: date) -> PolicyInForce:
    """Any version as a value: an adopted one for everybody on the buyer side, a draft for those who may see it."""
    found = PolicyVersion.objects.filter(pk=version_id, status=PolicyStatus.ADOPTED).exists()
    if not found:
        return draft_value(version_row(actor, version_id), today)
    row = (
        PolicyVersion.objects.select_related("policy__organisation", "inherits")
        .prefetch_related("bands", "measure_rules", "approvals")
        .get(pk=version_id)
    )
    return draft_value(row, max(row.valid_from, min(today, row.valid_to or today)))
