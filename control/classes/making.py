"""A class's life: made by a mentor as a draft, opened, changed, closed; or called off, and everybody is refunded.

The room is made with the class, and the mentor owns it as long as there is a class. Whoever changes a class locks its row,
and after it accounts and the room, in this order everywhere.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Final

from common import feed
from common.clock import from_ms
from common.errors import MadangError
from common.postgres import Connection
from control import faults
from control.admin.audit import record
from control.classes import news, queries, reading, registering, settling
from control.classes.views import ChangeClass, Class, MakeClass
from control.once import Once
from control.outbox import announce
from control.rooms import membership
from control.rooms import queries as rooms
from control.services import Services
from control.words import Fields, Rules, fields_of, line, lines, paragraphs, tidied

_BESIDE: Final = 10  # places in the room for others than registrants: the mentor, bots
_WORDS: Final[Rules] = {
    "title": partial(line, "title"),
    "description": partial(paragraphs, "description"),
    "curriculum": partial(lines, "curriculum"),
    "questions": partial(lines, "questions"),
}

Row = Any  # the record of queries.LOCK


async def make(services: Services, mentor: str, wanted: MakeClass) -> Class:
    """A new draft, and its room. Raises `invalid`, `category_unknown`, `cover_not_found`, `reference_reused`, and
    `mentor_not_found` for somebody without a mentor's card."""
    fields = _tidy(services, fields_of(wanted))
    return await services.db.transaction(_make, Once.of(services, mentor, wanted), fields)


async def change(services: Services, mentor: str, of: str, wanted: ChangeClass) -> Class:
    """Change what `wanted` names. More places are offered to who waits; everybody hears of another start.

    Raises `invalid`, `category_unknown`, `cover_not_found`, `class_not_found`, `class_closed`, `class_started`,
    `class_not_draft` for what is fixed once it is open, `capacity_below_registered`, `start_not_earlier`.
    """
    at = await registering.moment(services, mentor, of)
    return await services.db.transaction(_change, services, mentor, (of, fields_of(wanted)), at)


async def delete(services: Services, mentor: str, of: str) -> None:
    """Take a draft back, with its room; what is gone stays gone. Raises `class_not_draft`."""
    await services.db.transaction(_delete, mentor, of, from_ms(services.clock()))


async def open_class(services: Services, mentor: str, of: str) -> Class:
    """Let people register; those who follow the mentor hear of it. To open it again changes nothing.

    Raises `class_not_found`, `class_closed`, `class_started`.
    """
    return await services.db.transaction(_open, mentor, of, from_ms(services.clock()))


async def close(services: Services, mentor: str, of: str) -> Class:
    """Let nobody register any more; who waits, waits in vain, and hears so. To close it again changes nothing.

    Raises `class_not_found`, `class_not_open` for a draft.
    """
    return await services.db.transaction(_close, mentor, of, from_ms(services.clock()))


async def call_off(services: Services, by: str, of: str, *, admin: bool = False) -> None:
    """A class that has not begun will not take place: everybody is refunded and told. To call it off again changes nothing.

    Its mentor may, or an admin. Raises `class_not_found`, `class_not_open` for a draft, `class_started`.
    """
    await services.db.transaction(_call_off, by, of, from_ms(services.clock()), admin)


async def unlist(services: Services, by: str, of: str, reason: str) -> None:
    """Keep a class out of all lists, and let nobody register; who is in it stays. Again changes nothing.

    Raises `class_not_found`.
    """
    await services.db.transaction(_unlist, by, of, from_ms(services.clock()), line("reason", reason))


async def list_again(services: Services, by: str, of: str) -> None:
    """Take `unlist` back. Raises `class_not_found`."""
    await services.db.transaction(_unlist, by, of, None, None)


# --- what it says -----------------------------------------------------------------------------------------------------


def _tidy(services: Services, asked: Fields, kept: list[str] | None = None) -> Fields:
    """What is asked for, as it is kept. Raises `invalid`, `category_unknown`."""

    def to_come(starts_at: int) -> datetime:
        if starts_at <= services.clock():
            raise MadangError("invalid", fields={"starts_at": faults.NOT_TO_COME})
        return from_ms(starts_at)

    rules: Rules = {
        **_WORDS,
        "categories": partial(services.categories.chosen, kept=kept or ()),
        "starts_at": to_come,
    }
    return tidied(asked, rules)


async def _require_cover(connection: Connection, mentor: str, cover: str | None) -> None:
    if cover is not None and not await connection.fetchval(queries.COVER, mentor, cover):
        raise MadangError("cover_not_found", fields={"cover": cover})


# --- transactions -----------------------------------------------------------------------------------------------------


async def own(connection: Connection, mentor: str, of: str) -> Row:
    """The class locked, for its mentor; somebody else's is not found, for drafts are nobody else's business."""
    row = await registering.locked(connection, of)
    if row["mentor"] != mentor:
        raise MadangError("class_not_found")
    return row


async def _make(connection: Connection, once: Once, fields: Fields) -> Class:
    made = await once.made(connection, partial(_add, connection, once.by, fields, once.now))
    return await reading.shown(connection, once.by, made)


async def _add(connection: Connection, mentor: str, fields: Fields, now: datetime) -> str:
    if not await connection.fetchval(queries.IS_LISTED_MENTOR, mentor):
        raise MadangError("mentor_not_found")
    await _require_cover(connection, mentor, fields["cover"])
    room: str = await connection.fetchval(queries.ADD_ROOM, *_of_room(fields).values())
    await membership.add_members(connection, room, [mentor], role="owner", last_read=0)
    made: str = await connection.fetchval(queries.ADD, mentor, room, *_columns(fields), now)
    return made


