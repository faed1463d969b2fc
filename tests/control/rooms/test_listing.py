"""The public list: any page of it, by cursor or by offset, and how many rooms there are; and rooms by their words."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import trio

from common import aio
from common.postgres import Connection, Postgres, open_postgres, open_session
from control import migrations
from control.rooms import listing, tallying
from control.rooms.listing import DEEPEST_SOUGHT
from control.rooms.views import ListQuery, RoomList
from tests.control.rooms.conftest import Guests, refused
from tests.control.rooms.test_reading import ids
from tests.support.categories import offer
from tests.support.control import PATIENCE, Control

CATEGORIES = ("가", "나", None)
NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"


class Stores(NamedTuple):
    """What a list asks."""

    db: Postgres


@pytest.fixture
async def db(migrated_url: str) -> AsyncIterator[Postgres]:
    async with aio.open_loop(), open_postgres(migrated_url, connections=20) as db:
        yield db


async def run(db: Postgres, statement: str, *arguments: Any) -> Any:
    async def ask(connection: Connection) -> Any:
        return await connection.fetchval(statement, *arguments)

    return await db.transaction(ask)


async def listed(db: Postgres, **query: Any) -> RoomList:
    stores: Any = Stores(db)
    return await listing.public(stores, NOBODY, ListQuery(**query))


async def plain(db: Postgres, possible: bool, category: str | None) -> list[str]:
    """The whole list, as one would ask for it with all the time in the world."""
    rooms: list[str] = await run(
        db,
        """
        SELECT coalesce(array_agg(id::text ORDER BY number DESC), '{}') FROM rooms
        WHERE kind = 'group' AND visibility <> 'private' AND archived_at IS NULL
            AND (NOT $1 OR (visibility = 'public' AND NOT is_full)) AND ($2::text IS NULL OR category = $2)
        """,
        possible,
        category,
    )
    return rooms


async def by_cursor(db: Postgres, **query: Any) -> list[str]:
    seen: list[str] = []
    cursor = None
    while True:
        page = await listed(db, cursor=cursor, **query)
        seen += [room.id for room in page.rooms]
        cursor = page.next
        if cursor is None:
            return seen


# Numbers far apart, so that a few hundred rooms lie in runs of every size.
_MAKE = """
    INSERT INTO rooms (number, kind, title, category, capacity, visibility, password_hash, member_count, archived_at)
    OVERRIDING SYSTEM VALUE
    SELECT number, 'group', 'room ' || number, category, 2, visibility,
           CASE WHEN visibility = 'secret' THEN '*' END, members, CASE WHEN archived THEN now() END
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::int[], $5::bool[])
        AS made (number, category, visibility, members, archived)
    ON CONFLICT DO NOTHING
