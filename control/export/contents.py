"""What is in a copy: a JSON file for each kind of thing that is somebody's own, their messages by room, and their files.

Every JSON file is a list. Whatever of it is others' words stays out, but for the names of whom they know.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final

import msgspec

from common.postgres import Connection
from common.roomlog.erasure import CHUNK, said
from common.roomlog.log import Document, Log
from common.roomlog.marks import text_of
from common.units import MIB
from control.export import queries
from control.export.zipping import Zip
from control.services import Services
from control.uploads import files

_ROWS: Final = 500  # at once
_CHUNK: Final = 4 * MIB  # of a file at once

SECTIONS: Final = {
    "account": queries.ACCOUNT,
    "identities": queries.IDENTITIES,
    "sessions": queries.SESSIONS,
    "relations": queries.RELATIONS,
    "rooms": queries.ROOMS,
    "stays": queries.STAYS,
    "badges": queries.BADGES,
    "avatars": queries.AVATARS,
    "uploads": queries.UPLOADS,
    "invitations": queries.INVITATIONS,
    "room_links": queries.ROOM_LINKS,
    "webhooks": queries.WEBHOOKS,
    "bots": queries.BOTS,
    "reports": queries.REPORTS,
    "mentor_applications": queries.APPLICATIONS,
    "mentor": queries.MENTOR,
    "follows": queries.FOLLOWS,
    "points": queries.POINTS,
    "classes": queries.CLASSES,
    "registrations": queries.REGISTRATIONS,
    "reviews": queries.REVIEWS,
    "questions": queries.QUESTIONS,
    "answers": queries.ANSWERS,
    "comments": queries.COMMENTS,
    "likes": queries.LIKES,
    "match_applications": queries.MATCH_APPLICATIONS,
    "posts": queries.POSTS,
    "posts_joined": queries.POSTS_JOINED,
    "post_comments": queries.POST_COMMENTS,
    "matches": queries.MATCHES,
    "match_reviews": queries.MATCH_REVIEWS,
}


async def put_everything(services: Services, user: str, into: Zip, now: datetime) -> None:
    """Write all that is `user`'s. Raises `StoreUnavailable`."""
    for name, statement in SECTIONS.items():
        await _put_list(into, f"{name}.json", _rows(services, statement, user), now)
    for room in await services.db.read(_ids, queries.ROOMS_EVER, user):
        await _put_list(into, f"messages/{room}.json", _messages(services, room, user), now)
    await _put_files(services, user, into, now)


async def _put_list(into: Zip, name: str, items: AsyncIterator[list[bytes]], now: datetime) -> None:
    """A JSON list, written as it is read."""
    before = b"[\n"
    async with into.file(name, at=now) as file:
        async for some in items:
            if some:
                await file.write(before + b",\n".join(some))
                before = b",\n"
        await file.write(b"\n]\n" if before == b",\n" else b"[]\n")


async def _rows(services: Services, statement: str, user: str) -> AsyncIterator[list[bytes]]:
    offset = 0
    while rows := await services.db.read(_fetch, statement, user, offset, _ROWS):
        yield [row[0].encode() for row in rows]
        offset += len(rows)


async def _messages(services: Services, room: str, user: str) -> AsyncIterator[list[bytes]]:
    head = (await Log(services.mongo).heads([room]))[room][0]
    for first in range(1, head + 1, CHUNK):
        documents = await services.mongo.run(said, services.mongo.database, room, user, first)
        yield [msgspec.json.encode(_message(document)) for document in documents]


def _message(document: Document) -> dict[str, Any]:
    """A message as it is by now."""
    named = ("seq", "at", "kind", "reply_to", "mentions", "attachments")
    return {"text": text_of(document)} | {name: document[name] for name in named if name in document}


async def _put_files(services: Services, user: str, into: Zip, now: datetime) -> None:
    last = "00000000-0000-0000-0000-000000000000"
    while rows := await services.db.read(_fetch, queries.FILES, user, last, _ROWS):
        for row in rows:
            await _put_file(services, row, into, now)
        last = rows[-1]["id"]


def tame(name: str) -> str:
    """A file's name that leads nowhere, however its owner called it and whatever unpacks it."""
    plain = name.replace("/", "_").replace("\\", "_")
    return plain.replace(".", "_") if plain in {".", ".."} else plain


async def _put_file(services: Services, row: Any, into: Zip, now: datetime) -> None:
    """A file, as far as it is still there. Most are packed already: pictures, sounds, films."""
    async with into.file(f"uploads/{row['id']}/{tame(row['name'])}", at=now, packed=False) as file:
        for start in range(0, row["size"], _CHUNK):
            try:
                await file.write(await services.s3.slice(files.kept(row["id"]), start, _CHUNK))
            except KeyError:
                return


async def _fetch(connection: Connection, statement: str, *arguments: object) -> list[Any]:
    return await connection.fetch(statement, *arguments)


async def _ids(connection: Connection, statement: str, user: str) -> list[str]:
    return [row["id"] for row in await connection.fetch(statement, user)]
