"""Posts are listed by category, by conditions and by when they meet; every page costs the same however many there are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from common.clock import from_ms, now_ms
from common.postgres import Postgres
from control.cursor import LAST
from control.matching import match_queries
from control.matching.posts import queries
from tests.control.matching.conftest import MINUTE, Admins, Yard
from tests.control.matching.test_posts import offer
from tests.control.rooms.conftest import Guests, good, refused
from tests.control.rooms.test_plans import ask, db, nodes, pages_read, plan

__all__ = ["db"]

DAY = 24 * 60 * MINUTE


async def test_a_list_has_what_was_asked_for_and_nothing_else(
    guests: Guests, admins: Admins, yard: Yard
) -> None:
    (mina,) = await guests(1)
    (boss,) = await admins(1)
    await offer(boss, "places", "river", "cafe")
    await offer(boss, "ways", "packed", "eating-out")
    await offer(boss, "kinds", "exam")
    for title, minutes, said in (
        ("강가 김밥", 30, {"places": ["river"], "ways": ["packed"]}),
        ("강가 카페", 10, {"places": ["river", "cafe"], "ways": ["packed", "eating-out"]}),
        ("카페 시험", 20, {"category": "study", "places": ["cafe"], "kinds": ["exam"]}),
        ("아무 데나", 40, {}),
    ):
        await yard.write(mina, title=title, meets_at=yard.in_minutes(minutes), **said)
    everything = ["아무 데나", "카페 시험", "강가 카페", "강가 김밥"]
    for query, titles in (
        ({}, everything),
        ({"by": "soonest"}, ["강가 카페", "카페 시험", "강가 김밥", "아무 데나"]),
        ({"category": "study"}, ["카페 시험"]),
        ({"place": "cafe"}, ["카페 시험", "강가 카페"]),
        ({"place": "cafe", "category": "meal"}, ["강가 카페"]),
        ({"way": "packed"}, ["강가 카페", "강가 김밥"]),
        ({"place": "cafe", "way": "packed"}, ["강가 카페"]),
        ({"kind": "exam"}, ["카페 시험"]),
        ({"place": "river", "kind": "exam"}, []),
        ({"since": yard.in_minutes(20)}, ["카페 시험", "강가 김밥", "아무 데나"]),
        ({"since": yard.in_minutes(20), "until": yard.in_minutes(40)}, ["카페 시험", "강가 김밥"]),
    ):
        assert await yard.listed(mina, **query) == titles, query
    for wrong in ({"way": "packed", "kind": "exam"}, {"category": "study", "way": "packed"}):
        refused(await mina.http.get("/api/v1/posts", params=wrong), "invalid")
    newest = await yard.page(mina, limit=3)
    assert await yard.listed(mina, limit=3, cursor=newest["next"]) == ["강가 김밥"]
    soonest = await yard.page(mina, limit=3, by="soonest")
    assert await yard.listed(mina, limit=3, by="soonest", cursor=soonest["next"]) == ["아무 데나"]
    crossed = {"cursor": soonest["next"]}
    refused(await mina.http.get("/api/v1/posts", params=crossed), "invalid")


async def test_posts_are_sought_by_their_words_among_those_of_a_list(guests: Guests, yard: Yard) -> None:
    mina, jun, away = await guests(3)
    soup = await yard.write(
        mina, title="국밥집에서", text="따뜻한 Soup 한 그릇", meets_at=yard.in_minutes(30)
    )
    await yard.write(mina, title="국밥 또는 냉면", category="study", meets_at=yard.in_minutes(20))
    await yard.write(jun, title="100%_국밥", anonymous=True, meets_at=yard.in_minutes(40))
    for text, query, titles in (
        ("국밥", {}, ["100%_국밥", "국밥 또는 냉면", "국밥집에서"]),
        ("국밥", {"by": "soonest"}, ["국밥 또는 냉면", "국밥집에서", "100%_국밥"]),
        ("국밥", {"category": "study"}, ["국밥 또는 냉면"]),
        ("밥집", {}, ["국밥집에서"]),  # anywhere inside a word
        ("그릇 soup", {}, ["국밥집에서"]),  # all words, wherever they stand
        ("국밥 soup 냉면", {}, []),
        ("국밥 0%_", {}, ["100%_국밥"]),
        ("냉 국밥", {"until": yard.in_minutes(25)}, ["국밥 또는 냉면"]),
    ):
        assert await yard.listed(away, text=text, **query) == titles, (text, query)
    for query in ({}, {"by": "soonest"}):
        first = await yard.page(away, text="국밥", limit=2, **query)
        rest = await yard.listed(away, text="국밥", limit=2, cursor=first["next"], **query)
        assert len(rest) == 1
        assert rest[0] not in [each["title"] for each in first["posts"]]
    for wrong in ("국 밥", "국", "\u200b\u200b", "긴" * 101):
        refused(await away.http.get("/api/v1/posts", params={"text": wrong}), "invalid")

    good(await yard.change(mina, soup, title="냉면만", text=""))
    assert await yard.listed(away, text="soup") == []
    assert await yard.listed(away, text="냉면") == ["국밥 또는 냉면", "냉면만"]
    await yard.block(mina, away)
    await yard.block(away, jun)
    assert await yard.listed(away, text="국밥") == ["100%_국밥"]  # whose author nobody can tell
    assert await yard.listed(away, text="냉면") == []


async def test_a_post_is_over_from_its_moment_on_whoever_reads_it(guests: Guests, yard: Yard) -> None:
    mina, jun = await guests(2)
    post = await yard.write(mina, meets_at=yard.in_minutes(5))
    yard.pass_minutes(5)  # and nobody has written it down
    assert (await yard.see(jun, post))["state"] == "over"
    assert [each["state"] for each in (await yard.page(jun, open=False))["posts"]] == ["over"]
    assert [each["state"] for each in good(await mina.http.get("/api/v1/me/posts"))["posts"]] == ["over"]


async def test_what_changes_moves_with_it_and_what_is_over_is_only_among_all(
    guests: Guests, admins: Admins, yard: Yard
) -> None:
    mina, jun = await guests(2)
    (boss,) = await admins(1)
    await offer(boss, "places", "river", "cafe")
    post = await yard.write(mina, places=["river"])
    good(await yard.change(mina, post, places=["cafe"], meets_at=yard.in_minutes(5)))
    assert await yard.listed(jun, place="river") == []
    assert await yard.listed(jun, place="cafe", until=yard.in_minutes(6)) == ["국밥"]
    await yard.join(post, jun)
    good(await yard.act(mina, post, "confirm"))
    assert await yard.listed(jun, place="cafe") == []
    assert await yard.listed(jun, place="cafe", open=False) == ["국밥"]


async def test_my_posts_are_those_i_wrote_and_those_i_am_in(guests: Guests, yard: Yard) -> None:
    mina, jun = await guests(2)
    await yard.write(mina, title="안 갈래요")
    theirs = await yard.write(mina, title="갈래요")
    await yard.join(theirs, jun)
    own = await yard.write(jun, title="오세요")
    assert (await yard.act(jun, own, "cancel")).status_code == 204
    found = good(await jun.http.get("/api/v1/me/posts"))["posts"]
    assert [(each["title"], each["mine"], each["state"]) for each in found] == [
        ("오세요", "author", "cancelled"),
        ("갈래요", "joined", "open"),
    ]


# 6,000 posts of 500 people, one of twenty still open; somebody is in 400 of them, and in 400 matches.
_SEED = """
    INSERT INTO users (id, email, nickname, name, phone, password_hash)
    SELECT uuidv7(), n || '@example.org', 'p' || n, 'p', '+' || n, '' FROM generate_series(1, 500) n;

    INSERT INTO match_posts (author_id, category, title, text, anonymous, capacity, places, topics, meets_at, posted_at, state)
    SELECT u.id, CASE WHEN n % 2 = 0 THEN 'meal' ELSE 'study' END, 'p' || n,
           CASE WHEN n % 1000 = 7 THEN '드문말' ELSE '흔한말' END, n % 3 = 0, 4,
           ARRAY[CASE WHEN n % 50 = 0 THEN 'rare' ELSE 'common' END], ARRAY['t' || n % 5],
           now() + (n - 3000) * interval '1 minute', now(), CASE WHEN n % 20 < 19 THEN 'over' ELSE 'open' END
    FROM generate_series($1::int + 1, $1 + 1000) n
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS number FROM users) u ON u.number = n % 500 + 1;

    INSERT INTO match_post_people (post_id, user_id, mark, joined_at) SELECT id, author_id, 0, now() FROM match_posts;

    INSERT INTO match_post_people (post_id, user_id, mark, joined_at)
    SELECT p.id, u.id, 1, now()
    FROM (SELECT id, author_id FROM match_posts ORDER BY random() LIMIT 400) p,
         (SELECT id FROM users ORDER BY id LIMIT 1) u
    WHERE p.author_id <> u.id;

    INSERT INTO match_post_people (post_id, user_id, mark)
    SELECT p.id, u.id, 1 + u.number
    FROM (SELECT id FROM match_posts ORDER BY id LIMIT 20) p,
         (SELECT id, row_number() OVER (ORDER BY id) AS number FROM users LIMIT 200) u
    ON CONFLICT DO NOTHING;

    INSERT INTO match_post_comments (post_id, author_id, text, commented_at)
    SELECT post_id, user_id, mark, now() FROM match_post_people WHERE joined_at IS NULL;

    INSERT INTO rooms (kind, title, capacity, visibility) SELECT 'match', n::text, 2, 'private' FROM generate_series(1, 2000) n;

    INSERT INTO matches (category, origin, title, room_id, meets_at, made_at)
    SELECT 'meal', 'random', title, id, now(), now() FROM rooms;

    INSERT INTO match_people (match_id, user_id)
    SELECT m.id, u.id FROM (SELECT id, row_number() OVER () AS n FROM matches) m
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS number FROM users) u ON u.number IN (1 + m.n % 10, 20 + m.n % 400);

    INSERT INTO match_reviews (match_id, reviewer_id, partner_id, score, reward, reviewed_at)
    SELECT a.match_id, a.user_id, b.user_id, 10, 20, now() FROM match_people a
    JOIN match_people b ON b.match_id = a.match_id AND b.user_id <> a.user_id;

    VACUUM ANALYZE
