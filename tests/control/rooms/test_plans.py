"""Lists cost the same however many rooms there are: one statement each, and an index that serves it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import pymongo
import pymongo.monitoring
import pytest
from msgspec.structs import replace

from common import aio
from common.mongo import Mongo
from common.postgres import Connection, Postgres, open_postgres
from common.roomlog.log import Log
from control.cursor import LAST
from control.rooms import auditing, inviting, listing, listing_queries, moderation, queries, reading, tallying
from control.rooms.views import ListQuery, MembersQuery, MineQuery, PageQuery
from tests.support.control import PATIENCE

MANY = 20_000
T = TypeVar("T")

# One person in many rooms among very many; every hundredth room belongs to a rare category, every third is full.
_SEED = """
    INSERT INTO users (id, email, nickname, name, phone, password_hash)
    SELECT uuidv7(), n || '@example.org', 'p' || n, 'p', '+' || n, '' FROM generate_series(1, 3000) n;

    INSERT INTO rooms (kind, title, category, capacity, visibility, password_hash, member_count)
    SELECT 'group', 'room ' || n, CASE WHEN n % 100 = 0 THEN 'rare' ELSE 'common' END, 2,
           CASE WHEN n % 7 = 0 THEN 'secret' WHEN n % 5 = 0 THEN 'private' ELSE 'public' END,
           CASE WHEN n % 7 = 0 THEN 'x' END, CASE WHEN n % 3 = 0 THEN 2 ELSE 1 END
    FROM generate_series(1, $1) n;

    INSERT INTO members (room_id, user_id, role)
    SELECT r.id, u.id, 'member'
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM rooms) r
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM users) u ON u.n = r.n % 299 + 1;

    INSERT INTO members (room_id, user_id, role)
    SELECT r.id, u.id, 'member'
    FROM (SELECT id FROM rooms ORDER BY random() LIMIT 400) r, (SELECT id FROM users ORDER BY id DESC LIMIT 1) u;

    WITH big AS (
        INSERT INTO rooms (kind, title, capacity, visibility) VALUES ('group', 'big', 5000, 'public') RETURNING id
    )
    INSERT INTO members (room_id, user_id, role) SELECT big.id, u.id, 'member' FROM big, users u;

    VACUUM ANALYZE
