from __future__ import annotations

from django.urls import path, re_path

from procurement.awards.views import award, contracts, opinions, record, signing, summaries

app_name = "awards"
KINDS = ("pdf", "docx")
urlpatterns = [
    path("procurements/<int:procurement_pk>/award/", award.AwardContract.as_view(), name="award"),
    path(
        "procurements/<int:procurement_pk>/award/proposal/",
        award.Proposal.as_view(),
        name="proposal",
    ),
    path(
        "award-proposals/<int:pk>/withdraw/",
        award.WithdrawProposal.as_view(),
        name="withdraw_proposal",
    ),
    *(
        path(
            f"procurements/<int:procurement_pk>/evaluation-record.{kind}",
            record.Record.as_view(),
            {"kind": kind},
            name="record",
        )
        for kind in KINDS
    ),
    path("contracts/", contracts.Contracts.as_view(), name="contracts"),
    re_path(r"^contracts/export\.(?P<form>csv|xlsx)$", contracts.Export.as_view(), name="export"),
    path("contracts/<int:pk>/", contracts.ContractPage.as_view(), name="contract"),
    *(
        path(
            f"contracts/<int:pk>/schedule.{kind}",
            contracts.Schedule.as_view(),
            {"kind": kind},
            name="schedule",
        )
        for kind in KINDS
    ),
    path("contracts/<int:pk>/summaries/", summaries.Summaries.as_view(), name="summaries"),
    path(
        "contracts/<int:pk>/summaries/issue/",
        summaries.IssueSummaries.as_view(),
        name="issue_summaries",
    ),
    path(
        "contracts/<int:pk>/summaries/<int:bid_pk>/",
        summaries.SummaryView.as_view(),
        name="summary",
    ),
    path(
        "contracts/<int:pk>/summaries/<int:bid_pk>/write/",
        summaries.WriteSummary.as_view(),
        name="write_summary",
    ),
    *(
        path(
            f"contracts/<int:pk>/summaries/<int:bid_pk>.{kind}",
            summaries.SummaryFile.as_view(),
            {"kind": kind},
            name="summary_file",
        )
        for kind in KINDS
    ),
    path("contracts/<int:pk>/standstill/", signing.Standstill.as_view(), name="standstill"),
    path("contracts/<int:pk>/sign/", signing.Sign.as_view(), name="sign"),
    path(
        "contracts/<int:pk>/second-opinion/",
        opinions.SecondOpinion.as_view(),
        name="second_opinion",
    ),
    *(
        path(
            f"contracts/<int:pk>/second-opinion.{form}",
            opinions.SecondOpinionExport.as_view(),
            {"form": form},
            name="second_opinion_export",
        )
        for form in ("csv", "xlsx")
    ),
    path("contracts/<int:pk>/end/", contracts.EndContract.as_view(), name="end"),
    path("bids/summaries/", summaries.MySummaries.as_view(), name="my_summaries"),
    path("bids/<int:tender_pk>/summary/", summaries.MySummary.as_view(), name="my_summary"),
    *(
        path(
            f"bids/<int:tender_pk>/summary.{kind}",
            summaries.MySummaryFile.as_view(),
            {"kind": kind},
            name="my_summary_file",
        )
        for kind in KINDS
    ),
]
