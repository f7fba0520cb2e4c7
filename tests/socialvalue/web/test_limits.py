"""How many requests one address may make in a minute, and how large one may be; turned on here, off in other tests."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.settings.limits import PER_MINUTE, read_limits
from tests.factories.accounts import user_with_role
from tests.permissions.test_every_address import ours

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 10, 0, 20, tzinfo=UTC)
MOST = {"pages": 3, "forms": 2, "files": 2, "links": 2, "api": 2}
TOKEN = "x" * 43
LINKS = (
    f"/invitations/{TOKEN}/", f"/register/{TOKEN}/", f"/invitations/{TOKEN}.signed/",
    f"/deliveries/hand-in/{TOKEN}/", f"/deliveries/confirm/{TOKEN}/", f"/calendar/{TOKEN}.ics",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _limited(settings):
    settings.REQUEST_LIMITS = MOST
    caches["limits"].clear()
    with clock.at(NOW):
        yield
    caches["limits"].clear()


def statuses(client, address, times, **more):
    return [client.get(address, **more).status_code for _ in range(times)]


def from_address(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def test_pages_are_counted_for_each_address_and_minute():
    client = from_address("192.0.2.1")
    assert statuses(client, "/privacy/", 4) == [200, 200, 200, 429]
    assert client.get("/cookies/").status_code == 429, "whichever page it is"
    assert from_address("192.0.2.2").get("/privacy/").status_code == 200
    with clock.at(NOW + timedelta(seconds=39)):
        assert client.get("/privacy/").status_code == 429
    with clock.at(NOW + timedelta(seconds=40)):
        assert client.get("/privacy/").status_code == 200


def test_the_answer_says_calmly_when_to_try_again():
    client = from_address("192.0.2.1")
    statuses(client, "/privacy/", 3)
    page = client.get("/privacy/")
    assert page.status_code == 429
    assert page.headers["Retry-After"] == "40"
    assert page.headers["Cache-Control"] == "no-store"
    text = page.content.decode()
    assert "Try again in 40 seconds. Nothing was changed." in text
    assert "<h1" in text
    assert 'id="main-content"' in text
    program = client.get("/privacy/", headers={"accept": "application/json"})
    assert program.json() == {"error": "Too many requests in one minute. Try again in 40 seconds."}


def test_addresses_that_lead_nowhere_count_too():
    client = from_address("192.0.2.1")
    assert [client.get(f"/guess-{number}/").status_code for number in range(4)] == [
        404, 404, 404, 429,
    ]  # fmt: skip


def test_public_files_have_a_limit_of_their_own_and_json_is_answered_with_json():
    client = from_address("192.0.2.1")
    address = "/open/nowhere/themes.json"
    assert statuses(client, address, 3) == [404, 404, 429]
    assert "error" in client.get(address).json()
    assert client.get("/open/").status_code == 200


@pytest.mark.parametrize("address", LINKS)
def test_links_cannot_be_guessed_at_speed_signed_in_or_not(address):
    for client in (from_address("192.0.2.1"), from_address("192.0.2.2")):
        if client.defaults["REMOTE_ADDR"].endswith("2"):
            client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
        assert statuses(client, address, 3) == [404, 404, 429]


def test_every_view_that_a_link_opens_is_counted_as_one():
    """Whatever anybody may open with a secret in its address, and nothing else."""
    open_to_all = {
        name: view.view_class for name, route, view in ours()
        if not view.view_class.access.needs_sign_in and "token" in route
    }  # fmt: skip
    assert len(open_to_all) == len(LINKS)
    assert {name: found.limit for name, found in open_to_all.items()} == dict.fromkeys(
        open_to_all, "links"
    )


@pytest.mark.parametrize("address", ["/register/", "/account/login/", "/account/password/reset/"])
def test_forms_sent_without_signing_in_have_a_limit(address):
    client = from_address("192.0.2.1")
    assert [client.post(address, {}).status_code != 429 for _ in range(3)] == [True, True, False]
    assert client.get(address).status_code == 200, "the page itself can be read"


def test_a_form_without_its_token_is_counted_before_it_is_refused():
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR="192.0.2.1")
    assert [client.post("/register/", {}).status_code for _ in range(3)] == [403, 403, 429]


def test_people_who_are_signed_in_are_not_counted_and_cost_the_cache_nothing(client, monkeypatch):
    client.force_login(user_with_role(Role.PROCUREMENT_OFFICER))
    monkeypatch.setattr("socialvalue.core.limits.caches", {})
    assert set(statuses(client, "/procurements/", 5)) == {200}
    assert set(statuses(client, "/privacy/", 5)) == {200}


def test_a_made_up_session_is_nobodys():
    client = from_address("192.0.2.1")
    client.cookies["sv_session"] = "a" * 32
    assert statuses(client, "/privacy/", 4)[-1] == 429


def test_one_request_costs_one_call_of_the_cache(monkeypatch):
    client, calls = from_address("192.0.2.1"), []
    client.get("/privacy/")
    kept = caches["limits"]

    class Counting:
        def __getattr__(self, name):
            calls.append(name)
            return getattr(kept, name)

    monkeypatch.setattr("socialvalue.core.limits.caches", {"limits": Counting()})
    client.get("/privacy/")
    assert calls == ["incr"]


def test_the_api_counts_people_and_strangers_by_address():
    one, two = from_address("192.0.2.1"), from_address("192.0.2.1")
    one.force_login(user_with_role(Role.PROCUREMENT_OFFICER))
    two.force_login(user_with_role(Role.PROCUREMENT_OFFICER))
    assert statuses(one, "/api/v1/schema/", 3) == [200, 200, 429]
    assert one.get("/api/v1/route/").status_code == 429
    assert two.get("/api/v1/schema/").status_code == 200, "an office shares an address"
    stranger = from_address("192.0.2.1")
    assert statuses(stranger, "/api/v1/route/", 3) == [401, 401, 429]
    told = stranger.get("/api/v1/route/")
    assert told.json() == {"error": "Too many requests in one minute. Try again in 40 seconds."}
    assert told.headers["Retry-After"] == "40"


def test_the_health_page_is_never_counted():
    assert set(statuses(from_address("192.0.2.1"), "/healthz", 9)) == {200}


def test_of_ipv6_the_network_counts_and_not_each_of_its_numbers():
    seen = [
        from_address(f"2001:db8:1:2::{number}").get("/privacy/").status_code for number in range(4)
    ]
    assert seen == [200, 200, 200, 429]
    assert from_address("2001:db8:1:3::1").get("/privacy/").status_code == 200


def test_behind_a_proxy_the_visitors_address_counts_and_cannot_be_made_up(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def ask(made_up, visitor):
        header = {"x-forwarded-for": f"{made_up}, {visitor}"}
        return from_address("10.0.0.1").get("/privacy/", headers=header).status_code

    assert [ask(f"203.0.113.{number}", "192.0.2.1") for number in range(4)][-1] == 429
    assert ask("203.0.113.9", "192.0.2.2") == 200


def test_a_wrong_number_of_proxies_takes_no_page_down(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    header = {"x-forwarded-for": "192.0.2.1"}
    assert from_address("10.0.0.1").get("/privacy/", headers=header).status_code == 200


def test_without_the_cache_pages_are_still_answered(monkeypatch):
    gone = RedisCache("redis://127.0.0.1:1/1", {})
    monkeypatch.setattr("socialvalue.core.limits.caches", {"limits": gone})
    assert statuses(from_address("192.0.2.1"), "/privacy/", 5) == [200] * 5


def another_database(queue):
    """The tenth database of the Redis that keeps the queue, over TCP or over its socket."""
    scheme, _, rest = queue.partition("://")
    if scheme == "redis+socket":
        return f"unix://{rest.partition('?')[0]}?db=9"
    return f"{scheme}://{rest.partition('/')[0]}/9"


@pytest.mark.skipif("CELERY_BROKER_URL" not in os.environ, reason="Redis is there in make test.")
def test_redis_counts_as_well_as_the_memory_of_a_process(monkeypatch):
    """Where the tests run with Redis; in another of its databases than the queue's."""
    shared = RedisCache(another_database(os.environ["CELERY_BROKER_URL"]), {})
    monkeypatch.setattr("socialvalue.core.limits.caches", {"limits": shared})
    client = from_address(f"192.0.2.{os.getpid() % 250}")
    shared.clear()
    assert statuses(client, "/privacy/", 4) == [200, 200, 200, 429]
    (key,) = shared._cache.get_client().keys("*pages:*")
    assert 0 < shared._cache.get_client().ttl(key) <= 120, "a count goes by itself"
    shared.clear()