"""


@pytest.fixture
async def db(migrated_url: str) -> AsyncIterator[Postgres]:
    async with aio.open_loop(), open_postgres(migrated_url) as db:
        yield db


async def seed(db: Postgres, rooms: int) -> None:
    for statement in _SEED.split(";"):
        await ask(db, statement, *([rooms] if "$1" in statement else []))
    await tallying.fold(db)
    await ask(db, "ANALYZE room_tallies")


async def somebody(db: Postgres) -> str:
    user: UUID = await ask(db, "SELECT user_id FROM members GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    return str(user)


async def ask(db: Postgres, statement: str, *arguments: object) -> Any:
    async def run(connection: Connection) -> Any:
        return await connection.fetchval(statement, *arguments, timeout=PATIENCE)

    return await db.read(run)


async def plan(db: Postgres, statement: str, *arguments: object) -> dict[str, Any]:
    """The plan of `statement` as it ran."""
    text = await ask(db, f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", *arguments)
    root: dict[str, Any] = msgspec.json.decode(text)[0]["Plan"]
    return root


def nodes(root: dict[str, Any]) -> list[dict[str, Any]]:
    return [root, *(node for child in root.get("Plans", ()) for node in nodes(child))]


def pages_read(root: dict[str, Any]) -> int:
    return int(root["Shared Hit Blocks"] + root["Shared Read Blocks"])


async def test_every_list_is_served_by_its_index_and_its_last_page_costs_what_its_first_does(
    db: Postgres,
) -> None:
    await seed(db, MANY)
    me = await somebody(db)
    first, middle = listing_queries.FIRST, MANY // 2
    room = await ask(db, "SELECT room_id FROM members GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    for index, statement, arguments in (
        ("rooms_listed", listing_queries.LISTED, (me, middle, 0, 20)),
        ("rooms_listed_by_category", listing_queries.LISTED_OF_CATEGORY, (me, middle, 0, 20, "rare")),
        ("rooms_open", listing_queries.POSSIBLE, (me, middle, 0, 20)),
        ("rooms_open_by_category", listing_queries.POSSIBLE_OF_CATEGORY, (me, middle, 0, 20, "rare")),
        ("rooms_listed", listing_queries.LISTED, (me, first, middle, 20)),
        ("rooms_open_by_category", listing_queries.POSSIBLE_OF_CATEGORY, (me, first, 10, 20, "rare")),
        ("room_texts_grams", listing_queries.FOUND, (me, first, 0, 20, "15432", None, False)),
        ("members_of_user", queries.MINE, (me, LAST, 20)),
        ("members_in_order", queries.MEMBERS, (room, me, *_beginning(), 20, 200)),
    ):
        root = await plan(db, statement, *arguments)
        used = {node.get("Index Name") for node in nodes(root)}
        scanned = {node["Relation Name"] for node in nodes(root) if node["Node Type"] == "Seq Scan"}
        assert index in used, (index, used)
        assert not scanned & {"rooms", "members"}, (index, scanned)
        assert pages_read(root) < 500, (index, pages_read(root))
    total = await ask(db, "SELECT total FROM room_place('', false, 0)")
    top = await plan(db, listing_queries.LISTED, me, first, 0, 20)
    for before, offset in ((100, 0), (first, 1000), (first, total - 30)):
        page = await plan(db, listing_queries.LISTED, me, before, offset, 20)
        assert pages_read(page) <= pages_read(top) + 60, (before, offset)


async def test_what_is_sought_and_common_is_found_near_and_what_is_rare_by_the_index(db: Postgres) -> None:
    await seed(db, MANY)
    me = await somebody(db)
    for text, looks_far in (("room", False), ("15432", True)):
        root = await plan(db, listing_queries.FOUND, me, listing_queries.FIRST, 0, 20, text, None, False)
        ran = {node.get("Index Name") for node in nodes(root) if node["Actual Loops"]}
        assert ("room_texts_grams" in ran) == looks_far
        assert pages_read(root) < 500, (text, pages_read(root))


# Among many rooms with a few of everything, one person and one room with much of it.
_SEED_ORDER = """
    INSERT INTO room_bans (room_id, user_id, by)
    SELECT r.id, u.id, u.id FROM (SELECT id FROM rooms ORDER BY id LIMIT 500) r, (SELECT id FROM users LIMIT 5) u;

    INSERT INTO room_bans (room_id, user_id, by, banned_at)
    SELECT $1, id, id, now() - random() * interval '1 day' FROM users;

    INSERT INTO room_audit (room_id, by, act, person)
    SELECT CASE WHEN n % 60 = 0 THEN $1 ELSE (SELECT id FROM rooms ORDER BY id LIMIT 1) END,
           $2, 'member.kicked', $2
    FROM generate_series(1, 6000) n;

    INSERT INTO room_links (room_id, code, by, expires_at)
    SELECT r.id, r.id::text || n, $2, now() + interval '1 hour'
    FROM (SELECT id FROM rooms ORDER BY id LIMIT 500) r, generate_series(1, 5) n;

    INSERT INTO room_invitations (room_id, user_id, by, expires_at)
    SELECT r.id, u.id, $2, now() + interval '1 hour'
    FROM (SELECT id FROM rooms ORDER BY id LIMIT 200) r,
         (SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM members WHERE role = 'owner') LIMIT 50) u;

    INSERT INTO relations (user_id, other_id, kind)
    SELECT u.id, $2, lists.kind
    FROM users u, unnest(ARRAY['friend', 'favourite', 'hidden', 'blocked']) AS lists(kind)
    WHERE u.id <> $2;

    UPDATE members SET role = 'moderator' WHERE room_id = $1 AND user_id = $2;

    VACUUM ANALYZE
