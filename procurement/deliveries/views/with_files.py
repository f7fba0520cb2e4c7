"""A form that carries files: they are kept before anything else is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import cached_property

from procurement.deliveries import queries, services
from procurement.deliveries.forms import ids_of
from procurement.deliveries.permissions import CLAIMANT
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken
from socialvalue.core.views import FormPage

MEGABYTE = 1024 * 1024


class EvidenceForm(FormPage):
    """A form whose files are kept before anything else is read, and carried along by id however often it fails."""

    access = CLAIMANT
    kept: Sequence[queries.EvidenceInfo] = ()

    @cached_property
    def draft(self) -> queries.ClaimDraft:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"draft": self.draft, "kept": self.kept, "max_megabytes": max_megabytes()}

    def build_form(self, *, bound: bool) -> Any:
        if not bound:
            return super().build_form(bound=False)
        data = self.request.POST.copy()
        stored, faults = store_files(
            self.actor,
            self.draft.contract.id,
            self.request.FILES.getlist("file"),
            has_consent=bool(data.get("has_consent")),
        )
        ids = [*ids_of(data.getlist("evidence")), *stored]
        self.kept = queries.loose_evidence(self.actor, self.draft.contract.id, ids)
        data.setlist("evidence", [str(found.id) for found in self.kept])
        form = self.form_class(
            data, self.request.FILES, initial=self.get_initial(), **self.get_form_kwargs()
        )
        for fault in faults:
            form.add_error("file", fault)
        return form

    def get_page(self) -> dict[str, Any]:
        return {"draft": self.draft}


def max_megabytes() -> int:
    return settings.EVIDENCE_MAX_BYTES // MEGABYTE


def store_files(
    actor: Actor,
    contract_id: int,
    files: Iterable[UploadedFile],
    *,
    commitment_id: int | None = None,
    quarter: date | None = None,
    has_consent: bool = False,
) -> tuple[list[int], list[str]]:
    """Keep every file that can be kept; say what is wrong with the others. ``commitment_id`` and ``quarter`` say what
    a file is meant for that is part of no claim yet."""
    stored, faults = [], []
    for sent in files:
        try:
            evidence = services.add_evidence(
                actor=actor,
                contract_id=contract_id,
                name=sent.name or "file",
                content=read_sent(sent),
                commitment_id=commitment_id,
                quarter=quarter,
                has_consent=has_consent,
            )
            stored.append(evidence.pk)
        except RuleBroken as error:
            faults += [f"{sent.name}: {message}" for _, message in error.errors]
    return stored, faults


def store_files_by_link(
    delegation_id: int, files: Iterable[UploadedFile], *, quarter: date, has_consent: bool
) -> list[str]:
    """The same for somebody with a link; what is wrong with those that were not kept."""
    faults = []
    for sent in files:
        try:
            services.add_evidence_by_link(
                delegation_id=delegation_id,
                quarter=quarter,
                name=sent.name or "file",
                content=read_sent(sent),
                has_consent=has_consent,
            )
        except RuleBroken as error:
            faults += [f"{sent.name}: {message}" for _, message in error.errors]
    return faults


def read_sent(sent: UploadedFile) -> bytes:
    """At most one byte more than is accepted: enough to be refused, never enough to fill the memory."""
    return sent.read(settings.EVIDENCE_MAX_BYTES + 1)
