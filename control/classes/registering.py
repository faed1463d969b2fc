"""Registering for a class: a place is paid for, and brings its owner into the class room, in one transaction.

Until a class begins, a registration may be cancelled and is refunded whole; from then on it may be, and is not. A place
that is free goes to whoever has waited longest of those who can pay for it now; who cannot is passed over, and keeps his
place in the line, to come in when he can (`waiting.py`). Points lie with the yard until the class begins, and then go to the
mentor, if there still is one (`settling.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from common import feed
from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from control.classes import news, queries
from control.classes.views import Register, Registration
from control.outbox import announce
from control.people.relations import refuse_blocked
from control.points.ledger import Treasury, transfer
from control.rooms import membership
from control.rooms import queries as rooms
from control.rooms.reading import room_for
from control.rooms.views import Room
from control.services import Services
from control.words import paragraphs

Row = Any  # the record of queries.LOCK


class Moment(NamedTuple):
    """When something is done, and how many messages the class room has had by then: whoever comes in has read those."""

    now: datetime
    said: int


async def moment(services: Services, user: str, of: str) -> Moment:
    """Now, in the class `of`. Raises `class_not_found`."""
    return await _moment(services, await services.db.read(_glance, user, of))


async def locked(connection: Connection, of: str) -> Row:
    """The class, locked with its room until the transaction ends. Raises `class_not_found`."""
    row = await connection.fetchrow(queries.LOCK, of)
    if row is None:
        raise MadangError("class_not_found")
    return row


async def register(services: Services, user: str, of: str, wanted: Register) -> Registration:
    """A place in a class, or one on its waiting list. To register again changes nothing, but that who waits beside a free
    place, and can pay for it by now, comes in.

    Raises `class_not_found`, `not_oneself` for its mentor, `class_not_open`, `class_started`, `blocked`, `blocked_by_me`,
    `banned`, `answers_missing`, `invalid`, `class_full`, `not_enough_points`, `room_archived`.
    """
    answers = [paragraphs("answers", each) for each in wanted.answers]
    wanted = Register(answers, wanted.wait)
    row = await services.db.read(_glance, user, of)
    if not row["is_in"]:
        _refuse(user, row, wanted, from_ms(services.clock()))
    at = await _moment(services, row)
    async with services.turns.of(of):
        return await services.db.transaction(_register, user, of, wanted, at)


async def cancel(services: Services, user: str, of: str) -> None:
    """Give the place up, or wait no longer. Who did not register stays so. Raises `class_not_found`."""
    at = await moment(services, user, of)
    async with services.turns.of(of):
        await services.db.transaction(_cancel, user, of, at)


async def enter_room(services: Services, user: str, of: str) -> Room:
    """Come back into the class room, for who is registered and went out of it.

    Raises `class_not_found`, `not_registered`, `banned`, and `room_archived` when everybody had gone out of it.
    """
    return await services.db.transaction(_enter, user, of, await moment(services, user, of))


async def move_up(connection: Connection, row: Row, at: Moment) -> None:
    """Give places that are free to those who wait, as far as they can pay. The class is locked, and `row` is how it is."""
    free = 0 if _is_over(row, at.now) else row["capacity"] - row["registered"]
    admitted: list[str] = []
    place = -1
    while len(admitted) < free:
        found: Any = await connection.fetchrow(queries.NEXT, at.now, place, row["id"])
        if found is None:
            break
        place = found["place"]
        if await _admit_if_paid(connection, row, found["id"], found["user_id"], at.now):
            admitted.append(found["user_id"])
    if admitted:
        await connection.execute(queries.COUNT, row["id"], len(admitted), -len(admitted))
        await _bring_in(connection, row, admitted, at)
        await news.tell(connection, row, "admitted", admitted)


async def end_waiting(
    connection: Connection, row: Row, why: Literal["closed", "called_off"], now: datetime
) -> None:
    """Nobody waits any more. The class is locked."""
    waited = [each["user_id"] for each in await connection.fetch(queries.END_WAITING, row["id"], now)]
    await connection.execute(queries.COUNT, row["id"], 0, -len(waited))
    await news.tell(connection, row, why, waited)


async def refund_all(connection: Connection, row: Row, now: datetime) -> None:
    """Nobody is registered any more, and all have their points back; they stay in the room. The class is locked."""
    found = await connection.fetch(queries.TO_REFUND, row["id"])
    for each in found:
        await _end(connection, row, each, each["user_id"], now, refund=True)
    registered = sum(each["state"] == "registered" for each in found)
    await connection.execute(queries.COUNT, row["id"], -registered, 0)
    await news.tell(connection, row, "called_off", [each["user_id"] for each in found])


def _is_over(row: Row, now: datetime) -> bool:
    """Whether nobody comes in any more."""
    is_shown = row["state"] == "open" and row["unlisted_at"] is None and not row["room_archived"]
    return not is_shown or row["starts_at"] <= now


# --- transactions -----------------------------------------------------------------------------------------------------


async def _glance(connection: Connection, user: str, of: str) -> Row:
    row = await connection.fetchrow(queries.GLANCE, of, user)
    if row is None:
        raise MadangError("class_not_found")
    return row


async def _moment(services: Services, row: Row) -> Moment:
    return Moment(from_ms(services.clock()), await membership.spoken(services, row["room"]))


async def _register(connection: Connection, user: str, of: str, wanted: Register, at: Moment) -> Registration:
    row = await locked(connection, of)
    if await connection.fetchrow(queries.REGISTRATION, of, user):
        await move_up(connection, row, at)  # perhaps he can pay by now
        return _registration(row, await connection.fetchrow(queries.REGISTRATION, of, user))
    _refuse(user, row, wanted, at.now)
    await _refuse_person(connection, user, row, at.now)
    if row["waiting"]:  # who waits comes first
        await move_up(connection, row, at)
        row = await locked(connection, of)
        _refuse(user, row, wanted, at.now)
    asked: str = await connection.fetchval(queries.ASK, of, user, wanted.answers, at.now)
    if _is_full(row):
        await connection.execute(queries.COUNT, of, 0, 1)
    else:
        await _admit(connection, row, asked, user, at.now)
        await connection.execute(queries.COUNT, of, 1, 0)
        await _bring_in(connection, row, [user], at)
    return _registration(row, await connection.fetchrow(queries.REGISTRATION, of, user))


def _is_full(row: Row) -> bool:
    return bool(row["registered"] >= row["capacity"])


def _refuse(user: str, row: Row, wanted: Register, now: datetime) -> None:
    """Raise why nobody may register now, or not so."""
    if row["state"] == "draft" or row["unlisted_at"] is not None:
        raise MadangError("class_not_found")
    if row["mentor"] == user:
        raise MadangError("not_oneself")
    if row["state"] != "open":
        raise MadangError("class_not_open")
    if row["starts_at"] <= now:
        raise MadangError("class_started")
    if len(wanted.answers) != len(row["questions"]) or not all(wanted.answers):
        raise MadangError("answers_missing")
    if _is_full(row) and not wanted.wait:
        raise MadangError("class_full")


async def _refuse_person(connection: Connection, user: str, row: Row, now: datetime) -> None:
    """Raise why this person may not register, whoever else may."""
    if not await connection.fetchval(queries.IS_LISTED_MENTOR, row["mentor"]):
        raise MadangError("class_not_found")
    await refuse_blocked(connection, user, row["mentor"])
    if await connection.fetchval(queries.IS_BANNED, row["room"], user, now):
        raise MadangError("banned")


def _registration(row: Row, stands: Any) -> Registration:
    return Registration(
        state=stands["state"],
        answers=stands["answers"],
        paid=stands["paid"],
        asked_at=ms_of(stands["asked_at"]),
        room=row["room"] if stands["state"] == "registered" else None,
    )


async def _admit(connection: Connection, row: Row, registration: str, user: str, now: datetime) -> None:
    """The place is paid for. Raises `not_enough_points`."""
    if row["price"]:
        await transfer(
            connection,
            kind="purchase",
            source=user,
            target=Treasury.CLASSES,
            points=row["price"],
            reference=f"class:{row['id']}:{registration}",
            subject=row["id"],
        )
    await connection.execute(queries.ADMIT, registration, row["price"], now)


async def _admit_if_paid(
    connection: Connection, row: Row, registration: str, user: str, now: datetime
) -> bool:
    """Whether the place could be paid for; when the points were spent elsewhere a moment ago, nothing is changed."""
    try:
        async with connection.transaction():
            await _admit(connection, row, registration, user, now)
    except MadangError as refusal:
        if refusal.code != "not_enough_points":
            raise
        return False
    return True


async def _bring_in(connection: Connection, row: Row, people: Sequence[str], at: Moment) -> None:
    """Who has a place in the class has one in its room, however many others are there."""
    if row["room_archived"]:
        raise MadangError("room_archived")
    await connection.execute(queries.MAKE_PLACES, row["room"], len(people))
    await membership.add_members(connection, row["room"], people, role="member", last_read=at.said)


async def _end(
    connection: Connection, row: Row, stands: Any, user: str, now: datetime, *, refund: bool
) -> None:
    """The registration is over."""
    if refund and stands["paid"]:
        await transfer(
            connection,
            kind="refund",
            source=Treasury.CLASSES,
            target=user,
            points=stands["paid"],
            reference=f"class:{row['id']}:{stands['id']}:refund",
            subject=row["id"],
        )
    await connection.execute(queries.END, stands["id"], now, refund)


async def _cancel(connection: Connection, user: str, of: str, at: Moment) -> None:
    row = await locked(connection, of)
    stands: Any = await connection.fetchrow(queries.REGISTRATION, of, user)
    if stands is None:
        return
    await _end(connection, row, stands, user, at.now, refund=row["starts_at"] > at.now)
    if stands["state"] == "waiting":
        await connection.execute(queries.COUNT, of, 0, -1)
        return
    await connection.execute(queries.COUNT, of, -1, 0)
    await _take_out(connection, row["room"], user)
    await move_up(connection, await locked(connection, of), at)


async def _take_out(connection: Connection, room: str, user: str) -> None:
    if await membership.remove_member(connection, room, user) is None:
        return
    name: str = await connection.fetchval(rooms.NICKNAME, user)
    await announce(connection, feed.MemberChanged(room=room, user=user, name=name, change="left"))


async def _enter(connection: Connection, user: str, of: str, at: Moment) -> Room:
    row = await locked(connection, of)
    stands = await connection.fetchrow(queries.REGISTRATION, of, user)
    if stands is None or stands["state"] != "registered":
        raise MadangError("not_registered")
    if await connection.fetchval(queries.IS_BANNED, row["room"], user, at.now):
        raise MadangError("banned")
    await _bring_in(connection, row, [user], at)
    return await room_for(connection, user, row["room"])
