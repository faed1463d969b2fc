"""What is shown of rooms."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from tests.control.rooms.conftest import Guest, Guests, Json, Talk, good, refused
from tests.support.categories import offer
from tests.support.control import Control

NOT_CURSORS = (
    "x",
    "????",
    "AAAA",
    urlsafe_b64encode(b'"not-a-uuid"').decode(),
    urlsafe_b64encode(b"[true]").decode(),
    "x" * 201,
)


def ids(page: Json) -> list[str]:
    return [each["id"] for each in page["rooms"]]


async def all_pages(guest: Guest, limit: int, **query: str | bool) -> list[str]:
    """The list page by page, to its end."""
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await guest.listed(limit=limit, **query, **cursor)
        seen += ids(page)
        if page["next"] is None:
            return seen
        assert len(page["rooms"]) == limit
        cursor = {"cursor": page["next"]}


async def test_the_list_has_public_and_secret_rooms_the_newest_first(
    control: Control, guests: Guests
) -> None:
    await offer(control, "exercise", "cooking", "music", "reading")
    mina, jun = await guests(2)
    public = await mina.create("하나", category="exercise", tags=["강"])
    secret = await mina.create("둘", visibility="secret", password="달빛 아래")
    await mina.create("셋", visibility="private")
    await mina.direct(jun)
    page = await jun.listed()
    assert ids(page) == [secret["id"], public["id"]]
    assert page["next"] is None
    shown = page["rooms"][1]
    assert shown == {
        **{
            name: public[name]
            for name in (
                "id",
                "title",
                "description",
                "category",
                "tags",
                "capacity",
                "visibility",
                "created_at",
            )
        },
        "image": None,
        "member_count": 1,
        "joined": False,
    }
    assert (await mina.listed())["rooms"][1]["joined"] is True


async def test_what_is_possible_is_neither_full_nor_secret(guests: Guests) -> None:
    mina, jun = await guests(2)
    full = (await mina.create(capacity=2))["id"]
    open_ = (await mina.create(capacity=3))["id"]
    await mina.create(visibility="secret", password="달빛 아래")
    await jun.join(full)
    assert ids(await jun.listed(possible="true")) == [open_]
    await jun.leave(full)
    assert ids(await jun.listed(possible="true")) == [open_, full]


async def test_pages_follow_one_another_without_holes_while_rooms_come_and_go(
    control: Control, guests: Guests
) -> None:
    await offer(control, "exercise", "cooking", "music", "reading")
    (mina,) = await guests(1)
    rooms = [
        (await mina.create(f"방 {number}", category=("music", "reading")[number % 2]))["id"]
        for number in range(7)
    ]
    newest_first = rooms[::-1]
    assert await all_pages(mina, 3) == newest_first
    assert await all_pages(mina, 7) == newest_first
    assert await all_pages(mina, 2, category="music") == newest_first[::2]
    assert await all_pages(mina, 2, category="reading", possible="true") == newest_first[1::2]
    first = await mina.listed(limit=3)
    await mina.create("새 방")
    await mina.leave(first["rooms"][-1]["id"])
    assert ids(await mina.listed(limit=3, cursor=first["next"])) == newest_first[3:6]


async def test_a_query_out_of_bounds_is_refused(guests: Guests) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    for path in ("/api/v1/rooms", "/api/v1/rooms/mine", f"/api/v1/rooms/{room}/members"):
        for cursor in NOT_CURSORS:
            answer = await mina.http.get(path, params={"cursor": cursor})
            assert "cursor" in refused(answer, "invalid")["fields"], (path, cursor)
        for limit in ("0", "201", "many"):
            refused(await mina.http.get(path, params={"limit": limit}), "invalid")
    refused(await mina.http.get("/api/v1/rooms", params={"possible": "perhaps"}), "invalid")
    refused(await mina.http.get("/api/v1/rooms", params={"category": "가" * 31}), "invalid")


async def test_a_stranger_sees_of_a_public_room_what_the_list_shows(guests: Guests) -> None:
    mina, jun = await guests(2)
    room = await mina.create()
    seen = await jun.room(room["id"])
    assert seen == {**room, "join_code": None, "membership": None}
    refused(await jun.http.get("/api/v1/rooms/0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"), "room_not_found")
    refused(await jun.http.get("/api/v1/rooms/somewhere"), "invalid")


# --- members ----------------------------------------------------------------------------------------------------------


async def test_members_see_who_is_in_the_room_who_came_first_is_first(guests: Guests) -> None:
    mina, jun, sol, stranger = await guests(4)
    room = (await mina.create())["id"]
    await jun.join(room)
    await sol.join(room)
    first = await sol.members(room, limit=2)
    assert [(each["id"], each["nickname"], each["role"]) for each in first["members"]] == [
        (mina.id, mina.nickname, "owner"),
        (jun.id, jun.nickname, "member"),
    ]
    rest = await sol.members(room, limit=2, cursor=first["next"])
    assert [each["id"] for each in rest["members"]] == [sol.id]
    assert rest["next"] is None
    await sol.leave(room)
    assert await mina.members(room, cursor=first["next"]) == {"members": [], "next": None}
    for room_ in (room, "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"):
        refused(await stranger.http.get(f"/api/v1/rooms/{room_}/members"), "not_a_member")


# --- my rooms ---------------------------------------------------------------------------------------------------------


async def test_my_rooms_show_what_was_said_last_and_how_much_is_unread(guests: Guests, talk: Talk) -> None:
    mina, jun = await guests(2)
    quiet = (await mina.create("조용한 방"))["id"]
    lively = (await mina.create("시끄러운 방"))["id"]
    await jun.join(lively)
    await talk.say(lively, jun, "하나", "둘")
    await talk.come(lively, jun)
    await talk.say(lively, jun, "셋")
    await talk.come(lively, jun)
    await mina.mark_read(lively, 1)
    first, second = (await mina.mine())["rooms"]
    assert first["id"] == lively
    assert first["unread"] == 2
    assert first["last_message"].pop("at") > 0
    assert first["last_message"] == {
        "seq": 4, "mseq": 3, "sender": jun.id, "text": "셋", "kind": "text", "deleted": False,
        "folded": False,
    }  # fmt: skip
    assert first["faces"] == [
        {"id": jun.id, "nickname": jun.nickname, "bot": False, "avatar": None, "state": "offline"}
    ]
    assert first["membership"]["last_read"] == 1
    assert (second["id"], second["unread"], second["last_message"], second["faces"]) == (quiet, 0, None, [])


async def test_who_spoke_last_has_nothing_unread(guests: Guests, talk: Talk) -> None:
    mina, jun = await guests(2)
    room = (await mina.create())["id"]
    await jun.join(room)
    await talk.say(room, jun, "하나")
    await talk.say(room, mina, "둘")
    assert (await mina.mine())["rooms"][0]["unread"] == 0
    assert (await jun.mine())["rooms"][0]["unread"] == 2


async def test_a_newcomer_is_not_shown_what_was_said_before_unless_the_room_says_so(
    guests: Guests, talk: Talk
) -> None:
    mina, jun = await guests(2)
    for history, shown in (("joined", None), ("all", "옛말")):
        room = (await mina.create(history=history))["id"]
        await talk.say(room, mina, "옛말", ago_ms=60_000)
        await jun.join(room)
        mine = (await jun.mine(limit=1))["rooms"][0]
        assert mine["unread"] == 0
        assert (mine["last_message"] and mine["last_message"]["text"]) == shown


async def test_a_direct_room_is_called_as_the_other(guests: Guests) -> None:
    mina, jun = await guests(2)
    await mina.direct(jun)
    assert [(each["title"], each["kind"]) for each in (await mina.mine())["rooms"]] == [
        (jun.nickname, "direct")
    ]
    assert [each["title"] for each in (await jun.mine())["rooms"]] == [mina.nickname]


async def test_faces_are_the_four_others_who_have_been_there_longest(guests: Guests) -> None:
    mina, *others = await guests(6)
    room = (await mina.create())["id"]
    for other in others:
        await other.join(room)
    assert [face["id"] for face in (await mina.mine())["rooms"][0]["faces"]] == [
        each.id for each in others[:4]
    ]
    assert [face["id"] for face in (await others[0].mine())["rooms"][0]["faces"]] == [
        each.id for each in (mina, *others[1:4])
    ]


async def test_my_rooms_come_in_pages(guests: Guests, talk: Talk) -> None:
    (mina,) = await guests(1)
    rooms = [(await mina.create(f"방 {number}"))["id"] for number in range(5)]
    await talk.say(rooms[3], mina, "여기")
    first = await mina.mine(limit=3)
    assert sorted(ids(first)) == sorted(rooms[2:])
    assert ids(first)[0] == rooms[3]
    rest = await mina.mine(limit=3, cursor=first["next"])
    assert sorted(ids(rest)) == sorted(rooms[:2])
    assert rest["next"] is None


async def test_who_is_in_no_room_has_no_rooms(guests: Guests) -> None:
    (mina,) = await guests(1)
    assert await mina.mine() == {"rooms": [], "next": None}


# --- people -----------------------------------------------------------------------------------------------------------


async def test_people_are_shown_by_their_ids_as_far_as_they_exist(guests: Guests) -> None:
    mina, jun = await guests(2)
    nobody = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"
    answer = good(
        await mina.http.get("/api/v1/people", params={"ids": f"{jun.id},{nobody},{mina.id},{jun.id}"})
    )
    assert answer["people"] == [
        {"id": each.id, "nickname": each.nickname, "bot": False, "avatar": None}
        for each in sorted((mina, jun), key=lambda each: each.id)
    ]


async def test_not_ids_or_too_many_are_refused(guests: Guests) -> None:
    (mina,) = await guests(1)
    for wrong in ("", "mina", f"{mina.id},", f"{mina.id};{mina.id}", ",".join([mina.id] * 101)):
        refused(await mina.http.get("/api/v1/people", params={"ids": wrong}), "invalid")
    refused(await mina.http.get("/api/v1/people"), "invalid")
    assert (
        len(good(await mina.http.get("/api/v1/people", params={"ids": ",".join([mina.id] * 100)}))["people"])
        == 1
    )
