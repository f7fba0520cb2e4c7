from __future__ import annotations

from django.urls import path, re_path

from socialvalue.accounts import views
from socialvalue.accounts.views import merging, platform, privacy, records

app_name = "accounts"
urlpatterns = [
    path("organisations/switch/", views.SwitchOrganisation.as_view(), name="switch"),
    path("organisations/own/", views.OwnOrganisation.as_view(), name="own"),
    path("organisations/place/", views.OwnPlace.as_view(), name="place"),
    path("organisations/region/", views.WhatRegionSees.as_view(), name="region_sees"),
    path(
        "organisations/region/advice/",
        views.RegionSeesAdvice.as_view(),
        name="region_sees_advice",
    ),
    path("account/", views.Account.as_view(), name="account"),
    path("account/name/", views.OwnName.as_view(), name="own_name"),
    path("account/second-step/", views.SecondStep.as_view(), name="second_step"),
    path("account/organisation/", views.SignInThrough.as_view(), name="sign_in_through"),
    path(
        "account/oidc/<slug:provider_id>/login/",
        views.StartSignInThrough.as_view(),
        name="start_sign_in_through",
    ),
    path(
        "account/oidc/<slug:provider_id>/login/callback/",
        views.FinishSignInThrough.as_view(),
        name="finish_sign_in_through",
    ),
    path("organisations/sign-in/", views.HowPeopleSignIn.as_view(), name="sign_in"),
    path(
        "organisations/sign-in/<int:user_id>/reset/",
        views.ResetSecondStep.as_view(),
        name="reset_second_step",
    ),
    path("platform/", platform.Platform.as_view(), name="platform"),
    path("platform/access/", platform.PlatformAccesses.as_view(), name="platform_access"),
    path("platform/access/end/", platform.EndPlatformAccess.as_view(), name="platform_access_end"),
    path("platform/invite/", platform.InviteAdministrator.as_view(), name="platform_invite"),
    path("platform/suppliers/", merging.PlatformSuppliers.as_view(), name="platform_suppliers"),
    path("organisations/merging/", merging.OwnMerges.as_view(), name="merges"),
    path("organisations/merging/new/", merging.NewMerge.as_view(), name="new_merge"),
    path("organisations/merging/<int:merge_id>/", merging.Merge.as_view(), name="merge"),
    path(
        "organisations/merging/<int:merge_id>/withdraw/",
        merging.WithdrawMerge.as_view(),
        name="withdraw_merge",
    ),
    path(
        "organisations/merging/<int:merge_id>/undo/",
        merging.UndoMerge.as_view(),
        name="undo_merge",
    ),
    path("privacy/", privacy.Privacy.as_view(), name="privacy"),
    path("account/data/", privacy.OwnData.as_view(), name="data"),
    path("account/data/file/", privacy.OwnDataFile.as_view(), name="data_file"),
    path("account/data/erase/", privacy.EraseOneself.as_view(), name="erase"),
    path("account/erased/", privacy.Erased.as_view(), name="erased"),
    path(
        "organisations/people/<int:user_id>/erase/",
        privacy.EraseLeaver.as_view(),
        name="erase_leaver",
    ),
    path("organisations/roles/", views.Roles.as_view(), name="roles"),
    path("organisations/people/", views.People.as_view(), name="people"),
    re_path(
        r"^organisations/people\.(?P<form>csv|xlsx)$",
        views.PeopleFile.as_view(),
        name="people_file",
    ),
    path("organisations/people/invite/", views.Invite.as_view(), name="invite"),
    path("organisations/people/<int:user_id>/", views.PersonDetail.as_view(), name="person"),
    path(
        "organisations/people/<int:user_id>/remove/",
        views.RemovePerson.as_view(),
        name="person_remove",
    ),
    path(
        "organisations/invitations/<int:pk>/again/",
        views.SendInvitationAgain.as_view(),
        name="invitation_again",
    ),
    path(
        "organisations/invitations/<int:pk>/revoke/",
        views.RevokeInvitation.as_view(),
        name="invitation_revoke",
    ),
    # The links to tenders start like these; their tokens are signed, so a dot is in them.
    re_path(
        r"^invitations/(?P<token>[-\w]+)/$", views.AcceptInvitation.as_view(), name="invitation"
    ),
    path("organisations/region/members/", views.RegionMembers.as_view(), name="region_members"),
    re_path(
        r"^organisations/regions/(?P<region>[-\w]+)/members\.(?P<form>csv|xlsx)$",
        views.RegionMembersFile.as_view(),
        name="region_members_file",
    ),
    path(
        "organisations/regions/<slug:region>/members/new/",
        views.NewRegionMember.as_view(),
        name="region_member_new",
    ),
    path(
        "organisations/regions/<slug:region>/members/<int:pk>/",
        views.ChangeRegionMember.as_view(),
        name="region_member",
    ),
    path("organisations/record/", records.Deeds.as_view(), name="record"),
    re_path(
        r"^organisations/record/deeds\.(?P<form>csv|xlsx)$",
        records.DeedsExport.as_view(),
        name="record_export",
    ),
    path("organisations/record/accesses/", records.Accesses.as_view(), name="record_accesses"),
    re_path(
        r"^organisations/record/accesses\.(?P<form>csv|xlsx)$",
        records.AccessesExport.as_view(),
        name="record_accesses_export",
    ),
    path("organisations/record/seals/", records.Seals.as_view(), name="record_seals"),
    path("organisations/record/seals.json", records.SealsFile.as_view(), name="record_seals_file"),
    path("record/<slug:record>/<str:key>/", records.Thing.as_view(), name="record_of"),
    re_path(
        r"^record/(?P<record>[-\w]+)/(?P<key>[-:\w]+)/deeds\.(?P<form>csv|xlsx)$",
        records.ThingExport.as_view(),
        name="record_of_export",
    ),
    path("register/", views.Register.as_view(), name="register"),
    path("register/sent/", views.RegistrationSent.as_view(), name="register_sent"),
    path("register/<str:token>/", views.RegisterWith.as_view(), name="register_with"),
]
