"""What concerns me is heard at once, on all my devices: what others do about my posts, what badges I am awarded, whom I am
matched with."""

from __future__ import annotations

from typing import Any

import trio

from common.clock import now_ms
from tests.endtoend.test_moderating import AT_ONCE, House, house, told
from tests.support.promptly import within
from tests.support.visit import visit

__all__ = ["house"]


async def test_an_answer_and_its_being_chosen_are_told_live_and_not_to_who_blocked_its_author(
    house: House,
) -> None:
    mina, jun, sol = house.world.people(3)
    await house.do(mina, "PUT", f"me/relations/blocked/{sol.id}")
    async with visit(house.a, mina) as phone, visit(house.b, mina) as desk, visit(house.b, jun) as j:
        asked = await house.do(mina, "POST", "questions", {"title": "트리오란?", "text": "어디서부터?"})
        path = f"questions/{asked['id']}"
        await house.do(sol, "POST", f"{path}/answers", {"text": "몰라요"})
        given = await house.do(jun, "POST", f"{path}/answers", {"text": "문서부터요"})
        with within(AT_ONCE):
            for device in (phone, desk):
                news = await device.hears("personal.board")
                assert told(news, "question", "title", "post", "by", "name", "change") == {
                    "question": asked["id"],
                    "title": "트리오란?",
                    "post": given["id"],
                    "by": jun.id,
                    "name": jun.nickname,
                    "change": "answered",
                }
        await house.do(mina, "PUT", f"{path}/best", {"answer": given["id"]})
        with within(AT_ONCE):
            news = await j.hears("personal.board")
        assert told(news, "post", "by", "change") == {
            "post": given["id"],
            "by": mina.id,
            "change": "chosen",
        }


_STAY = """
    INSERT INTO stays (id, user_id, room_id, category, boot, entered_at, left_at)
    VALUES (uuidv7(), $1, uuidv7(), 'reading', uuidv7(), now() - interval '2 hours', now())
"""  # an hour of this week or of the last one, whenever that ends
SOON = 10  # seconds: a look every three, and the machine is busy


async def test_a_badge_that_was_earned_is_heard_of_and_shown_to_others_when_it_is_chosen(
    house: House,
) -> None:
    mina, jun = house.world.people(2)
    room = house.world.room(mina, jun)

    async def be_there(connection: Any) -> None:
        await connection.execute(_STAY, mina.id)

    async with visit(house.a, mina) as phone, visit(house.b, mina) as desk, visit(house.b, jun, room) as j:
        await trio.to_thread.run_sync(house.world.sql, be_there)
        with trio.fail_after(SOON):
            for device in (phone, desk):
                news = await device.hears("personal.badge")
                assert told(news, "badge", "ko", "en", "change") == {
                    "badge": "reading-hour",
                    "ko": "책벌레",
                    "en": "Bookworm",
                    "change": "awarded",
                }
        await house.do(mina, "PATCH", "me/profile", {"badge": "reading-hour"})
        with trio.fail_after(SOON):
            assert (await j.hears("profile"))["badge"] == "reading-hour"


async def test_who_joins_an_anonymous_post_is_a_mark_until_both_hear_whom_they_are_matched_with(
    house: House,
) -> None:
    mina, jun = house.world.people(2)
    wanted = {"category": "meal", "title": "국밥", "capacity": 2, "anonymous": True}
    wanted |= {"meets_at": now_ms() + 3_600_000}
    async with visit(house.a, mina) as m, visit(house.b, jun) as j:
        post = await house.do(mina, "POST", "posts", wanted)
        await house.do(jun, "POST", f"posts/{post['id']}/join")
        with within(AT_ONCE):
            news = await m.hears("personal.post")
        assert {name: news[name] for name in news if name != "type"} == {
            "post": post["id"],
            "title": "국밥",
            "change": "joined",
            "mark": 1,
        }
        confirmed = await house.do(mina, "POST", f"posts/{post['id']}/confirm")
        for each in (m, j):
            with within(AT_ONCE):
                news = await each.hears("personal.match")
            assert told(news, "match", "room", "origin") == {
                "match": confirmed["match"]["id"],
                "room": confirmed["match"]["room"],
                "origin": "post",
            }
            assert news["people"] == [{"user": person.id, "name": person.nickname} for person in (mina, jun)]
        await j.ok("room.open", room=confirmed["match"]["room"])  # they are in it already
