"""Shortfalls and changes of one contract on one page, and what the reader may do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from procurement.awards import queries as awards
from procurement.remedies.models import OversightCost, RemedyTerms, Shortfall
from procurement.remedies.permissions import can_ask, can_manage, is_buying
from procurement.remedies.queries.changes import (
    RequestView,
    change_requests_of,
    quarters_to_plan,
)
from procurement.remedies.queries.kpis import KpiPage, kpis_of
from procurement.remedies.queries.shortfalls import ShortfallRow, shortfalls_of
from procurement.remedies.queries.standing import (
    Standing,
    promised_of,
    standing_of,
    standings,
    terms_in,
    terms_of,
)
from procurement.remedies.rules import Terms, provided, smallest_raise
from procurement.remedies.vocabulary import RemedyKind
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.money import from_pence, measured, quantity_text, without_sign


@dataclass(frozen=True, slots=True)
class ContractRemedies:
    """The page of one contract, for both parties."""

    contract: awards.ContractBrief
    today: date
    standings: tuple[Standing, ...]
    shortfalls: tuple[ShortfallRow, ...]
    requests: tuple[RequestView, ...]
    terms: Terms
    terms_id: int | None
    """None until they are set."""
    terms_set_at: datetime | None
    kpis: KpiPage
    overseeing: Decimal | None
    """Pounds recorded for this contract; None for the supplier."""
    terms_history: tuple[tuple[str, datetime, str], ...]
    is_buying: bool
    may_manage: bool
    may_ask: bool

    @property
    def provided(self) -> tuple[RemedyKind, ...]:
        return provided(self.terms)

    @property
    def terms_lines(self) -> tuple[tuple[str, str], ...]:
        return terms_lines(self.terms)


@dataclass(frozen=True, slots=True)
class TermsPage:
    contract: awards.ContractBrief
    terms: Terms
    version: int


@dataclass(frozen=True, slots=True)
class RaisePage:
    contract: awards.ContractBrief
    standing: Standing


@dataclass(frozen=True, slots=True)
class Instead:
    """A commitment that could be raised instead, and the least it is raised by; None when no quantity is enough."""

    id: int
    label: str
    unit: str
    stands: Decimal
    least: Decimal | None

    @property
    def shown(self) -> str:
        return f"{self.label} (stands at {without_sign(measured(self.stands, self.unit))})"

    @property
    def enough(self) -> str:
        if self.least is None:
            return f"{self.label}: no quantity of it is enough"
        return f"{self.label}: raise it by {without_sign(measured(self.least, self.unit))} or more"


@dataclass(frozen=True, slots=True)
class ChangeChoices:
    """What the page that asks for a change offers."""

    contract: awards.ContractBrief
    commitments: tuple[awards.CommitmentInfo, ...]
    quarters: tuple[date, ...]


def contract_remedies(actor: Actor, contract_id: int) -> ContractRemedies:
    """NotVisible for anybody but the two parties."""
    contract = awards.contract_for(actor, contract_id)
    brief, today = awards.contract_brief(contract_id), clock.today()
    row = RemedyTerms.objects.filter(contract_id=contract_id).first()
    buying = is_buying(actor, contract)
    return ContractRemedies(
        contract=brief,
        today=today,
        standings=tuple(standings(contract_id, today)),
        shortfalls=tuple(shortfalls_of(actor, contract_id)),
        requests=tuple(change_requests_of(actor, contract_id)),
        terms=terms_in(row) if row else Terms(),
        terms_id=row.pk if row else None,
        terms_set_at=row.set_at if row else None,
        kpis=kpis_of(actor, contract_id),
        overseeing=_overseeing(contract_id) if buying else None,
        terms_history=_history(row),
        is_buying=buying,
        may_manage=can_manage(actor, contract) and not brief.is_unsigned,
        may_ask=can_ask(actor, contract) and brief.is_live,
    )


def terms_page(actor: Actor, contract_id: int) -> TermsPage:
    contract = awards.contract_for(actor, contract_id)
    if not can_manage(actor, contract):
        raise NotAllowed("Only a contract manager of the buying authority can record these terms.")
    row = RemedyTerms.objects.filter(contract_id=contract_id).first()
    terms = terms_in(row) if row else Terms()
    return TermsPage(awards.contract_brief(contract_id), terms, row.version if row else 0)


def raise_page(actor: Actor, contract_id: int, commitment_id: int) -> RaisePage:
    """What would be raised today. NotVisible for a foreign commitment."""
    contract = awards.contract_for(actor, contract_id)
    standing = standing_of(contract_id, commitment_id, clock.today())
    if standing is None:
        raise NotVisible
    if not can_manage(actor, contract):
        raise NotAllowed("Only a contract manager of the buying authority can raise a shortfall.")
    return RaisePage(awards.contract_brief(contract_id), standing)


def commitments_instead(actor: Actor, shortfall_id: int) -> list[Instead]:
    """The other valued commitments of the contract of a shortfall, each with the least it is raised by."""
    row = Shortfall.objects.filter(pk=shortfall_id).first()
    if row is None:
        raise NotVisible
    awards.contract_for(actor, row.contract_id)
    found = []
    for info in awards.commitments_of(row.contract_id):
        promised = promised_of(info)
        if info.id != row.commitment_id and promised.is_valued:
            least = smallest_raise(promised, row.gap_pence)
            found.append(
                Instead(info.id, info.measure.label, info.measure.unit, info.quantity, least)
            )
    return found


def change_choices(actor: Actor, contract_id: int) -> ChangeChoices:
    contract = awards.contract_for(actor, contract_id)
    if not can_ask(actor, contract):
        raise NotAllowed("Only the people who speak for the two parties can ask for a change.")
    brief = awards.contract_brief(contract_id)
    return ChangeChoices(
        brief, tuple(awards.commitments_of(contract_id)), tuple(quarters_to_plan(brief))
    )


def terms_lines(terms: Terms) -> tuple[tuple[str, str], ...]:
    """Each remedy with what the contract says of it."""
    off = "Not in the contract"
    credit = off
    if terms.service_credit and terms.service_credit_percent is not None:
        credit = f"{quantity_text(terms.service_credit_percent)}% of the missing value"
        if terms.service_credit_cap_percent is not None:
            cap = quantity_text(terms.service_credit_cap_percent)
            credit += f", at most {cap}% of the contract value over its life"
    return (
        (RemedyKind.SUBSTITUTION.label, "In the contract" if terms.substitution else off),
        (RemedyKind.SERVICE_CREDIT.label, credit),
        (
            RemedyKind.COMMUNITY_FUND.label,
            f"The missing value, to {terms.fund_name}" if terms.community_fund else off,
        ),
        (RemedyKind.TERMINATION.label, "In the contract" if terms.termination else off),
    )


def _overseeing(contract_id: int) -> Decimal:
    rows = OversightCost.objects.filter(contract_id=contract_id, removed_at__isnull=True)
    return from_pence(sum(rows.values_list("cost_pence", flat=True)))


def _history(row: RemedyTerms | None) -> tuple[tuple[str, datetime, str], ...]:
    if row is None:
        return ()
    return tuple(
        (line.sentence, line.at, ", ".join(filter(None, (line.who, line.organisation))))
        for line in history_of(target_type="remedyterms", target_id=row.pk)
    )


__all__ = [
    "ChangeChoices",
    "ContractRemedies",
    "Instead",
    "RaisePage",
    "TermsPage",
    "change_choices",
    "commitments_instead",
    "contract_remedies",
    "raise_page",
    "terms_lines",
    "terms_of",
    "terms_page",
]
