"""The pages of people and organisations, one file a noun."""

from __future__ import annotations

from socialvalue.accounts.views.invitations import (
    AcceptInvitation,
    Invite,
    RevokeInvitation,
    SendInvitationAgain,
)
from socialvalue.accounts.views.organisations import OwnOrganisation, OwnPlace, SwitchOrganisation
from socialvalue.accounts.views.people import People, PeopleFile, PersonDetail, RemovePerson
from socialvalue.accounts.views.region import RegionSeesAdvice, WhatRegionSees
from socialvalue.accounts.views.region_members import (
    ChangeRegionMember,
    NewRegionMember,
    RegionMembers,
    RegionMembersFile,
)
from socialvalue.accounts.views.registering import Register, RegisterWith, RegistrationSent
from socialvalue.accounts.views.roles import Roles
from socialvalue.accounts.views.sign_in import (
    Account,
    FinishSignInThrough,
    HowPeopleSignIn,
    OwnName,
    ResetSecondStep,
    SecondStep,
    SignInThrough,
    StartSignInThrough,
)

__all__ = [
    "AcceptInvitation",
    "Account",
    "ChangeRegionMember",
    "FinishSignInThrough",
    "HowPeopleSignIn",
    "Invite",
    "NewRegionMember",
    "OwnName",
    "OwnOrganisation",
    "OwnPlace",
    "People",
    "PeopleFile",
    "PersonDetail",
    "RegionMembers",
    "RegionMembersFile",
    "RegionSeesAdvice",
    "Register",
    "RegisterWith",
    "RegistrationSent",
    "RemovePerson",
    "ResetSecondStep",
    "RevokeInvitation",
    "Roles",
    "SecondStep",
    "SendInvitationAgain",
    "SignInThrough",
    "StartSignInThrough",
    "SwitchOrganisation",
    "WhatRegionSees",
]
