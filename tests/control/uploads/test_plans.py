"""What is asked of files is served by indices, however many there are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import trio

from common import aio
from common.postgres import Postgres, open_postgres
from control.uploads import queries
from tests.control.rooms.test_plans import ask, nodes, pages_read, plan
from tests.support.statements import prepare

_SEED = """
    INSERT INTO users (email, nickname, name, phone)
    SELECT n || '@example.org', 'p' || n, 'p', '+' || n FROM generate_series(1, 2000) n;

    INSERT INTO uploads (id, owner_id, purpose, name, media_type, size, confirmed_at, settled)
    SELECT uuidv7(), u.id, purpose, 'x', 'image/png', 10, now() - n * interval '1 minute', n > 500
    FROM (SELECT id, row_number() OVER () AS n FROM users) u, unnest(ARRAY['avatar', 'room_image', 'class_cover']) AS purpose;

    INSERT INTO avatars (upload_id, user_id, since) SELECT id, owner_id, now() FROM uploads WHERE purpose = 'avatar';

    UPDATE users SET avatar_id = (SELECT upload_id FROM avatars WHERE user_id = users.id);

    INSERT INTO rooms (kind, title, capacity, visibility, image_id)
    SELECT 'group', 'room', 10, 'private', id FROM uploads WHERE purpose = 'room_image';

    INSERT INTO members (room_id, user_id, role) SELECT r.id, u.owner_id, 'owner' FROM rooms r JOIN uploads u ON u.id = r.image_id;

    INSERT INTO mentors (user_id, company, department, introduction, hours, categories)
    SELECT id, '', '', '', '[]', '{design}' FROM users;

    INSERT INTO classes (mentor_id, room_id, title, description, curriculum, questions, price, capacity, starts_at, cover_id,
                         categories, created_at)
    SELECT u.owner_id, m.room_id, 'x', '', '{}', '{}', 0, 2, now(), u.id, '{design}', now()
    FROM uploads u JOIN members m ON m.user_id = u.owner_id
    WHERE u.purpose = 'class_cover';

    VACUUM ANALYZE
"""


@pytest.fixture
async def db(migrated_url: str) -> AsyncIterator[Postgres]:
    """Where an index is read wherever there is one that serves, also of tables that are small here."""
    await trio.to_thread.run_sync(asyncio.run, prepare(migrated_url))
    async with aio.open_loop(), open_postgres(migrated_url) as db:
        yield db


async def test_every_question_about_files_is_served_by_indices(db: Postgres) -> None:
    for statement in _SEED.split(";"):
        await ask(db, statement)
    owner = await ask(db, "SELECT owner_id FROM uploads WHERE NOT settled LIMIT 1")
    some = await ask(db, "SELECT array_agg(id) FROM (SELECT id FROM uploads LIMIT 5) few")
    for index, statement, arguments in (
        ("uploads_unsettled_of_owner", queries.PENDING, (owner,)),
        ("uploads_unsettled", queries.DUE, (datetime.now(UTC), 20)),
        ("uploads_pkey", queries.SETTLE, (some,)),
        ("avatars_pkey", queries.READABLE, (some[0], owner, True, True, None)),
    ):
        root = await plan(db, statement, *arguments)
        used = {node.get("Index Name") for node in nodes(root)}
        assert index in used, (index, used)
        scanned = {node["Relation Name"] for node in nodes(root) if node["Node Type"] == "Seq Scan"}
        assert scanned <= {"badges"}, (index, scanned)  # of which there are some dozens
        assert pages_read(root) < 500, (index, pages_read(root))
