"""A post is written, changed while it is open, called off, or over by itself."""

from __future__ import annotations

from typing import Any

import pytest
import trio

from common import feed
from common.errors import StoreUnavailable
from common.ids import uuid7
from common.protocol import SystemWord
from common.roomlog.position import MessageBody
from control.matching.posts import ending, writing
from tests.control.matching.conftest import Admins, Yard
from tests.control.rooms.conftest import Guests, News, Talk, good, refused
from tests.control.rooms.test_plans import ask
from tests.support.control import Control

DAY = 24 * 60  # minutes
JSON = {"content-type": "application/json"}


async def offer(boss: Any, of: str, *keys: str) -> None:
    for key in keys:
        good(await boss.http.put(f"/api/v1/admin/conditions/{of}/{key}", json={"ko": key, "en": key}))


async def test_a_post_shows_what_was_said_and_its_author_is_the_first_of_its_people(
    control: Control, guests: Guests, admins: Admins, yard: Yard
) -> None:
    mina, jun = await guests(2)
    (boss,) = await admins(1)
    await offer(boss, "places", "river", "cafe")
    await offer(boss, "ways", "packed")
    said = {"places": ["river", "cafe", "river"], "ways": ["packed"], "text": " 돗자리 있어요 \n"}
    post = await yard.write(mina, title="  강가에서   김밥", **said)
    assert post["author"] == {
        "mark": 0,
        "me": True,
        "person": {"id": mina.id, "nickname": mina.nickname, "bot": False, "avatar": None},
    }
    assert post["joined"] == [post["author"]]
    shown = await yard.see(jun, post)
    assert (shown["title"], shown["text"]) == ("강가에서 김밥", "돗자리 있어요")
    assert (shown["places"], shown["ways"], shown["kinds"]) == (["river", "cafe"], ["packed"], [])
    assert (shown["state"], shown["people"], shown["capacity"], shown["mine"]) == ("open", 1, 4, None)
    assert shown["meets_at"] == yard.in_minutes(10)
    assert (shown["author"]["me"], shown["match"], shown["edited_at"]) == (False, None, None)


async def test_what_no_post_can_say_is_refused(guests: Guests, yard: Yard) -> None:
    (mina,) = await guests(1)
    wrong: list[tuple[str, Any]] = [
        ("title", "   "),
        ("title", "x" * 61),
        ("text", "x" * 2001),
        ("capacity", 1),
        ("capacity", 21),
        ("category", "dance"),
        ("meets_at", yard.in_minutes(0)),
        ("meets_at", yard.in_minutes(90 * DAY) + 1),
        ("kinds", ["reading"]),
        ("places", ["a", "b", "c", "d"]),
    ]
    for field, value in wrong:
        problem = refused(await yard.try_write(mina, **{field: value}), "invalid")
        assert field in problem["fields"], problem
    refused(await yard.try_write(mina, category="study", ways=["packed"]), "invalid")
    refused(await yard.try_write(mina, title="말\u0000"), "invalid")
    refused(await yard.try_write(mina, text="x" * 70_000), "too_large")
    refused(await mina.http.post("/api/v1/posts", content=b"{", headers=JSON), "malformed")


async def test_a_condition_that_is_not_offered_is_refused_unless_it_was_chosen_before(
    guests: Guests, admins: Admins, yard: Yard
) -> None:
    (mina,) = await guests(1)
    (boss,) = await admins(1)
    await offer(boss, "kinds", "reading")
    refused(await yard.try_write(mina, category="study", kinds=["chess"]), "condition_unknown")
    post = await yard.write(mina, category="study", kinds=["reading"])
    good(await boss.http.delete("/api/v1/admin/conditions/kinds/reading"))
    assert good(await yard.change(mina, post, kinds=["reading"], title="책"))["kinds"] == ["reading"]
    refused(await yard.try_write(mina, category="study", kinds=["reading"]), "condition_unknown")


