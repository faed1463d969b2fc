"""Mentors are found by category and by what they have most of; only who is one now is ever shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
import trio

from common.postgres import Connection, Postgres
from control.cursor import LAST
from control.mentors import applying, following, mentors, queries
from control.mentors.views import ApplicationsQuery, MentorsQuery
from control.rooms.views import PageQuery
from tests.control.board import conftest as board
from tests.control.mentors.conftest import AddPaper, Admins, Mentors
from tests.control.rooms.conftest import Guest, Guests, Json, good, refused
from tests.control.rooms.test_plans import Counting, ask, db, nodes, pages_read, plan
from tests.support.control import Control

__all__ = ["db"]
NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"


async def listed(guest: Guest, **query: Any) -> list[str]:
    page = good(await guest.http.get("/api/v1/mentors", params=query))
    return [each["nickname"] for each in page["mentors"]]


async def follow(guest: Guest, mentor: Guest) -> httpx.Response:
    return await guest.http.put(f"/api/v1/me/follows/{mentor.id}")


async def unfollow(guest: Guest, mentor: Guest) -> httpx.Response:
    return await guest.http.delete(f"/api/v1/me/follows/{mentor.id}")


async def card(guest: Guest, mentor: Guest) -> Json:
    return good(await guest.http.get(f"/api/v1/mentors/{mentor.id}"))


async def set_row(control: Control, mentor: Guest, values: str) -> None:
    async def run(connection: Connection) -> None:
        await connection.execute(f"UPDATE mentors SET {values} WHERE user_id = $1", mentor.id)

    await control.services.db.transaction(run)


async def test_mentors_are_listed_by_what_they_have_most_of(
    control: Control, guests: Guests, mentors: Mentors
) -> None:
    (jun,) = await guests(1)
    a, b, c = await mentors(3)
    assert (await follow(jun, a)).status_code == 204
    asked = await board.ask(jun)
    best = {"answer": (await board.answer(b, asked))["id"]}
    assert (await jun.http.put(f"/api/v1/questions/{asked['id']}/best", json=best)).status_code == 204
    await set_row(control, c, "reviews = 2, halves = 19")
    await set_row(control, a, "reviews = 1, halves = 8")
    assert (await listed(jun))[0] == a.nickname
    assert (await listed(jun, by="answers"))[0] == b.nickname
    assert (await listed(jun, by="rating"))[:2] == [c.nickname, a.nickname]
    assert (await card(jun, c))["rating"] == 4.75
    assert [(await card(jun, each))["following"] for each in (a, b)] == [True, False]


async def test_mentors_show_their_faces(guests: Guests, mentors: Mentors, paper: AddPaper) -> None:
    (jun,), (mina,) = await guests(1), await mentors(1)
    face = await paper(mina, "avatar")
    good(await mina.http.patch("/api/v1/me/profile", json={"avatar": face}))
    assert (await card(jun, mina))["avatar"] == face


async def test_a_category_lists_those_who_named_it_and_follows_what_they_change(
    guests: Guests, mentors: Mentors
) -> None:
    (jun,) = await guests(1)
    (cook,) = await mentors(1, "cooking")
    (both,) = await mentors(1, "development", "cooking")
    assert set(await listed(jun, category="cooking")) == {cook.nickname, both.nickname}
    assert await listed(jun, category="development") == [both.nickname]
    assert await listed(jun, category="music") == []
    changed = good(
        await both.http.patch("/api/v1/me/mentor", json={"categories": ["design"], "introduction": "새로"})
    )
    assert (changed["categories"], changed["introduction"], changed["company"]) == (
        ["design"],
        "새로",
        "마당",
    )
    assert await listed(jun, category="cooking") == [cook.nickname]
    assert await listed(jun, category="design") == [both.nickname]
    assert len(await listed(jun)) == 2


async def test_pages_go_on_where_they_ended_among_equals(guests: Guests, mentors: Mentors) -> None:
    (jun,) = await guests(1)
    people = await mentors(7)
    assert (await follow(jun, people[3])).status_code == 204
    seen: list[str] = []
    cursor: Json = {}
    while True:
        page = good(await jun.http.get("/api/v1/mentors", params={"limit": 2, **cursor}))
        seen += [each["id"] for each in page["mentors"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    rest = sorted((each.id for each in people if each is not people[3]), reverse=True)
    assert seen == [people[3].id, *rest]


async def test_only_who_is_a_mentor_now_is_ever_shown(
    guests: Guests, admins: Admins, mentors: Mentors
) -> None:
    (jun,) = await guests(1)
    (sol,) = await admins(1)
    gone, suspended, stays = await mentors(3)
    for each in (gone, suspended, stays):
        assert (await follow(jun, each)).status_code == 204
    good(await sol.http.put(f"/api/v1/admin/people/{gone.id}/roles", json={"roles": []}))
    good(await sol.http.put(f"/api/v1/admin/people/{suspended.id}/suspension", json={"reason": "광고"}))
    for path in ("/api/v1/mentors", "/api/v1/me/follows"):
        page = good(await jun.http.get(path))
        assert [each["id"] for each in page["mentors"]] == [stays.id]
    for each in (gone, suspended):
        refused(await jun.http.get(f"/api/v1/mentors/{each.id}"), "mentor_not_found")
        refused(await follow(jun, each), "mentor_not_found")
        assert (await unfollow(jun, each)).status_code == 204
    good(await sol.http.delete(f"/api/v1/admin/people/{suspended.id}/suspension"))
    assert (await card(jun, suspended))["followers"] == 0


@pytest.mark.usefixtures("no_turns")
async def test_following_twice_is_following_once_and_the_count_is_exact(
    guests: Guests, mentors: Mentors
) -> None:
    people = await guests(8)
    (mina,) = await mentors(1)
    for guest in people:
        guest.http.timeout = httpx.Timeout(120)

    async def often(guest: Guest, last: Any) -> None:
        for act in (follow, follow, unfollow, unfollow, follow, last):
            assert (await act(guest, mina)).status_code == 204

    async with trio.open_nursery() as nursery:
        for number, guest in enumerate(people):
            for _ in range(3):
                nursery.start_soon(often, guest, follow if number % 2 else unfollow)
    followers = [guest for guest in people if (await card(guest, mina))["following"]]
    assert (await card(people[0], mina))["followers"] == len(followers)
    async with trio.open_nursery() as nursery:
        for guest in people:
            nursery.start_soon(follow, guest, mina)
            nursery.start_soon(follow, guest, mina)
    assert (await card(people[0], mina))["followers"] == 8


async def test_my_follows_are_mine_alone_whom_i_followed_last_first(guests: Guests, mentors: Mentors) -> None:
    jun, ara = await guests(2)
    a, b, c = await mentors(3)
    for each in (b, a, c):
        assert (await follow(jun, each)).status_code == 204
    first = good(await jun.http.get("/api/v1/me/follows", params={"limit": 2}))
    rest = good(await jun.http.get("/api/v1/me/follows", params={"cursor": first["next"]}))
    assert [each["id"] for each in first["mentors"] + rest["mentors"]] == [c.id, a.id, b.id]
    assert good(await ara.http.get("/api/v1/me/follows"))["mentors"] == []


async def test_a_list_of_follows_has_an_end(
    guests: Guests, mentors: Mentors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST", 2)
    (jun,) = await guests(1)
    a, b, c = await mentors(3)
    for each in (a, b, a):
        assert (await follow(jun, each)).status_code == 204
    refused(await follow(jun, c), "list_full")
    assert (await card(jun, c))["followers"] == 0


async def test_what_is_no_mentor_is_refused(guests: Guests, mentors: Mentors) -> None:
    jun, ara = await guests(2)
    (mina,) = await mentors(1)
    refused(await follow(mina, mina), "not_oneself")
    refused(await follow(jun, ara), "mentor_not_found")
    refused(await jun.http.put(f"/api/v1/me/follows/{NOBODY}"), "mentor_not_found")
    refused(await jun.http.put("/api/v1/me/follows/1"), "invalid")
    refused(await jun.http.get(f"/api/v1/mentors/{ara.id}"), "mentor_not_found")
    refused(await jun.http.patch("/api/v1/me/mentor", json={}), "forbidden")
    for query in ({"by": "age"}, {"limit": 0}, {"limit": 101}, {"cursor": "abcd"}, {"category": ""}):
        refused(await jun.http.get("/api/v1/mentors", params=query), "invalid")
    for body in ({"introduction": " "}, {"categories": []}, {"hours": [{"day": 8}]}):
        refused(await mina.http.patch("/api/v1/me/mentor", json=body), "invalid")


# --- plans ------------------------------------------------------------------------------------------------------------

_SEED = """
    ALTER TABLE mentors DISABLE TRIGGER count_best_answers;
    INSERT INTO users (id, email, nickname, name, phone, password_hash)
    SELECT uuidv7(), n || '@example.org', 'p' || n, 'p', '+' || n, '' FROM generate_series(1, 6000) n;
    INSERT INTO user_roles (user_id, role) SELECT id, 'mentor' FROM users;
    INSERT INTO mentors (user_id, company, department, introduction, hours, categories, answers)
    SELECT id, 'c', '', 'i', '[]', CASE WHEN row_number() OVER () % 50 = 0 THEN ARRAY['rare'] ELSE ARRAY['common', 'x'] END,
           (random() * 20)::integer
    FROM users;
    INSERT INTO follows (user_id, mentor_id)
    SELECT u.id, m.id FROM (SELECT id FROM users LIMIT 30) u, (SELECT id FROM users ORDER BY id DESC LIMIT 300) m;
    INSERT INTO mentor_applications (user_id, company, department, introduction, hours, categories, state, decided_at)
    SELECT id, 'c', '', 'i', '[]', ARRAY['x'], 'authorized', now() FROM users;
    INSERT INTO mentor_applications (user_id, company, department, introduction, hours, categories)
    SELECT id, 'c', '', 'i', '[]', ARRAY['x'] FROM users LIMIT 200;
    VACUUM ANALYZE
