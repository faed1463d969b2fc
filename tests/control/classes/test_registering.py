"""A place in a class is paid for once, never sold twice, given back as the rules say, and goes to who has waited longest."""

from __future__ import annotations

import httpx
import pytest
import trio

from common import feed
from common.errors import StoreUnavailable
from common.postgres import Connection
from control.classes.settling import settle
from control.classes.waiting import let_in
from control.rooms import membership, moderation
from control.rooms.views import Ban
from tests.control.classes.conftest import School
from tests.control.rooms.conftest import Guest, Guests, Json, News, good, refused
from tests.control.rooms.test_plans import ask
from tests.support.control import Control
from tests.support.locks import overlapping

NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"


async def kinds(who: Guest) -> list[tuple[str, int]]:
    """What happened to somebody's points, the newest first."""
    entries = good(await who.http.get("/api/v1/me/points"))["entries"]
    return [(each["kind"], each["points"]) for each in entries]


async def test_who_registers_pays_and_is_in_the_class_room(school: School, news: News) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await school.rich(1)
    made = await school.opened(mina, questions=["왜요?", "언제부터요?"])
    said = {"answers": ["느려서요 ", "어제부터"]}
    mine = good(await school.register(jun, made, **said))
    assert (mine["state"], mine["answers"], mine["paid"], mine["room"]) == (
        "registered",
        ["느려서요", "어제부터"],
        300,
        (await school.see(mina, made))["room"],
    )
    assert good(await school.register(jun, made, **said)) == mine  # and pays once
    assert await kinds(jun) == [("purchase", -300), ("reward", 1000)]
    assert await school.in_room(made, mina) == {jun.id}
    joined = [each for each in await news() if isinstance(each, feed.MemberChanged) and each.user == jun.id]
    assert [(each.room, each.change) for each in joined] == [(mine["room"], "joined")]
    seen = await school.see(jun, made)
    assert (seen["mine"], seen["registered"], seen["room"]) == ("registered", 1, mine["room"])
    found = good(await mina.http.get(f"/api/v1/classes/{made['id']}/registrations"))["registrants"]
    assert [(each["person"]["id"], each["answers"], each["paid"]) for each in found] == [
        (jun.id, ["느려서요", "어제부터"], 300)
    ]
    await school.assert_sound()


async def test_each_question_is_answered(school: School) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await school.rich(1)
    made = await school.opened(mina, questions=["왜요?", "언제부터요?"])
    for answers in ([], ["하나"], ["하나", " "], ["하나", "둘", "셋"]):
        refused(await school.register(jun, made, answers=answers), "answers_missing")
    for said in ({"answers": ["x" * 1001, "x"]}, {"answers": ["a\x07", "b"]}, {"answers": "x"}, {"wait": 1}):
        refused(await school.register(jun, made, **said), "invalid")
    assert await kinds(jun) == [("reward", 1000)]


async def test_who_cannot_pay_is_refused_and_nothing_is_changed(school: School) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await school.rich(1, 299)
    made = await school.opened(mina)
    refused(await school.register(jun, made), "not_enough_points")
    assert (await school.see(jun, made))["registered"] == 0
    assert await school.in_room(made, mina) == set()
    free = await school.opened(mina, price=0)
    assert good(await school.register(jun, free))["paid"] == 0
    assert await school.points(jun) == 299
    await school.assert_sound()


async def test_each_refusal_has_a_code_of_its_own(control: Control, school: School, guests: Guests) -> None:
    (mina,) = await school.mentors(1)
    jun, ara, sol, dan = await school.rich(4)
    made = await school.opened(mina, capacity=1)
    refused(await school.register(mina, made), "not_oneself")
    refused(await school.register(jun, {"id": NOBODY}), "class_not_found")
    refused(await school.register(jun, {"id": "x"}), "invalid")
    good(await school.register(jun, made))
    refused(await school.register(ara, made), "class_full")
    good(await school.change(mina, made, capacity=2))
    assert (await ara.http.put(f"/api/v1/me/relations/blocked/{mina.id}")).status_code == 204
    refused(await school.register(ara, made), "blocked_by_me")
    assert (await mina.http.put(f"/api/v1/me/relations/blocked/{sol.id}")).status_code == 204
    refused(await school.register(sol, made), "blocked")
    room = (await school.see(mina, made))["room"]
    assert (await mina.http.put(f"/api/v1/rooms/{room}/bans/{dan.id}", json={})).status_code == 204
    refused(await school.register(dan, made), "banned")
    school.begin()
    refused(await school.register(dan, made), "class_started")
    refused(await school.act(dan, made, "room"), "not_registered")


