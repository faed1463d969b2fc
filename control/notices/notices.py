"""Notices: published, changed, withdrawn, each with its news and its line in the audit in one transaction."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

from msgspec import UNSET, Struct

from common import feed
from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from control.admin.audit import record
from control.admin.views import Act
from control.cursor import LAST, cut, unseal
from control.notices import queries
from control.notices.views import ChangeNotice, English, Korean, Notice, Notices, NoticesQuery, Publish
from control.once import Once
from control.outbox import announce
from control.services import Services
from control.words import line, paragraphs

MOST_PINNED: Final = 20
Happening = Literal["published", "changed", "withdrawn"]
_ACTS: Final[dict[Happening, Act]] = {
    "published": "notice.published",
    "changed": "notice.changed",
    "withdrawn": "notice.withdrawn",
}
W = TypeVar("W", Korean, English)


class _Key(Struct, array_like=True):
    """Where a page ended."""

    pinned: bool = True
    notice: UUID = LAST


async def listed(services: Services, query: NoticesQuery) -> Notices:
    """A page of the list. Raises `invalid` for a cursor that is none."""
    before = unseal(query.cursor, _Key) if query.cursor else _Key()
    rows = await services.db.read(_listed, before, query.limit + 1)
    page = cut(rows, query.limit, lambda row: _Key(row["pinned"], UUID(row["id"])))
    return Notices(
        notices=[_notice(row) for row in page.rows],
        next=page.next,
    )


async def one(services: Services, notice: str) -> Notice:
    """One of them. Raises `not_found`."""
    return await services.db.read(_one, notice)


async def publish(services: Services, by: str, wanted: Publish) -> Notice:
    """Tell everybody. Raises `invalid`, `reference_reused`, and `list_full` when too many are pinned."""
    ko, en = _tidy("ko", wanted.ko), _tidy("en", wanted.en)
    return await services.db.transaction(
        _publish, Once.of(services, by, wanted), Publish(ko=ko, en=en, pinned=wanted.pinned)
    )


async def change(services: Services, by: str, notice: str, wanted: ChangeNotice) -> Notice:
    """Say or show it otherwise. What changes nothing is no news. Raises `not_found`, `invalid`, `list_full`."""
    wanted = ChangeNotice(
        ko=wanted.ko if wanted.ko is UNSET else _tidy("ko", wanted.ko),
        en=wanted.en if wanted.en is UNSET else _tidy("en", wanted.en),
        pinned=wanted.pinned,
    )
    return await services.db.transaction(_change, by, notice, wanted, from_ms(services.clock()))


async def withdraw(services: Services, by: str, notice: str) -> None:
    """Take it back. One that is gone stays gone."""
    await services.db.transaction(_withdraw, by, notice)


def _tidy(language: str, words: W) -> W:
    """Words in the one form we keep. Raises `invalid`."""
    text = paragraphs(f"{language}.text", words.text)
    if not text:
        raise MadangError("invalid", fields={f"{language}.text": "Expected `str` of length >= 1"})
    return type(words)(line(f"{language}.title", words.title), text)


def _notice(row: Any) -> Notice:
    return Notice(
        id=row["id"],
        ko=Korean(row["ko_title"], row["ko_text"]),
        en=English(row["en_title"], row["en_text"]),
        pinned=row["pinned"],
        published_at=ms_of(row["published_at"]),
        edited_at=ms_of(row["edited_at"]) if row["edited_at"] else None,
    )


# --- transactions -----------------------------------------------------------------------------------------------------


async def _listed(connection: Connection, before: _Key, most: int) -> list[Any]:
    return await connection.fetch(queries.LIST, before.pinned, before.notice, most)


async def _one(connection: Connection, notice: str) -> Notice:
    row = await connection.fetchrow(queries.ONE, notice)
    if row is None:
        raise MadangError("not_found")
    return _notice(row)


async def _publish(connection: Connection, once: Once, wanted: Publish) -> Notice:
    made = await once.made(connection, partial(_add, connection, once.by, wanted, once.now))
    return await _one(connection, made)


async def _add(connection: Connection, by: str, wanted: Publish, now: datetime) -> str:
    await connection.execute(queries.LOCK)
    if wanted.pinned:
        await _refuse_too_many(connection)
    values = (wanted.pinned, wanted.ko.title, wanted.ko.text, wanted.en.title, wanted.en.text)
    notice: str = await connection.fetchval(queries.ADD, *values, by, now)
    await _tell(connection, by, await _one(connection, notice), "published")
    return notice


async def _change(
    connection: Connection, by: str, notice: str, wanted: ChangeNotice, now: datetime
) -> Notice:
    await connection.execute(queries.LOCK)
    before = await _one(connection, notice)
    pinned = before.pinned if wanted.pinned is UNSET else wanted.pinned
    ko = before.ko if wanted.ko is UNSET else wanted.ko
    en = before.en if wanted.en is UNSET else wanted.en
    if (ko, en, pinned) == (before.ko, before.en, before.pinned):
        return before
    if pinned and not before.pinned:
        await _refuse_too_many(connection)
    edited_at = now if (ko, en) != (before.ko, before.en) else _moment(before.edited_at)
    await connection.execute(queries.CHANGE, notice, pinned, ko.title, ko.text, en.title, en.text, edited_at)
    after = await _one(connection, notice)
    await _tell(connection, by, after, "changed")
    return after


async def _withdraw(connection: Connection, by: str, notice: str) -> None:
    await connection.execute(queries.LOCK)
    row = await connection.fetchrow(queries.ONE, notice)
    if row is None:
        return
    await connection.execute(queries.WITHDRAW, notice)
    await _tell(connection, by, _notice(row), "withdrawn")


async def _refuse_too_many(connection: Connection) -> None:
    if await connection.fetchval(queries.COUNT_PINNED) >= MOST_PINNED:
        raise MadangError("list_full")


async def _tell(connection: Connection, by: str, notice: Notice, change: Happening) -> None:
    """Everybody by the feed, and the admins by the audit."""
    await announce(
        connection,
        feed.NoticeChanged(
            notice=notice.id,
            change=change,
            pinned=notice.pinned,
            ko=notice.ko.title,
            en=notice.en.title,
            at=notice.published_at,
        ),
    )
    await record(connection, by, _ACTS[change], object=notice.id, ko=notice.ko.title, pinned=notice.pinned)


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)
