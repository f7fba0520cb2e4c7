"""A second person's yes before publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from procurement.tenders.forms import ApproveForm
from procurement.tenders.permissions import APPROVER
from procurement.tenders.queries import why_not_approve
from procurement.tenders.rules import lacks_only_approval
from procurement.tenders.services import approve_tender
from procurement.tenders.views.prepare import PreparePage
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.errors import NotAllowed


class Approve(PreparePage):
    """The tender as it would be published, who still has to approve it, and the button for who may."""

    access = BUYER
    template_name = "procurement/tenders/approve.html"
    form_class = ApproveForm

    def get_page(self) -> dict[str, Any]:
        page = super().get_page()
        approvals = self.overview.gates.approvals
        is_ready = lacks_only_approval(self.overview.missing)
        reason = why_not_approve(self.actor, self.tender, approvals)
        return page | {
            "approvals": approvals,
            "is_ready": is_ready,
            "reason": reason,
            "may_approve": is_ready and not reason,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not APPROVER.allows(self.actor):
            raise NotAllowed(APPROVER.reason)
        return super().post(request, *args, **kwargs)

    def keep(self, form: ApproveForm) -> str:
        approve_tender(
            actor=self.actor,
            tender_id=self.tender.pk,
            expected_version=form.cleaned_data["version"],
            remark=form.cleaned_data["remark"],
        )
        messages.success(self.request, "Your approval is recorded. A change would ask for it anew.")
        return self.to("task_list")