async def test_200_who_register_at_once_never_overfill_it(control: Control, school: School) -> None:
    (mina,) = await school.mentors(1)
    people = await school.rich(200, 300)
    made = await school.opened(mina, capacity=30)
    outcomes: dict[str, list[str]] = {}

    async def register(who: Guest) -> None:
        who.http.timeout = httpx.Timeout(120)
        while (answer := await school.register(who, made)).status_code == 503:
            pass  # the pool of connections is short: whoever finds none in time asks again
        outcome = "registered" if answer.status_code == 200 else answer.json()["code"]
        outcomes.setdefault(outcome, []).append(who.id)

    async with trio.open_nursery() as nursery:
        for who in people:
            nursery.start_soon(register, who)
    assert {name: len(ids) for name, ids in outcomes.items()} == {"registered": 30, "class_full": 170}
    assert await school.in_room(made, mina) == set(outcomes["registered"])
    seen = await school.see(mina, made)
    assert (seen["registered"], seen["waiting"]) == (30, 0)
    await school.assert_sound()


@pytest.mark.usefixtures("no_turns")
async def test_between_processes_it_is_the_database_that_sells_no_place_twice(school: School) -> None:
    (mina,) = await school.mentors(1)
    people = await school.rich(24, 300)
    made = await school.opened(mina, capacity=5)
    outcomes: list[str] = []

    async def register(who: Guest) -> None:
        who.http.timeout = httpx.Timeout(120)
        answer = await school.register(who, made)
        outcomes.append("registered" if answer.status_code == 200 else answer.json()["code"])

    async with trio.open_nursery() as nursery:
        for who in people:
            nursery.start_soon(register, who)
    assert outcomes.count("registered") == (await school.see(mina, made))["registered"] == 5
    assert set(outcomes) <= {"registered", "class_full", "unavailable"}
    await school.assert_sound()


@pytest.mark.usefixtures("no_turns")
async def test_one_person_who_registers_many_times_at_once_pays_once(school: School) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await school.rich(1, 1000)
    made = await school.opened(mina, capacity=10)
    answers: list[Json] = []

    async def register() -> None:
        answers.append(good(await school.register(jun, made)))

    async with trio.open_nursery() as nursery:
        for _ in range(10):
            nursery.start_soon(register)
    assert all(each == answers[0] for each in answers)
    assert await school.points(jun) == 700
    await school.assert_sound()


async def test_who_cancels_before_it_begins_has_everything_back(school: School, news: News) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await school.rich(1)
    made = await school.opened(mina)
    good(await school.register(jun, made))
    for _ in range(2):
        await school.cancel(jun, made)
    assert await kinds(jun) == [("refund", 300), ("purchase", -300), ("reward", 1000)]
    entries = good(await jun.http.get("/api/v1/me/points"))["entries"]
    assert [each["title"] for each in entries] == [made["title"], made["title"], None]
    assert await school.in_room(made, mina) == set()
    changes = [
        each.change for each in await news() if isinstance(each, feed.MemberChanged) and each.user == jun.id
    ]
    assert changes == ["joined", "left"]
    good(await school.register(jun, made))  # and may come again, and pays again
    assert await school.points(jun) == 700
    assert (await school.see(jun, made))["registered"] == 1
    await school.assert_sound()


async def test_who_cancels_after_it_began_has_nothing_back(school: School) -> None:
    (mina,) = await school.mentors(1)
    jun, ara = await school.rich(2)
    made = await school.opened(mina, capacity=1)
    good(await school.register(jun, made))
    good(await school.register(ara, made, wait=True))
    school.begin()
    await school.cancel(jun, made)
    assert [await school.points(each) for each in (jun, ara)] == [700, 1000]
    assert await school.in_room(made, mina) == set()
    assert (await school.see(ara, made))["mine"] == "waiting"  # nobody moves up into a class that has begun
    await school.assert_sound()


