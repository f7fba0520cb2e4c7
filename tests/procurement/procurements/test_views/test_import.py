"""Notices through the client: a file is previewed, then applied."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from procurement.procurements import services
from procurement.procurements.models import NoticeImport, Procurement
from tests.factories.procurements import release
from tests.procurement.procurements.test_views.steps import person, text, url

pytestmark = pytest.mark.django_db


def uploaded(*releases, name="notices.json"):
    content = json.dumps(list(releases)).encode()
    return {"file": SimpleUploadedFile(name, content, "application/json"), "match": "own"}


def test_a_file_is_previewed_then_applied(client):
    client.force_login(person(slug="coventry"))
    assert client.get(url("import")).status_code == 200
    response = client.post(
        url("import"), uploaded(release(), release(ocid="b", buyer={"name": "Nobody"}))
    )
    kept = NoticeImport.objects.get()
    assert response.url == url("import_preview", kept.pk)
    page = text(client.get(response.url))
    for shown in (
        "Nothing is saved yet",
        "Repair of benches",
        "£60,000",
        "TOMs advised",
        "not your organisation",
    ):
        assert shown in page
    assert Procurement.objects.count() == 0
    assert client.post(url("import_apply", kept.pk)).status_code == 302
    assert Procurement.objects.count() == 1
    after = text(client.get(url("import_preview", kept.pk)))
    assert "Notices imported" in after
    assert url("import_apply", kept.pk) not in after
    assert client.post(url("import_apply", kept.pk)).status_code == 409
    assert Procurement.objects.count() == 1


def test_the_same_file_again_has_nothing_to_import(client):
    client.force_login(person(slug="coventry"))
    client.post(url("import"), uploaded(release()))
    client.post(url("import_apply", NoticeImport.objects.get().pk))
    response = client.post(url("import"), uploaded(release()), follow=True)
    assert "There is nothing to import from this file" in text(response)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"hello", "The file is not JSON"),
        (b"%PDF-1.7 \x81\x8d", "The file is not"),
        (b"[" + b" " * services.MAX_BYTES, "larger than 5 MB"),
    ],
)
def test_a_wrong_file_says_why(browser, content, said):
    file = SimpleUploadedFile("x.json", content)
    response = browser.post(url("import"), {"file": file, "match": "own"})
    assert response.status_code == 422
    assert said in text(response)
    assert NoticeImport.objects.count() == 0


def test_another_authoritys_file_is_not_there(client, browser):
    browser.post(url("import"), uploaded(release()))
    kept = NoticeImport.objects.get()
    client.force_login(person(slug="coventry"))
    assert client.get(url("import_preview", kept.pk)).status_code == 404
    assert client.post(url("import_apply", kept.pk)).status_code == 404
