"""What others do about my posts on the board is heard at once, on all my devices."""

from __future__ import annotations

import trio

from tests.endtoend.test_moderating import AT_ONCE, House, house, told
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
        with trio.fail_after(AT_ONCE):
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
        with trio.fail_after(AT_ONCE):
            news = await j.hears("personal.board")
        assert told(news, "post", "by", "change") == {
            "post": given["id"],
            "by": mina.id,
            "change": "chosen",
        }
