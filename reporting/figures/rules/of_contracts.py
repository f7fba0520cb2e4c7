"""What running contracts cost, with whom they are, and where their promises end at this pace. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.ledger.vocabulary import SupplierSize
from procurement.policies.rules.estimates import Estimate
from reporting.figures.rules.positions import share_percent
from reporting.figures.rules.progress import ContractProgress
from reporting.figures.rules.rows import CONTRACT_COLUMNS, contract_total
from socialvalue.core.money import from_pence
from socialvalue.core.tables import Column, Table

NO_CONTRACT = "No contract ran in this period."


@dataclass(frozen=True, slots=True)
class Where:
    """Where an organisation is: its district, and the first half of its postcode. Either may be unsaid."""

    place: str = ""
    postcode_district: str = ""
    county: str = ""
    """The county council's area that the place lies in, where there is one."""


def is_local(supplier: Where, authority: Where) -> bool | None:
    """Whether a supplier is in the authority's place, or in a district of its county; where that cannot be said, in its
    postcode district. None: not known."""
    # A supplier that names only the county may be in any of its districts.
    only_county = authority.county != "" and supplier.place == authority.county
    if supplier.place and authority.place and not only_county:
        return authority.place in (supplier.place, supplier.county)
    if supplier.postcode_district and authority.postcode_district:
        return supplier.postcode_district == authority.postcode_district
    return None


@dataclass(frozen=True, slots=True)
class ValuedContract:
    """A contract that runs in the period, with its value as recorded and what is known of its supplier."""

    id: int
    title: str
    reference: str
    supplier_name: str
    value: Decimal
    value_basis: str
    size: SupplierSize
    is_local: bool | None

    @property
    def cost(self) -> Decimal:
        """Pounds without VAT."""
        return Estimate(self.value, self.value_basis).net


def with_local(row: ValuedContract) -> bool | None:
    return row.is_local


def with_sme(row: ValuedContract) -> bool | None:
    return _one_of(row.size, SupplierSize.SME, SupplierSize.BOTH)


def with_vcse(row: ValuedContract) -> bool | None:
    return _one_of(row.size, SupplierSize.VCSE, SupplierSize.BOTH)


def _one_of(size: SupplierSize, *wanted: SupplierSize) -> bool | None:
    return None if size == SupplierSize.NOT_STATED else size in wanted


Wanted = Callable[[ValuedContract], bool | None]
SHARES: dict[str, Wanted] = {
    "local_value_share": with_local,
    "sme_value_share": with_sme,
    "vcse_value_share": with_vcse,
}


def value_share(rows: Sequence[ValuedContract], wanted: Wanted) -> Decimal | None:
    """Their part of the value of all, in percent; None while it is known of no supplier."""
    if all(wanted(row) is None for row in rows):
        return None
    return share_percent(
        sum((row.cost for row in rows if wanted(row)), Decimal(0)),
        sum((row.cost for row in rows), Decimal(0)),
    )


def value_counts(rows: Sequence[ValuedContract]) -> dict[str, Decimal | None]:
    """The shares of contract value, and of how many contracts each is known."""
    found: dict[str, Decimal | None] = {"contracts_valued": Decimal(len(rows))}
    for name, wanted in SHARES.items():
        found[name] = value_share(rows, wanted)
        found[f"{name}_known"] = Decimal(sum(wanted(row) is not None for row in rows))
    return found


def _said(answer: bool | None) -> str:
    return "Not known" if answer is None else "Yes" if answer else "No"


def valued_contracts(caption: str, rows: Sequence[ValuedContract], name: str) -> Table:
    """The contracts of the period with what they cost, and how much of it counts for this share."""
    wanted = SHARES[name]

    def counted(row: ValuedContract) -> Decimal:
        return row.cost if wanted(row) else Decimal(0)

    return Table(
        caption,
        (
            *CONTRACT_COLUMNS,
            Column("Size of supplier", width=24),
            Column("Local"),
            Column("Contract value without VAT (£)", "money"),
            Column("Contract value counted (£)", "money"),
        ),
        [
            (
                row.title,
                row.reference,
                row.supplier_name,
                row.size.label,
                _said(row.is_local),
                row.cost,
                counted(row),
            )
            for row in rows
        ],
        total=(
            *contract_total(rows),
            *[""] * 2,
            sum((row.cost for row in rows), Decimal(0)),
            sum((counted(row) for row in rows), Decimal(0)),
        ),
        empty=NO_CONTRACT,
    )


# --- where promises end -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContractOutlook:
    """A running contract at the pace of its commitments. Pence, of the commitments that have a forecast."""

    id: int
    title: str
    reference: str
    supplier_name: str
    forecast: int
    """Commitments that have a forecast."""
    commitments: int
    """Commitments that add up, and so could have one."""
    promised_pence: int
    expected_pence: int
    low_pence: int
    high_pence: int


def outlook_counts(rows: Iterable[ContractOutlook]) -> dict[str, Decimal | None]:
    """The forecasts added up, in pounds; None while no commitment has one."""
    found = list(rows)
    seen = sum(row.forecast for row in found)

    def pounds(name: str) -> Decimal | None:
        return from_pence(sum(getattr(row, name) for row in found)) if seen else None

    return {
        "forecast_total": pounds("expected_pence"),
        "forecast_low": pounds("low_pence"),
        "forecast_high": pounds("high_pence"),
        "forecast_promised": pounds("promised_pence"),
        "forecast_commitments": Decimal(seen),
        "forecast_of": Decimal(sum(row.commitments for row in found)),
    }


def forecast_contracts(caption: str, rows: Sequence[ContractOutlook]) -> Table:
    """The running contracts with the £ their commitments end at."""
    names = ("promised_pence", "expected_pence", "low_pence", "high_pence")
    return Table(
        caption,
        (
            *CONTRACT_COLUMNS,
            Column("Commitments", "number"),
            Column("With a forecast", "number"),
            Column("Promised (£)", "money", is_social_value=True),
            Column("Forecast (£)", "money", is_social_value=True),
            Column("Low (£)", "money", is_social_value=True),
            Column("High (£)", "money", is_social_value=True),
        ),
        [
            (
                row.title,
                row.reference,
                row.supplier_name,
                row.commitments,
                row.forecast,
                *(from_pence(getattr(row, name)) for name in names),
            )
            for row in rows
        ],
        total=(
            *contract_total(rows),
            sum(row.commitments for row in rows),
            sum(row.forecast for row in rows),
            *(from_pence(sum(getattr(row, name) for row in rows)) for name in names),
        ),
        empty=NO_CONTRACT,
    )


# --- delivery against plan --------------------------------------------------------------------


def delivery_share(rows: Sequence[ContractProgress]) -> Decimal | None:
    """Verified to date as a percentage of planned to date; None while nothing is planned."""
    return share_percent(
        sum(row.verified_pence for row in rows), sum(row.planned_pence for row in rows)
    )


def planned_contracts(caption: str, rows: Sequence[ContractProgress]) -> Table:
    """The contracts of the period with what is planned and verified to date."""
    return Table(
        caption,
        (
            *CONTRACT_COLUMNS,
            Column("Planned to date (£)", "money", is_social_value=True),
            Column("Verified to date (£)", "money", is_social_value=True),
        ),
        [(row.title, row.reference, row.supplier_name, row.planned, row.verified) for row in rows],
        total=(
            *contract_total(rows),
            from_pence(sum(row.planned_pence for row in rows)),
            from_pence(sum(row.verified_pence for row in rows)),
        ),
        empty=NO_CONTRACT,
    )
