"""Who is erased leaves his classes in order: those he was to give are called off, those he was to go to have a place free."""

from __future__ import annotations

from common.postgres import Connection
from control.classes.settling import settle
from control.erasure.erasing import erase_due
from tests.control.classes.conftest import MINUTE, School
from tests.control.rooms.conftest import Guest, good, refused
from tests.control.rooms.test_plans import ask
from tests.support.control import Control

_DELETE = "UPDATE users SET deleted_at = to_timestamp($2 / 1000.0) - interval '31 days' WHERE id = $1"
_WORDS = """
    SELECT (SELECT string_agg(concat(company, introduction), '') FROM mentors WHERE user_id = $1)
        || (SELECT coalesce(string_agg(concat(title, description, curriculum, questions), ''), '')
            FROM classes WHERE mentor_id = $1)
"""


async def erase(control: Control, person: Guest) -> None:
    async def delete(connection: Connection) -> None:
        await connection.execute(_DELETE, person.id, control.clock.now_ms)

    await control.services.db.transaction(delete)
    await settle(control.services)
    await erase_due(control.services)


async def test_a_mentors_classes_are_called_off_and_nothing_is_left_of_what_he_said(
    control: Control, school: School
) -> None:
    mina, other = await school.mentors(2)
    jun, ara = await school.rich(2)
    made = await school.opened(mina, capacity=1, description="비밀 이야기", curriculum=["비밀"])
    elsewhere = await school.opened(other)
    for of in (made, elsewhere):
        good(await school.register(jun, of))
    good(await school.register(ara, made, wait=True))
    assert (await jun.http.put(f"/api/v1/me/follows/{mina.id}")).status_code == 204
    await erase(control, mina)
    assert [await school.points(each) for each in (jun, ara)] == [700, 1000]
    assert good(await jun.http.get("/api/v1/classes"))["classes"][0]["id"] == elsewhere["id"]
    refused(await ara.http.get(f"/api/v1/classes/{made['id']}"), "class_not_found")

    async def words(connection: Connection) -> str:
        left: str = await connection.fetchval(_WORDS, mina.id)
        return left

    assert await control.services.db.read(words) == "-{}{}"
    await school.assert_sound()


async def test_a_registrant_has_his_points_back_leaves_his_place_to_who_waits_and_no_word(
    control: Control, school: School
) -> None:
    (mina,) = await school.mentors(1)
    jun, ara, sol = await school.rich(3)
    first = await school.opened(mina, capacity=1, questions=["왜?"])
    good(await school.register(ara, first, answers=["음"]))
    good(await school.register(jun, first, answers=["비밀"], wait=True))
    past = await school.opened(mina, questions=["왜?"], starts_at=control.clock.now_ms + MINUTE)
    made = await school.opened(mina, capacity=1, questions=["왜?"])
    for of in (past, made):
        good(await school.register(jun, of, answers=["비밀"]))
    good(await school.register(ara, made, answers=["그냥"], wait=True))
    control.clock.pass_seconds(90)
    await settle(control.services)
    good(await jun.http.put(f"/api/v1/classes/{past['id']}/review", json={"stars": 1}))
    await erase(control, jun)
    seen = await school.see(mina, made)
    assert (seen["registered"], seen["waiting"]) == (1, 0)
    assert await school.in_room(made, mina) == {ara.id}
    assert [await school.points(each) for each in (ara, sol)] == [400, 1000]
    assert (await school.see(mina, first))["waiting"] == 0
    assert (await school.see(mina, past))["registered"] == 1  # he was there
    assert (await school.see(mina, past))["reviews"] == 0
    registrants = good(await mina.http.get(f"/api/v1/classes/{past['id']}/registrations"))["registrants"]
    assert [each["answers"] for each in registrants] == [[]]
    db = control.services.db
    assert await ask(db, "SELECT balance FROM point_accounts WHERE user_id = $1", jun.id) == 700
    answers = "SELECT count(*) FROM class_registrations WHERE user_id = $1 AND answers <> '{}'"
    assert await ask(db, answers, jun.id) == 0
    school.begin()
    await settle(control.services)
    assert await school.points(mina) == 900  # for `past` of jun, for the others of ara