"""
_TABLES = {
    "match_posts",
    "match_post_shelves",
    "match_post_texts",
    "match_post_people",
    "match_post_comments",
    "matches",
    "match_reviews",
}


async def test_every_list_is_served_by_its_index_and_its_last_page_costs_what_its_first_does(
    db: Postgres,
) -> None:
    for statement in _SEED.split(";"):
        for some in [(n,) for n in range(0, 6000, 1000)] if "$1" in statement else [()]:
            await ask(db, statement, *some)
    me = await ask(db, "SELECT id FROM users ORDER BY id LIMIT 1")
    post = await ask(db, "SELECT id FROM match_posts ORDER BY id LIMIT 1")
    oldest = await ask(db, "SELECT id FROM match_posts ORDER BY id OFFSET 30 LIMIT 1")
    now, first = from_ms(now_ms()), UUID(int=0)
    end = from_ms(now_ms() + 90 * DAY)
    newest, soonest = "match_post_shelves_newest", "match_post_shelves_by_meeting"
    texts = "match_post_texts_grams"
    pages: list[tuple[str, str, tuple[Any, ...]]] = [
        (newest, queries.NEWEST, (me, "open///", LAST, now, 20)),
        (newest, queries.NEWEST, (me, "all///", oldest, from_ms(0), 20)),
        (newest, queries.NEWEST, (me, "all/meal/rare/t0", LAST, from_ms(0), 20)),
        (soonest, queries.SOONEST, (me, "open//rare/", now, LAST, end, 20)),
        (soonest, queries.SOONEST, (me, "all/study//", now, first, end, 20)),
        (newest, queries.FOUND_NEWEST, (me, "all///", LAST, from_ms(0), 20, "흔한")),
        (texts, queries.FOUND_NEWEST, (me, "all///", LAST, from_ms(0), 20, "드문말")),
        (texts, queries.FOUND_SOONEST, (me, "all///", from_ms(0), first, end, 20, "드문")),
        (soonest, queries.FOUND_SOONEST, (me, "open//rare/", now, first, end, 20, "없는말")),
        ("match_post_people_of_user", queries.MINE, (me, LAST, 20)),
        ("match_post_comments_in_order", queries.COMMENTS, (me, post, first, 20)),
        ("match_people_of_user", match_queries.MINE, (me, LAST, 20)),
    ]
    for index, statement, arguments in pages:
        root = await plan(db, statement, *arguments)
        used = {node.get("Index Name") for node in nodes(root)}
        scanned = {node.get("Relation Name") for node in nodes(root) if node["Node Type"] == "Seq Scan"}
        assert index in used, (index, used)
        assert not scanned & _TABLES, (index, scanned)
        if isinstance(arguments[-1], str):
            assert root["Actual Rows"] == {"흔한": 20, "없는말": 0}.get(arguments[-1], 6), arguments
        near = 600 if index != texts else 7000  # a bounded number of others was looked at in vain before
        assert pages_read(root) < near, (index, pages_read(root))
    sums = await plan(db, "SELECT activity_score($1)", me)
    assert pages_read(sums) < 200
    assert await ask(db, "SELECT activity_score($1)", me) == await ask(
        db,
        "SELECT 20 * count(*) FILTER (WHERE reviewer_id = $1) + 10 * count(*) FILTER (WHERE partner_id = $1) FROM match_reviews",
        me,
    )
