"""How the key of a tender's bids is kept. Pure."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def new_key() -> bytes:
    """A fresh key for the bids of one tender."""
    return Fernet.generate_key()


def wrap_key(key: bytes, *, sealing_key: str, tender_id: int) -> str:
    """The tender's key encrypted under the site's sealing key, for this tender only."""
    return _wrapper(sealing_key, tender_id).encrypt(key).decode()


def unwrap_key(wrapped: str, *, sealing_key: str, tender_id: int) -> bytes:
    """The tender's key. ``cryptography.fernet.InvalidToken`` under another sealing key or tender."""
    return _wrapper(sealing_key, tender_id).decrypt(wrapped.encode())


def _wrapper(sealing_key: str, tender_id: int) -> Fernet:
    info = f"socialvalue tender key {tender_id}".encode()
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(sealing_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
