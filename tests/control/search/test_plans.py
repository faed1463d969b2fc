"""A search costs little however much there is: indexes yield a bounded number of rows, of the kind that is sought."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import msgspec

from common.postgres import Connection, Postgres
from common.redis import Redis
from control.search import finding, queries
from control.search.cache import Cache
from control.search.finding import pattern
from control.search.generations import Generations
from control.search.kinds import KINDS
from control.search.views import MentorHit, QuestionHit, RoomHit, SearchQuery
from tests.control.rooms.test_plans import Counting, ask, db, nodes

__all__ = ["db"]

MANY = 100_000
_PLACES = [
    "한강",
    "남산",
    "북촌",
    "마포",
    "종로",
    "성수",
    "광화문",
    "여의도",
    "잠실",
    "이태원",
    "홍대",
    "신촌",
    "해운대",
    "서귀포",
    "경주",
]
_DEEDS = [
    "달리기",
    "산책",
    "등산",
    "독서",
    "바둑",
    "요리",
    "기타",
    "합창",
    "사진",
    "그림",
    "수영",
    "자전거",
    "영어",
    "일본어",
    "코딩",
]

# Every one is called by a place, something to do and a number; one alone is called otherwise.
_SEED = """
    INSERT INTO search_entries (kind, id, head, names, body)
    SELECT CASE WHEN n % 2 = 0 THEN 'room' ELSE 'question' END, uuidv7(), head,
           concat(' ', head, ' ', deeds[1 + n / 225 % 15]), ' ' || places[1 + n / 7 % 15]
    FROM (
             SELECT array_agg(keystrokes(place)) AS places, array_agg(keystrokes(deed)) AS deeds
             FROM unnest($1::text[], $2::text[]) AS words (place, deed)
         ) words,
         generate_series($3::int, $3::int + 9999) n,
         concat(places[1 + n / 2 % 15], ' ', deeds[1 + n / 30 % 15], ' ', n) AS head
"""
_ALONE = "SELECT search_put('room', uuidv7(), '얼룩말 동호회', '', '')"


async def _seed(db: Postgres) -> None:
    for first in range(0, MANY, 10_000):
        await ask(db, _SEED, _PLACES, _DEEDS, first)
    await ask(db, _ALONE)
    await ask(db, "VACUUM ANALYZE")


async def _planned(db: Postgres, statement: str, text: str, *, like: bool) -> dict[str, Any]:
    """The plan of ranking, or suggesting, as it ran, with the milliseconds it took."""

    async def run(connection: Connection) -> dict[str, Any]:
        async with connection.transaction():
            begun: Any = await connection.fetchrow(queries.BEGIN, text, str(queries.LIKENESS))
            strokes = begun["strokes"]
            words = [pattern(word) for word in strokes.split()[:5]]
            words += words[-1:] * (5 - len(words))
            arguments = [*words, 100] if like else [f"% {strokes}%", 10]
            explained = await connection.fetchval(
                f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}",
                "room",
                strokes,
                f"{strokes}%",
                *arguments,
            )
        plan: dict[str, Any] = msgspec.json.decode(explained)[0]["Plan"]
        return plan

    return await db.read(run)


async def test_however_much_is_found_it_takes_as_many_statements(db: Postgres) -> None:
    counting = Counting(db)
    generations = Generations()  # of which nothing is known, so nothing is kept
    services: Any = SimpleNamespace(db=counting, searches=Cache(cast(Redis, None), generations))
    counts = set()
    for more in (1, 40):
        for statement in (
            "INSERT INTO users (email, nickname, name, phone, password_hash)"
            " VALUES ($1 || '@example.org', '한강' || $1, '', $1, '')",
            "INSERT INTO user_roles (user_id, role) SELECT id, 'mentor' FROM users ON CONFLICT DO NOTHING",
            "INSERT INTO mentors (user_id, company, department, introduction, hours, categories)"
            " SELECT id, '', '', '', '[]', '{music}' FROM users ON CONFLICT DO NOTHING",
            "INSERT INTO rooms (kind, title, capacity, visibility)"
            " SELECT 'group', '한강 ' || n, 9, 'public' FROM generate_series(1, $1::int) n",
            "INSERT INTO questions (author_id, title, text)"
            " SELECT (SELECT id FROM users LIMIT 1), '한강 ' || n, 'x' FROM generate_series(1, $1::int) n",
        ):
            await ask(
                db, statement, *([more if "::int" in statement else str(more)] if "$1" in statement else [])
            )
        me = str(await ask(db, "SELECT id FROM users LIMIT 1"))
        await finding.search(services, me, SearchQuery(text="한강"))  # asyncpg asks once what a type is
        counting.statements.clear()
        found = await finding.search(services, me, SearchQuery(text="한강", limit=100))
        assert {type(hit) for hit in found.hits} == {RoomHit, QuestionHit, MentorHit}
        assert len(found.hits) > 2 * more
        counts.add(len(counting.statements))
    assert counts == {1 + len(KINDS) + 3}  # three kinds are to be shown


async def test_among_a_hundred_thousand_the_indexes_find(db: Postgres) -> None:
    await _seed(db)
    for text in (
        "얼룩말",
        "얼륙말",
        "한강 달리기",
        "한강",
        "77777",
        "동호회 얼룩말",
        "없는말이다",
        "c",
        "ㅎ",
    ):
        for statement, like in ((queries.RANK, True), (queries.SUGGEST, False)):
            root = await _planned(db, statement, text, like=like)
            scanned = [node for node in nodes(root) if node["Node Type"] == "Seq Scan"]
            used = {node["Index Name"] for node in nodes(root) if "Index Name" in node}
            assert not scanned, text
            assert used <= {"search_rooms_names_body_idx", "search_rooms_kind_head_id_idx"}, used
            rows = max(
                node["Actual Rows"] * node["Actual Loops"]
                for node in nodes(root)
                if node["Node Type"] in {"Bitmap Heap Scan", "Index Scan"}
            )
            assert rows <= 500, (text, rows)
