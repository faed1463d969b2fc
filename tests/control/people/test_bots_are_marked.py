"""Wherever people are listed, a bot is known for one."""

from __future__ import annotations

from tests.control.bots.conftest import Owners
from tests.control.people.test_finding import found
from tests.control.people.test_relations import NOBODY
from tests.control.rooms.conftest import Guests, good
from tests.support.control import Control


async def test_bots_are_marked_in_every_list_of_people(owners: Owners, guests: Guests) -> None:
    (owner,), (mina,) = await owners(1), await guests(1)
    bot = await owner.bot("점심봇")
    room = (await owner.guest.create())["id"]
    await mina.join(room)
    assert (await owner.put(bot, room)).status_code == 204
    expected = {owner.guest.id: False, mina.id: False, bot["id"]: True}

    members = (await mina.members(room))["members"]
    assert {each["id"]: each["bot"] for each in members} == expected
    faces = (await mina.mine())["rooms"][0]["faces"]
    assert {each["id"]: each["bot"] for each in faces} == {
        who: bot for who, bot in expected.items() if who != mina.id
    }
    ids = ",".join([*expected, NOBODY])
    people = good(await mina.http.get("/api/v1/people", params={"ids": ids}))["people"]
    assert {each["id"]: each["bot"] for each in people} == expected
    for kind in ("friend", "hidden", "blocked"):
        for who in (bot["id"], owner.guest.id):
            assert (await mina.http.put(f"/api/v1/me/relations/{kind}/{who}")).status_code == 204
        listed = good(await mina.http.get(f"/api/v1/me/relations/{kind}"))["people"]
        assert {each["id"]: each["bot"] for each in listed} == {bot["id"]: True, owner.guest.id: False}
        for who in (bot["id"], owner.guest.id):
            await mina.http.delete(f"/api/v1/me/relations/{kind}/{who}")
    by_name = await found(mina.http, nickname="점심봇")
    assert by_name is not None
    assert by_name["bot"]
    assert good(await mina.http.get(f"/api/v1/people/{bot['id']}"))["bot"]


async def test_bots_are_marked_where_order_is_kept(owners: Owners, guests: Guests, control: Control) -> None:
    (owner,), (mina,) = await owners(1), await guests(1)
    await control.grant(owner.guest.id, "admin")
    bot = await owner.bot("점심봇")
    room = (await owner.guest.create())["id"]
    expected = {mina.id: False, bot["id"]: True}
    for who in expected:
        assert (await owner.http.post(f"/api/v1/people/{who}/reports", json={"reason": "spam"})).is_success
        assert (await owner.http.put(f"/api/v1/rooms/{room}/bans/{who}", json={})).is_success
        suspension = f"/api/v1/admin/people/{who}/suspension"
        assert (await owner.http.put(suspension, json={"reason": "광고"})).is_success

    for path, rows in {
        f"rooms/{room}/bans": "bans",
        f"rooms/{room}/audit": "deeds",
        "reports": "reports",
        "admin/audit": "deeds",
    }.items():
        found = good(await owner.http.get(f"/api/v1/{path}"))[rows]
        about = [each["person"] for each in found if each["person"] is not None]
        assert {each["id"]: each["bot"] for each in about} == expected, path
