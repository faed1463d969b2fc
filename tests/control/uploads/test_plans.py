"""What is asked of files is served by indices, however many there are."""

from __future__ import annotations

from datetime import UTC, datetime

from common.postgres import Postgres
from control.uploads import queries
from tests.control.rooms.test_plans import ask, db, nodes, pages_read, plan

__all__ = ["db"]

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

    VACUUM ANALYZE
"""


async def test_every_question_about_files_is_served_by_indices(db: Postgres) -> None:
    for statement in _SEED.split(";"):
        await ask(db, statement)
    owner = await ask(db, "SELECT owner_id FROM uploads WHERE NOT settled LIMIT 1")
    some = await ask(db, "SELECT array_agg(id) FROM (SELECT id FROM uploads LIMIT 5) few")
    for index, statement, arguments in (
        ("uploads_unsettled_of_owner", queries.PENDING, (owner,)),
        ("uploads_unsettled", queries.DUE, (datetime.now(UTC), 20)),
        ("uploads_pkey", queries.SETTLE, (some,)),
    ):
        root = await plan(db, statement, *arguments)
        used = {node.get("Index Name") for node in nodes(root)}
        assert index in used, (index, used)
        scanned = {node["Relation Name"] for node in nodes(root) if node["Node Type"] == "Seq Scan"}
        assert not scanned, (index, scanned)
        assert pages_read(root) < 500, (index, pages_read(root))
