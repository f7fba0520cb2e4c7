"""One procurement through all its stages, and the register of whether routes were followed."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator

from procurement.deliveries import queries as deliveries
from procurement.duties import queries as duties
from procurement.tenders import queries as tenders
from procurement.threads import queries
from procurement.threads.forms import RegisterFilterForm
from procurement.threads.vocabulary import Followed
from socialvalue.accounts.permissions import BUYER, PARTY
from socialvalue.core import clock
from socialvalue.core.tables import Table
from socialvalue.core.views import Page, TableDownload

PAGE_SIZE = 25
OUTCOMES = (
    (Followed.FOLLOWED, "all that the route asks is done"),
    (Followed.EXPLAINED, "complies: the reason is recorded"),
    (Followed.NOT_FOLLOWED, "and no reason is recorded"),
    (Followed.NOT_DUE, "still being prepared"),
    (Followed.NOT_KNOWN, "imported notices; the tender was not run here"),
)


class ProcurementThread(Page):
    """One procurement through all its stages, for the authority that buys."""

    access = BUYER
    template_name = "procurement/threads/procurement.html"

    def get_page(self) -> dict[str, Any]:
        return {
            "thread": queries.stages(self.actor, self.kwargs["pk"]),
            "next_duty": duties.next_duty_of(self.actor, self.kwargs["pk"]),
            "served": tenders.priorities_served(self.actor, self.kwargs["pk"]),
        }


class CommitmentLineage(Page):
    """One promise from what was asked to what was proved, for both sides of its contract."""

    access = PARTY
    template_name = "procurement/threads/commitment.html"

    def get_page(self) -> dict[str, Any]:
        line = queries.lineage(self.actor, self.kwargs["pk"])
        page = Paginator(line.claims, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {"line": line, "page": page, "claims": deliveries.claim_rows(page.object_list)}


class ComplianceRegister(Page):
    """Every procurement with its route, whether it was followed, and why not."""

    access = BUYER
    template_name = "procurement/threads/compliance.html"

    def get_page(self) -> dict[str, Any]:
        form = RegisterFilterForm(self.request.GET, actor=self.actor, today=clock.today())
        register = queries.compliance_register(self.actor, form.wanted)
        page = Paginator(register.lines, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "filter_form": form,
            "register": register,
            "page": page,
            "outcomes": [_outcome(register, key, note) for key, note in OUTCOMES],
        }


def _outcome(register: queries.Register, key: Followed, note: str) -> dict[str, Any]:
    number = register.share.of(key)
    is_quiet = key in (Followed.NOT_DUE, Followed.NOT_KNOWN)
    kind = "quiet" if is_quiet else ("alert" if key == Followed.NOT_FOLLOWED and number else "")
    return {"key": key.value, "label": key.label, "number": number, "note": note, "kind": kind}


class ComplianceExport(TableDownload):
    """Exactly what is filtered, every page of it."""

    access = BUYER

    def get_table(self) -> tuple[str, Table]:
        form = RegisterFilterForm(self.request.GET, actor=self.actor, today=clock.today())
        table = queries.register_table(queries.compliance_register(self.actor, form.wanted).lines)
        name = f"compliance-register-{clock.today().isoformat()}"
        return name, table