async def test_a_free_place_goes_to_who_has_waited_longest_and_is_paid_for_then(
    school: School, news: News
) -> None:
    (mina,) = await school.mentors(1)
    jun, ara, sol, dan = await school.rich(4)
    made = await school.opened(mina, capacity=1)
    good(await school.register(jun, made))
    for each in (ara, sol):
        waits = good(await school.register(each, made, wait=True))
        assert (waits["state"], waits["paid"], waits["room"]) == ("waiting", 0, None)
        assert await school.points(each) == 1000
    await school.cancel(jun, made)
    assert await school.in_room(made, mina) == {ara.id}
    assert [await school.points(each) for each in (jun, ara, sol)] == [1000, 700, 1000]
    told = [(each.change, each.users) for each in await news() if isinstance(each, feed.ClassChanged)]
    assert told == [("admitted", [ara.id])]
    await school.cancel(sol, made)  # who waits may go, and pays nothing
    await school.cancel(ara, made)
    assert good(await school.register(dan, made))["state"] == "registered"
    await school.assert_sound()


async def test_who_cannot_pay_is_passed_over_and_keeps_his_place(school: School) -> None:
    (mina,) = await school.mentors(1)
    jun, ara, sol = await school.rich(3)
    (poor,) = await school.rich(1, 10)
    made = await school.opened(mina, capacity=1)
    good(await school.register(jun, made))
    for each in (poor, ara, sol):
        good(await school.register(each, made, wait=True))
    await school.cancel(jun, made)
    assert await school.in_room(made, mina) == {ara.id}
    await school.give(poor, 1000)
    await school.cancel(ara, made)
    assert await school.in_room(made, mina) == {poor.id}
    assert (await school.see(sol, made))["mine"] == "waiting"
    await school.assert_sound()


async def test_who_waits_beside_a_free_place_comes_in_once_he_can_pay(
    control: Control, school: School, news: News
) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await school.rich(1)
    poor, poorer, sol = await school.rich(3, 10)
    made = await school.opened(mina, capacity=2)
    for each in (jun, poor, poorer, sol):
        if each is poor:
            good(await school.change(mina, made, capacity=1))
        good(await school.register(each, made, wait=True))
    await school.cancel(jun, made)
    good(await school.change(mina, made, capacity=2))
    await let_in(control.services)
    assert await school.in_room(made, mina) == set()
    await school.give(poorer, 1000)
    assert good(await school.register(poorer, made))["state"] == "registered"  # he asks
    await school.give(sol, 1000)
    await school.give(poor, 1000)
    await let_in(control.services)  # nobody does
    assert await school.in_room(made, mina) == {poor.id, poorer.id}  # who waited longer
    assert good(await school.register(sol, made))["state"] == "waiting"
    told = [each.users for each in await news() if isinstance(each, feed.ClassChanged)]
    assert told == [[poorer.id], [poor.id]]
    await school.assert_sound()


async def test_who_waits_comes_before_who_comes_now(control: Control, school: School) -> None:
    (mina,) = await school.mentors(1)
    jun, sol = await school.rich(2)
    (poor,) = await school.rich(1, 10)
    made = await school.opened(mina, capacity=1)
    good(await school.register(jun, made))
    good(await school.register(poor, made, wait=True))
    await school.cancel(jun, made)  # a place is free, but for who waits it is too dear
    await school.give(poor, 1000)
    refused(await school.register(sol, made), "class_full")
    assert await school.in_room(made, mina) == set()  # what was refused was taken back whole
    assert good(await school.register(sol, made, wait=True))["state"] == "waiting"
    assert await school.in_room(made, mina) == {poor.id}
    await school.assert_sound()


async def test_more_places_go_to_who_waits(school: School) -> None:
    (mina,) = await school.mentors(1)
    people = await school.rich(4)
    made = await school.opened(mina, capacity=1)
    for each in people:
        good(await school.register(each, made, wait=True))
    changed = good(await school.change(mina, made, capacity=3))
    assert (changed["registered"], changed["waiting"]) == (3, 1)
    assert await school.in_room(made, mina) == {each.id for each in people[:3]}
    waiting = good(
        await mina.http.get(f"/api/v1/classes/{made['id']}/registrations", params={"state": "waiting"})
    )
    assert [each["person"]["id"] for each in waiting["registrants"]] == [people[3].id]
    await school.assert_sound()


