"""Whose the files of claims are, and what the jobs leave alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from procurement.deliveries.services import upload_jobs, uploads
from procurement.deliveries.vocabulary import UploadStatus
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import NotAllowed, NotVisible
from tests.factories.accounts import actor_for_role
from tests.factories.deliveries import world
from tests.factories.uploads import book, line, uploaded
from tests.procurement.deliveries.test_uploads.steps import NOW

pytestmark = pytest.mark.django_db


def test_only_the_supplier_itself_sends_undoes_and_drops(w) -> None:
    found = uploaded(w.claimant, book(line(w.hours, 5)))
    other = world()
    for stranger in (other.claimant, w.manager):
        for deed in (uploads.send_upload, uploads.undo_upload, uploads.drop_upload):
            with pytest.raises(NotVisible):
                deed(actor=stranger, upload_id=found.pk, expected_version=found.version)
    for deed in (upload_jobs.check_upload, upload_jobs.post_upload, upload_jobs.reverse_upload):
        with pytest.raises(NotAllowed):
            deed(actor=w.claimant, upload_id=found.pk)
    with pytest.raises(NotAllowed):
        upload_jobs.restart_silent_uploads(actor=w.claimant)
    colleague = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, w.supplier)
    uploads.drop_upload(actor=colleague, upload_id=found.pk, expected_version=found.version)
    found.refresh_from_db()
    assert found.status == UploadStatus.DROPPED


def test_only_what_has_been_silent_too_long_is_started_again(
    w, django_capture_on_commit_callbacks
) -> None:
    upload = uploads.upload_claims(actor=w.claimant, name="a", content=book(line(w.hours, 5)))
    assert upload_jobs.restart_silent_uploads(actor=SYSTEM) == 0
    with clock.at(NOW + timedelta(minutes=3)):
        assert upload_jobs.restart_silent_uploads(actor=SYSTEM) == 1
        upload_jobs.check_upload(actor=SYSTEM, upload_id=upload.pk)
    with clock.at(NOW + timedelta(hours=3)):
        assert upload_jobs.restart_silent_uploads(actor=SYSTEM) == 0
