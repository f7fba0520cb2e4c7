"""Claims in a file: the workbook to fill in, the page it comes back to, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify

from procurement.awards import queries as awards
from procurement.deliveries.forms.uploads import UploadForm
from procurement.deliveries.permissions import CLAIMANT
from procurement.deliveries.queries.uploads import upload_file, upload_view, uploads_of
from procurement.deliveries.queries.workbook import claims_book, contracts_to_claim
from procurement.deliveries.renderers import claims_csv, claims_workbook
from procurement.deliveries.services import uploads as services
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.sheets import CSV, XLSX
from socialvalue.core.views import Download, FormPage, Page, VersionedDeed

ODS = "application/vnd.oasis.opendocument.spreadsheet"


class Uploads(FormPage):
    """Download, fill in, upload: of one contract when the address names it, otherwise of all."""

    access = CLAIMANT
    template_name = "procurement/deliveries/upload.html"
    form_class = UploadForm

    @property
    def contract_id(self) -> int | None:
        return self.kwargs.get("contract_pk")

    @cached_property
    def contract(self) -> awards.ContractBrief | None:
        if self.contract_id is None:
            return None
        contracts_to_claim(self.actor, self.contract_id)
        return awards.contract_brief(self.contract_id)

    def get_page(self) -> dict[str, Any]:
        return {
            "contract": self.contract,
            "uploads": uploads_of(self.actor, self.contract_id),
            "rows": len(claims_book(self.actor, self.contract_id, clock.today())),
        }

    def perform(self, form: Any) -> str:
        sent = form.cleaned_data["file"]
        upload = services.upload_claims(
            actor=self.actor,
            name=sent.name or "claims",
            content=sent.read(services.MAX_UPLOAD + 1),
            contract_id=self.contract_id,
        )
        return reverse("procurement:deliveries:upload", args=[upload.pk])


class ClaimsBook(Download):
    """The workbook to fill in, as XLSX or CSV."""

    access = CLAIMANT

    def get_file(self) -> tuple[str, str, bytes]:
        contract_id = self.kwargs.get("contract_pk")
        rows = claims_book(self.actor, contract_id, clock.today())
        name = "claims"
        if contract_id is not None:
            name = f"claims-{slugify(awards.contract_brief(contract_id).reference)}"
        if self.kwargs["form"] == "csv":
            return f"{name}.csv", CSV, claims_csv(rows)
        if self.kwargs["form"] != "xlsx":
            raise NotVisible
        return f"{name}.xlsx", XLSX, claims_workbook(rows)


class Upload(Page):
    """One file: how far its check is, what it comes to, what is to be mended, or what was sent."""

    access = CLAIMANT
    template_name = "procurement/deliveries/upload_one.html"

    def get_page(self) -> dict[str, Any]:
        return {"upload": upload_view(self.actor, self.kwargs["pk"])}


class UploadFile(Download):
    """The file as it was sent."""

    access = CLAIMANT
    is_answer = False

    def get_file(self) -> tuple[str, str, bytes]:
        name, content = upload_file(self.actor, self.kwargs["pk"], answer=self.is_answer)
        stem = name.rpartition(".")[0] or name
        if self.is_answer:
            stem = f"{stem}-to-mend"
        ending, media_type = _kind_of(content)
        return f"{stem}.{ending}", media_type, content


class MarkedUpload(UploadFile):
    """The supplier's own file with what is to be mended beside each cell."""

    is_answer = True


def _kind_of(content: bytes) -> tuple[str, str]:
    if services.is_text(content):
        return "csv", CSV
    return ("ods", ODS) if content[30:38] == b"mimetype" else ("xlsx", XLSX)


class _UploadDeed(VersionedDeed):
    access = CLAIMANT
    page_name = "page of the file"

    def back(self, upload_id: int) -> str:
        return reverse("procurement:deliveries:upload", args=[upload_id])

    @property
    def seen(self) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "upload_id": self.kwargs["pk"],
            "expected_version": self.seen_version,
        }


class SendUpload(_UploadDeed):
    """Claim all of it."""

    def perform(self) -> str:
        return self.back(services.send_upload(**self.seen).pk)


class UndoUpload(_UploadDeed):
    """Take all of it back."""

    def perform(self) -> str:
        return self.back(services.undo_upload(**self.seen).pk)


class DropUpload(_UploadDeed):
    """Leave it unsent."""

    def perform(self) -> str:
        upload = services.drop_upload(**self.seen)
        self.say(f"{upload.name} is dropped. Nothing of it was sent.")
        if upload.contract_id is None:
            return reverse("procurement:deliveries:uploads")
        return reverse("procurement:deliveries:contract_uploads", args=[upload.contract_id])
