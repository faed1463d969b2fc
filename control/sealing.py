"""What is made of MADANG_SECRET: keys for one purpose each, and sealed boxes for what must rest in the database."""

from __future__ import annotations

import hmac
import os
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE: Final = 12


class CannotOpen(Exception):
    """A box was sealed with another secret, for another name, or was tampered with."""


def derive(secret: str, purpose: str) -> bytes:
    """32 bytes for `purpose` alone (HKDF-SHA256, RFC 5869)."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"madang {purpose}".encode()).derive(secret.encode())


class Sealer:
    """Seals and opens small boxes with AES-256-GCM. A box opens only under the name it was sealed for."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._cipher = AESGCM(derive(secret, purpose))

    def seal(self, plain: bytes, name: str) -> bytes:
        """The box: a fresh nonce and the ciphertext."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, name.encode())

    def open(self, box: bytes, name: str) -> bytes:
        """What was sealed. Raises `CannotOpen`."""
        try:
            return self._cipher.decrypt(box[:_NONCE], box[_NONCE:], name.encode())
        except (InvalidTag, ValueError):
            raise CannotOpen(name) from None


class KeyedHash:
    """HMAC-SHA256 under a derived key: for what is too short to hash plainly, as six digits."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._key = derive(secret, purpose)

    def __call__(self, *parts: str) -> bytes:
        return hmac.digest(self._key, "\0".join(parts).encode(), "sha256")


def plain_hash(token: str) -> bytes:
    """SHA-256 of a token of ours: 256 random bits need no key and no salt."""
    return sha256(token.encode()).digest()