async def test_its_author_changes_it_and_who_is_in_it_hears_of_that(guests: Guests, yard: Yard) -> None:
    mina, jun = await guests(2)
    post = await yard.write(mina)
    await yard.join(post, jun)
    later = yard.in_minutes(20)
    changed = good(await yard.change(mina, post, title="냉면", capacity=2, meets_at=later))
    assert (changed["title"], changed["capacity"], changed["meets_at"]) == ("냉면", 2, later)
    assert changed["edited_at"] == yard.control.clock.now_ms
    good(await yard.change(mina, post, title="냉면"))  # as it is already
    news = [each for each in await yard.told() if each.change == "changed"]
    assert [(each.title, each.users, each.by, each.mark) for each in news] == [("냉면", [jun.id], mina.id, 0)]
    refused(await yard.change(jun, post, title="짜장면"), "post_not_yours")
    refused(await yard.change(mina, post, capacity=1), "invalid")
    refused(await yard.change(mina, post, ways=["packed"]), "condition_unknown")
    refused(await yard.change(mina, post, kinds=["reading"]), "invalid")


async def test_there_are_never_fewer_places_than_people(guests: Guests, yard: Yard) -> None:
    mina, *others = await guests(3)
    post = await yard.write(mina)
    await yard.join(post, *others)
    refused(await yard.change(mina, post, capacity=2), "capacity_below_joined")


async def test_a_person_has_no_more_than_so_many_open_posts(
    guests: Guests, yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mina,) = await guests(1)
    monkeypatch.setattr(writing, "MOST", 2)
    post = await yard.write(mina)
    await yard.write(mina)
    refused(await yard.try_write(mina), "too_many_posts")
    assert (await yard.act(mina, post, "cancel")).status_code == 204
    await yard.write(mina)


async def test_a_cancelled_post_is_there_for_who_is_in_it_alone(guests: Guests, yard: Yard) -> None:
    mina, jun, sol = await guests(3)
    post = await yard.write(mina)
    await yard.join(post, jun)
    refused(await yard.act(jun, post, "cancel"), "post_not_yours")
    for _ in range(2):
        assert (await yard.act(mina, post, "cancel")).status_code == 204
    assert (await yard.see(jun, post))["state"] == "cancelled"
    refused(await yard.try_see(sol, post), "post_not_found")
    assert await yard.listed(sol, open=False) == []
    assert [(each.change, each.users) for each in await yard.told()][1:] == [("cancelled", [jun.id])]
    refused(await yard.act(sol, post, "join"), "post_cancelled")
    refused(await yard.act(jun, post, "leave"), "post_cancelled")
    refused(await yard.act(mina, post, "confirm"), "post_cancelled")
    refused(await yard.change(mina, post, title="그래도"), "post_cancelled")
    refused(await yard.try_comment(jun, post), "post_cancelled")


async def test_whoever_keeps_order_cancels_any_and_it_is_noted(
    guests: Guests, admins: Admins, yard: Yard
) -> None:
    (mina,) = await guests(1)
    (boss,) = await admins(1)
    post = await yard.write(mina, anonymous=True)
    assert (await boss.http.post(f"/api/v1/posts/{post['id']}/cancel")).status_code == 204
    (told,) = await yard.told()
    assert (told.change, told.users, told.by, told.mark) == ("cancelled", [mina.id], None, None)
    (deed,) = good(await boss.http.get("/api/v1/admin/audit"))["deeds"]
    assert (deed["act"], deed["object"], deed["person"]["id"]) == ("post.cancelled", post["id"], mina.id)


