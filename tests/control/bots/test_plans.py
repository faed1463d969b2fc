"""Lists of bots, of their tokens and of webhooks are one statement each, and an index serves it."""

from __future__ import annotations

from common.postgres import Postgres
from control.bots import queries as bots
from control.hooks import queries as hooks
from tests.control.rooms.test_plans import ask, db, nodes, plan

__all__ = ["db"]

_SEED = """
    INSERT INTO users (kind, nickname, name)
    SELECT 'bot', 'bot' || n, 'bot' FROM generate_series(1, 5000) n;

    INSERT INTO users (email, nickname, name, phone)
    SELECT n || '@example.org', 'p' || n, 'p', '+' || n FROM generate_series(1, 1000) n;

    INSERT INTO bots (user_id, owner_id)
    SELECT b.id, p.id
    FROM (SELECT id, row_number() OVER () AS n FROM users WHERE kind = 'bot') b
    JOIN (SELECT id, row_number() OVER () AS n FROM users WHERE kind = 'person') p ON p.n = b.n % 1000 + 1;

    INSERT INTO bot_tokens (bot_id, name, token_hash, scopes)
    SELECT user_id, 'x', sha256((user_id::text || n)::bytea), '{read}' FROM bots, generate_series(1, 3) n;

    INSERT INTO rooms (kind, title, capacity, visibility)
    SELECT 'group', 'room', 10, 'public' FROM generate_series(1, 3000);

    INSERT INTO hooks (room_id, name, secret_hash, created_by)
    SELECT id, 'x', sha256('x'), (SELECT id FROM users WHERE kind = 'person' LIMIT 1)
    FROM rooms, generate_series(1, 3);

    INSERT INTO hook_posts (hook_id, key, body_hash, post_id) SELECT id, 'k', sha256('x'), id FROM hooks;

    VACUUM ANALYZE
"""


async def test_every_question_about_bots_and_webhooks_is_served_by_an_index(db: Postgres) -> None:
    for statement in _SEED.split(";"):
        await ask(db, statement)
    bot, owner = await ask(db, "SELECT ARRAY[user_id, owner_id] FROM bots LIMIT 1")
    secret_hash = await ask(db, "SELECT token_hash FROM bot_tokens LIMIT 1")
    hook, room = await ask(db, "SELECT ARRAY[id, room_id] FROM hooks LIMIT 1")
    for index, statement, arguments in (
        ("bots_of_owner", bots.BOTS, (owner,)),
        ("bots_of_owner", bots.COUNT_BOTS, (owner,)),
        ("bot_tokens_of_bot", bots.API_TOKENS, (bot,)),
        ("bot_tokens_token_hash_key", bots.LOCK_BY_HASH, (secret_hash,)),
        ("hooks_of_room", hooks.HOOKS, (room,)),
        ("hooks_of_room", hooks.COUNT, (room,)),
        ("hooks_pkey", hooks.KEYHOLE, (hook,)),
        ("hook_posts_pkey", hooks.REMEMBERED, (hook, "k")),
    ):
        root = await plan(db, statement, *arguments)
        used = {node.get("Index Name") for node in nodes(root)}
        assert index in used, (index, used)
        assert not [node for node in nodes(root) if node["Node Type"] == "Seq Scan"], (index, root)
