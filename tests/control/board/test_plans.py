"""Every list of the board costs the same however much was asked: an index serves it, in a fixed number of statements."""

from __future__ import annotations

from typing import Any

from common.postgres import Postgres
from control.board import listing, queries, reading
from control.board.views import FirstPageQuery, PostPageQuery, QuestionsQuery
from control.cursor import LAST
from tests.control.rooms.test_plans import Counting, Stores, ask, db, nodes, pages_read, plan

__all__ = ["db"]

_SEED = """
    INSERT INTO users (id, email, nickname, name, phone, password_hash)
    SELECT uuidv7(), n || '@example.org', 'p' || n, 'p', '+' || n, '' FROM generate_series(1, 2000) n;

    INSERT INTO questions (author_id, title, text, category, tags, answers, likes)
    SELECT u.id, 'q' || n, 'text', CASE WHEN n % 50 = 0 THEN 'rare' ELSE 'common' END,
           ARRAY['t' || n % 100], n % 3, n % 17
    FROM generate_series(1, 20000) n
    JOIN (SELECT id, row_number() OVER () AS number FROM users) u ON u.number = n % 500 + 1;

    INSERT INTO board_shelves (shelf, question_id, likes, answered)
    SELECT shelf, id, likes, answers > 0
    FROM questions, unnest(ARRAY['all', 'category:' || category, 'tag:' || tags[1], 'author:' || author_id]) AS shelf;

    INSERT INTO answers (question_id, author_id, text, likes)
    SELECT q.id, u.id, 'text', (random() * 20)::int
    FROM (SELECT id FROM questions ORDER BY id LIMIT 10) q, (SELECT id FROM users LIMIT 1000) u;

    INSERT INTO board_comments (question_id, place, author_id, text)
    SELECT q.id, ARRAY[u.number]::int[], u.id, 'text'
    FROM (SELECT id FROM questions ORDER BY id LIMIT 10) q, (SELECT id, row_number() OVER () AS number FROM users) u;

    INSERT INTO board_likes (post_id, user_id)
    SELECT q.id, u.id FROM (SELECT id FROM questions ORDER BY id LIMIT 100) q, (SELECT id FROM users LIMIT 500) u;

    VACUUM ANALYZE
"""


async def _seed(db: Postgres) -> None:
    for statement in _SEED.split(";"):
        await ask(db, statement)


async def test_every_list_is_served_by_its_index(db: Postgres) -> None:
    await _seed(db)
    me = await ask(db, "SELECT id FROM users LIMIT 1")
    middle = await ask(db, "SELECT id FROM questions ORDER BY id OFFSET 10000 LIMIT 1")
    first = await ask(db, "SELECT id FROM questions ORDER BY id LIMIT 1")
    given = await ask(db, "SELECT id FROM answers WHERE question_id = $1 LIMIT 1", first)
    page: tuple[Any, ...] = (middle, 20)
    newest, unanswered, liked = (
        "board_shelves_pkey",
        "board_shelves_unanswered",
        "board_shelves_by_likes",
    )
    for index, statement, arguments in (
        (newest, queries.NEWEST, (me, "all", *page)),
        (newest, queries.NEWEST, (me, "category:rare", *page)),
        (newest, queries.NEWEST, (me, "tag:t7", *page)),
        (newest, queries.NEWEST, (me, "author:" + str(me), *page)),
        (unanswered, queries.UNANSWERED, (me, "all", *page)),
        (unanswered, queries.UNANSWERED, (me, "category:rare", *page)),
        (liked, queries.LIKED, (me, "all", *page, 10)),
        (liked, queries.LIKED, (me, "category:rare", *page, 10)),
        ("answers_in_order", queries.ANSWERS, (me, first, -10, given, 20)),
        ("answers_of_author", queries.ANSWERS_OF, (me, me, LAST, 20)),
        ("board_comments_post_id_place_key", queries.COMMENTS, (me, first, [1000], 20)),
    ):
        root = await plan(db, statement, *arguments)
        used = {node.get("Index Name") for node in nodes(root)}
        scanned = {node["Relation Name"] for node in nodes(root) if node["Node Type"] == "Seq Scan"}
        assert index in used, (index, used)
        assert scanned <= {"users", "user_roles", "relations", "board_pictures"}, (
            index,
            scanned,
        )  # a few pages
        assert pages_read(root) < 500, (index, pages_read(root))
    newest_page = await plan(db, queries.NEWEST, me, "all", LAST, 20)
    oldest = await ask(db, "SELECT id FROM questions ORDER BY id OFFSET 30 LIMIT 1")
    oldest_page = await plan(db, queries.NEWEST, me, "all", oldest, 20)
    assert pages_read(oldest_page) <= 1.5 * pages_read(newest_page)


async def test_pages_are_a_fixed_number_of_statements(db: Postgres) -> None:
    await _seed(db)
    me = str(await ask(db, "SELECT id FROM users LIMIT 1"))
    question = str(await ask(db, "SELECT id FROM questions ORDER BY id LIMIT 1"))
    answer = await ask(db, "SELECT id FROM answers WHERE question_id = $1 LIMIT 1", question)
    await ask(db, "UPDATE questions SET best_id = $2 WHERE id = $1", question, answer)
    counting = Counting(db)
    stores: Any = Stores(counting, None)
    await reading.comments_on_question(
        stores, me, question, PostPageQuery()
    )  # asyncpg asks once what an int[] is
    for order in ("newest", "unanswered", "liked"):
        counting.statements.clear()
        page = await listing.questions(stores, me, QuestionsQuery(order=order, limit=100))
        assert (len(page.questions), len(counting.statements)) == (100, 1)
    more = PostPageQuery(limit=100)
    counting.statements.clear()
    assert len((await reading.answers_of(stores, me, me, more)).answers) == 10
    assert len(counting.statements) == 1
    counting.statements.clear()
    asked = await reading.page(stores, me, question, FirstPageQuery(limit=100))
    assert asked.best is not None
    assert (len(asked.answers), len(counting.statements)) == (100, 3)
    counting.statements.clear()
    assert len((await reading.answers(stores, me, question, more)).answers) == 100
    assert len((await reading.comments_on_question(stores, me, question, more)).comments) == 100
    assert len(counting.statements) == 4
