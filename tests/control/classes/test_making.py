"""A class's life: a draft with a room, opened, changed within its rules, closed or called off; and what admins may do."""

from __future__ import annotations

import re
from typing import Any

import pytest

from common import feed
from control.classes.routes import operations
from tests.control.classes.conftest import MINUTE, AddPaper, Admins, School
from tests.control.rooms.conftest import Guests, Json, News, good, refused
from tests.control.rooms.test_plans import ask
from tests.support.control import Control

DAY = 24 * 60 * MINUTE
NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"


async def class_news(news: News) -> list[tuple[str, list[str]]]:
    return [(each.change, each.users) for each in await news() if isinstance(each, feed.ClassChanged)]


async def test_a_class_is_made_with_its_room_and_is_its_mentors_alone_until_it_is_open(
    school: School, guests: Guests
) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await guests(1)
    made = await school.make(mina, curriculum=["1주:  B-트리", "2주: 해시"], questions=["왜요?"])
    assert (made["state"], made["curriculum"], made["registered"]) == (
        "draft",
        ["1주: B-트리", "2주: 해시"],
        0,
    )
    room = good(await mina.http.get(f"/api/v1/rooms/{made['room']}"))
    assert (room["kind"], room["title"], room["membership"]["role"]) == ("class", made["title"], "owner")
    assert room["category"] == made["categories"][0]
    assert (room["visibility"], room["history"]) == ("private", "all")
    refused(await jun.http.get(f"/api/v1/classes/{made['id']}"), "class_not_found")
    refused(await school.register(jun, made), "class_not_found")
    opened = good(await school.act(mina, made, "open"))
    assert opened["state"] == "open"
    assert good(await school.act(mina, made, "open")) == opened
    seen = await school.see(jun, made)
    assert (seen["room"], seen["mine"], seen["mentor"]["id"]) == (None, None, mina.id)


async def test_followers_hear_of_a_new_class_once_but_not_who_blocked_the_mentor(
    school: School, guests: Guests, news: News
) -> None:
    (mina,) = await school.mentors(1)
    jun, ara, sol = await guests(3)
    for each in (jun, ara):
        assert (await each.http.put(f"/api/v1/me/follows/{mina.id}")).status_code == 204
    assert (await ara.http.put(f"/api/v1/me/relations/blocked/{mina.id}")).status_code == 204
    made = await school.make(mina)
    assert await class_news(news) == []
    for _ in range(2):
        good(await school.act(mina, made, "open"))
    assert await class_news(news) == [("opened", [jun.id])]
    (told,) = [each for each in await news() if isinstance(each, feed.ClassChanged)]
    assert (told.of, told.title, told.mentor, told.name, told.starts_at) == (
        made["id"],
        made["title"],
        mina.id,
        mina.nickname,
        made["starts_at"],
    )
    assert sol.id not in told.users


async def test_a_draft_changes_in_all_it_says_and_the_room_is_called_as_it_is(
    school: School, paper: AddPaper
) -> None:
    (mina,) = await school.mentors(1)
    made = await school.make(mina)
    cover = await paper(mina, "class_cover")
    said = {
        "title": "트리",
        "description": "나무\n두 그루",
        "curriculum": ["하나"],
        "questions": ["왜?"],
        "price": 5,
        "capacity": 30,
        "starts_at": made["starts_at"] + MINUTE,
        "cover": cover,
        "categories": ["career", "design"],
    }
    changed = good(await school.change(mina, made, **said))
    assert {name: changed[name] for name in said} == said
    room = good(await mina.http.get(f"/api/v1/rooms/{made['room']}"))
    assert (room["title"], room["category"]) == ("트리", "career")  # what time spent there is spent on
    assert room["capacity"] >= 31
    assert good(await school.change(mina, made)) == changed
    assert good(await school.change(mina, made, cover=None))["cover"] is None


