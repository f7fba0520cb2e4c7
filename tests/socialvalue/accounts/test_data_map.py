"""The data map: every column is in it or known to hold nothing about people, and page, document and settings agree."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from socialvalue.accounts.models import User
from socialvalue.accounts.rules.data_map import (
    DATA_MAP,
    KEYS,
    SIGNATURES,
    days_in_words,
    how_long,
    kind_of,
)
from socialvalue.accounts.services.expiring import purges
from socialvalue.settings.privacy import DAYS_KEPT, read_retention

ROOT = Path(__file__).parents[3]
WORDS = {
    "CharField", "TextField", "EmailField", "FileField", "JSONField", "BinaryField", "GenericIPAddressField",
    "URLField", "SlugField",
}  # fmt: skip
FRAMEWORK = {"auth", "contenttypes"}
"""Django's own tables of rights and kinds."""

_THINGS = """
accounts.Organisation.slug accounts.Organisation.brand_colour accounts.Organisation.tile_code
accounts.Organisation.place accounts.PurgeRun accounts.Region accounts.RegionMembership audit.DailySeal
audit.SealMarks socialaccount.SocialApp procurement.Award.reason procurement.AwardProposal
procurement.AwardStandstill procurement.AwardSummary.advantages procurement.AwardSummary.redactions
procurement.AwardSummary.content_hash procurement.Bid.place_mark procurement.Bid.content_hash
procurement.Bid.receipt procurement.BidOpening.record_hash procurement.ChangeRequest
procurement.Claim.submission_key procurement.Commitment.unit_value_source procurement.Commitment.place
procurement.ConsiderationRecord.economic procurement.ConsiderationRecord.social
procurement.ConsiderationRecord.environmental procurement.ConsiderationRecord.process
procurement.ConsiderationRecord.consultation procurement.ConsiderationRecord.evidence_media_type
procurement.ConsiderationRecord.evidence_sha256 procurement.Contract procurement.ContractChange
procurement.ContractKpi procurement.DutyRecord procurement.EvaluationResult procurement.EvaluationRound
procurement.EvaluationWording procurement.KpiRating procurement.LedgerEntry procurement.LightTouchNote
procurement.Milestone.evidence procurement.NoticeImport.file_name procurement.NoticeImport.file_hash
procurement.OversightCost procurement.PendingPosting procurement.PlanRevision procurement.PlannedProcurement
procurement.Policy procurement.PolicyApproval procurement.PolicyBand procurement.PolicyMeasureRule
procurement.PolicyVersion procurement.Procurement procurement.ProcurementLot procurement.RectificationPlan
procurement.RectificationStep.what procurement.RemedyDecision procurement.RemedyTerms procurement.RouteDecision
procurement.RouteDeviation procurement.RouteOverride procurement.SampleSeed procurement.SamplingRule
procurement.SharedDelivery.unit procurement.Shortfall procurement.Tender procurement.TenderAmendment
procurement.TenderApproval procurement.TenderKey procurement.TenderQuestion procurement.TenderRequirement
procurement.Threshold procurement.ThresholdImport procurement.YearlySpend reporting.CabinetReport.title
reporting.CabinetReport.committee reporting.CabinetReport.financial_year reporting.CabinetReport.directorate
reporting.CabinetReport.circulation_local reporting.CabinetReport.circulation_other
reporting.CabinetReport.sign_off_steps reporting.CabinetReport.figures_hash reporting.CabinetSection.kind
reporting.Cell reporting.CommitmentTotal reporting.ContractCell reporting.ThemeCell reporting.RollupRun
reporting.Publication reporting.RegionTarget reporting.ReportFile.content_hash reporting.ReportFile.renderer
reporting.ReportFile.sha256 reporting.ReportJob reporting.ReportTemplate toms.AdoptedPack toms.Adoption
toms.CodeAlias toms.Edition toms.Framework toms.Measure toms.MeasureMapping toms.MeasurePack toms.Outcome
toms.Priority toms.PriorityLink toms.PrioritySet toms.Proxy toms.SavedColumns toms.Theme
toms.FrameworkImport.file_name toms.FrameworkImport.content toms.FrameworkImport.checksum
toms.FrameworkImport.sheet toms.FrameworkImport.columns toms.FrameworkImport.framework_name
toms.FrameworkImport.framework_owner toms.FrameworkImport.edition_label toms.FrameworkImport.licence
toms.FrameworkImport.edition_slug toms.FrameworkImport.content_checksum toms.FrameworkImport.outcome
"""
ABOUT_THINGS = _THINGS.split()
"""Columns whose words are about things: read one by one. Who wrote them is a signature; reasons should name nobody, and
the forms that ask for one say so where somebody might."""


