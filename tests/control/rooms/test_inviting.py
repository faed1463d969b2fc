"""Asking people in, and links that lead there."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import trio

from common.feed import Invited
from common.postgres import Connection
from control.rooms import inviting, moderation
from tests.control.rooms.conftest import Guest, Guests, Json, News, good, picture_of, put_on_face, refused
from tests.control.rooms.test_moderation import NOBODY, ask, deeds, do, execute, staffed
from tests.support.control import Control
from tests.support.locks import overlapping


async def invite(by: Guest, room: str, *people: Guest) -> None:
    await do(by, "POST", room, "invitations", {"people": [person.id for person in people]})


async def invitations(guest: Guest, **query: Any) -> Json:
    return good(await guest.http.get("/api/v1/me/invitations", params=query))


async def the_invitation(guest: Guest) -> str:
    (found,) = (await invitations(guest))["invitations"]
    return str(found["id"])


async def try_accept(guest: Guest, invitation: str) -> httpx.Response:
    return await guest.http.post(f"/api/v1/me/invitations/{invitation}/accept")


async def block(guest: Guest, other: Guest) -> None:
    assert (await guest.http.put(f"/api/v1/me/relations/blocked/{other.id}")).status_code == 204


async def make_link(by: Guest, room: str, **wanted: Any) -> str:
    return str(good(await ask(by, "POST", room, "links", wanted), 201)["code"])


async def try_link(guest: Guest, code: str) -> httpx.Response:
    return await guest.http.post(f"/api/v1/links/{code}/join")


# --- invitations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "door", [{}, {"visibility": "private"}, {"visibility": "secret", "password": "달빛 아래"}]
)
async def test_who_is_invited_comes_in_whatever_the_door_and_to_accept_twice_is_to_accept_once(
    control: Control, guests: Guests, news: News, door: Json
) -> None:
    owner, member, jun = await guests(3)
    image = await picture_of(control, owner)
    room = (await owner.create(image=image, **door))["id"]
    await invite(owner, room, member)
    await try_accept(member, await the_invitation(member))
    face = await put_on_face(control, member)
    await invite(member, room, jun)
    (shown,) = (await invitations(jun))["invitations"]
    assert (shown["room"]["id"], shown["room"]["title"]) == (room, "한강 달리기")
    assert shown["room"]["image"] == image
    assert shown["by"] == {"id": member.id, "nickname": member.nickname, "bot": False, "avatar": face}
    for _ in range(2):
        joined = good(await try_accept(jun, shown["id"]))
        assert (joined["id"], joined["member_count"]) == (room, 3)
    assert (await invitations(jun))["invitations"] == []
    (told,) = [each for each in await news() if isinstance(each, Invited) and each.user == jun.id]
    assert told == Invited(
        invitation=shown["id"],
        room=room,
        title="한강 달리기",
        user=jun.id,
        by=member.id,
        name=member.nickname,
    )


async def test_who_was_asked_already_or_is_in_is_not_asked_again(guests: Guests, news: News) -> None:
    owner, jun, sol = await guests(3)
    room = (await owner.create())["id"]
    await sol.join(room)
    await invite(owner, room, jun, sol, jun)
    await invite(owner, room, jun, sol)
    assert [each.user for each in await news() if isinstance(each, Invited)] == [jun.id]
    await invite(sol, room, jun)  # another who asks is another invitation
    assert len((await invitations(jun))["invitations"]) == 2


async def test_an_invitation_is_declined_in_silence(guests: Guests, news: News) -> None:
    owner, jun, sol = await guests(3)
    room = (await owner.create(visibility="private"))["id"]
    await invite(owner, room, jun)
    invitation = await the_invitation(jun)
    before = await news()
    assert (await sol.http.delete(f"/api/v1/me/invitations/{invitation}")).status_code == 204
    assert await the_invitation(jun) == invitation  # it was not Sol's to decline
    for _ in range(2):
        assert (await jun.http.delete(f"/api/v1/me/invitations/{invitation}")).status_code == 204
    refused(await try_accept(jun, invitation), "invitation_not_found")
    assert await news() == before


async def test_an_invitation_is_for_whom_it_is_for(guests: Guests) -> None:
    owner, jun, sol = await guests(3)
    room = (await owner.create(visibility="private"))["id"]
    await invite(owner, room, jun)
    refused(await try_accept(sol, await the_invitation(jun)), "invitation_not_found")
    refused(await try_accept(sol, NOBODY), "invitation_not_found")


async def test_who_asks_somebody_that_blocked_him_cannot_tell_and_the_other_hears_nothing(
    guests: Guests, news: News
) -> None:
    owner, jun, sol = await guests(3)
    room = (await owner.create())["id"]
    await invite(owner, room, sol)
    earlier = await the_invitation(sol)
    for person in (jun, sol):
        await block(person, owner)
    before = await news()
    answer = await ask(owner, "POST", room, "invitations", {"people": [jun.id]})
    assert (answer.status_code, answer.content) == (204, b"")
    assert await news() == before
    for person in (jun, sol):
        assert (await invitations(person))["invitations"] == []
    refused(await try_accept(sol, earlier), "invitation_not_found")


async def test_who_may_not_ask_and_who_cannot_be_asked(guests: Guests) -> None:
    owner, jun, sol = await guests(3)
    room = (await owner.create())["id"]
    refused(await ask(jun, "POST", room, "invitations", {"people": [sol.id]}), "not_a_member")
    refused(await ask(owner, "POST", NOBODY, "invitations", {"people": [sol.id]}), "room_not_found")
    refused(await ask(owner, "POST", room, "invitations", {"people": [sol.id, NOBODY]}), "person_not_found")
    await do(owner, "PUT", room, f"bans/{sol.id}", {})
    refused(await ask(owner, "POST", room, "invitations", {"people": [jun.id, sol.id]}), "person_banned")
    assert (await invitations(jun))["invitations"] == []
    for people in ([], [jun.id] * 51, ["1"], None):
        refused(await ask(owner, "POST", room, "invitations", {"people": people}), "invalid")


async def test_an_invitation_does_not_open_what_is_full_nor_what_one_is_banned_from(
    control: Control, guests: Guests
) -> None:
    owner, jun, sol = await guests(3)
    room = (await owner.create(capacity=2))["id"]
    await invite(owner, room, jun)
    invitation = await the_invitation(jun)
    await sol.join(room)
    refused(await try_accept(jun, invitation), "room_full")
    await sol.leave(room)
    await execute(
        control, "INSERT INTO room_bans (room_id, user_id, by) VALUES ($1, $2, $3)", room, jun.id, owner.id
    )
    refused(await try_accept(jun, invitation), "banned")
    await do(owner, "DELETE", room, f"bans/{jun.id}")
    good(await try_accept(jun, invitation))


async def test_who_goes_takes_with_him_his_invitations_given_and_got(guests: Guests) -> None:
    owner, member, jun = await guests(3)
    room = (await owner.create(visibility="private"))["id"]
    await invite(owner, room, member)
    first = await the_invitation(member)
    await try_accept(member, first)
    await invite(member, room, jun)
    given = await the_invitation(jun)
    await do(owner, "DELETE", room, f"members/{member.id}")
    refused(await try_accept(member, first), "invitation_not_found")
    refused(await try_accept(jun, given), "invitation_not_found")


async def test_who_is_being_put_out_invites_nobody_any_more(control: Control, guests: Guests) -> None:
    """Whoever asks somebody in holds the room: no invitation is written behind the back of a kick."""
    owner, member, jun = await guests(3)
    room = (await owner.create(visibility="private"))["id"]
    await invite(owner, room, member)
    await try_accept(member, await the_invitation(member))

    async def kick(connection: Connection) -> None:
        await moderation._kick(connection, owner.id, room, member.id)

    async def ask_in() -> httpx.Response:
        return await ask(member, "POST", room, "invitations", {"people": [jun.id]})

    refused(await overlapping(control.services.db, kick, ask_in), "not_a_member")
    assert (await invitations(jun))["invitations"] == []


async def test_an_invitation_ends_with_its_time_and_may_be_sent_anew(
    control: Control, guests: Guests, news: News
) -> None:
    owner, jun = await guests(2)
    room = (await owner.create())["id"]
    await invite(owner, room, jun)
    invitation = await the_invitation(jun)
    await execute(control, "UPDATE room_invitations SET expires_at = now()")
    assert (await invitations(jun))["invitations"] == []
    refused(await try_accept(jun, invitation), "invitation_not_found")
    await invite(owner, room, jun)
    assert len([each for each in await news() if isinstance(each, Invited)]) == 2
    good(await try_accept(jun, await the_invitation(jun)))


async def test_invitations_come_in_pages(guests: Guests) -> None:
    owner, jun = await guests(2)
    rooms = [(await owner.create(f"room {number}"))["id"] for number in range(5)]
    for room in rooms:
        await invite(owner, room, jun)
    seen: list[str] = []
    query: Json = {"limit": 2}
    while True:
        page = await invitations(jun, **query)
        seen += [each["room"]["id"] for each in page["invitations"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == rooms[::-1]


# --- links ------------------------------------------------------------------------------------------------------------


async def test_a_link_shows_its_room_and_opens_it_whatever_the_door(guests: Guests) -> None:
    owner, jun = await guests(2)
    room = (await owner.create(visibility="private"))["id"]
    code = await make_link(owner, room)
    shown = good(await jun.http.get(f"/api/v1/links/{code}"))
    assert (shown["id"], shown["joined"], shown["member_count"]) == (room, False, 1)
    for _ in range(2):
        assert good(await try_link(jun, code))["member_count"] == 2
    assert good(await jun.http.get(f"/api/v1/links/{code}"))["joined"]
    (link,) = good(await ask(owner, "GET", room, "links"))["links"]
    assert (link["code"], link["uses"], link["max_uses"]) == (code, 1, None)


async def test_a_link_that_is_used_up_expired_or_removed_says_which(control: Control, guests: Guests) -> None:
    owner, jun, sol = await guests(3)
    room = (await owner.create())["id"]
    code = await make_link(owner, room, max_uses=1)
    await try_link(jun, code)
    refused(await try_link(sol, code), "link_used_up")
    refused(await sol.http.get(f"/api/v1/links/{code}"), "link_used_up")
    late = await make_link(owner, room, expires_in=60)
    await execute(control, "UPDATE room_links SET expires_at = now() WHERE code = $1", late)
    refused(await try_link(sol, late), "link_expired")
    gone = good(await ask(owner, "POST", room, "links", {}), 201)
    for _ in range(2):
        await do(owner, "DELETE", room, f"links/{gone['id']}")
    refused(await try_link(sol, gone["code"]), "link_not_found")
    refused(await try_link(sol, "A" * 22), "link_not_found")
    assert [act for act, _, _ in await deeds(owner, room)] == ["link.made"] * 3 + ["link.removed"]
    assert code not in str(await deeds(owner, room))


async def test_of_many_who_follow_a_link_at_once_it_lets_in_as_many_as_it_says(guests: Guests) -> None:
    owner, *crowd = await guests(31)
    room = (await owner.create())["id"]
    code = await make_link(owner, room, max_uses=7)
    answers: list[str] = []

    async def follow(guest: Guest) -> None:
        answer = await try_link(guest, code)
        answers.append("in" if answer.status_code == 200 else answer.json()["code"])

    async with trio.open_nursery() as nursery:
        for guest in crowd:
            nursery.start_soon(follow, guest)
    assert sorted(answers) == ["in"] * 7 + ["link_used_up"] * 23
    assert (await owner.room(room))["member_count"] == 8


async def test_a_link_does_not_open_what_is_full_nor_what_one_is_banned_from_and_is_not_used_up_by_that(
    guests: Guests,
) -> None:
    owner, jun, sol = await guests(3)
    room = (await owner.create(capacity=2))["id"]
    code = await make_link(owner, room, max_uses=2)
    await do(owner, "PUT", room, f"bans/{jun.id}", {})
    refused(await try_link(jun, code), "banned")
    good(await try_link(sol, code))
    await do(owner, "DELETE", room, f"bans/{jun.id}")
    refused(await try_link(jun, code), "room_full")
    (link,) = good(await ask(owner, "GET", room, "links"))["links"]
    assert link["uses"] == 1


async def test_a_room_has_so_many_links_and_no_more(guests: Guests, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "MOST_LINKS", 2)
    room, owner, moderator, member = await staffed(guests)
    for _ in range(2):
        await make_link(moderator, room)
    refused(await ask(owner, "POST", room, "links", {}), "list_full")
    refused(await ask(member, "GET", room, "links"), "not_a_moderator")
    for wanted in ({"expires_in": 59}, {"expires_in": 30 * 86_400 + 1}, {"max_uses": 0}, {"max_uses": 5001}):
        refused(await ask(owner, "POST", room, "links", wanted), "invalid")