"""
_CHANGES = (
    "UPDATE rooms SET member_count = 2 WHERE number = ANY($1)",
    "UPDATE rooms SET member_count = 1 WHERE number = ANY($1)",
    "UPDATE rooms SET archived_at = now(), member_count = 0 WHERE number = ANY($1)",
    "UPDATE rooms SET category = '나' WHERE number = ANY($1)",
    "UPDATE rooms SET category = NULL WHERE number = ANY($1)",
    "UPDATE rooms SET visibility = 'private', password_hash = NULL WHERE number = ANY($1)",
    "UPDATE rooms SET visibility = 'public', password_hash = NULL WHERE number = ANY($1)",
    "UPDATE rooms SET visibility = 'secret', password_hash = '*' WHERE number = ANY($1)",
    "UPDATE rooms SET capacity = 3 WHERE number = ANY($1)",
    "UPDATE rooms SET title = 'called anew' WHERE number = ANY($1)",
    "DELETE FROM rooms WHERE number = ANY($1)",
)


async def stir(db: Postgres, chance: random.Random, numbers: list[int], *, share: int = 0) -> None:
    """Make rooms and change some, as it comes; of every eight numbers, those of one `share`."""
    made = list({8 * chance.randrange(3 << 15) + share for _ in range(chance.randrange(500))} - set(numbers))
    numbers += made
    await run(
        db,
        _MAKE,
        made,
        [chance.choice(CATEGORIES) for _ in made],
        [chance.choice(("public", "public", "secret", "private")) for _ in made],
        [chance.randrange(3) for _ in made],
        [chance.random() < 0.1 for _ in made],
    )
    for change in chance.sample(_CHANGES, 4):
        await run(db, change, chance.sample(numbers, len(numbers) // 20))


@pytest.mark.parametrize("seed", range(4))
async def test_pages_by_offset_and_by_cursor_are_those_of_a_plain_order_by_whatever_happened(
    db: Postgres, seed: int
) -> None:
    chance = random.Random(seed)
    numbers: list[int] = []
    for _ in range(8):
        await stir(db, chance, numbers)
        if chance.random() < 0.5:
            await tallying.fold(db)
        for possible in (False, True):
            for category in CATEGORIES:
                whole = await plain(db, possible, category)
                filters: dict[str, Any] = {"possible": possible, "category": category}
                for offset in (0, 1, *(chance.randrange(len(whole) + 3) for _ in range(6)), len(whole)):
                    page = await listed(db, offset=offset, limit=7, **filters)
                    assert [room.id for room in page.rooms] == whole[offset : offset + 7]
                    assert page.total == len(whole)
                    assert (page.next is None) == (offset + 7 >= len(whole))
                assert await by_cursor(db, limit=100, **filters) == whole
    assert len(await plain(db, possible=False, category=None)) > 600


async def test_the_total_is_exact_for_every_reader_while_rooms_are_made_filled_and_closed_and_tallies_folded(
    db: Postgres,
) -> None:
    readings: list[bool] = []
    busy = set(range(6))

    async def change(share: int) -> None:
        chance, numbers = random.Random(share), list[int]()
        for _ in range(6):
            await stir(db, chance, numbers, share=share)
        busy.discard(share)

    async def fold() -> None:
        while busy:
            await tallying.fold(db)

    async def read() -> None:
        while busy:
            readings.append(await run(db, _EXACT))

    async with trio.open_nursery() as nursery:
        for share in range(6):
            nursery.start_soon(change, share)
        for task in (fold, fold, read, read):
            nursery.start_soon(task)
    await tallying.fold(db)
    assert await run(db, "SELECT count(*) FROM room_tally_notes") == 0
    assert all([*readings, await run(db, _EXACT)])


_EXACT = """
    SELECT (SELECT total FROM room_place('', false, 0)) = count(*)
       AND (SELECT total FROM room_place('나', true, 0))
           = count(*) FILTER (WHERE category = '나' AND visibility = 'public' AND NOT is_full)
    FROM rooms WHERE kind = 'group' AND visibility <> 'private' AND archived_at IS NULL