async def test_who_may_not_come_in_is_passed_over(school: School) -> None:
    (mina,) = await school.mentors(1)
    jun, banned, blocked, blocks, ara = await school.rich(5)
    made = await school.opened(mina, capacity=1)
    good(await school.register(jun, made))
    for each in (banned, blocked, blocks, ara):
        good(await school.register(each, made, wait=True))
    room = (await school.see(mina, made))["room"]
    assert (await mina.http.put(f"/api/v1/rooms/{room}/bans/{banned.id}", json={})).status_code == 204
    for one, other in ((mina, blocked), (blocks, mina)):
        assert (await one.http.put(f"/api/v1/me/relations/blocked/{other.id}")).status_code == 204
    await school.cancel(jun, made)
    assert await school.in_room(made, mina) == {ara.id}
    await school.assert_sound()


@pytest.mark.parametrize("way", ["registers", "moves up", "comes back"])
async def test_a_ban_that_is_being_written_is_waited_for(control: Control, school: School, way: str) -> None:
    """Whoever brings somebody in holds the room: nobody is banned between the question and the coming in."""
    (mina,) = await school.mentors(1)
    jun, ara = await school.rich(2)
    made = await school.opened(mina, capacity=1)
    if way != "registers":
        good(await school.register(jun, made))
        good(await school.register(ara, made, wait=True))
    if way == "comes back":
        await school.cancel(jun, made)
        await ara.leave(made["room"])

    async def ban(connection: Connection) -> None:
        await moderation._ban(connection, mina.id, made["room"], ara.id, Ban())

    async def come() -> None:
        match way:
            case "registers":
                refused(await school.register(ara, made), "banned")
            case "moves up":
                good(await school.change(mina, made, capacity=2))
            case _:
                refused(await school.act(ara, made, "room"), "banned")

    await overlapping(control.services.db, ban, come)
    assert ara.id not in await school.in_room(made, mina)


@pytest.mark.usefixtures("no_turns")
async def test_many_who_come_and_go_at_once_leave_the_books_right(school: School) -> None:
    (mina,) = await school.mentors(1)
    people = await school.rich(12, 700)
    made = await school.opened(mina, capacity=3)
    for who in people:
        who.http.timeout = httpx.Timeout(120)

    async def come_and_go(number: int, who: Guest) -> None:
        for turn in range(4):
            answer = await school.register(who, made, wait=bool((number + turn) % 2))
            assert answer.status_code == 200 or answer.json()["code"] == "class_full", answer.text
            if (number + turn) % 3:
                await school.cancel(who, made)

    async with trio.open_nursery() as nursery:
        for number, who in enumerate(people):
            nursery.start_soon(come_and_go, number, who)
    await school.assert_sound()
    seen = await school.see(mina, made)
    assert seen["waiting"] == 0 or seen["registered"] == 3


async def test_who_left_the_class_room_comes_back_into_it(school: School) -> None:
    (mina,) = await school.mentors(1)
    jun, ara = await school.rich(2)
    made = await school.opened(mina)
    room = good(await school.register(jun, made))["room"]
    await jun.leave(room)
    assert (await school.see(jun, made))["mine"] == "registered"
    for _ in range(2):
        back = good(await school.act(jun, made, "room"))
        assert back["membership"]["role"] == "member"
    refused(await school.act(ara, made, "room"), "not_registered")
    assert (await mina.http.put(f"/api/v1/rooms/{room}/bans/{jun.id}", json={})).status_code == 204
    refused(await school.act(jun, made, "room"), "banned")


async def test_a_place_in_the_class_is_a_place_in_its_room_whoever_else_is_there(
    control: Control, school: School
) -> None:
    (mina,) = await school.mentors(1)
    jun, ara = await school.rich(2)
    made = await school.opened(mina)
    good(await school.register(jun, made))

    async def fill(connection: Connection) -> None:
        await connection.execute("UPDATE rooms SET capacity = member_count WHERE id = $1", made["room"])

    await control.services.db.transaction(fill)
    good(await school.register(ara, made))
    assert await school.in_room(made, mina) == {jun.id, ara.id}