async def test_the_room_of_a_class_that_is_changed_keeps_a_place_for_everybody_in_it(
    control: Control, school: School, news: News
) -> None:
    (mina,) = await school.mentors(1)
    made = await school.opened(mina, capacity=1)

    async def change(members: int, **said: Any) -> dict[str, Any]:
        """What members of the room hear of it when so many are in."""
        crowd = (
            "UPDATE rooms SET member_count = $2, capacity = greatest(capacity, $2) WHERE id = $1 RETURNING 1"
        )
        await ask(control.services.db, crowd, made["room"], members)
        good(await school.change(mina, made, **said))
        return [each for each in await news() if isinstance(each, feed.RoomChanged)][-1].shown()

    assert await change(12, title="트리") == {"title": "트리"}
    assert await change(12, capacity=3, title="나무") == {"title": "나무", "capacity": 13}
    assert await change(13, capacity=2) == {"title": "나무", "capacity": 13}  # nothing new
    assert await change(12, capacity=1) == {"capacity": 12}
    assert await change(3, categories=["design"]) == {"category": "design"}


async def test_who_registered_or_waits_hears_that_a_class_begins_at_another_time(
    school: School, news: News
) -> None:
    (mina,) = await school.mentors(1)
    jun, ara, sol = await school.rich(3)
    made = await school.opened(mina, capacity=1)
    good(await school.register(jun, made))
    for each in (ara, sol):
        good(await school.register(each, made, wait=True))
    await school.cancel(sol, made)
    later = made["starts_at"] + 1000 * DAY
    for _ in range(2):
        good(await school.change(mina, made, starts_at=later, title="새 이름"))
    told = [each for each in await news() if isinstance(each, feed.ClassChanged)]
    assert [(each.change, set(each.users)) for each in told] == [("moved", {jun.id, ara.id})]
    assert (told[0].title, told[0].starts_at) == ("새 이름", later)


async def test_an_open_class_keeps_its_price_and_its_questions(school: School) -> None:
    (mina,) = await school.mentors(1)
    (jun, ara) = await school.rich(2)
    made = await school.opened(mina)
    for said in ({"price": 1}, {"questions": ["왜?"]}):
        refused(await school.change(mina, made, **said), "class_not_draft")
    good(await school.change(mina, made, title="새 이름", price=300))  # which is what it is
    for each in (jun, ara):
        good(await school.register(each, made))
    refused(await school.change(mina, made, capacity=1), "capacity_below_registered")
    refused(await school.change(mina, made, starts_at=made["starts_at"] - MINUTE), "start_not_earlier")
    good(await school.change(mina, made, starts_at=made["starts_at"] + MINUTE))
    good(await school.act(mina, made, "close"))
    refused(await school.change(mina, made, title="더 새 이름"), "class_closed")
    assert (await school.see(jun, made))["title"] == "새 이름"


async def test_what_began_is_neither_opened_nor_changed_nor_called_off(
    control: Control, school: School
) -> None:
    (mina,) = await school.mentors(1)
    draft, made = await school.make(mina), await school.opened(mina)
    school.begin()
    refused(await school.act(mina, draft, "open"), "class_started")
    refused(await school.change(mina, made, title="x"), "class_started")
    refused(await school.act(mina, made, "call-off"), "class_started")
    later = control.clock.now_ms + MINUTE
    good(await school.change(mina, draft, starts_at=later))
    good(await school.act(mina, draft, "open"))


async def test_a_draft_is_taken_back_with_its_room(school: School) -> None:
    (mina,) = await school.mentors(1)
    made = await school.make(mina)
    assert (await mina.http.delete(f"/api/v1/classes/{made['id']}")).status_code == 204
    refused(await mina.http.get(f"/api/v1/classes/{made['id']}"), "class_not_found")
    refused(await mina.http.get(f"/api/v1/rooms/{made['room']}"), "room_not_found")
    refused(await mina.http.delete(f"/api/v1/classes/{made['id']}"), "class_not_found")
    opened = await school.opened(mina)
    refused(await mina.http.delete(f"/api/v1/classes/{opened['id']}"), "class_not_draft")


