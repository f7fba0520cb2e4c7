"""Nothing of an uploaded workbook is kept in clear."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from procurement.bids.queries import my_offer
from procurement.bids.rules import workbook as rules
from socialvalue.accounts.models import User
from socialvalue.audit.models import AccessRecord
from socialvalue.audit.vocabulary import AccessKind
from tests.procurement.bids.test_views import client_of, text, url
from tests.procurement.bids.workbook_steps import download, draft, edited, rows_of, save, upload

pytestmark = pytest.mark.django_db

SECRET = "Only our partner in Sparkbrook knows"  # a method statement


def test_what_is_uploaded_is_written_nowhere(world, settings, tmp_path):
    draft(world)
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "there is no such folder")
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    client = client_of(world.bidder)
    content = download(world, client)
    good = edited(content, Offer=[(1, rules.METHOD, SECRET)])
    bad = edited(content, Offer=[(1, rules.METHOD, SECRET), (1, rules.QUANTITY, "x")])
    before, noted = dumped(), AccessRecord.objects.count()
    assert SECRET in text(upload(client, world, good))
    answer = upload(client, world, bad)
    assert answer.status_code == 422
    marked = client.post(url(world, "marked"), {"kept": answer.context["kept"]})
    assert SECRET in str(rows_of(marked.content))
    assert dumped() == before
    assert AccessRecord.objects.count() == noted + 1  # the marked copy was taken out
    assert_accesses_tell_no_offer(world)
    save(client, world, upload(client, world, good))
    assert dumped() != before
    assert SECRET not in dumped()
    assert_accesses_tell_no_offer(world)
    assert my_offer(world.bidder, world.tender.pk).offer.lines[0].method_statement == SECRET


def assert_accesses_tell_no_offer(world):
    """That files were taken out is noted by itself (decision 0040): by their names, and with no word of what is in
    them."""
    rows = list(AccessRecord.objects.order_by("pk"))
    assert {row.kind for row in rows} == {AccessKind.EXPORTED}
    assert {row.address for row in rows} == {url(world, "download"), url(world, "marked")}
    for row in rows:
        assert row.subject.startswith("offer-")
        assert row.subject.endswith(".xlsx")
        assert row.sentence == f"Took out {row.subject}."
    told = str(list(AccessRecord.objects.values_list()))
    for words in (SECRET, *words_of_the_offer(world)):
        assert words not in told


def words_of_the_offer(world):
    """All that the bidder wrote, kept or uploaded, in sentences."""
    offer = my_offer(world.bidder, world.tender.pk).offer
    found = [row.method_statement for row in offer.lines] + [row.text for row in offer.answers]
    assert any(found)
    return [words for words in found if words]


def dumped():
    """Every row of every table in clear, but for the accesses: those are read by themselves."""
    lines = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            if table == AccessRecord._meta.db_table:
                continue
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # names of our own tables
            lines += [f"{table} {row}" for row in cursor.fetchall()]
    return "\n".join(lines)


def test_an_upload_needs_the_forms_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(pk=world.bidder.user_id))
    content = download(world, client)
    assert upload(client, world, content).status_code == 403
    page = text(client.get(url(world, "workbook")))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    answer = client.post(
        url(world, "workbook"),
        {"file": SimpleUploadedFile("offer.xlsx", content), "csrfmiddlewaretoken": token},
    )
    assert answer.status_code == 200
