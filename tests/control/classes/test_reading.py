"""Classes are found by what was opened last and what starts soonest, by category and by mentor; each list has its index."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from common.postgres import Postgres
from control.classes import queries
from control.cursor import LAST
from tests.control.classes.conftest import MINUTE, School
from tests.control.rooms.conftest import Guest, Guests, Json, good, refused
from tests.control.rooms.test_plans import ask, db, nodes, pages_read, plan

__all__ = ["db"]


async def listed(who: Guest, path: str = "classes", **query: Any) -> list[str]:
    """The ids on all pages of a list."""
    found: list[str] = []
    while True:
        page = good(await who.http.get(f"/api/v1/{path}", params={"limit": 2, **query}))
        found += [each["id"] for each in page["classes"]]
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]


async def test_open_classes_are_listed_by_when_they_opened_and_by_when_they_start(
    school: School, guests: Guests
) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await guests(1)
    soon = school.control.clock.now_ms
    made: list[Json] = []
    for minutes in (9, 3, 5):
        made.append(await school.opened(mina, starts_at=soon + minutes * MINUTE))
        school.control.clock.pass_seconds(1)
    await school.make(mina)  # a draft
    late, early, middle = (each["id"] for each in made)
    assert await listed(jun) == [middle, early, late]
    assert await listed(jun, by="start") == [early, middle, late]
    school.control.clock.pass_seconds(4 * 60)  # one has begun
    assert await listed(jun) == [middle, late]
    assert await listed(jun, by="start") == [middle, late]
    good(await school.act(mina, made[2], "close"))
    assert await listed(jun) == [late]


async def test_a_category_lists_what_is_of_it_now(school: School, guests: Guests) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await guests(1)
    both = await school.opened(mina, categories=["cooking", "design"])
    one = await school.opened(mina, categories=["cooking"])
    assert set(await listed(jun, category="cooking")) == {both["id"], one["id"]}
    assert await listed(jun, category="design", by="start") == [both["id"]]
    good(await school.change(mina, both, categories=["career"]))
    assert await listed(jun, category="cooking") == [one["id"]]
    assert await listed(jun, category="career") == [both["id"]]
    assert await listed(jun, category="music") == []


async def test_my_classes_are_those_i_am_in_or_wait_for(school: School) -> None:
    (mina,) = await school.mentors(1)
    jun, ara = await school.rich(2)
    one, two, three = [await school.opened(mina, capacity=1) for _ in range(3)]
    good(await school.register(ara, two))
    good(await school.register(jun, one))
    good(await school.register(jun, two, wait=True))
    good(await school.register(jun, three))
    await school.cancel(jun, three)
    assert await listed(jun, "me/classes") == [two["id"], one["id"]]
    page = good(await jun.http.get("/api/v1/me/classes"))
    assert [each["mine"] for each in page["classes"]] == ["waiting", "registered"]
    assert await listed(mina, "me/classes") == []


async def test_a_mentors_classes_are_shown_with_drafts_to_himself_alone(
    school: School, guests: Guests
) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await guests(1)
    opened = await school.opened(mina)
    closed = await school.opened(mina)
    good(await school.act(mina, closed, "close"))
    draft = await school.make(mina)
    path = f"mentors/{mina.id}/classes"
    assert await listed(jun, path) == [closed["id"], opened["id"]]
    assert await listed(mina, path) == [draft["id"], closed["id"], opened["id"]]
    assert await listed(jun, f"mentors/{jun.id}/classes") == []


async def test_what_is_no_query_is_refused(guests: Guests) -> None:
    (jun,) = await guests(1)
    for query in ({"by": "price"}, {"limit": 0}, {"limit": 101}, {"cursor": "abcd"}, {"category": "?"}):
        refused(await jun.http.get("/api/v1/classes", params=query), "invalid")
    refused(await jun.http.get("/api/v1/classes/1"), "invalid")


# --- plans ------------------------------------------------------------------------------------------------------------

# 5,000 open classes of 200 mentors; every fiftieth is of a rare category; one class that 300 people registered for.
_SEED = """
    INSERT INTO users (id, email, nickname, name, phone, password_hash)
    SELECT uuidv7(), n || '@example.org', 'p' || n, 'p', '+' || n, '' FROM generate_series(1, 1000) n;
    INSERT INTO user_roles (user_id, role) SELECT id, 'mentor' FROM users;
    INSERT INTO mentors (user_id, company, department, introduction, hours, categories)
    SELECT id, 'c', '', 'i', '[]', ARRAY['x'] FROM users;
    INSERT INTO rooms (kind, title, capacity, visibility) SELECT 'class', 'c', 500, 'private' FROM generate_series(1, 5000);
    INSERT INTO classes (mentor_id, room_id, title, description, curriculum, questions, price, capacity, starts_at,
                         categories, state, created_at, opened_at)
    SELECT u.id, r.id, 'c', '', '{}', '{}', 0, 500, now() + r.n * interval '1 s',
           CASE WHEN r.n % 50 = 0 THEN ARRAY['rare'] ELSE ARRAY['common'] END, 'open', now(), now() - r.n * interval '1 s'
    FROM (SELECT id, row_number() OVER () AS n FROM rooms) r
    JOIN (SELECT id, row_number() OVER () AS n FROM users) u ON u.n = r.n % 200 + 1;
    INSERT INTO class_registrations (class_id, user_id, answers, state, asked_at, registered_at)
    SELECT c.id, u.id, '{}', 'registered', now(), now()
    FROM (SELECT id FROM classes ORDER BY id LIMIT 1) c, (SELECT id FROM users LIMIT 300) u;
    INSERT INTO class_registrations (class_id, user_id, answers, state, asked_at, registered_at)
    SELECT c.id, u.id, '{}', 'registered', now(), now()
    FROM (SELECT id FROM classes ORDER BY id DESC LIMIT 300) c, (SELECT id FROM users ORDER BY id DESC LIMIT 20) u;
    INSERT INTO class_reviews (class_id, user_id, halves, text, reviewed_at)
    SELECT class_id, user_id, 8, '', now() - random() * interval '1 day' FROM class_registrations;
    VACUUM ANALYZE