@pytest.mark.parametrize("state", ["open", "cancelled", "confirmed", "over"])
async def test_whoever_keeps_order_takes_any_away_whatever_became_of_it(
    control: Control, guests: Guests, admins: Admins, yard: Yard, news: News, state: str
) -> None:
    mina, jun, sol = await guests(3)
    (boss,) = await admins(1)
    post = await yard.write(mina, title="욕설", text="욕설")
    await yard.join(post, jun)
    await yard.comment(sol, post, "욕설")
    if state == "over":
        yard.pass_minutes(10)
        await ending.end(control.services)
    elif state != "open":
        await yard.act(mina, post, {"cancelled": "cancel", "confirmed": "confirm"}[state])
    path = f"/api/v1/posts/{post['id']}"
    refused(await mina.http.delete(path), "forbidden")
    told = len(await yard.told())
    for _ in range(2):
        assert (await boss.http.delete(path)).status_code == 204
    assert await yard.listed(sol) == await yard.listed(sol, open=False) == []
    refused(await yard.try_see(sol, post), "post_not_found")
    seen = await yard.see(jun, post)
    assert (seen["state"], seen["title"], seen["text"], seen["comments"]) == ("cancelled", "-", "", 0)
    left = """
        SELECT count(*) FROM (
            SELECT title FROM rooms UNION ALL SELECT title FROM matches UNION ALL SELECT title || text FROM match_posts
            UNION ALL SELECT words FROM match_post_texts UNION ALL SELECT text FROM match_post_comments
        ) said WHERE title LIKE '%욕설%'
    """
    assert await ask(control.services.db, left) == 0
    if state == "confirmed":  # they have met all the same
        (match,) = good(await jun.http.get("/api/v1/me/matches"))["matches"]
        assert match["title"] == "-"
        (changed,) = [each for each in await news() if isinstance(each, feed.RoomChanged)]
        assert (changed.room, changed.title) == (match["room"], "-")
    changes = [(each.change, each.users) for each in (await yard.told())[told:]]
    assert changes == ([("cancelled", [mina.id, jun.id])] if state == "open" else [])
    deeds = good(await boss.http.get("/api/v1/admin/audit"))["deeds"]
    assert [(each["act"], each["object"]) for each in deeds] == [("post.removed", post["id"])]


async def test_what_the_log_of_its_room_calls_it_goes_with_it(
    control: Control, guests: Guests, admins: Admins, yard: Yard, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mina, jun = await guests(2)
    (boss,) = await admins(1)
    post = await yard.write(mina, title="욕설")
    await yard.join(post, jun)
    room = (await yard.act(mina, post, "confirm")).json()["match"]["room"]
    made = SystemWord("match_made", {"title": "욕설", "people": 2})
    said = MessageBody(
        room=room, sender="", client_id=uuid7(), text="‘욕설’ 매칭", kind="system", system=made
    )
    await talk.append(room, said)
    path = f"/api/v1/posts/{post['id']}"

    async def away(*_: object) -> None:
        raise StoreUnavailable("mongo", "away")

    with monkeypatch.context() as without_log:
        without_log.setattr(writing, "erase_titles", away)
        refused(await boss.http.delete(path), "unavailable")
    assert (await yard.see(mina, post))["title"] == "욕설"
    assert (await boss.http.delete(path)).status_code == 204
    (left,) = await talk.log.after(room, 0, upto=1, most=1)
    assert "욕설" not in str(left)


async def test_when_its_time_has_come_it_is_over_whether_or_not_anybody_noticed(
    guests: Guests, yard: Yard
) -> None:
    mina, jun, sol = await guests(3)
    post = await yard.write(mina)
    await yard.join(post, jun)
    yard.pass_minutes(10)
    for swept in (False, True):
        if swept:
            async with trio.open_nursery() as nursery:
                for _ in range(3):  # as by three processes at once
                    nursery.start_soon(ending.end, yard.control.services)
        refused(await yard.act(sol, post, "join"), "post_over")
        refused(await yard.act(jun, post, "leave"), "post_over")
        refused(await yard.act(mina, post, "confirm"), "post_over")
        refused(await yard.act(mina, post, "cancel"), "post_over")
        refused(await yard.change(mina, post, meets_at=yard.in_minutes(10)), "post_over")
        refused(await yard.try_comment(jun, post), "post_over")
        assert await yard.listed(sol) == []
    assert (await yard.see(sol, post))["state"] == "over"
    assert await yard.listed(sol, open=False) == ["국밥"]
    assert await ending.end(yard.control.services) == 0
    assert [(each.change, each.users) for each in await yard.told()][1:] == [("over", [mina.id, jun.id])]


async def test_what_is_not_there_is_not_found(guests: Guests, yard: Yard) -> None:
    (mina,) = await guests(1)
    nothing = {"id": mina.id}
    refused(await yard.try_see(mina, nothing), "post_not_found")
    refused(await yard.change(mina, nothing, title="없음"), "post_not_found")
    for what in ("join", "leave", "confirm", "cancel"):
        refused(await yard.act(mina, nothing, what), "post_not_found")