"""


async def test_who_makes_a_room_waits_for_nobody_who_makes_one_and_what_is_undone_counts_for_nothing(
    db: Postgres, migrated_url: str
) -> None:
    async def make(connection: Connection, number: int) -> None:
        await connection.execute("SET lock_timeout = '5s'")
        await connection.execute(_MAKE, [number], ["가"], ["public"], [1], [False])

    async with open_session(migrated_url, listen="x") as slow:
        await slow.run(Connection.execute, "BEGIN")
        await slow.run(make, 1)
        await db.transaction(make, 2)
        await tallying.fold(db)
        assert (await listed(db, category="가")).total == 1
        await slow.run(Connection.execute, "ROLLBACK")
        assert (await listed(db, category="가")).total == 1
        await slow.run(make, 3)
    assert (await listed(db, category="가")).total == 2


async def test_one_folds_at_a_time_and_a_fold_that_is_cut_off_has_done_nothing(
    db: Postgres, migrated_url: str
) -> None:
    await stir(db, random.Random(0), [])
    notes = await run(db, "SELECT count(*) FROM room_tally_notes")
    async with open_session(migrated_url, listen="x") as cut_off:
        await cut_off.run(Connection.execute, "BEGIN")
        assert await cut_off.run(tallying.fold_within) == notes > 0
        assert await tallying.fold(db) == 0
        assert await run(db, _EXACT)
    with trio.fail_after(PATIENCE):
        while not await tallying.fold(db):  # noqa: ASYNC110 - the server notices the end by itself
            await trio.sleep(0.01)
    assert await run(db, _EXACT)


async def test_a_member_who_comes_or_goes_notes_nothing_unless_the_room_is_full_or_was(db: Postgres) -> None:
    await run(db, _MAKE, [1], ["가"], ["public"], [0], [False])
    await run(db, "UPDATE rooms SET capacity = 3")
    await tallying.fold(db)
    for members, notes in ((1, 0), (2, 0), (3, 1), (2, 2), (1, 2)):
        await run(db, "UPDATE rooms SET member_count = $1", members)
        assert await run(db, "SELECT count(*) FROM room_tally_notes") == notes


async def test_rooms_that_were_there_before_are_counted_and_found_in_the_order_of_their_making(
    database_url: str, tmp_path: Path
) -> None:
    ours = sorted(Path(migrations.__file__).parent.glob("[0-9]*.sql"))
    for file in ours:
        if file.name < "0020":
            (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    async with aio.open_loop(), open_postgres(database_url) as db:
        await migrations.apply(db, tmp_path)
        for visibility, category in (("public", "가"), ("private", "가"), ("public", None), ("secret", "나")):
            await run(db, _OLD, visibility, category)
        old = await run(
            db, "SELECT array_agg(id::text ORDER BY id DESC) FROM rooms WHERE visibility <> 'private'"
        )
        await migrations.apply(db)
        page = await listed(db)
        assert ([room.id for room in page.rooms], page.total) == (old, 3)
        assert await run(db, _EXACT)
        assert [room.category for room in (await listed(db, text="옛날")).rooms] == ["나", None, "가"]
        await run(db, _OLD, "public", "나")
        assert len((await listed(db)).rooms) == (await listed(db)).total == 4


_OLD = """
    INSERT INTO rooms (kind, title, category, capacity, visibility, password_hash)
    VALUES ('group', '옛날 방', $2, 2, $1, CASE WHEN $1 = 'secret' THEN '*' END)
