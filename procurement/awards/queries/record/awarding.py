"""What followed from the ranking: proposals, the award, the standstill, the contract; and each deed with its time."""

from __future__ import annotations

from collections.abc import Sequence

from procurement.awards.models import Award, AwardProposal, AwardStandstill, AwardSummary, Contract
from procurement.awards.queries.record.scores import Judged
from procurement.awards.queries.record.words import NONE, moment, with_vat
from procurement.awards.vocabulary import ProposalStatus
from socialvalue.audit.queries import HistoryLine
from socialvalue.core.documents import Block, Facts, Grid, Heading, Paragraph
from socialvalue.core.periods import uk_date


def awarded(procurement_id: int, judged: Judged) -> list[Block]:
    """Every proposal with its answer, and what was decided."""
    blocks: list[Block] = [Heading("9. The award")]
    proposals = list(
        AwardProposal.objects.filter(procurement_id=procurement_id)
        .select_related("proposed_by", "decided_by", "round")
        .order_by("pk")
    )
    award = (
        Award.objects.filter(procurement_id=procurement_id)
        .select_related("supplier", "decided_by", "approved_by")
        .first()
    )
    if not proposals and award is None:
        return [*blocks, Paragraph("No award has been proposed."), *_after(None)]
    for number, row in enumerate(proposals, start=1):
        blocks += [Heading(f"Proposal {number}", 3), Facts(_proposal(row, judged))]
    if award is not None and proposals:
        blocks.append(Heading("The decision", 3))
    if award is not None:
        blocks.append(
            Facts(
                [
                    ("Awarded to", award.supplier.name),
                    ("Decided", moment(award.decided_at)),
                    ("Proposed by", str(award.decided_by)),
                    (
                        "Approved by",
                        str(award.approved_by or "Nobody: made before a second person was asked for"),
                    ),
                    ("Reason", award.reason),
                ]
            )
        )  # fmt: skip
    return [*blocks, *_after(award)]


def _proposal(row: AwardProposal, judged: Judged) -> list[tuple[str, str]]:
    """In two columns: reasons and remarks are long."""
    facts = [
        ("Bidder", judged.names[row.bid_id]),
        ("Value", with_vat(row.value, row.value_basis)),
        ("Reason", row.reason),
        ("On ranking", str(row.round.number)),
        ("Proposed", f"{row.proposed_by}, {moment(row.proposed_at)}"),
        ("Answer", _answer(row)),
    ]
    return [*facts, ("Remark", row.remark)] if row.remark else facts


def _answer(row: AwardProposal) -> str:
    label = str(ProposalStatus(row.status).label)
    if row.decided_at is None:
        return label
    return f"{label}, {row.decided_by}, {moment(row.decided_at)}"


def _after(award: Award | None) -> list[Block]:
    """Summaries, standstill and contract."""
    blocks: list[Block] = [Heading("10. After the award")]
    if award is None:
        return [*blocks, Paragraph("Nothing yet.")]
    standstill = AwardStandstill.objects.filter(award=award).select_related("recorded_by").first()
    contract = Contract.objects.filter(award=award).first()
    facts = []
    if standstill is not None:
        reference = f", {standstill.notice_reference}" if standstill.notice_reference else ""
        facts += [
            ("Award notice", f"{uk_date(standstill.notice_on)}{reference}"),
            ("Standstill until the end of", uk_date(standstill.ends_on)),
            ("Its length rests on", standstill.basis),
            ("Recorded by", f"{standstill.recorded_by}, {moment(standstill.recorded_at)}"),
        ]
    if contract is not None:
        signed = uk_date(contract.signed_on) if contract.signed_on else "Not recorded"
        facts += [("Contract", f"{contract.reference}, {contract.title}"), ("Signed", signed)]
    summaries = list(
        AwardSummary.objects.filter(award=award).select_related("bid__supplier").order_by("pk")
    )
    if summaries:
        blocks.append(
            Grid(
                "Assessment summaries",
                ["Bidder", "Issued", "SHA-256 of the summary"],
                [
                    [
                        str(row.bid.supplier),
                        moment(row.issued_at) if row.issued_at else "Not issued",
                        row.content_hash or NONE,
                    ]
                    for row in summaries
                ],
                widths=[30, 24, 46],
            )
        )
    return [*blocks, Facts(facts) if facts else Paragraph("No standstill is recorded.")]


def _oldest_first(deeds: Sequence[HistoryLine]) -> list[HistoryLine]:
    """By time; what happened at one time in the order it was written down. ``deeds`` come newest first."""
    found = list(deeds)
    found.reverse()
    found.sort(key=lambda line: line.at)
    return found


def history(deeds: Sequence[HistoryLine], authority: str) -> list[Block]:
    """Everything with its time. People of the authority are named without it."""
    return [
        Heading("11. History"),
        Grid(
            "Everything that was done, with its time",
            ["When (UK time)", "Who", "What"],
            [
                [moment(line.at), _who(line, authority), line.sentence]
                for line in _oldest_first(deeds)
            ],
            widths=[19, 22, 59],
        ),
    ]  # fmt: skip


def _who(line: HistoryLine, authority: str) -> str:
    outside = line.organisation if line.organisation != authority else ""
    return ", ".join(text for text in (line.who, outside) if text)