def _columns(fields: Fields) -> tuple[Any, ...]:
    """In the order in which `queries.ADD` and `queries.CHANGE` take them."""
    names = (
        "title",
        "description",
        "curriculum",
        "questions",
        "price",
        "capacity",
        "starts_at",
        "cover",
        "categories",
    )
    return tuple(fields[name] for name in names)


async def _change(
    connection: Connection,
    services: Services,
    mentor: str,
    wanted: tuple[str, Fields],
    at: registering.Moment,
) -> Class:
    of, asked = wanted
    row = await own(connection, mentor, of)
    asked = _tidy(services, asked, row["categories"])
    before = {name: row[name] for name in ChangeClass.__struct_fields__}
    changed = {name for name, value in asked.items() if value != before[name]}
    _refuse_change(row, changed, asked, at.now)
    if "cover" in changed:
        await _require_cover(connection, mentor, asked["cover"])
    after = before | asked
    await connection.execute(queries.CHANGE, of, *_columns(after))
    if "cover" in changed and before["cover"] is not None:
        await connection.execute(queries.DROP_COVER, before["cover"], at.now)
    if "starts_at" in changed:
        people = [each["user_id"] for each in await connection.fetch(queries.LIVE, of)]
        await news.tell(connection, await registering.locked(connection, of), "moved", people)
    if after["capacity"] > before["capacity"] and row["state"] == "open":
        await registering.move_up(connection, await registering.locked(connection, of), at)
    await _change_room(connection, row["room"], mentor, _of_room(before), _of_room(after))
    return await reading.shown(connection, mentor, of)


def _refuse_change(row: Row, changed: set[str], asked: Fields, now: datetime) -> None:
    if not changed:
        return
    if row["state"] == "closed":
        raise MadangError("class_closed")
    if row["state"] == "open" and row["starts_at"] <= now:
        raise MadangError("class_started")
    if row["state"] == "open" and changed & {"price", "questions"}:
        raise MadangError("class_not_draft")
    if row["registered"] and "starts_at" in changed and asked["starts_at"] < row["starts_at"]:
        raise MadangError("start_not_earlier")  # whoever paid may cancel until then
    if "capacity" in changed and asked["capacity"] < row["registered"]:
        raise MadangError("capacity_below_registered")


async def _change_room(connection: Connection, room: str, by: str, before: Fields, after: Fields) -> None:
    """What is changed of the class is of its room, too; which never has fewer places than people."""
    asked = [value if value != before[name] else None for name, value in after.items()]
    row: Any = await connection.fetchrow(queries.CHANGE_ROOM, room, *asked)
    if changed := {name: row[name] for name in after if row[name] != row[f"old_{name}"]}:
        await announce(connection, feed.RoomChanged(room=room, by=by, **changed))


def _of_room(fields: Fields) -> Fields:
    """What the class room has of the class; time that is spent there is spent on the first of its categories."""
    return {
        "title": fields["title"],
        "capacity": fields["capacity"] + _BESIDE,
        "category": fields["categories"][0],
    }


async def _delete(connection: Connection, mentor: str, of: str, now: datetime) -> None:
    row = await own(connection, mentor, of)
    if row["state"] != "draft":
        raise MadangError("class_not_draft")
    await connection.execute(queries.DELETE, of)
    if row["cover"] is not None:
        await connection.execute(queries.DROP_COVER, row["cover"], now)
    members = [each["user_id"] for each in await connection.fetch(rooms.REMOVE_ALL, row["room"])]
    await membership.archive(connection, row["room"])
    await announce(connection, feed.RoomArchived(room=row["room"], members=members, by=mentor))


async def _open(connection: Connection, mentor: str, of: str, now: datetime) -> Class:
    row = await own(connection, mentor, of)
    if row["state"] == "closed":
        raise MadangError("class_closed")
    if row["state"] == "draft":
        if row["starts_at"] <= now:
            raise MadangError("class_started")
        await connection.execute(queries.OPEN, of, now)
        if row["unlisted_at"] is None and await connection.fetchval(queries.IS_LISTED_MENTOR, mentor):
            await news.tell_followers(connection, row)
    return await reading.shown(connection, mentor, of)


async def _close(connection: Connection, mentor: str, of: str, now: datetime) -> Class:
    row = await own(connection, mentor, of)
    if row["state"] == "draft":
        raise MadangError("class_not_open")
    if row["state"] == "open":
        await connection.execute(queries.CLOSE, of)
        await registering.end_waiting(connection, row, "closed", now)
    return await reading.shown(connection, mentor, of)


async def _call_off(connection: Connection, by: str, of: str, now: datetime, admin: bool) -> None:
    row = await registering.locked(connection, of) if admin else await own(connection, by, of)
    if row["called_off_at"] is not None:
        return
    if row["state"] == "draft":
        raise MadangError("class_not_open")
    if row["starts_at"] <= now:
        raise MadangError("class_started")
    await settling.call_off(connection, row, now)
    if admin:
        await record(connection, by, "class.called_off", person=row["mentor"], object=of)


async def _unlist(connection: Connection, by: str, of: str, now: datetime | None, reason: str | None) -> None:
    row = await registering.locked(connection, of)
    if (row["unlisted_at"] is None) == (now is None):
        return
    await connection.execute(queries.UNLIST, of, now)
    if now is None:
        await record(connection, by, "class.listed", person=row["mentor"], object=of)
    else:
        await record(connection, by, "class.unlisted", person=row["mentor"], object=of, reason=reason)
