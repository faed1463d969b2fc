"""Passwords: which are good enough, and how they rest.

They rest as bcrypt of the base64 of their SHA-256: bcrypt alone reads 72 bytes and stops at a zero byte. Hashing is slow
by design, so it runs in a few threads, and refuses with `overloaded` when too many wait for one.
"""

from __future__ import annotations

import os
import re
import unicodedata
from base64 import b64encode
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Final

import bcrypt
import trio

from common.errors import MadangError
from control import faults

SHORTEST: Final = 10
LONGEST: Final = 200
_QUEUE: Final = 64  # waiting for a thread: some eight seconds of work at cost 12 on two cores
_COMMON: Final = Path(__file__).with_name("common_passwords.txt")
_TRIMMINGS: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class Passwords:
    """Hashes and compares, off the event loop. `cost`: 2 ** cost rounds."""

    def __init__(self, cost: int) -> None:
        self._cost = cost
        self._threads = trio.CapacityLimiter(os.cpu_count() or 2)
        self._nobody = bcrypt.gensalt(cost) + b"." * 31  # the shape of a hash that no password has

    async def hash(self, password: str) -> str:
        """What to store."""
        self._refuse_a_crowd()
        hashed = await trio.to_thread.run_sync(
            partial(bcrypt.hashpw, _digest(password), bcrypt.gensalt(self._cost)), limiter=self._threads
        )
        return hashed.decode()

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether `stored` was made of `password`. With None (nobody has that e-mail) it takes as long, and says no."""
        self._refuse_a_crowd()
        against = self._nobody if stored is None else stored.encode()
        return await trio.to_thread.run_sync(
            partial(bcrypt.checkpw, _digest(password), against), limiter=self._threads
        )

    def _refuse_a_crowd(self) -> None:
        if self._threads.statistics().tasks_waiting >= _QUEUE:
            raise MadangError("overloaded", retry_after_ms=5000)


def check_password(password: str, *, personal: tuple[str, ...]) -> None:
    """Raise `password_weak` for one that guessers try early: short, common, or made of what is known of its owner.

    `personal`: the e-mail address, the nickname, the name. Length, a list and context are what NIST SP 800-63B §3.1.1
    asks for; it advises against rules of composition, and so there are none.
    """
    folded = _normal(password).casefold()
    core = _TRIMMINGS.sub("", folded)
    told = [_normal(whole.strip()).casefold() for whole in personal]
    known = {word for whole in told for word in (whole, whole.partition("@")[0])}
    if len(_normal(password)) < SHORTEST:
        raise MadangError("password_weak", fields={"password": f"Expected `str` of length >= {SHORTEST}"})
    if folded in known or core in known:
        raise MadangError("password_weak", fields={"password": faults.TOO_PERSONAL})
    if len(set(folded)) < 4 or {folded, core} & _common():
        raise MadangError("password_weak", fields={"password": faults.TOO_COMMON})


@cache
def _common() -> frozenset[str]:
    lines = _COMMON.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _normal(password: str) -> str:
    """One form for what looks the same: keyboards differ in how they compose Hangul (RFC 8265 §4.2, OpaqueString)."""
    return unicodedata.normalize("NFC", password)


def _digest(password: str) -> bytes:
    return b64encode(sha256(_normal(password).encode()).digest())
