"""Order in rooms: who may do what to whom, once, in turn, and written down."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import trio

from common.errors import MadangError
from common.feed import MemberChanged
from common.ids import uuid7
from control.rooms import membership, moderation
from control.rooms.views import Ban
from tests.control.rooms.conftest import Guest, Guests, Json, News, good, refused
from tests.support.control import Control

NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"
DAY_MS = 86_400_000


_ADD_ROOM = """
    INSERT INTO rooms (id, kind, title, capacity, visibility, join_code, member_count)
    VALUES ($1, 'group', 'a room', 300, 'public', upper(right($1::uuid::text, 6)), $2)
"""
_ADD_MEMBER = "INSERT INTO members (room_id, user_id, role) VALUES ($1, $2, $3)"


async def ask(
    guest: Guest, method: str, room: str, what: str = "", body: Json | None = None
) -> httpx.Response:
    path = f"/api/v1/rooms/{room}/{what}".rstrip("/")
    return await guest.http.request(method, path, **({} if body is None else {"json": body}))


async def do(guest: Guest, method: str, room: str, what: str = "", body: Json | None = None) -> None:
    answer = await ask(guest, method, room, what, body)
    assert answer.status_code in {200, 201, 204}, answer.text


async def deeds(guest: Guest, room: str) -> list[tuple[str, str | None, Json]]:
    """What the audit says was done: the act, to whom, the detail; the oldest first."""
    found = good(await ask(guest, "GET", room, "audit"))["deeds"]
    return [
        (each["act"], each["person"] and each["person"]["id"], each["detail"]) for each in reversed(found)
    ]


async def role_of(guest: Guest, room: str) -> str | None:
    membership = (await guest.room(room))["membership"]
    return membership and str(membership["role"])


async def staffed(guests: Guests) -> tuple[str, Guest, Guest, Guest]:
    """A room with its owner, a moderator and a member."""
    owner, moderator, member = await guests(3)
    room = (await owner.create())["id"]
    for guest in (moderator, member):
        await guest.join(room)
    await do(owner, "PUT", room, f"members/{moderator.id}/role", {"role": "moderator"})
    return room, owner, moderator, member


# --- who may do what to whom ------------------------------------------------------------------------------------------

RANK = {"stranger": -1, "member": 0, "moderator": 1, "owner": 2}
TOO_LOW = {0: "not_a_member", 1: "not_a_moderator", 2: "not_the_owner"}

# What is done, the rank it needs, how; `{who}` is a person to whom it is done.
ACTS: list[tuple[int, str, str, Json | None]] = [
    (1, "PATCH", "", {"description": "evenings"}),
    (2, "PATCH", "", {"capacity": 100}),
    (2, "PATCH", "", {"visibility": "private"}),
    (2, "PATCH", "", {"history": "all"}),
    (1, "POST", "code", None),
    (1, "GET", "bans", None),
    (1, "GET", "audit", None),
    (1, "GET", "links", None),
    (1, "POST", "links", {}),
    (1, "DELETE", f"links/{NOBODY}", None),
    (1, "PUT", "mutes/{who}", {"until": 4_000_000_000_000}),
    (1, "DELETE", "mutes/{who}", None),
    (2, "PUT", "members/{who}/role", {"role": "member"}),
    (1, "DELETE", "members/{who}", None),
    (1, "PUT", "bans/{who}", {}),
    (1, "DELETE", "bans/{who}", None),
    (2, "DELETE", "", None),
]


async def test_every_role_may_do_what_its_rank_allows_to_those_below_and_nothing_else(
    control: Control, guests: Guests
) -> None:
    owner, moderator, second, member, other, stranger, passer_by = await guests(7)
    people = {"stranger": stranger, "member": member, "moderator": moderator, "owner": owner}
    upon = {"stranger": passer_by, "member": other, "moderator": second, "owner": owner}

    async def staffed_twice() -> str:
        room = uuid7()
        await execute(control, _ADD_ROOM, room, 5)
        for guest in (owner, moderator, second, member, other):
            role = "owner" if guest is owner else "moderator" if guest in (moderator, second) else "member"
            await execute(control, _ADD_MEMBER, room, guest.id, role)
        return room

    for needed, method, what, body in ACTS:
        room = await staffed_twice()  # as good as new until somebody did something there
        for role, rank in RANK.items():
            for their_role, their_rank in RANK.items() if "{who}" in what else [("stranger", -1)]:
                if role == their_role == "owner":
                    continue
                answer = await ask(people[role], method, room, what.format(who=upon[their_role].id), body)
                case = f"{role} {method} {what} {their_role}"
                if rank < needed:
                    assert refused(answer, TOO_LOW[0 if rank < 0 else needed]), case
                elif their_rank >= rank:
                    assert refused(answer, "above_you"), case
                elif their_role == "stranger" and what.startswith(("members", "mutes")) and method == "PUT":
                    assert refused(answer, "person_not_in_room"), case
                else:
                    assert answer.status_code in {200, 201, 204}, (case, answer.text)
                    room = await staffed_twice()


async def test_nobody_does_anything_to_himself_nor_to_nobody_nor_in_a_room_that_is_not_there(
    guests: Guests,
) -> None:
    room, owner, _, _ = await staffed(guests)
    for _, method, what, body in ACTS:
        if "{who}" in what:
            refused(await ask(owner, method, room, what.format(who=owner.id), body), "invalid")
            refused(await ask(owner, method, room, what.format(who=NOBODY), body), "person_not_found")
        if what not in {"bans", "audit", "links"} or method != "GET":
            refused(await ask(owner, method, NOBODY, what.format(who=NOBODY), body), "room_not_found")


async def test_in_a_direct_room_nobody_is_above_the_other(guests: Guests) -> None:
    mina, jun = await guests(2)
    room = (await mina.direct(jun))["id"]
    refused(await ask(mina, "DELETE", room, f"members/{jun.id}"), "not_a_moderator")
    refused(await ask(mina, "PATCH", room, body={"title": "ours"}), "not_a_moderator")
    refused(await ask(mina, "DELETE", room), "not_the_owner")
    refused(await ask(mina, "POST", room, "invitations", {"people": [jun.id]}), "room_not_joinable")


# --- kick and ban -----------------------------------------------------------------------------------------------------


async def test_who_is_kicked_is_out_once_and_may_come_again(guests: Guests, news: News) -> None:
    room, _, moderator, member = await staffed(guests)
    before = len(await news())
    for _ in range(2):
        await do(moderator, "DELETE", room, f"members/{member.id}")
    assert (await news())[before:] == [
        MemberChanged(room=room, user=member.id, name=member.nickname, change="kicked", by=moderator.id)
    ]
    assert (await deeds(moderator, room))[-1] == ("member.kicked", member.id, {})
    assert (await moderator.room(room))["member_count"] == 2
    await member.join(room)


async def test_who_is_banned_is_out_and_stays_out_until_it_is_lifted(guests: Guests, news: News) -> None:
    room, owner, moderator, member = await staffed(guests)
    before = len(await news())
    for _ in range(2):
        await do(moderator, "PUT", room, f"bans/{member.id}", {"reason": "ads,\n again and again"})
    refused(await member.try_join(room), "banned")
    (ban,) = good(await ask(owner, "GET", room, "bans"))["bans"]
    assert (ban["person"]["id"], ban["by"]["id"], ban["until"]) == (member.id, moderator.id, None)
    assert ban["reason"] == "ads,\n again and again"
    for _ in range(2):
        await do(owner, "DELETE", room, f"bans/{member.id}")
    await member.join(room)
    change = MemberChanged(room=room, user=member.id, name=member.nickname, change="banned", by=moderator.id)
    assert (await news())[before:] == [
        change,
        MemberChanged(room=room, user=member.id, name=member.nickname, change="unbanned", by=owner.id),
        MemberChanged(room=room, user=member.id, name=member.nickname, change="joined"),
    ]
    assert [act for act, _, _ in await deeds(owner, room)] == [
        "role.changed",
        "member.banned",
        "member.unbanned",
    ]
    assert good(await ask(owner, "GET", room, "bans"))["bans"] == []


async def test_a_ban_ends_with_its_time_and_a_second_one_takes_its_place(
    control: Control, guests: Guests, news: News
) -> None:
    room, _, moderator, member = await staffed(guests)
    until = control.clock.now_ms + DAY_MS
    await do(moderator, "PUT", room, f"bans/{member.id}", {"until": until})
    await do(moderator, "PUT", room, f"bans/{member.id}", {"until": until + DAY_MS, "reason": "longer"})
    refused(await member.try_join(room), "banned")
    last = (await news())[-1]
    assert isinstance(last, MemberChanged)
    assert (last.change, last.until) == ("banned", until + DAY_MS)
    await execute(control, "UPDATE room_bans SET until = now()")
    assert good(await ask(moderator, "GET", room, "bans"))["bans"] == []
    count = len(await news())
    await do(moderator, "DELETE", room, f"bans/{member.id}")  # it is over: nothing is lifted
    assert len(await news()) == count
    await member.join(room)


async def test_a_time_that_is_past_is_none(control: Control, guests: Guests) -> None:
    room, owner, _, member = await staffed(guests)
    for what in ("bans", "mutes"):
        for until in (0, control.clock.now_ms):
            answer = await ask(owner, "PUT", room, f"{what}/{member.id}", {"until": until})
            assert set(refused(answer, "invalid")["fields"]) == {"until"}
        for until in (-1, 10**18):
            refused(await ask(owner, "PUT", room, f"{what}/{member.id}", {"until": until}), "invalid")
    refused(await ask(owner, "PUT", room, f"bans/{member.id}", {"reason": "x" * 501}), "invalid")
    refused(await ask(owner, "PUT", room, f"bans/{member.id}", {"reason": "a\x07b"}), "invalid")


async def test_somebody_who_is_not_in_can_be_banned(guests: Guests) -> None:
    room, owner, _, _ = await staffed(guests)
    (stranger,) = await guests(1)
    await do(owner, "PUT", room, f"bans/{stranger.id}", {})
    refused(await stranger.try_join(room), "banned")


async def test_who_is_in_although_a_ban_stands_is_put_out_by_the_same_ban(
    control: Control, guests: Guests, news: News
) -> None:
    room, owner, _, member = await staffed(guests)
    await do(owner, "PUT", room, f"bans/{member.id}", {"reason": "spam"})
    await execute(control, _ADD_MEMBER, room, member.id, "member")
    await execute(control, "UPDATE rooms SET member_count = member_count + 1 WHERE id = $1", room)
    for _ in range(2):
        await do(owner, "PUT", room, f"bans/{member.id}", {"reason": "spam"})
    assert member.id not in [each["id"] for each in (await owner.members(room))["members"]]
    assert (await owner.room(room))["member_count"] == 2
    assert [act for act, who, _ in await deeds(owner, room) if who == member.id] == ["member.banned"] * 2
    assert [each.change for each in await news() if isinstance(each, MemberChanged)][-2:] == ["banned"] * 2


async def test_bans_come_in_pages(guests: Guests) -> None:
    (owner, *others) = await guests(6)
    room = (await owner.create())["id"]
    for other in others:
        await do(owner, "PUT", room, f"bans/{other.id}", {})
    seen: list[str] = []
    query: Json = {"limit": 2}
    while True:
        page = good(await owner.http.get(f"/api/v1/rooms/{room}/bans", params=query))
        seen += [ban["person"]["id"] for ban in page["bans"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == [other.id for other in reversed(others)]


async def test_of_two_hundred_who_are_banned_while_they_join_none_is_inside(
    control: Control, guests: Guests, news: News
) -> None:
    owner, *crowd = await guests(201)
    room = (await owner.create(capacity=500))["id"]

    turns = trio.CapacityLimiter(30)  # as many as wait for one of ten connections without giving up

    async def join(guest: Guest) -> None:
        try:
            async with turns:
                await membership.join(control.services, guest.id, room, None)
        except MadangError as refusal:
            assert refusal.code == "banned"  # noqa: PT017

    async def ban(guest: Guest) -> None:
        async with turns:
            await moderation.ban(control.services, owner.id, room, guest.id, Ban())

    async with trio.open_nursery() as nursery:
        for guest in crowd:
            nursery.start_soon(join, guest)
            nursery.start_soon(ban, guest)
    assert [member["id"] for member in (await owner.members(room))["members"]] == [owner.id]
    assert (await owner.room(room))["member_count"] == 1
    inside: set[str] = set()
    for change in await news():  # and whoever follows the news knows it
        assert isinstance(change, MemberChanged)
        if change.change == "joined":
            inside.add(change.user)
        else:
            inside.discard(change.user)
    assert inside == {owner.id}


# --- mute -------------------------------------------------------------------------------------------------------------


async def test_a_mute_lasts_until_its_end_or_until_it_is_lifted(
    control: Control, guests: Guests, news: News
) -> None:
    room, _, moderator, member = await staffed(guests)
    until = control.clock.now_ms + DAY_MS
    before = len(await news())
    for _ in range(2):
        await do(moderator, "PUT", room, f"mutes/{member.id}", {"until": until})
    assert (await member.room(room))["membership"]["muted_until"] == until
    listed = (await moderator.members(room))["members"]
    assert [each["muted_until"] for each in listed if each["id"] == member.id] == [until]
    for _ in range(2):
        await do(moderator, "DELETE", room, f"mutes/{member.id}")
    assert (await member.room(room))["membership"]["muted_until"] is None
    assert (await news())[before:] == [
        MemberChanged(
            room=room, user=member.id, name=member.nickname, change="muted", until=until, by=moderator.id
        ),
        MemberChanged(room=room, user=member.id, name=member.nickname, change="unmuted", by=moderator.id),
    ]
    assert (await deeds(moderator, room))[-2:] == [
        ("member.muted", member.id, {"until": until}),
        ("member.unmuted", member.id, {}),
    ]


# --- roles ------------------------------------------------------------------------------------------------------------


async def test_the_owner_passes_the_room_on_and_is_a_moderator(guests: Guests, news: News) -> None:
    room, owner, _, member = await staffed(guests)
    before = len(await news())
    await do(owner, "PUT", room, f"members/{member.id}/role", {"role": "owner"})
    assert await role_of(member, room) == "owner"
    assert await role_of(owner, room) == "moderator"
    assert (await news())[before:] == [
        MemberChanged(
            room=room, user=owner.id, name=owner.nickname, change="role", role="moderator", by=owner.id
        ),
        MemberChanged(
            room=room, user=member.id, name=member.nickname, change="role", role="owner", by=owner.id
        ),
    ]
    assert (await deeds(member, room))[-1] == ("owner.passed", member.id, {})


async def test_a_room_that_is_passed_on_twice_is_passed_on_once(guests: Guests, news: News) -> None:
    room, owner, moderator, member = await staffed(guests)
    before = len(await news())
    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(do, owner, "PUT", room, f"members/{member.id}/role", {"role": "owner"})
    assert len(await news()) == before + 2
    assert [act for act, _, _ in await deeds(member, room)].count("owner.passed") == 1
    refused(
        await ask(moderator, "PUT", room, f"members/{member.id}/role", {"role": "owner"}), "not_the_owner"
    )
    await do(member, "PUT", room, f"members/{moderator.id}/role", {"role": "owner"})
    refused(await ask(owner, "PUT", room, f"members/{member.id}/role", {"role": "owner"}), "not_the_owner")


async def test_a_room_that_is_closed_twice_is_closed_once(guests: Guests, news: News) -> None:
    room, owner, moderator, _ = await staffed(guests)
    before = len(await news())
    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(do, owner, "DELETE", room, "")
    assert len(await news()) == before + 1
    refused(await ask(moderator, "DELETE", room), "room_not_found")


async def test_a_role_that_somebody_has_already_is_no_news(guests: Guests, news: News) -> None:
    room, owner, moderator, _ = await staffed(guests)
    count = len(await news())
    await do(owner, "PUT", room, f"members/{moderator.id}/role", {"role": "moderator"})
    assert len(await news()) == count
    await do(owner, "PUT", room, f"members/{moderator.id}/role", {"role": "member"})
    assert await role_of(moderator, room) == "member"


async def test_two_moderators_who_turn_on_each_other_are_equals(guests: Guests) -> None:
    room, owner, one, other = await staffed(guests)
    await do(owner, "PUT", room, f"members/{other.id}/role", {"role": "moderator"})
    refused(await ask(one, "PUT", room, f"bans/{other.id}", {}), "above_you")
    refused(await ask(other, "DELETE", room, f"members/{one.id}"), "above_you")


async def test_an_owner_who_passes_the_room_to_many_at_once_passes_it_to_one(guests: Guests) -> None:
    owner, *others = await guests(9)
    room = (await owner.create())["id"]
    for other in others:
        await other.join(room)
    answers: list[str] = []

    async def pass_on(other: Guest) -> None:
        answer = await ask(owner, "PUT", room, f"members/{other.id}/role", {"role": "owner"})
        answers.append("passed" if answer.status_code == 204 else answer.json()["code"])

    async with trio.open_nursery() as nursery:
        for other in others:
            nursery.start_soon(pass_on, other)
    assert sorted(answers) == ["not_the_owner"] * 7 + ["passed"]
    roles = [member["role"] for member in (await owner.members(room))["members"]]
    assert sorted(roles) == ["member"] * 7 + ["moderator", "owner"]


async def test_a_moderator_who_is_demoted_meanwhile_acts_no_more(guests: Guests) -> None:
    """Both act at once, again and again: whoever comes second is judged by what he is then."""
    for _ in range(10):
        room, owner, moderator, member = await staffed(guests)
        answers: list[httpx.Response] = []

        async def kick(
            room: str = room, by: Guest = moderator, who: Guest = member, into: Any = answers
        ) -> None:
            into.append(await ask(by, "DELETE", room, f"members/{who.id}"))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(kick)
            nursery.start_soon(do, owner, "PUT", room, f"members/{moderator.id}/role", {"role": "member"})
        order = [act for act, _, _ in await deeds(owner, room)][1:]
        if answers[0].status_code == 204:
            assert order == ["member.kicked", "role.changed"]
        else:
            refused(answers[0], "not_a_moderator")
            assert order == ["role.changed"]


async def test_moderators_who_do_the_same_at_once_do_it_once(guests: Guests, news: News) -> None:
    room, owner, moderator, member = await staffed(guests)
    before = len(await news())
    async with trio.open_nursery() as nursery:
        for by in (owner, moderator) * 5:
            nursery.start_soon(do, by, "DELETE", room, f"members/{member.id}")
    assert len(await news()) == before + 1
    assert [act for act, _, _ in await deeds(owner, room)].count("member.kicked") == 1


# --- the audit --------------------------------------------------------------------------------------------------------


async def test_the_audit_says_who_did_what_to_whom_in_pages(guests: Guests) -> None:
    room, owner, _, member = await staffed(guests)
    for number in range(5):
        await do(owner, "PATCH", room, body={"title": f"title {number}"})
    seen: list[Json] = []
    query: Json = {"limit": 2}
    while True:
        page = good(await owner.http.get(f"/api/v1/rooms/{room}/audit", params=query))
        seen += page["deeds"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert [deed["detail"].get("title") for deed in seen] == [*(f"title {n}" for n in (4, 3, 2, 1, 0)), None]
    assert {deed["by"]["nickname"] for deed in seen} == {owner.nickname}
    assert seen[-1]["detail"] == {"role": "moderator"}
    refused(await owner.http.get(f"/api/v1/rooms/{room}/audit", params={"cursor": "AAAA"}), "invalid")
    refused(await ask(member, "GET", room, "audit"), "not_a_moderator")


async def test_what_was_refused_is_nowhere(guests: Guests, news: News) -> None:
    room, owner, moderator, member = await staffed(guests)
    before, noted = await news(), await deeds(owner, room)
    refused(await ask(moderator, "PUT", room, f"bans/{owner.id}", {}), "above_you")
    refused(await ask(member, "PATCH", room, body={"title": "mine"}), "not_a_moderator")
    refused(await ask(owner, "PATCH", room, body={"capacity": 2}), "capacity_below_members")
    assert await news() == before
    assert await deeds(owner, room) == noted


async def execute(control: Control, statement: str, *arguments: object) -> None:
    await control.services.db.transaction(lambda connection: connection.execute(statement, *arguments))


@pytest.mark.parametrize("notifications", ["all", "mentions", "none"])
async def test_everybody_says_of_what_to_be_notified(guests: Guests, notifications: str) -> None:
    room, _, _, member = await staffed(guests)
    (stranger,) = await guests(1)
    await do(member, "PUT", room, "notifications", {"notifications": notifications})
    assert (await member.room(room))["membership"]["notifications"] == notifications
    refused(
        await ask(stranger, "PUT", room, "notifications", {"notifications": notifications}), "not_a_member"
    )
    refused(await ask(member, "PUT", room, "notifications", {"notifications": "some"}), "invalid")