async def test_who_waits_hears_that_the_class_is_closed_and_who_is_in_stays(
    school: School, news: News
) -> None:
    (mina,) = await school.mentors(1)
    jun, ara, sol = await school.rich(3)
    made = await school.opened(mina, capacity=1)
    good(await school.register(jun, made))
    good(await school.register(ara, made, wait=True))
    refused(await school.act(mina, await school.make(mina), "close"), "class_not_open")
    for _ in range(2):
        closed = good(await school.act(mina, made, "close"))
    assert (closed["state"], closed["registered"], closed["waiting"]) == ("closed", 1, 0)
    assert (await class_news(news))[-1] == ("closed", [ara.id])
    refused(await school.register(sol, made), "class_not_open")
    refused(await school.act(mina, made, "open"), "class_closed")
    await school.cancel(jun, made)  # before it begins: refunded, and nobody moves up
    assert await school.points(jun) == 1000
    await school.assert_sound()


async def test_when_a_class_is_called_off_everybody_has_their_points_back_and_is_told(
    school: School, news: News
) -> None:
    (mina,) = await school.mentors(1)
    jun, ara, sol = await school.rich(3)
    made = await school.opened(mina)
    for each in (jun, ara):
        good(await school.register(each, made))
    good(await school.register(sol, made, wait=True))
    refused(await school.act(jun, made, "call-off"), "forbidden")
    for _ in range(2):
        assert (await school.act(mina, made, "call-off")).status_code == 204
    assert [await school.points(each) for each in (jun, ara, sol)] == [1000, 1000, 1000]
    seen = await school.see(mina, made)
    assert (seen["state"], seen["called_off"], seen["registered"], seen["waiting"]) == ("closed", True, 0, 0)
    told = [(change, set(users)) for change, users in await class_news(news)]
    assert told[-2:] == [("called_off", {jun.id, ara.id}), ("called_off", {sol.id})]
    await school.assert_sound()


async def test_an_admin_unlists_a_class_and_lists_it_again(school: School, admins: Admins) -> None:
    (mina,) = await school.mentors(1)
    jun, ara = await school.rich(2)
    (sol,) = await admins(1)
    made = await school.opened(mina)
    good(await school.register(jun, made))
    path = f"/api/v1/admin/classes/{made['id']}/unlisting"
    for _ in range(2):
        assert (await sol.http.put(path, json={"reason": "광고"})).status_code == 204
    refused(await ara.http.get(f"/api/v1/classes/{made['id']}"), "class_not_found")
    refused(await school.register(ara, made), "class_not_found")
    assert good(await ara.http.get("/api/v1/classes"))["classes"] == []
    for each in (mina, jun, sol):  # its mentor, who is in it, and admins
        assert (await school.see(each, made))["unlisted"] is True
    for _ in range(2):
        assert (await sol.http.delete(path)).status_code == 204
    good(await school.register(ara, made))
    deeds = good(await sol.http.get("/api/v1/admin/audit"))["deeds"]
    assert [(each["act"], each["object"]) for each in deeds] == [
        ("class.listed", made["id"]),
        ("class.unlisted", made["id"]),
    ]
    refused(await ara.http.put(path, json={"reason": "x"}), "forbidden")
    refused(await sol.http.put(path, json={"reason": " "}), "invalid")
    refused(await sol.http.put(path.replace(made["id"], NOBODY), json={"reason": "x"}), "class_not_found")


async def test_an_admin_calls_off_the_class_of_a_mentor_who_is_gone(school: School, admins: Admins) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await school.rich(1)
    (sol,) = await admins(1)
    made = await school.opened(mina)
    good(await school.register(jun, made))
    good(await sol.http.put(f"/api/v1/admin/people/{mina.id}/suspension", json={"reason": "광고"}))
    assert good(await jun.http.get("/api/v1/classes"))["classes"] == []
    assert (await school.see(jun, made))["mine"] == "registered"
    assert (await sol.http.post(f"/api/v1/admin/classes/{made['id']}/call-off")).status_code == 204
    assert await school.points(jun) == 1000
    deeds = good(await sol.http.get("/api/v1/admin/audit"))["deeds"]
    assert deeds[0]["act"] == "class.called_off"
    await school.assert_sound()


