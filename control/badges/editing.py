"""The list of badges, as admins see and change it. A badge is put under its key, again and again if need be, and retired."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, TypeVar

from common.clock import from_ms
from common.errors import ERRORS, MadangError
from common.postgres import Connection
from control.admin.audit import record
from control.badges import arrears, queries
from control.badges.rules import AnyRule, FirstRule, MinutesRule, TimeRule, read_rule, write_rule
from control.badges.views import (
    BadgeInEnglish,
    BadgeInKorean,
    BadgeList,
    BadgeProgress,
    ListedBadge,
    PutBadge,
    badge_of,
)
from control.people import queries as people
from control.services import Services
from control.words import line

MOST: Final = 200  # the retired ones among them: they are read and shown all at once
_LENGTHS: Final = {"day": 23 * 60, "week": 7 * 24 * 60 - 60, "month": 20_000}  # minutes, of the shortest
W = TypeVar("W", BadgeInKorean, BadgeInEnglish)


async def listed(services: Services) -> BadgeList:
    """All of them."""
    return await services.db.read(_listed)


async def put(services: Services, by: str, key: str, wanted: PutBadge) -> BadgeList:
    """Offer a badge, as `wanted` says; the list as it is then. A retired one is awarded again.

    Raises `invalid`, `category_unknown`, `upload_not_found`, `badge_rule_fixed`, `list_full`.
    """
    wanted.ko, wanted.en = _tidy("ko", wanted.ko), _tidy("en", wanted.en)
    if isinstance(wanted.rule, MinutesRule) and wanted.rule.minutes > _LENGTHS[wanted.rule.per]:
        raise MadangError(
            "invalid", fields={"rule.minutes": f"Expected `int` <= {_LENGTHS[wanted.rule.per]}"}
        )
    return await services.db.transaction(_put, services, by, key, wanted)


async def retire(services: Services, by: str, key: str) -> BadgeList:
    """Award a badge no more; the list as it is then. Retiring it again changes nothing. Raises `badge_not_found`."""
    return await services.db.transaction(_retire, by, key, from_ms(services.clock()))


def _tidy(language: str, words: W) -> W:
    """Words in the one form we keep. Raises `invalid`."""
    return type(words)(line(f"{language}.name", words.name), line(f"{language}.about", words.about))


# --- transactions -----------------------------------------------------------------------------------------------------


async def _listed(connection: Connection) -> BadgeList:
    return BadgeList([_badge(row) for row in await connection.fetch(queries.BADGES)])


def _badge(row: Any) -> ListedBadge:
    fields = badge_of(row)
    return ListedBadge(
        **fields,
        drawing=row["drawing"],
        upload=row["upload"],
        position=row["position"],
        places_left=row["places_left"] if isinstance(fields["rule"], FirstRule) else None,
        arrears=None
        if row["people"] is None
        else BadgeProgress(row["looked"], max(row["looked"], row["people"], 1)),
    )


async def _put(connection: Connection, services: Services, by: str, key: str, wanted: PutBadge) -> BadgeList:
    await connection.execute(queries.LOCK_BADGES)
    before = await connection.fetchrow(queries.BADGE, key)
    if before is None and await connection.fetchval(queries.COUNT_BADGES) >= MOST:
        raise MadangError("list_full")
    _judge_rule(services, wanted.rule, None if before is None else read_rule(before["rule"]))
    if before is None or not _is_same(before, wanted):
        await _replace_picture(
            connection, by, key, None if before is None else before["upload"], wanted.upload
        )
        words = (wanted.ko.name, wanted.ko.about, wanted.en.name, wanted.en.about)
        looks = (wanted.drawing, wanted.upload, wanted.position)
        await connection.execute(queries.PUT, key, *words, *looks, write_rule(wanted.rule))
        if isinstance(wanted.rule, FirstRule):
            await connection.execute(queries.LOCK_PLACES)
            await connection.execute(queries.DROP_PLACES, key, wanted.rule.people)
            await connection.execute(queries.ADD_PLACES, key, wanted.rule.people)
        if before is None or before["retired"] or read_rule(before["rule"]) != wanted.rule:
            await arrears.begin(connection, key, wanted.rule, from_ms(services.clock()))
        await record(connection, by, "badge.put", object=key, ko=wanted.ko.name, rule=wanted.rule)
    return await _listed(connection)


def _judge_rule(services: Services, rule: AnyRule, before: AnyRule | None) -> None:
    if before is not None and type(rule) is not type(before):
        raise MadangError("badge_rule_fixed", fields={"rule.kind": ERRORS["badge_rule_fixed"].en})
    if isinstance(rule, TimeRule) and rule.category is not None:
        kept = [before.category] if isinstance(before, TimeRule) and before.category else []
        services.categories.chosen([rule.category], kept=kept, field="rule.category")


def _is_same(before: Any, wanted: PutBadge) -> bool:
    """Whether the badge is just so already."""
    looks = (before["drawing"], before["upload"], before["position"], before["retired"])
    words = (
        BadgeInKorean(before["ko_name"], before["ko_about"]),
        BadgeInEnglish(before["en_name"], before["en_about"]),
    )
    return (
        looks == (wanted.drawing, wanted.upload, wanted.position, False)
        and words == (wanted.ko, wanted.en)
        and read_rule(before["rule"]) == wanted.rule
    )


async def _replace_picture(
    connection: Connection, by: str, key: str, before: str | None, after: str | None
) -> None:
    if after == before:
        return
    if after is not None and not await connection.fetchval(people.HAS_PICTURE, after, by, "badge"):
        raise MadangError("upload_not_found", fields={"upload": ERRORS["upload_not_found"].en})
    if before is not None:
        await connection.execute(queries.DROP_PICTURE, before, key)


async def _retire(connection: Connection, by: str, key: str, now: datetime) -> BadgeList:
    await connection.execute(queries.LOCK_BADGES)
    if await connection.fetchrow(queries.BADGE, key) is None:
        raise MadangError("badge_not_found")
    if await connection.fetchval(queries.RETIRE, key, now):
        await connection.execute(queries.END_ARREARS, key)
        await record(connection, by, "badge.retired", object=key)
    return await _listed(connection)