async def test_while_the_room_log_is_away_nobody_registers_and_nobody_pays(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await school.rich(1)
    made = await school.opened(mina)

    async def away(*_: object) -> int:
        raise StoreUnavailable("mongo", "no server")

    with monkeypatch.context() as patch:
        patch.setattr(membership, "spoken", away)
        refused(await school.register(jun, made), "unavailable")
    assert await school.points(jun) == 1000
    good(await school.register(jun, made))
    await school.assert_sound()


# --- settling ---------------------------------------------------------------------------------------------------------


async def test_what_was_paid_goes_to_the_mentor_once_when_the_class_begins(
    control: Control, school: School, news: News
) -> None:
    (mina,) = await school.mentors(1)
    jun, ara, sol = await school.rich(3)
    made = await school.opened(mina)
    for each in (jun, ara):
        good(await school.register(each, made))
    good(await school.register(sol, made, wait=True))
    assert await settle(control.services) == 0
    assert await school.points(mina) == 0
    school.begin()
    await school.cancel(ara, made)  # too late for a refund
    settled: list[int] = []

    async def run() -> None:
        settled.append(await settle(control.services))

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(run)
    assert sum(settled) == 1
    assert await kinds(mina) == [("earning", 600)]
    seen = await school.see(mina, made)
    assert (seen["state"], seen["registered"], seen["waiting"]) == ("closed", 1, 0)
    assert [each.users for each in await news() if isinstance(each, feed.ClassChanged)] == [[sol.id]]
    await school.assert_sound()


_GONE = {
    "is_deleted": "UPDATE users SET deleted_at = now() WHERE id = $1 RETURNING 1",
    "is_no_mentor_any_more": "DELETE FROM user_roles WHERE user_id = $1 AND role = 'mentor' RETURNING 1",
}


async def ends(news: News) -> list[tuple[str, list[str]]]:
    """What was told of classes that end, and whom."""
    told = [each for each in await news() if isinstance(each, feed.ClassChanged)]
    return [(each.change, sorted(each.users)) for each in told if each.change in ("closed", "called_off")]


@pytest.mark.parametrize("how", _GONE)
async def test_when_the_mentor_is_gone_all_have_their_points_back_at_once(
    control: Control, school: School, news: News, how: str
) -> None:
    mina, other = await school.mentors(2)
    jun, ara, sol = await school.rich(3)
    made, elsewhere = await school.opened(mina, capacity=2), await school.opened(other)
    for each in (jun, ara):
        good(await school.register(each, made))
    good(await school.register(sol, made, wait=True))
    good(await school.register(jun, elsewhere))
    await ask(control.services.db, _GONE[how], mina.id)
    assert await settle(control.services) == 1
    assert await settle(control.services) == 0
    assert [await school.points(each) for each in (jun, ara, sol)] == [700, 1000, 1000]
    assert await ends(news) == [("called_off", sorted([jun.id, ara.id])), ("called_off", [sol.id])]
    await school.assert_sound()


async def test_nobody_pays_for_a_class_that_begins_while_its_mentor_is_suspended(
    control: Control, school: School, news: News
) -> None:
    (mina,) = await school.mentors(1)
    jun, ara = await school.rich(2)
    made = await school.opened(mina)
    for each in (jun, ara):
        good(await school.register(each, made))
    suspend = "INSERT INTO suspensions (user_id, reason, since) VALUES ($1, 'so', now()) RETURNING 1"
    await ask(control.services.db, suspend, mina.id)
    assert await settle(control.services) == 0  # he may be back by then
    school.begin()
    await school.cancel(ara, made)  # he would have nothing back, had it taken place
    assert await settle(control.services) == 1
    assert [await school.points(each) for each in (jun, ara)] == [1000, 1000]
    assert (
        await ask(control.services.db, "SELECT count(*) FROM point_accounts WHERE user_id = $1", mina.id) == 0
    )
    assert await ends(news) == [("called_off", sorted([jun.id, ara.id]))]
    await school.assert_sound()


async def test_drafts_and_classes_that_were_called_off_or_cost_nothing_earn_nothing(
    control: Control, school: School
) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await school.rich(1)
    off, free = await school.opened(mina), await school.opened(mina, price=0)
    draft = await school.make(mina)
    for each in (off, free):
        good(await school.register(jun, each))
    assert (await school.act(mina, off, "call-off")).status_code == 204
    school.begin()
    assert await settle(control.services) == 1
    assert await settle(control.services) == 0
    assert await school.points(mina) == 0
    assert (await school.see(mina, draft))["state"] == "draft"
    await school.assert_sound()