async def test_the_class_room_stays_its_mentors(school: School) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await school.rich(1)
    made = await school.opened(mina)
    good(await school.register(jun, made))
    room = f"/api/v1/rooms/{made['room']}"
    refused(await mina.http.post(f"{room}/leave"), "room_of_class")
    refused(await mina.http.delete(room), "room_of_class")
    refused(await mina.http.patch(room, json={"capacity": 2}), "room_of_class")
    refused(await mina.http.put(f"{room}/members/{jun.id}/role", json={"role": "owner"}), "room_of_class")
    assert (
        await mina.http.put(f"{room}/members/{jun.id}/role", json={"role": "moderator"})
    ).status_code == 204


async def test_somebody_elses_class_is_not_there_to_be_changed(school: School, guests: Guests) -> None:
    mina, jun = await school.mentors(2)
    (ara,) = await guests(1)
    made = await school.opened(mina)
    refused(await school.change(jun, made, title="x"), "class_not_found")
    for what in ("open", "close", "call-off"):
        refused(await school.act(jun, made, what), "class_not_found")
        refused(await school.act(ara, made, what), "forbidden")
    refused(await jun.http.delete(f"/api/v1/classes/{made['id']}"), "class_not_found")
    refused(await jun.http.get(f"/api/v1/classes/{made['id']}/registrations"), "class_not_found")
    refused(await school.try_make(ara), "forbidden")


async def test_only_ones_own_confirmed_cover_is_shown(
    control: Control, school: School, paper: AddPaper
) -> None:
    mina, jun = await school.mentors(2)
    for cover in (
        await paper(jun, "class_cover"),
        await paper(mina, "avatar"),
        await paper(mina, "class_cover", confirmed=False),
        NOBODY,
    ):
        refused(await school.try_make(mina, cover=cover), "cover_not_found")
    first, second = await paper(mina, "class_cover"), await paper(mina, "class_cover")
    made = await school.make(mina, cover=first)
    good(await school.change(mina, made, cover=second))
    refused(await school.change(mina, made, cover=first), "cover_not_found")  # it was swept away


@pytest.mark.parametrize(
    "said",
    [
        {"title": " "},
        {"title": "x" * 61},
        {"description": "x" * 5001},
        {"curriculum": [""]},
        {"curriculum": ["x"] * 51},
        {"questions": ["?"] * 6},
        {"price": -1},
        {"price": 1_000_001},
        {"capacity": 0},
        {"capacity": 501},
        {"categories": []},
        {"starts_at": 0},
        {"starts_at": 10**15},
        {"cover": "x"},
    ],
)
async def test_what_is_no_class_is_refused(school: School, said: Json) -> None:
    (mina,) = await school.mentors(1)
    refused(await school.try_make(mina, **said), "invalid")


async def test_a_category_that_is_not_offered_is_refused(school: School) -> None:
    (mina,) = await school.mentors(1)
    refused(await school.try_make(mina, categories=["gardening"]), "category_unknown")


async def test_a_mentor_by_role_alone_has_to_show_a_card_first(
    control: Control, school: School, guests: Guests
) -> None:
    (jun,) = await guests(1)
    await control.grant(jun.id, "mentor")
    refused(await school.try_make(jun), "mentor_not_found")


async def test_every_operation_asks_who_it_is(control: Control) -> None:
    for operation in operations.table:
        path = re.sub(r"{\w+}", NOBODY, operation.path)
        body: Any = {} if operation.body else None
        refused(await control.http.request(operation.method, path, json=body), "unauthenticated")
