"""What people show of themselves: seen by others, changed by themselves.

Who blocked the one who asks looks like somebody who filled in nothing but a nickname, in every list, too: so a block shows
nothing, and tells nothing. Pictures are confirmed uploads; the avatars somebody showed before are kept for their page
(`avatars.py`), a wallpaper is gone with the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import asyncpg
from msgspec import UNSET

from common.clock import from_ms
from common.errors import ERRORS, MadangError
from common.postgres import Connection
from control.badges import queries as badges
from control.badges.views import Badge, badge_of
from control.identity.accounts import tidy_nickname
from control.mentors import queries as mentors
from control.mentors.cards import mentor
from control.outbox import announce
from control.people import avatars, queries
from control.people.news import news_of
from control.people.views import ChangeProfile, People, Person, Profile
from control.services import Services
from control.words import line

Row = Any  # asyncpg's record
_Choose = Callable[[list[str], list[str]], list[str]]


async def people(services: Services, asker: str, ids: list[str]) -> People:
    """Those of `ids` who exist, as `asker` sees them."""
    return People([person_of(row) for row in await services.db.read(_people, asker, ids)])


async def profile(services: Services, asker: str, person: str) -> Profile:
    """Somebody, as `asker` sees them. Raises `person_not_found`."""
    return await services.db.read(_profile, asker, person)


async def change(services: Services, user: str, wanted: ChangeProfile) -> Profile:
    """Show what `wanted` says; the profile as it is then. What changes nothing is no news.

    Raises `invalid`, `nickname_taken`, `category_unknown`, `upload_not_found`, `badge_not_yours`.
    """
    if wanted.nickname is not UNSET:
        wanted.nickname = tidy_nickname(wanted.nickname)
    if wanted.status is not UNSET:
        wanted.status = line("status", wanted.status) if wanted.status.strip() else ""

    def choose(keys: list[str], kept: list[str]) -> list[str]:
        return services.categories.chosen(keys, kept=kept, field="interests")

    return await services.db.transaction(_change, user, wanted, choose, from_ms(services.clock()))


def person_of(row: Row) -> Person:
    """A row of a list of people."""
    return Person(id=row["id"], nickname=row["nickname"], bot=row["bot"], avatar=row["avatar"])


# --- transactions -----------------------------------------------------------------------------------------------------


async def _people(connection: Connection, asker: str, ids: list[str]) -> list[Row]:
    return await connection.fetch(queries.PEOPLE, ids, asker)


async def _profile(connection: Connection, asker: str, person: str) -> Profile:
    row = await connection.fetchrow(queries.PROFILE, person, asker)
    if row is None:
        raise MadangError("person_not_found")
    shown = not row["away"]
    card = await connection.fetchrow(mentors.MENTOR, asker, person)
    return Profile(
        id=row["id"],
        nickname=row["nickname"],
        bot=row["bot"],
        avatar=row["avatar"] if shown else None,
        status=row["status"] if shown else "",
        wallpaper=row["wallpaper"] if shown else None,
        interests=row["interests"] if shown else [],
        badge=Badge(**badge_of(row)) if shown and row["key"] is not None else None,
        mentor=None if card is None else mentor(card),
        activity=row["activity"] if shown else 0,
        relations=row["relations"],
    )


async def _change(
    connection: Connection, user: str, wanted: ChangeProfile, choose: _Choose, now: datetime
) -> Profile:
    before = await connection.fetchrow(queries.LOCK_PROFILE, user)
    if before is None:
        raise MadangError("unauthenticated")
    after = {name: _either(getattr(wanted, name), old) for name, old in before.items()}
    after["interests"] = choose(after["interests"], before["interests"])
    for purpose in ("avatar", "wallpaper"):
        if after[purpose] not in (None, before[purpose]):
            await _require_picture(connection, user, after[purpose], purpose)
    if after["badge"] not in (None, before["badge"]):
        await _require_badge(connection, user, after["badge"])
    await _set(connection, user, after)
    if after["wallpaper"] != before["wallpaper"] and before["wallpaper"] is not None:
        await connection.execute(queries.DROP_PICTURES, [before["wallpaper"]])
    if after["avatar"] != before["avatar"] and after["avatar"] is not None:
        await avatars.keep(connection, user, after["avatar"], now)
    if any(after[name] != before[name] for name in ("nickname", "avatar", "status", "badge")):
        await announce(connection, news_of(user, after))
    return await _profile(connection, user, user)


def _either(wanted: Any, before: Any) -> Any:
    return before if wanted is UNSET else wanted


async def _require_picture(
    connection: Connection, user: str, upload: str, purpose: Literal["avatar", "wallpaper"]
) -> None:
    if not await connection.fetchval(queries.HAS_PICTURE, upload, user, purpose):
        raise MadangError("upload_not_found", fields={purpose: ERRORS["upload_not_found"].en})


async def _require_badge(connection: Connection, user: str, badge: str) -> None:
    if not await connection.fetchval(badges.HAS_BADGE, user, badge):
        raise MadangError("badge_not_yours", fields={"badge": ERRORS["badge_not_yours"].en})


async def _set(connection: Connection, user: str, shown: dict[str, Any]) -> None:
    values = [shown[name] for name in ("nickname", "status", "avatar", "wallpaper", "interests", "badge")]
    try:
        await connection.execute(queries.SET_PROFILE, user, *values)
    except asyncpg.UniqueViolationError:
        raise MadangError("nickname_taken", fields={"nickname": ERRORS["nickname_taken"].en}) from None