"""


# --- over HTTP --------------------------------------------------------------------------------------------------------


async def test_a_page_may_be_asked_for_by_its_offset_and_says_how_many_rooms_there_are(
    control: Control, guests: Guests
) -> None:
    await offer(control, "exercise", "cooking", "music", "reading")
    (mina,) = await guests(1)
    rooms = [
        (await mina.create(f"방 {number}", category=("music", "reading")[number % 2]))["id"]
        for number in range(6)
    ]
    newest_first = rooms[::-1]
    page = await mina.listed(offset=2, limit=3)
    assert (ids(page), page["total"]) == (newest_first[2:5], 6)
    rest = await mina.listed(cursor=page["next"])
    assert (ids(rest), rest["next"], rest["total"]) == (newest_first[5:], None, 6)
    assert await mina.listed(offset=6) == {"rooms": [], "next": None, "total": 6}
    assert await mina.listed(offset=10**9) == {"rooms": [], "next": None, "total": 6}
    page = await mina.listed(offset=1, category="music")
    assert (ids(page), page["total"]) == (newest_first[3::2], 3)
    assert await mina.listed(category="다") == {"rooms": [], "next": None, "total": 0}
    await mina.leave(rooms[0])
    assert (await mina.listed())["total"] == 5


async def test_a_list_that_cannot_be_is_refused(guests: Guests) -> None:
    (mina,) = await guests(1)
    cursor = "WzFd"  # [1]
    for wrong, field in (
        ({"offset": "-1"}, "offset"),
        ({"offset": str(10**9 + 1)}, "offset"),
        ({"offset": "many"}, "offset"),
        ({"offset": "1", "cursor": cursor}, "offset"),
        ({"offset": str(DEEPEST_SOUGHT + 1), "text": "달리기"}, "offset"),
        ({"cursor": "Wy0xXQ"}, "cursor"),  # [-1]
        ({"cursor": "WzE4NDQ2NzQ0MDczNzA5NTUxNjE2XQ"}, "cursor"),  # 2^64
        ({"text": "강"}, "text"),
        ({"text": "강 물"}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "가" * 101}, "text"),
        ({"text": "가\u202e나"}, "text"),
        ({"category": ""}, "category"),
    ):
        answer = await mina.http.get("/api/v1/rooms", params=wrong)
        assert field in refused(answer, "invalid")["fields"], wrong
    assert await mina.listed(cursor=cursor) == {"rooms": [], "next": None, "total": 0}


# --- words ------------------------------------------------------------------------------------------------------------


async def test_a_room_is_found_by_words_anywhere_inside_those_it_has(
    control: Control, guests: Guests
) -> None:
    await offer(control, "exercise", "cooking", "music", "reading")
    mina, jun = await guests(2)
    run = (await mina.create("한강달리기 모임", tags=["새벽"], description="여의도에서 Running"))["id"]
    cook = (await mina.create("50% 할인 O'Neil's \\o/", category="cooking"))["id"]
    for text, found in (
        ("강달", [run]),
        ("달리기", [run]),
        ("모임 강달리", [run]),
        ("여의", [run]),
        ("새벽", [run]),
        ("RUNN", [run]),
        ("ru", [run]),
        ("모임 ㄱ", []),
        ("달리기 cook", []),
        ("강리", []),
        ("cook", [cook]),
        ("50%", [cook]),
        ("5_%", []),
        ("o'n", [cook]),
        ("\\o", [cook]),
        ("'' &:*", []),
        (unicodedata.normalize("NFD", "한강"), [run]),
    ):
        assert ids(await jun.listed(text=text)) == found, text
    assert (await jun.listed(text="달리기"))["total"] is None


async def test_only_rooms_that_are_listed_are_found_as_they_are_called_now(guests: Guests) -> None:
    mina, jun = await guests(2)
    room = (await mina.create("한강 달리기", capacity=2))["id"]
    secret = (await mina.create("한강 비밀", visibility="secret", password="달빛 아래"))["id"]
    hidden = (await mina.create("한강 몰래", visibility="private"))["id"]
    assert ids(await jun.listed(text="한강")) == [secret, room]
    assert ids(await jun.listed(text="한강", possible="true")) == [room]
    await jun.join(room)
    assert ids(await jun.listed(text="한강", possible="true")) == []
    assert (await mina.http.patch(f"/api/v1/rooms/{room}", json={"title": "남산 달리기"})).status_code == 200
    assert (
        await mina.http.patch(f"/api/v1/rooms/{hidden}", json={"visibility": "public"})
    ).status_code == 200
    assert ids(await jun.listed(text="한강")) == [hidden, secret]
    assert ids(await jun.listed(text="남산")) == [room]
    await mina.leave(secret)
    assert (
        await mina.http.patch(f"/api/v1/rooms/{hidden}", json={"visibility": "private"})
    ).status_code == 200
    assert ids(await jun.listed(text="한강")) == []


async def test_pages_of_what_was_sought_follow_one_another_wherever_it_lies(db: Postgres) -> None:
    await run(db, _MANY)
    for text, category in (("rare", None), ("common", None), ("common rare", "가"), ("room", "나")):
        whole = await run(db, _SOUGHT, [f"%{word}%" for word in text.split()], category)
        assert len(whole) > 20
        sought: dict[str, Any] = {"text": text, "category": category}
        assert await by_cursor(db, limit=100, **sought) == whole
        for offset in (0, 3, 15, len(whole) - 2, len(whole), len(whole) + 9):
            if offset <= DEEPEST_SOUGHT:
                page = await listed(db, offset=offset, limit=10, **sought)
                assert [room.id for room in page.rooms] == whole[offset : offset + 10]
                assert (page.next is None) == (offset + 10 >= len(whole))


# More than the search looks at first; what is rare lies mostly behind that.
_MANY = """
    INSERT INTO rooms (kind, title, category, capacity, visibility)
    SELECT 'group', 'room' || n || CASE WHEN n % 3 = 0 THEN ' common' ELSE '' END
                    || CASE WHEN n % 90 = 0 OR n % 100 = 7 AND n < 1000 THEN ' rare' ELSE '' END,
           CASE WHEN n % 2 = 0 THEN '가' ELSE '나' END, 10, 'public'
    FROM generate_series(1, 5000) n
"""
_SOUGHT = """
    SELECT array_agg(id::text ORDER BY number DESC) FROM rooms
    WHERE title LIKE ALL ($1::text[]) AND ($2::text IS NULL OR category = $2)
"""