"""


async def test_every_list_is_one_statement_that_its_index_serves(db: Postgres) -> None:
    for statement in _SEED.split(";"):
        await ask(db, statement)
    me = str(await ask(db, "SELECT user_id FROM follows LIMIT 1"))
    now = await ask(db, "SELECT now() + interval '1 hour'")
    for index, statement, arguments in (
        ("mentor_shelves_by_followers", queries.BY_FOLLOWERS, (me, "", 2**31 - 1, LAST, 20)),
        ("mentor_shelves_by_followers", queries.BY_FOLLOWERS, (me, "rare", 2**31 - 1, LAST, 20)),
        ("mentor_shelves_by_answers", queries.BY_ANSWERS, (me, "common", 10, LAST, 20)),
        ("mentor_shelves_by_rating", queries.BY_RATING, (me, "", 0, LAST, 20)),
        ("follows_in_order", queries.FOLLOWED, (me, now, LAST, 20)),
        ("mentor_applications_in_order", queries.IN_STATE, ("pending", LAST, 20)),
        ("mentor_applications_of_user", queries.OF_PERSON, (me, LAST, 20)),
    ):
        root = await plan(db, statement, *arguments)
        used = {node.get("Index Name") for node in nodes(root)}
        scanned = {node["Relation Name"] for node in nodes(root) if node["Node Type"] == "Seq Scan"}
        assert index in used, (index, used)
        assert scanned <= {"suspensions", "mentor_certificates", "uploads"}, (
            index,
            scanned,
        )  # which are empty here
        assert pages_read(root) < 700, (index, pages_read(root))

    class Stores:
        def __init__(self) -> None:
            self.db = Counting(db)

    stores: Any = Stores()
    for limit in (10, 60):
        stores.db.statements.clear()
        assert len((await mentors.listed(stores, me, MentorsQuery(limit=limit))).mentors) == limit
        assert len((await following.followed(stores, me, PageQuery(limit=limit))).mentors) == limit
        assert len((await applying.in_state(stores, ApplicationsQuery(limit=limit))).applications) == limit
        assert len(stores.db.statements) == 3
    assert UUID(me)