"""


async def test_every_list_is_served_by_its_index(db: Postgres) -> None:
    for statement in _SEED.split(";"):
        await ask(db, statement)
    me = str(await ask(db, "SELECT user_id FROM class_registrations ORDER BY user_id DESC LIMIT 1"))
    of = str(await ask(db, "SELECT id FROM classes ORDER BY id LIMIT 1"))
    mentor = str(await ask(db, "SELECT mentor_id FROM classes LIMIT 1"))
    now, end = datetime.now(UTC), datetime.max.replace(tzinfo=UTC)
    middle = await ask(db, "SELECT now() + interval '2000 s'")
    first = UUID(int=0)
    for index, statement, arguments in (
        ("class_shelves_newest", queries.NEWEST, (me, "", end, LAST, now, 20)),
        ("class_shelves_newest", queries.NEWEST, (me, "rare", end, LAST, now, 20)),
        ("class_shelves_by_start", queries.BY_START, (me, "", middle, first, now, 20)),
        ("class_shelves_by_start", queries.BY_START, (me, "common", now, first, now, 20)),
        ("class_registrations_of_user", queries.MINE, (me, 2**63 - 1, 20)),
        ("classes_of_mentor", queries.OF_MENTOR, (me, mentor, LAST, 20)),
        ("class_registrations_in_order", queries.REGISTRANTS, (of, "registered", -1, 20)),
        ("class_reviews_in_order", queries.REVIEWS, (of, end, LAST, 20)),
        ("class_reviews_of_mentor", queries.REVIEWS_OF_MENTOR, (mentor, end, LAST, LAST, 20)),
    ):
        root = await plan(db, statement, *arguments)
        used = {node.get("Index Name") for node in nodes(root)}
        scanned = {node["Relation Name"] for node in nodes(root) if node["Node Type"] == "Seq Scan"}
        assert index in used, (index, used)
        assert scanned <= {"suspensions", "users"}, (index, scanned)  # empty here, or a few pages
        assert pages_read(root) < 900, (index, pages_read(root))
