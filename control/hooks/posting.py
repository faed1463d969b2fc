"""What comes in at a webhook's address, on its way to the room's log.

It becomes news in the outbox, in the transaction that remembers its Idempotency-Key; the relay and the recorder carry it
into the log under the id it gets here, once, however often it is told. So what was answered is said, though the bus or the
log be away at the moment. A key is remembered for a day; the same key with other words is an error of the caller's.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import msgspec

from common import feed
from common.clock import from_ms
from common.errors import MadangError
from common.ids import uuid7
from common.postgres import Connection
from common.protocol import MAX_TEXT
from common.units import MINUTES
from control import faults
from control.hooks import queries
from control.hooks.views import Posted, PostToHook
from control.outbox import announce
from control.ratelimit import Rate
from control.sealing import plain_hash
from control.services import Services
from control.words import line

PACE: Final = Rate(60, per=1 * MINUTES)  # of one webhook
_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")
_NOBODY: Final = plain_hash("")  # what the secret of a webhook that is not there is compared with


@dataclass(frozen=True, slots=True)
class _Post:
    """Something to say, under an id of its own."""

    id: str
    text: str
    name: str | None
    key: str | None
    body_hash: bytes


async def post(services: Services, hook: str, secret: str, said: PostToHook, key: str | None) -> Posted:
    """Take it on; when this returns, it will be said.

    Raises `hook_wrong` when there is no such address, `hook_revoked`, `rate_limited`, `invalid`, `text_empty`,
    `text_too_long`, `key_reused`.
    """
    keyhole: Any = await services.db.read(_keyhole, hook)
    known = keyhole["secret_hash"] if keyhole else _NOBODY
    if not hmac.compare_digest(plain_hash(secret), known) or keyhole is None:
        raise MadangError("hook_wrong")
    if keyhole["is_revoked"]:
        raise MadangError("hook_revoked")
    await services.limits.take((f"hook:{hook}", PACE))
    return await services.db.transaction(_post, hook, _tidy(said, key), from_ms(services.clock()))


def _tidy(said: PostToHook, key: str | None) -> _Post:
    if len(said.text) > MAX_TEXT:
        raise MadangError("text_too_long")
    if not said.text.strip():
        raise MadangError("text_empty")
    if key is not None and not _KEY.fullmatch(key):
        raise MadangError("invalid", fields={"Idempotency-Key": faults.NOT_A_KEY})
    name = None if said.username is None else line("username", said.username)
    return _Post(uuid7(), said.text, name, key, sha256(msgspec.json.encode((said.text, name))).digest())


async def _keyhole(connection: Connection, hook: str) -> Any:
    return await connection.fetchrow(queries.KEYHOLE, hook)


async def _post(connection: Connection, hook: str, post: _Post, now: datetime) -> Posted:
    used: Any = await connection.fetchrow(queries.USE, hook, now)
    if used is None:
        raise MadangError("hook_revoked")
    if post.key is not None:
        values = (hook, post.key, post.body_hash, post.id, now)
        if await connection.fetchval(queries.REMEMBER, *values) is None:
            return _again(await connection.fetchrow(queries.REMEMBERED, hook, post.key), post)
    news = feed.HookSpoke(
        room=used["room"], hook=hook, post=post.id, name=post.name or used["name"], text=post.text
    )
    await announce(connection, news)
    return Posted(post.id, repeated=False)


def _again(earlier: Any, post: _Post) -> Posted:
    """The answer that the first post of this key got. Raises `key_reused` when it said something else."""
    if earlier["body_hash"] != post.body_hash:
        raise MadangError("key_reused")
    return Posted(earlier["id"], repeated=True)
