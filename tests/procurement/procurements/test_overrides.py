"""Overrides in the open: a second person, the decision beside the rule's own, the register, the database."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from procurement.procurements import queries, services
from procurement.procurements.models import RouteDecision, RouteOverride
from procurement.procurements.queries import OverrideFilter
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import MembershipFactory, actor_for_role, actor_of, user_with_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of

pytestmark = pytest.mark.django_db
D = Decimal
REASON = "The market for this is one charity."


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()


@pytest.fixture
def home():
    return accounts.organisation("warwickshire")


@pytest.fixture
def officer(home):
    return actor_for_role(Role.PROCUREMENT_OFFICER, home)


@pytest.fixture
def approver(home):
    return actor_for_role(Role.APPROVER, home)


@pytest.fixture
def procurement(officer):
    """£100,000 of services: measures are advised."""
    return procurement_of(officer, estimate=D(100000))


def ask(officer, procurement, to_route="light_touch", reason=REASON):
    return services.ask_override(
        actor=officer, procurement_id=procurement.pk, to_route=to_route, reason=reason
    )


def approve(approver, override, answer="The charity agrees."):
    return services.approve_override(actor=approver, override_id=override.pk, answer=answer)


def change(officer, procurement, **more):
    procurement.refresh_from_db()
    services.change_procurement(
        actor=officer, procurement_id=procurement.pk, expected_version=procurement.version, **more
    )
    return queries.latest_decision(procurement.pk)


# --- asking and answering ---------------------------------------------------------------------


def test_asking_changes_nothing_until_a_second_person_approves(officer, approver, procurement):
    override = ask(officer, procurement)
    assert queries.latest_decision(procurement.pk).route == "toms_advised"
    assert (override.from_route, override.status) == ("toms_advised", "asked")
    approve(approver, override)
    decision = queries.latest_decision(procurement.pk)
    assert (decision.stage, decision.route, decision.replaced_route, decision.override_id) == (
        "override", "light_touch", "toms_advised", override.pk,
    )  # fmt: skip
    assert not decision.crossed_line
    for said in (
        "measures are advised", "Overridden in the open: Light touch instead of TOMs advised", REASON,
        str(override.asked_by), "The charity agrees.",
    ):  # fmt: skip
        assert said in decision.explanation
    assert RouteDecision.objects.filter(procurement=procurement).count() == 2
    deeds = AuditRecord.objects.filter(procurement_id=procurement.pk).order_by("id")
    assert list(deeds.values_list("deed", flat=True))[2:] == [
        "override_asked", "override_answered", "route_decided",
    ]  # fmt: skip


def test_a_refusal_keeps_the_rules_route_and_the_words(officer, approver, procurement):
    override = services.refuse_override(
        actor=approver, override_id=ask(officer, procurement).pk, answer="Two firms answered."
    )
    assert (override.status, override.answer) == ("refused", "Two firms answered.")
    assert queries.latest_decision(procurement.pk).route == "toms_advised"
    assert ask(officer, procurement).status == "asked", "it may be asked for again"


def test_the_policy_owner_may_answer_as_well(officer, home, procurement):
    owner = actor_for_role(Role.POLICY_OWNER, home)
    assert approve(owner, ask(officer, procurement)).status == "approved"


def test_nobody_answers_what_they_asked_for_whatever_their_roles(home, procurement):
    both = user_with_role(Role.PROCUREMENT_OFFICER, home)
    MembershipFactory(user=both, organisation=home, role=Role.APPROVER)
    actor = actor_of(both)
    override = ask(actor, procurement)
    for answer in (services.approve_override, services.refuse_override):
        with pytest.raises(NotAllowed, match="somebody else has to answer"):
            answer(actor=actor, override_id=override.pk, answer="Fine")
    assert RouteOverride.objects.get().status == "asked"


@pytest.mark.parametrize("status", ["approved", "refused"])
def test_the_database_refuses_it_too(officer, procurement, status):
    override = ask(officer, procurement)
    with (
        pytest.raises(IntegrityError, match="route_override_answered_by_another"),
        transaction.atomic(),
    ):
        RouteOverride.objects.filter(pk=override.pk).update(
            status=status, answered_by_id=officer.user_id, answered_at=clock.now()
        )


def test_the_database_keeps_an_answer_as_it_is(officer, approver, procurement):
    override = approve(approver, ask(officer, procurement))
    rows = RouteOverride.objects.filter(pk=override.pk)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        rows.update(reason="Other")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


@pytest.mark.parametrize(
    "role",
    [Role.PROCUREMENT_OFFICER, Role.AUDITOR, Role.CONTRACT_MANAGER, Role.DIRECTORATE_MANAGER],
)
def test_other_roles_do_not_answer(officer, home, procurement, role):
    override = ask(officer, procurement)
    with pytest.raises(NotAllowed):
        approve(actor_for_role(role, home), override)
    assert RouteOverride.objects.get().status == "asked"


def test_an_approver_of_another_authority_sees_nothing(officer, procurement):
    override = ask(officer, procurement)
    stranger = actor_for_role(Role.APPROVER, accounts.organisation("coventry"))
    with pytest.raises(NotVisible):
        approve(stranger, override)
    assert not queries.overrides(stranger).exists()
    assert not queries.overrides_waiting(stranger).exists()


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.CONTRACT_MANAGER])
def test_only_an_officer_asks(home, procurement, role):
    with pytest.raises(NotAllowed):
        ask(actor_for_role(role, home), procurement)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"to_route": "toms_advised"}, "to_route"),
        ({"to_route": "elsewhere"}, "to_route"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
    ],
)
def test_what_cannot_be_asked_for(officer, procurement, more, field):
    with pytest.raises(RuleBroken) as broken:
        ask(officer, procurement, **more)
    assert broken.value.errors[0][0] == field
    assert RouteOverride.objects.count() == 0


def test_one_request_at_a_time(officer, procurement):
    ask(officer, procurement)
    with pytest.raises(Conflict):
        ask(officer, procurement, "toms_mandatory")


def test_an_answer_needs_words_and_is_given_once(officer, approver, procurement):
    override = ask(officer, procurement)
    with pytest.raises(RuleBroken) as broken:
        approve(approver, override, " ")
    assert broken.value.errors[0][0] == "answer"
    approve(approver, override)
    with pytest.raises(Conflict):
        services.refuse_override(actor=approver, override_id=override.pk, answer="No")
    assert RouteDecision.objects.filter(procurement=procurement).count() == 2


def test_the_asker_takes_it_back_and_nobody_else_does(officer, approver, procurement, home):
    override = ask(officer, procurement)
    for other in (approver, actor_for_role(Role.PROCUREMENT_OFFICER, home)):
        with pytest.raises(NotAllowed):
            services.take_back_override(actor=other, override_id=override.pk)
    services.take_back_override(actor=officer, override_id=override.pk)
    assert RouteOverride.objects.get().status == "taken_back"
    with pytest.raises(Conflict):
        approve(approver, override)


def test_after_publication_nothing_is_asked_for_and_what_waits_is_closed(
    officer, approver, procurement
):
    override = ask(officer, procurement)
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    override.refresh_from_db()
    assert (override.status, override.answer) == (
        "taken_back", "The procurement moved on before this was answered.",
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="Explain the deviation instead"):
        ask(officer, procurement)
    with pytest.raises(RuleBroken):
        approve(approver, override)


def test_a_withdrawal_closes_what_waits(officer, procurement):
    override = ask(officer, procurement)
    services.withdraw_procurement(actor=officer, procurement_id=procurement.pk, reason="No budget")
    override.refresh_from_db()
    assert override.status == "taken_back"


def test_a_request_that_the_rule_has_overtaken_can_only_be_refused(officer, approver, procurement):
    override = ask(officer, procurement)
    change(officer, procurement, estimate=D(300000))
    with pytest.raises(RuleBroken, match="The rule now says TOMs mandatory"):
        approve(approver, override)
    assert RouteOverride.objects.get().status == "asked"
    assert queries.latest_decision(procurement.pk).route == "toms_mandatory"
    services.refuse_override(actor=approver, override_id=override.pk, answer="Ask anew")


# --- later decisions --------------------------------------------------------------------------


def test_an_override_stays_while_the_rule_still_says_the_same(officer, approver, procurement):
    override = approve(approver, ask(officer, procurement))
    decision = change(officer, procurement, estimate=D("50000"))
    assert (decision.stage, decision.route, decision.replaced_route, decision.crossed_line) == (
        "change", "light_touch", "toms_advised", False,
    )  # fmt: skip
    assert decision.override_id == override.pk
    assert "Overridden in the open" in decision.explanation


@pytest.mark.parametrize(
    ("estimate", "route", "stays"),
    [
        ("50000", "light_touch", True),
        ("49999.99", "light_touch", False),
        ("173099.99", "light_touch", True),
        ("173100", "toms_mandatory", False),
    ],
)
def test_it_lapses_at_the_line_and_says_so(officer, approver, procurement, estimate, route, stays):
    approve(approver, ask(officer, procurement))
    decision = change(officer, procurement, estimate=D(estimate))
    assert (decision.route, decision.override_id is not None) == (route, stays)
    assert decision.crossed_line is not stays
    assert ("The override to Light touch lapses" in decision.explanation) is not stays


def test_what_has_lapsed_does_not_come_back_by_itself(officer, approver, procurement):
    approve(approver, ask(officer, procurement))
    change(officer, procurement, estimate=D(300000))
    decision = change(officer, procurement, estimate=D(100000))
    assert (decision.route, decision.override_id) == ("toms_advised", None)
    assert "lapses" not in decision.explanation


def test_it_stays_at_publication_and_lapses_at_an_award_across_the_line(
    officer, approver, procurement
):
    approve(approver, ask(officer, procurement, "toms_mandatory"))
    services.mark_published(actor=officer, procurement_id=procurement.pk)
    published = queries.latest_decision(procurement.pk)
    assert (published.stage, published.route, published.replaced_route) == (
        "publication", "toms_mandatory", "toms_advised",
    )  # fmt: skip
    services.mark_evaluating(actor=officer, procurement_id=procurement.pk)
    services.mark_awarded(
        actor=officer, procurement_id=procurement.pk, award_value=D(40000), award_basis="excl",
        awarded_on=date(2026, 5, 1),
    )  # fmt: skip
    award = queries.latest_decision(procurement.pk)
    assert (award.route, award.crossed_line) == ("light_touch", True)
    assert "lapses" in award.explanation


def test_another_override_replaces_the_first_and_the_same_again_is_refused(
    officer, approver, procurement
):
    approve(approver, ask(officer, procurement))
    with pytest.raises(RuleBroken, match="approved already"):
        ask(officer, procurement)
    second = approve(approver, ask(officer, procurement, "toms_mandatory"))
    decision = queries.latest_decision(procurement.pk)
    assert (decision.route, decision.replaced_route, decision.override_id) == (
        "toms_mandatory", "toms_advised", second.pk,
    )  # fmt: skip


def test_overridden_to_light_touch_a_note_finishes_it(officer, approver, procurement):
    approve(approver, ask(officer, procurement))
    services.finish_light_touch(
        actor=officer, procurement_id=procurement.pk, considered="Words", objectives=[], quotations_sought=1,
        local_quotations=0, chosen_supplier="A charity", chosen_value=D(99000), is_local_or_sme=True, agreed="",
    )  # fmt: skip
    decision = queries.latest_decision(procurement.pk)
    assert (decision.stage, decision.route) == ("award", "light_touch")


# --- the register -----------------------------------------------------------------------------


def url(name, *args):
    return reverse(f"procurement:procurements:{name}", args=args)


def text(response):
    return response.content.decode().replace("&#x27;", "'")


@pytest.fixture
def register(officer, approver):
    """Three of Warwickshire in three states, and one of Coventry."""
    rows = {}
    for number, name in enumerate(("waits", "approved", "refused")):
        # 22:59:59 in UTC is the last second of the day in London in summer time.
        at = datetime(2026, 3 + number, (31, 30, 31)[number], 22, 59, 59, tzinfo=UTC)
        with clock.at(at):
            rows[name] = ask(
                officer, procurement_of(officer, title=f"Purchase that {name}", estimate=D(90000))
            )
    approve(approver, rows["approved"])
    services.refuse_override(actor=approver, override_id=rows["refused"].pk, answer="No")
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry"))
    ask(stranger, procurement_of(stranger, title="Purchase of others", estimate=D(90000)))
    return rows


def test_the_register_narrows_and_sorts(officer, register):
    def titles(**wanted):
        return [
            row.procurement.title.split()[-1]
            for row in queries.overrides(officer, OverrideFilter(**wanted))
        ]

    assert titles() == ["refused", "approved", "waits"]
    assert titles(sort="title") == ["approved", "refused", "waits"]
    assert titles(sort="-asked") == ["refused", "approved", "waits"]
    assert titles(status="asked") == ["waits"]
    assert titles(q="that app") == ["approved"]
    assert titles(to_route="toms_mandatory") == []
    assert titles(from_route="toms_advised", status="refused") == ["refused"]
    assert titles(first=date(2026, 3, 31), last=date(2026, 3, 31)) == ["waits"]
    assert titles(first=date(2026, 4, 1)) == ["refused", "approved"]
    assert titles(last=date(2026, 3, 30)) == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DIRECTORATE_MANAGER, Role.CONTRACT_MANAGER])
def test_auditors_and_managers_read_and_export_the_register(client, register, role):
    client.force_login(user_with_role(role, accounts.organisation("warwickshire")))
    page = text(client.get(url("overrides")))
    assert "<strong>3</strong> overrides" in page
    assert "Purchase of others" not in page
    sheet = client.get(url("overrides_export", "csv"), {"status": "refused"}).content
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["Title", "Purchase that refused"]
    assert client.get(url("overrides_export", "xlsx")).status_code == 200
    single = text(client.get(url("override", register["waits"].pk)))
    assert REASON in single
    assert "Send the answer" not in single


def test_an_approver_answers_on_the_page_and_sees_what_waits_at_home(client, register):
    client.force_login(user_with_role(Role.APPROVER, accounts.organisation("warwickshire")))
    waits = register["waits"]
    assert "Purchase that waits" in text(client.get("/"))
    assert "Purchase that approved" not in text(client.get("/"))
    assert (
        client.post(url("override", waits.pk), {"verdict": "approve", "answer": ""}).status_code
        == 422
    )
    done = client.post(url("override", waits.pk), {"verdict": "approve", "answer": "Yes"})
    assert done.headers["Location"] == url("override", waits.pk)
    waits.refresh_from_db()
    assert waits.status == "approved"
    assert "No override waits for you" in text(client.get("/"))


def test_an_officer_asks_on_the_page_and_takes_it_back(client, home, procurement):
    user = user_with_role(Role.PROCUREMENT_OFFICER, home)
    client.force_login(user)
    form = client.get(url("override_new", procurement.pk)).context["form"]
    assert [value for value, _ in form.fields["to_route"].choices] == [
        "light_touch",
        "toms_mandatory",
    ]
    sent = {"to_route": "light_touch", "reason": REASON}
    assert client.post(url("override_new", procurement.pk), sent).status_code == 302
    override = RouteOverride.objects.get()
    assert (
        client.post(
            url("override", override.pk), {"verdict": "approve", "answer": "Me"}
        ).status_code
        == 403
    )
    assert "waits for an answer" in text(client.get(url("override_new", procurement.pk)))
    thread = reverse("procurement:threads:procurement", args=[procurement.pk])
    assert "It waits for a second person" in text(client.get(thread))
    assert client.post(url("override_take_back", override.pk)).status_code == 302
    override.refresh_from_db()
    assert override.status == "taken_back"
    page = text(client.get(url("override", override.pk)))
    assert "Taken back by" in page
    assert "Answered by" not in page


def test_the_page_says_when_an_override_has_lapsed(client, officer, approver, home, procurement):
    override = approve(approver, ask(officer, procurement))
    client.force_login(user_with_role(Role.AUDITOR, home))
    assert "Lapsed since" not in text(client.get(url("override", override.pk)))
    change(officer, procurement, estimate=D(300000))
    assert "Lapsed since" in text(client.get(url("override", override.pk)))


@pytest.mark.parametrize("name", ["override", "override_take_back"])
def test_another_authoritys_override_is_not_there(client, officer, procurement, name):
    override = ask(officer, procurement)
    client.force_login(user_with_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry")))
    method = client.post if name == "override_take_back" else client.get
    assert method(url(name, override.pk)).status_code == 404


# --- why the route was not followed -----------------------------------------------------------


@pytest.mark.parametrize(
    "role", [Role.PROCUREMENT_OFFICER, Role.CONTRACT_MANAGER, Role.DIRECTORATE_MANAGER]
)
def test_a_deviation_is_told_and_told_again(home, procurement, role):
    actor = actor_for_role(role, home)
    for reason in ("First", " Second "):
        services.explain_deviation(actor=actor, procurement_id=procurement.pk, reason=reason)
    told = queries.deviations_of([procurement.pk])
    assert [row.reason for row in told[procurement.pk]] == ["Second", "First"]
    assert queries.deviations_of([]) == {}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EVALUATOR, Role.APPROVER])
def test_others_do_not_tell_it(home, procurement, role):
    with pytest.raises(NotAllowed):
        services.explain_deviation(
            actor=actor_for_role(role, home), procurement_id=procurement.pk, reason="Mine"
        )


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_a_deviation_has_a_reason(officer, procurement, reason):
    with pytest.raises(RuleBroken):
        services.explain_deviation(actor=officer, procurement_id=procurement.pk, reason=reason)


def test_a_deviation_of_another_authority_is_not_there(procurement):
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry"))
    with pytest.raises(NotVisible):
        services.explain_deviation(actor=stranger, procurement_id=procurement.pk, reason="Mine")


def test_the_page_of_it(client, home, procurement):
    client.force_login(user_with_role(Role.DIRECTORATE_MANAGER, home))
    assert client.post(url("deviation", procurement.pk), {"reason": ""}).status_code == 422
    assert (
        client.post(url("deviation", procurement.pk), {"reason": "It was urgent."}).status_code
        == 302
    )
    thread = reverse("procurement:threads:procurement", args=[procurement.pk])
    assert "It was urgent." in text(client.get(thread))
    considered_first = user_with_role(Role.AUDITOR, home)
    client.force_login(considered_first)
    assert client.get(url("deviation", procurement.pk)).status_code == 403