def columns():
    for model in apps.get_models():
        if model._meta.app_label not in FRAMEWORK:
            for field in model._meta.concrete_fields:
                yield model._meta.label, field


def places() -> set[str]:
    return {place for kind in DATA_MAP for place in kind.places}


def test_every_column_with_words_is_in_the_map_or_about_things():
    known = places() | set(ABOUT_THINGS)
    forgotten = [
        f"{label}.{field.name}"
        for label, field in columns()
        if field.get_internal_type() in WORDS
        and not field.choices
        and label not in known
        and f"{label}.{field.name}" not in known
    ]
    assert forgotten == [], (
        "New columns hold words. Put each into the data map (socialvalue/accounts/rules/data_map.py) if it can be "
        "about a person, else into ABOUT_THINGS."
    )


def test_the_map_and_the_list_name_only_what_there_is():
    there = {name for label, field in columns() for name in (label, f"{label}.{field.name}")}
    assert sorted((places() | set(ABOUT_THINGS)) - there) == []
    assert places() & set(ABOUT_THINGS) == set()


def test_columns_that_name_a_user_are_signatures_or_a_kind_of_their_own():
    """They need no place: ``SIGNATURES`` is the rule for them, and the copy of one's data finds them by itself."""
    named = [field for _, field in columns() if field.related_model is User]
    assert len(named) > 60
    assert kind_of(SIGNATURES).places == ()


def test_each_kind_says_what_why_how_long_and_who():
    assert len(KEYS) == len(set(KEYS))
    for kind in DATA_MAP:
        assert all((kind.what, kind.why, kind.basis, kind.who, kind.kept)), kind.key
        assert kind.has_days == ("{days}" in kind.kept), kind.key


def test_days_are_in_the_settings_and_nothing_else_is():
    assert {kind.key for kind in DATA_MAP if kind.has_days} == set(DAYS_KEPT)
    assert set(settings.RETENTION) == set(DAYS_KEPT)


def test_whatever_has_days_goes_by_itself():
    """And whatever goes by itself is in the map."""
    gone = {purge.kind for purge in purges()}
    assert gone <= set(KEYS)
    assert set(DAYS_KEPT) <= gone


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "1 day"), (90, "90 days"), (364, "364 days"), (365, "1 year"), (366, "366 days"),
     (730, "2 years"), (1096, "3 years"), (1097, "1097 days")],
)  # fmt: skip
def test_days_in_words(days, words):
    assert days_in_words(days) == words


def test_the_words_follow_the_settings():
    kind = kind_of("claim_drafts")
    assert how_long(kind, {"claim_drafts": 180}, evidence_years=6).startswith("180 days after")
    assert how_long(kind_of("evidence"), {}, evidence_years=8).startswith("8 years after")


# --- settings ---------------------------------------------------------------------------------------


def test_retention_can_be_changed_from_the_environment():
    found = read_retention(" claim_drafts=180, letter_files=7 ,")
    assert found == {**DAYS_KEPT, "claim_drafts": 180, "letter_files": 7}
    assert read_retention("") == DAYS_KEPT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("drafts=3", "names 'drafts', which is not known"),
        ("claim_drafts=0", "Give at least 1"),
        ("claim_drafts=soon", "keeps claim_drafts 'soon' days"),
        ("claim_drafts", "Give at least 1"),
        ("reminders=179", "Give at least 180"),
        ("tender_addresses=1095", "Give at least 1096"),
    ],
)
def test_retention_that_cannot_be_is_refused_with_a_sentence(text, words):
    with pytest.raises(ValueError, match=words):
        read_retention(text)


@pytest.mark.parametrize("text", ["reminders=180", "tender_addresses=1096", "claim_drafts=1"])
def test_the_shortest_time_is_taken(text):
    assert read_retention(text)


# --- the page and the document ----------------------------------------------------------------------


@pytest.mark.django_db
def test_anybody_reads_the_map(client):
    page = client.get(reverse("accounts:privacy"))
    assert page.status_code == 200
    for kind in DATA_MAP:
        assert kind.what.replace("'", "&#x27;") in page.text
    assert "3 years after the link expired" in page.text
    assert reverse("accounts:data") not in page.text


@pytest.mark.django_db
def test_the_document_is_the_map():
    out = StringIO()
    call_command("data_map", stdout=out)
    assert (ROOT / "docs/privacy/data-map.md").read_text() == out.getvalue(), (
        "Run: python manage.py data_map > docs/privacy/data-map.md"
    )
