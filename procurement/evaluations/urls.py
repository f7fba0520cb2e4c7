from __future__ import annotations

from django.urls import include, path

from procurement.evaluations import views

app_name = "evaluations"
of_one_tender = [
    path("", views.Board.as_view(), name="board"),
    *(
        path(f"bids.{form}", views.Export.as_view(), {"form": form}, name="export")
        for form in ("csv", "xlsx")
    ),
    path("open/start/", views.StartOpening.as_view(), name="start_opening"),
    path("open/", views.Open.as_view(), name="open"),
    path("bids/<int:bid_pk>/", views.MarkBid.as_view(), name="bid"),
    path("bids/<int:bid_pk>/lines/", views.Lines.as_view(), name="lines"),
    path("lines/<int:line_pk>/rule-out/", views.RuleOut.as_view(), name="rule_out"),
    path("rulings/<int:ruling_pk>/lift/", views.LiftRuling.as_view(), name="lift_ruling"),
    path("rounds/", views.Rounds.as_view(), name="rounds"),
    path("whole/", views.Whole.as_view(), name="whole"),
    path("rank/", views.Rank.as_view(), name="rank"),
    path("reopen/", views.Reopen.as_view(), name="reopen"),
    path("panel/", views.Panel.as_view(), name="panel"),
    path("panel/<int:member_pk>/remove/", views.RemoveMember.as_view(), name="remove_member"),
    path("panel/<int:member_pk>/recuse/", views.Recuse.as_view(), name="recuse"),
    path("interests/", views.Declare.as_view(), name="declare"),
    path("interests/<int:interest_pk>/", views.Decide.as_view(), name="decide"),
    path("marking/", views.MyMarking.as_view(), name="marking"),
    path("marking/lock/", views.Lock.as_view(), name="lock"),
    path("moderation/", views.Moderation.as_view(), name="moderation"),
    path("moderation/<int:bid_pk>/", views.ModerateBid.as_view(), name="moderate"),
]
urlpatterns = [
    path("evaluation/wording/", views.Wording.as_view(), name="wording"),
    path("procurements/<int:procurement_pk>/evaluation/", include(of_one_tender)),
]
