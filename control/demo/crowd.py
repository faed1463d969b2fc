"""Rooms by the hundred thousand, to see what lists cost: `python -m control seed-rooms`.

A thousand villagers, who cannot log in, own them; each room has an owner, some are full, some secret, some private. They
are copied into the tables as they stand: nobody is told, and the room log knows nothing of them. What the database keeps
by itself (tallies, texts, indexes) it keeps.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from common.ids import uuid7
from common.postgres import Connection, Postgres
from control.demo.progress import Progress
from control.rooms import tallying
from control.services import Services
from control.serving import CannotStart

VILLAGERS: Final = 1000
_BATCH: Final = 5000  # rooms of one transaction, within the statements' time
_PHONES: Final = 821_000_100_000  # 010-0: no prefix that a carrier was given

_PLACES: Final = (
    "한강", "북촌", "서촌", "연남동", "성수동", "망원동", "해운대", "전주", "제주", "강릉", "춘천", "경주", "온라인", "우리 동네",
    "Seoul", "Busan", "Hongdae", "Itaewon", "Jeju", "Online",
)  # fmt: skip
_DEEDS: Final = {
    "운동": ("달리기", "자전거", "배드민턴", "등산", "요가", "수영", "climbing", "running", "tennis"),
    "공부": (
        "토익",
        "코딩",
        "자격증",
        "파이썬",
        "알고리즘",
        "모각코",
        "algorithms",
        "reading club",
        "English",
    ),
    "음식": ("국밥", "떡볶이", "베이킹", "커피", "점심 친구", "저녁 모임", "brunch", "noodles"),
    "음악": ("기타", "피아노", "밴드", "합창", "jazz", "choir"),
    "여행": ("캠핑", "당일치기", "사진 산책", "기차 여행", "hiking", "road trip"),
    "일상": ("수다", "반려견 산책", "보드게임", "영화", "뜨개질", "board games", "gardening"),
}
_ENDINGS: Final = ("모임", "방", "같이 해요", "초보 환영", "매주", "club", "together", "")
_CATEGORIES: Final = (*_DEEDS, None)

FIND_VILLAGERS: Final = "SELECT id::text FROM users WHERE email LIKE 'villager%@example.com' ORDER BY id"
_ADD_VILLAGERS: Final = """
    INSERT INTO users (email, nickname, name, phone)
    SELECT 'villager' || n || '@example.com', '주민' || n, '주민', '+' || ($2::bigint + n) FROM generate_series(1, $1) n
    ON CONFLICT DO NOTHING
"""
_ADD_ROLES: Final = """
    INSERT INTO user_roles (user_id, role)
    SELECT id, 'mentee' FROM users WHERE email LIKE 'villager%@example.com'
    ON CONFLICT DO NOTHING
"""
_SETTLE: Final = (
    "VACUUM ANALYZE rooms",
    "VACUUM ANALYZE members",
    "VACUUM ANALYZE room_texts",
    "ANALYZE room_tallies",
)
_ROOM: Final = ("id", "kind", "title", "description", "category", "tags", "capacity", "visibility", "password_hash",
                "history", "member_count")  # fmt: skip
_MEMBER: Final = ("room_id", "user_id", "role")

Values = tuple[Any, ...]  # of one row


class Batch(NamedTuple):
    """Rows to be copied."""

    rooms: list[Values]
    members: list[Values]


async def fill(services: Services, count: int, *, seed: int = 1) -> None:
    """Add `count` rooms, telling how far it is on stderr. Raises `CannotStart` in production."""
    if services.settings.profile == "production":
        raise CannotStart("rooms by the thousand are for development and tests, not for production")
    await plant(services.db, count, Progress("rooms", count, sys.stderr), seed=seed)


async def plant(db: Postgres, count: int, progress: Progress, *, seed: int = 1) -> None:
    """Add `count` rooms; the same ones, but for their ids, for the same `seed`."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    villagers = await db.transaction(_villagers)
    for size in _batches(count):
        await db.transaction(_copy, batch(chance, villagers, size))
        await tallying.fold(db)
        progress.add(size)
    for statement in _SETTLE:
        await db.read(_settle, statement)
    progress.end()


def _batches(count: int) -> Iterator[int]:
    for begun in range(0, count, _BATCH):
        yield min(_BATCH, count - begun)


def batch(chance: random.Random, villagers: list[str], size: int) -> Batch:
    """So many rooms, and who is in them. The first of a room's people owns it."""
    rooms: list[Values] = []
    members: list[Values] = []
    for _ in range(size):
        room = uuid7()
        capacity = chance.choice((2, 3, 4, 10, 20, 50, 300))
        is_full = capacity <= 4 and chance.random() < 0.25
        people = chance.sample(villagers, capacity if is_full else 1)
        rooms.append((room, "group", *_words(chance), capacity, *_door(chance), "joined", len(people)))
        members += [(room, person, "member" if number else "owner") for number, person in enumerate(people)]
    return Batch(rooms, members)


def _words(chance: random.Random) -> tuple[str, str, str | None, list[str]]:
    """Title, description, category, tags."""
    category = chance.choice(_CATEGORIES)
    deed = chance.choice(_DEEDS[category or "일상"])
    place = chance.choice(_PLACES)
    title = " ".join(filter(None, (place, deed, chance.choice(_ENDINGS), str(chance.randrange(10_000)))))
    return title, f"{place}에서 {deed}", category, [deed.replace(" ", "")]


def _door(chance: random.Random) -> tuple[str, str | None]:
    """Visibility and the hash of a password: one that nothing matches."""
    luck = chance.random()
    if luck < 0.05:
        return "secret", "*"
    return ("private", None) if luck < 0.08 else ("public", None)


async def _villagers(connection: Connection) -> list[str]:
    await connection.execute(_ADD_VILLAGERS, VILLAGERS, _PHONES)
    await connection.execute(_ADD_ROLES)
    return [row["id"] for row in await connection.fetch(FIND_VILLAGERS)]


async def _copy(connection: Connection, rows: Batch) -> None:
    await connection.copy_records_to_table("rooms", records=rows.rooms, columns=_ROOM)
    await connection.copy_records_to_table("members", records=rows.members, columns=_MEMBER)


async def _settle(connection: Connection, statement: str) -> None:
    await connection.execute(statement, timeout=600)