"""


async def test_what_moderators_and_the_invited_read_is_served_by_its_index(db: Postgres) -> None:
    await seed(db, 3000)
    me = await somebody(db)
    room = await ask(db, "SELECT room_id FROM members GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    for statement in _SEED_ORDER.split(";"):
        text = statement.replace("$1", f"'{room}'::uuid").replace("$2", f"'{me}'::uuid")
        await ask(db, text)
    invited = await ask(db, "SELECT user_id FROM room_invitations LIMIT 1")
    link = await ask(db, "SELECT code FROM room_links LIMIT 1")
    for index, statement, arguments in (
        ("room_bans_in_order", queries.BANS, (room, me, datetime.max.replace(tzinfo=UTC), LAST, 20)),
        ("room_audit_in_order", queries.AUDIT, (room, me, LAST, 20)),
        ("room_links_of_room", queries.LINKS, (room, me, 20)),
        ("room_links_code_key", queries.LINK, (link,)),
        ("room_invitations_of_user", queries.INVITATIONS, (invited, LAST, 20)),
    ):
        root = await plan(db, statement, *arguments)
        used = {node.get("Index Name") for node in nodes(root)}
        scanned = {node["Relation Name"] for node in nodes(root) if node["Node Type"] == "Seq Scan"}
        assert index in used, (index, used)
        assert scanned <= {"users"}, (index, scanned)  # a few pages here; its key serves when they are many
        assert pages_read(root) < 500, (index, pages_read(root))


def _beginning() -> tuple[Any, UUID]:
    key = reading._MemberKey()
    return key.joined_at, key.user


class Counting(Postgres):
    """A Postgres that remembers the statements it was asked."""

    def __init__(self, db: Postgres) -> None:
        super().__init__(db._pool)
        self.statements: list[str] = []

    async def read(self, fn: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any) -> T:
        return await super().read(self._counted, fn, *args, **kwargs)

    async def transaction(self, fn: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any) -> T:
        return await super().transaction(self._counted, fn, *args, **kwargs)

    async def _counted(
        self, connection: Connection, fn: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any
    ) -> T:
        def note(record: Any) -> None:
            self.statements.append(record.query)

        connection.add_query_logger(note)
        try:
            return await fn(connection, *args, **kwargs)
        finally:
            connection.remove_query_logger(note)


class Asked(pymongo.monitoring.CommandListener):
    """The commands that MongoDB was asked."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def started(self, event: pymongo.monitoring.CommandStartedEvent) -> None:
        self.names.append(event.command_name)

    def succeeded(self, event: pymongo.monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: pymongo.monitoring.CommandFailedEvent) -> None: ...


class NobodyHere:
    """A Redis that counts how often it was asked who is here."""

    def __init__(self) -> None:
        self.times = 0

    async def calls(self, commands: Sequence[Sequence[Any]]) -> list[Any]:
        self.times += 1
        return [[None] * (len(command) - 2) for command in commands]


class Stores:
    """The stores that lists ask."""

    def __init__(self, db: Postgres, mongo: Any, redis: Any = None) -> None:
        self.db = db
        self.mongo = mongo
        self.redis = redis


async def test_every_list_is_one_statement_and_my_rooms_ask_the_log_once_and_redis_once(
    db: Postgres, mongo_url: str
) -> None:
    await seed(db, 500)
    me = await somebody(db)
    room = await ask(db, "SELECT room_id::text FROM members WHERE user_id = $1 LIMIT 1", me)
    await ask(db, "UPDATE members SET role = 'moderator' WHERE room_id = $1 AND user_id = $2", room, me)
    asked = Asked()
    with pymongo.MongoClient[dict[str, Any]](mongo_url, event_listeners=[asked]) as client:
        counting, mongo = Counting(db), Mongo(client.get_default_database(), 4)
        await Log(mongo).prepare()  # chatd does
        asked.names.clear()
        redis = NobodyHere()
        stores: Any = Stores(counting, mongo, redis)
        for query in (ListQuery(), ListQuery(offset=300), ListQuery(text="room", possible=True)):
            counting.statements.clear()
            page = await listing.public(stores, me, replace(query, limit=100))
            assert len(page.rooms) == 100
            assert len(counting.statements) == 1
        people = await reading.members(stores, me, room, MembersQuery())
        assert len(people.members) >= 1
        assert len(counting.statements) == 2
        for number, read in enumerate((moderation.bans, auditing.audit), 3):
            await read(stores, me, room, PageQuery())
            assert len(counting.statements) == number
        await inviting.links(stores, me, room)
        await inviting.invitations(stores, me, PageQuery())
        assert len(counting.statements) == 6
        counting.statements.clear()
        assert asked.names == []
        mine = await reading.mine(stores, me, MineQuery(limit=200))
        assert len(mine.rooms) == 200
        assert len(counting.statements) == 1
        assert [name for name in asked.names if name != "hello"] == ["aggregate"]
        assert redis.times == 1
