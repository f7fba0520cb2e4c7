"""What an envelope gives away: nothing, not even that there is something in it."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from procurement.bids.rules.envelopes import (
    STEP,
    Envelope,
    EnvelopeBroken,
    JournalLine,
    place_mark,
    reseal,
    room_for,
    room_of,
    seal,
    unseal,
)

KEY = Fernet.generate_key()
WHEN = datetime(2026, 3, 3, 9, 0, 5, tzinfo=UTC)
EMPTY = Envelope(7, 3)
LINE = JournalLine("bid_started", "An offer was started.", WHEN, 1, "A", 7, "Supplier £")
FULL = Envelope(
    7,
    3,
    version=12,
    state="submitted",
    draft="d" * 5000,
    sealed="s" * 5000,
    content_hash="0" * 64,
    receipt="SV-ABCDE-FGHIJ",
    submitted_at=WHEN,
    submitted_by=9,
    submitter="Zoë",
    journal=(LINE, replace(LINE, deed="bid_submitted", receipt="SV-ABCDE-FGHIJ", user_id=None)),
)


def noise(length: int) -> str:
    """Text that does not pack: as long as it is."""
    import secrets

    return secrets.token_hex(length // 2)


@pytest.mark.parametrize("envelope", [EMPTY, FULL])
def test_what_goes_in_comes_out(envelope):
    assert unseal(seal(envelope, KEY, room=STEP), KEY) == envelope


@given(st.text(max_size=200), st.text(max_size=200), st.integers(0, 10**9))
def test_any_text_comes_out_as_it_went_in(draft, name, version):
    envelope = replace(FULL, draft=draft, submitter=name, version=version)
    assert unseal(seal(envelope, KEY, room=1), KEY) == envelope


def test_an_empty_place_and_a_bid_are_of_one_size_and_form():
    empty, full = (seal(one, KEY, room=STEP) for one in (EMPTY, FULL))
    assert len(empty) == len(full)
    assert empty[:12] == full[:12]  # version and time stamp of the cipher


def test_the_cipher_tells_no_time():
    for token in (seal(FULL, KEY, room=STEP), reseal(seal(EMPTY, KEY, room=STEP), KEY, room=STEP)):
        assert base64.urlsafe_b64decode(token)[1:9] == bytes(8)


def test_sealed_twice_nothing_is_alike():
    one, two = seal(FULL, KEY, room=STEP), seal(FULL, KEY, room=STEP)
    assert one != two
    again = reseal(one, KEY, room=STEP)
    assert again not in (one, two)
    assert len(again) == len(one)
    assert unseal(again, KEY) == FULL


def test_every_size_is_a_whole_number_of_steps():
    for length in (0, STEP - 1000, STEP, STEP + 1, 5 * STEP):
        token = seal(replace(EMPTY, draft=noise(length)), KEY, room=1)
        assert room_of(token, KEY) % STEP == 0


def test_a_step_is_filled_to_its_last_byte_and_not_further():
    def room_with(padding: int) -> int:
        # Noise packs to half of its length; what is left is found by trying.
        return room_of(seal(replace(EMPTY, draft=noise(padding)), KEY, room=1), KEY)

    sizes = [room_with(length) for length in range(20_000, 40_000, 1000)]
    assert sizes == sorted(sizes)
    assert (sizes[0], sizes[-1]) == (STEP, 2 * STEP)


def test_a_place_grows_and_stays_readable():
    token = reseal(seal(FULL, KEY, room=STEP), KEY, room=3 * STEP)
    assert room_of(token, KEY) == 3 * STEP
    assert unseal(token, KEY) == FULL


@pytest.mark.parametrize(
    ("lines", "questions", "room"),
    [(0, 0, STEP), (3, 2, STEP), (30, 1, STEP), (31, 1, 2 * STEP), (200, 5, 7 * STEP)],
)
def test_the_room_follows_from_what_is_asked(lines, questions, room):
    assert room_for(lines=lines, questions=questions) == room


def test_a_place_is_named_by_the_tenders_key_alone():
    other = Fernet.generate_key()
    marks = {place_mark(key, supplier) for key in (KEY, other) for supplier in range(1, 50)}
    assert len(marks) == 98
    assert place_mark(KEY, 7) == place_mark(KEY, 7)
    assert {len(mark) for mark in marks} == {64}


@pytest.mark.parametrize(
    "token",
    [
        "",
        "garbage",
        "é",
        seal(FULL, Fernet.generate_key(), room=STEP),
        seal(FULL, KEY, room=STEP)[:-8] + "AAAAAAA=",
        Fernet(KEY).encrypt(b"").decode(),
        Fernet(KEY).encrypt(b"\0\0\0\5hello").decode(),
    ],
    ids=["empty", "garbage", "not ascii", "another key", "tampered", "nothing in it", "no content"],
)
def test_anything_else_is_no_envelope(token):
    with pytest.raises(EnvelopeBroken):
        unseal(token, KEY)