def test_turned_off_nothing_is_counted(settings):
    settings.REQUEST_LIMITS = read_limits("off")
    assert set(statuses(from_address("192.0.2.1"), "/privacy/", 9)) == {200}


def test_what_allauth_refuses_says_when_to_try_again_too(settings):
    settings.REQUEST_LIMITS = {}
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = from_address("192.0.2.1")
    client.post("/account/login/", {})
    refused = client.post("/account/login/", {})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "300"


# --- the setting ------------------------------------------------------------------------------------


def test_the_setting_reads_over_what_is_usual():
    assert read_limits("") == PER_MINUTE
    assert read_limits("pages=1200, files=0") == PER_MINUTE | {"pages": 1200, "files": 0}
    assert set(read_limits("off").values()) == {0}


@pytest.mark.parametrize(
    ("text", "said"),
    [("page=1", "names 'page'"), ("pages=many", "'many' for pages"), ("pages", "''")],
)
def test_a_wrong_setting_is_named(text, said):
    with pytest.raises(ValueError, match=said):
        read_limits(text)


# --- how large --------------------------------------------------------------------------------------

LARGE = "application/octet-stream"


def test_what_is_too_large_is_refused_before_it_is_read(client, settings):
    settings.REQUEST_LIMITS = {}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    settings.MAX_REQUEST_BYTES = 2 * 1024 * 1024
    megabyte = b"x" * 1024 * 1024
    refused = client.post("/register/", megabyte + b"x", content_type=LARGE)
    assert refused.status_code == 413
    assert "is larger than 1 MB, so it was not read" in refused.content.decode()
    assert client.post("/register/", b"x" * 1000, content_type=LARGE).status_code == 422
    link = f"/deliveries/hand-in/{TOKEN}/"
    assert client.post(link, megabyte + b"x", content_type=LARGE).status_code == 404
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    assert (
        client.post("/deliveries/uploads/", megabyte * 2 + b"x", content_type=LARGE).status_code
        == 413
    )
    assert (
        client.post("/deliveries/uploads/", megabyte + b"x", content_type=LARGE).status_code != 413
    )


def test_programs_send_little(client, settings):
    settings.REQUEST_LIMITS = {}
    client.force_login(user_with_role(Role.PROCUREMENT_OFFICER))
    for method in ("post", "generic"):
        extra = ("GET",) if method == "generic" else ()
        answer = getattr(client, method)(
            *extra, "/api/v1/route/", b"x" * (64 * 1024 + 1), content_type=LARGE
        )
        assert answer.status_code == 413
        assert answer.json()["error"].startswith("What was sent is larger than 64 KB.")


def test_a_form_of_too_many_boxes_or_files_is_refused(client, settings):
    settings.REQUEST_LIMITS = {}
    client.force_login(user_with_role(Role.SUPPLIER_ADMIN))
    many = {f"box{number}": "1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert client.post("/organisations/own/", many).status_code == 400
    files = [
        SimpleUploadedFile(f"{n}.txt", b"x")
        for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)
    ]
    assert client.post("/organisations/own/", {"file": files}).status_code == 400
