"""Answers: given, ordered by likes, changed, and the best one chosen for good."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import trio

from common.postgres import Connection
from control.board import queries as board
from control.board.answering import POINTS, REWARDED
from control.points import ledger
from tests.control.board.conftest import answer, ask, page, path_of
from tests.control.reports.conftest import Admins, admins
from tests.control.rooms.conftest import Guest, Guests, Json, good, refused
from tests.control.rooms.test_plans import ask as sql
from tests.control.uploads.conftest import picture, sent, store
from tests.support.control import Control
from tests.support.locks import overlapping

__all__ = ["admins", "store"]

_MENTOR = """
    INSERT INTO mentors (user_id, company, department, introduction, hours, categories)
    VALUES ($1, '', '', '', '[]', '{music}')
"""
NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"


async def choose(guest: Guest, question: Json, answer: Json) -> httpx.Response:
    return await guest.http.put(f"{path_of(question)}/best", json={"answer": answer["id"]})


async def like(guest: Guest, post: Json) -> None:
    good(await guest.http.put(f"{path_of(post)}/like"))


async def remove(guest: Guest, post: Json) -> httpx.Response:
    return await guest.http.delete(path_of(post))


async def all_answers(guest: Guest, question: Json, limit: int = 2) -> list[str]:
    """The ids of the answers that were not chosen, page after page."""
    first = await page(guest, question, limit=limit)
    ids, cursor = [each["id"] for each in first["answers"]], first["next"]
    while cursor is not None:
        query = {"limit": limit, "cursor": cursor}
        rest = good(await guest.http.get(f"{path_of(question)}/answers", params=query))
        ids += [each["id"] for each in rest["answers"]]
        cursor = rest["next"]
    return ids


@pytest.fixture
def points(control: Control) -> Any:
    async def points(guest: Guest) -> int:
        async def read(connection: Connection) -> int:
            return await ledger.balance(connection, guest.id)

        return await control.services.db.read(read)

    return points


async def make_mentor(control: Control, guest: Guest) -> None:
    async def give(connection: Connection) -> None:
        await connection.execute("INSERT INTO user_roles (user_id, role) VALUES ($1, 'mentor')", guest.id)
        await connection.execute(_MENTOR, guest.id)

    await control.services.db.transaction(give)


async def test_an_answer_is_read_with_its_question_and_counted(control: Control, guests: Guests) -> None:
    mina, jun, sol = await guests(3)
    await make_mentor(control, jun)
    asked = await ask(mina)
    given = await answer(jun, asked, " 하나 \n둘 ")
    assert (given["text"], given["question"], given["best"]) == ("하나\n둘", asked["id"], False)
    assert given["author"] == {"id": jun.id, "nickname": jun.nickname, "mentor": True, "avatar": None}
    seen = await page(sol, asked)
    assert seen["answers"] == [given]
    assert (seen["best"], seen["next"]) == (None, None)
    assert seen["question"]["answers"] == 1


async def test_what_is_liked_most_is_first_and_of_those_what_was_there_first(guests: Guests) -> None:
    mina, jun, sol = await guests(3)
    asked = await ask(mina)
    given = [await answer(jun, asked, str(number)) for number in range(6)]
    for guest, number in ((mina, 4), (sol, 4), (mina, 2), (sol, 5)):
        await like(guest, given[number])
    expected = [given[number]["id"] for number in (4, 2, 5, 0, 1, 3)]
    assert await all_answers(sol, asked) == expected
    assert await all_answers(sol, asked, 100) == expected
    assert (await choose(mina, asked, given[1])).status_code == 204
    seen = await page(sol, asked)
    assert (seen["best"]["id"], seen["best"]["best"], seen["question"]["best"]) == (
        given[1]["id"],
        True,
        given[1]["id"],
    )
    expected.remove(given[1]["id"])
    assert await all_answers(sol, asked) == expected


async def test_who_answered_changes_it_and_takes_it_back(guests: Guests, store: httpx.AsyncClient) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina)
    upload = (await sent(jun, store, picture(), purpose="post_image"))["id"]
    given = await answer(jun, asked, pictures=[upload])
    assert given["pictures"] == [upload]
    path = path_of(given)
    assert good(await jun.http.patch(path, json={})) == given
    changed = good(await jun.http.patch(path, json={"text": "anders"}))
    assert (changed["text"], changed["pictures"]) == ("anders", [upload])
    assert changed["edited_at"] >= changed["answered_at"]
    refused(await mina.http.patch(path, json={"text": "mine"}), "forbidden")
    refused(await remove(mina, given), "forbidden")
    assert (await remove(jun, given)).status_code == 204
    refused(await remove(jun, given), "answer_not_found")
    refused(await jun.http.patch(path, json={"text": "back"}), "answer_not_found")
    refused(await mina.http.put(f"{path}/like"), "answer_not_found")
    refused(await mina.http.get(f"{path}/comments"), "answer_not_found")
    refused(await jun.http.get(f"/api/v1/uploads/{upload}"), "not_found")
    seen = await page(mina, asked)
    assert (seen["answers"], seen["question"]["answers"]) == ([], 0)
    unanswered = good(await mina.http.get("/api/v1/questions", params={"order": "unanswered"}))
    assert [each["id"] for each in unanswered["questions"]] == [asked["id"]]


async def test_what_somebody_answered_is_listed_with_what_was_asked(guests: Guests) -> None:
    mina, jun = await guests(2)
    given = [await answer(jun, await ask(mina, f"q{number}"), f"a{number}") for number in range(5)]
    assert (await remove(jun, given[1])).status_code == 204
    assert (await choose(mina, {"id": given[2]["question"]}, given[2])).status_code == 204
    seen: list[tuple[str, str, bool]] = []
    query: Json = {"limit": 2}
    while True:
        found = good(await mina.http.get(f"/api/v1/people/{jun.id}/answers", params=query))
        seen += [(each["title"], each["answer"]["text"], each["answer"]["best"]) for each in found["answers"]]
        if found["next"] is None:
            break
        query["cursor"] = found["next"]
    assert seen == [("q4", "a4", False), ("q3", "a3", False), ("q2", "a2", True), ("q0", "a0", False)]


async def test_what_is_no_answer_is_refused(guests: Guests) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina)
    path = f"{path_of(asked)}/answers"
    given = await answer(jun, asked)
    for wrong in ({"text": ""}, {"text": " "}, {"text": "x" * 10_001}, {"text": "a\x07"}):
        refused(await jun.http.post(path, json=wrong), "invalid")
        refused(await jun.http.patch(path_of(given), json=wrong), "invalid")
    refused(await jun.http.post(path, json={}), "invalid")
    refused(await jun.http.post(path, json={"text": "x", "pictures": [NOBODY]}), "attachment_not_found")
    refused(
        await jun.http.post(f"/api/v1/questions/{NOBODY}/answers", json={"text": "x"}),
        "question_not_found",
    )
    for cursor in ("x", "AAAA", "W10x"):
        refused(await jun.http.get(path, params={"cursor": cursor}), "invalid")
    assert await all_answers(jun, asked) == [given["id"]]


# --- the best one -----------------------------------------------------------------------------------------------------


async def test_the_best_answer_is_chosen_for_good_and_paid_once(guests: Guests, points: Any) -> None:
    mina, jun, sol = await guests(3)
    asked = await ask(mina)
    best, other = await answer(jun, asked), await answer(sol, asked)
    for _ in range(2):
        assert (await choose(mina, asked, best)).status_code == 204
    refused(await choose(mina, asked, other), "best_chosen")
    assert (await points(jun), await points(sol), await points(mina)) == (POINTS, 0, 0)
    (paid,) = good(await jun.http.get("/api/v1/me/points"))["entries"]
    assert (paid["title"], paid["question"], paid["subject"]) == (asked["title"], asked["id"], best["id"])
    refused(await remove(jun, best), "answer_chosen")
    assert good(await jun.http.patch(path_of(best), json={"text": "bettered"}))["best"] is True


async def test_a_mentors_best_answers_are_counted(control: Control, guests: Guests, admins: Admins) -> None:
    mina, jun = await guests(2)
    (admin,) = await admins(1)
    given = [await answer(jun, await ask(mina)) for _ in range(5)]

    async def choose_some(*answers: Json) -> None:
        for each in answers:
            for _ in range(2):
                assert (await choose(mina, {"id": each["question"]}, each)).status_code == 204

    async def counted() -> int:
        count: int = good(await mina.http.get(f"/api/v1/mentors/{jun.id}"))["answers"]
        return count

    await choose_some(given[0])
    await make_mentor(control, jun)
    assert await counted() == 1  # also what was chosen before he was one
    await choose_some(*given[1:4])
    assert await counted() == 4
    assert (await remove(admin, given[0])).status_code == 204
    assert (await admin.http.delete(f"/api/v1/questions/{given[1]['question']}")).status_code == 204
    assert await counted() == 2


async def test_an_answer_that_is_chosen_while_its_author_becomes_a_mentor_is_counted(
    control: Control, guests: Guests
) -> None:
    mina, jun, sol = await guests(3)
    asked = await ask(mina)
    given = await answer(jun, asked)
    db = control.services.db

    async def be_mentor(connection: Connection) -> None:
        await connection.execute(_MENTOR, jun.id)

    answered = await overlapping(db, be_mentor, lambda: choose(mina, asked, given))
    assert answered.status_code == 204
    other = await ask(mina)
    late = await answer(sol, other)

    async def choose_late(connection: Connection) -> None:
        await connection.execute(board.LOCK_ANSWER, late["id"])
        await connection.execute(board.CHOOSE, other["id"], late["id"])

    await overlapping(db, choose_late, lambda: make_mentor(control, sol))
    for mentor in (jun, sol):
        assert await sql(db, "SELECT answers FROM mentors WHERE user_id = $1", mentor.id) == 1


async def test_two_people_make_only_so_many_points_for_each_other_in_a_day(
    control: Control, guests: Guests, points: Any
) -> None:
    mina, jun, sol = await guests(3)
    given = [await answer(jun, await ask(mina)) for _ in range(REWARDED + 2)]

    async def pick(each: Json) -> None:
        assert (await choose(mina, {"id": each["question"]}, each)).status_code == 204

    async with trio.open_nursery() as nursery:
        for each in given:
            nursery.start_soon(pick, each)
    assert await points(jun) == REWARDED * POINTS
    assert all([(await page(mina, {"id": each["question"]}))["best"] for each in given])

    async def a_day_passes(connection: Connection) -> None:
        await connection.execute("UPDATE point_transfers SET at = at - interval '1 day'")

    for_another, of_another = await answer(sol, await ask(mina)), await answer(jun, await ask(sol))
    for asker, each in ((mina, for_another), (sol, of_another)):
        assert (await choose(asker, {"id": each["question"]}, each)).status_code == 204
    assert (await points(sol), await points(jun)) == (POINTS, (REWARDED + 1) * POINTS)
    await control.services.db.transaction(a_day_passes)
    await pick(await answer(jun, await ask(mina)))
    assert await points(jun) == (REWARDED + 2) * POINTS


async def test_only_who_asked_chooses_among_the_answers_of_others(guests: Guests, points: Any) -> None:
    mina, jun = await guests(2)
    asked, elsewhere = await ask(mina), await ask(mina)
    own, given, stray = await answer(mina, asked), await answer(jun, asked), await answer(jun, elsewhere)
    refused(await choose(jun, asked, given), "forbidden")
    refused(await choose(mina, asked, own), "not_oneself")
    refused(await choose(mina, asked, stray), "answer_not_found")
    refused(await choose(mina, asked, {"id": NOBODY}), "answer_not_found")
    refused(await choose(mina, {"id": NOBODY}, given), "question_not_found")
    refused(await mina.http.put(f"{path_of(asked)}/best", json={}), "invalid")
    assert (await remove(jun, given)).status_code == 204
    refused(await choose(mina, asked, given), "answer_not_found")
    assert await points(jun) == 0


async def test_of_many_choices_at_once_one_stands_and_is_paid(guests: Guests, points: Any) -> None:
    mina, *others = await guests(6)
    asked = await ask(mina)
    given = [await answer(guest, asked) for guest in others]
    codes: list[int] = []

    async def pick(each: Json) -> None:
        codes.append((await choose(mina, asked, each)).status_code)

    async with trio.open_nursery() as nursery:
        for each in given * 2:
            nursery.start_soon(pick, each)
    assert sorted(codes) == [204] * 2 + [409] * 8
    best = (await page(mina, asked))["best"]["author"]["id"]
    assert [await points(guest) for guest in others] == [
        POINTS if guest.id == best else 0 for guest in others
    ]


async def test_either_it_is_chosen_or_it_is_taken_back(guests: Guests, points: Any) -> None:
    mina, jun = await guests(2)
    chosen = 0
    for _ in range(5):
        asked = await ask(mina)
        given = await answer(jun, asked)
        codes: dict[str, int] = {}

        async def pick(asked: Json = asked, given: Json = given, codes: dict[str, int] = codes) -> None:
            codes["choose"] = (await choose(mina, asked, given)).status_code

        async def take_back(given: Json = given, codes: dict[str, int] = codes) -> None:
            codes["remove"] = (await remove(jun, given)).status_code

        async with trio.open_nursery() as nursery:
            nursery.start_soon(pick)
            nursery.start_soon(take_back)
        assert codes in ({"choose": 204, "remove": 409}, {"choose": 404, "remove": 204})
        chosen += codes["choose"] == 204
    assert await points(jun) == min(chosen, REWARDED) * POINTS


async def test_when_a_moderator_takes_the_best_one_away_another_may_be_chosen(
    guests: Guests, admins: Admins, points: Any
) -> None:
    mina, jun, sol = await guests(3)
    (admin,) = await admins(1)
    asked = await ask(mina)
    best, other = await answer(jun, asked), await answer(sol, asked)
    assert (await choose(mina, asked, best)).status_code == 204
    assert (await remove(admin, best)).status_code == 204
    seen = await page(mina, asked)
    assert (seen["best"], seen["question"]["best"], seen["question"]["answers"]) == (None, None, 1)
    assert (await choose(mina, asked, other)).status_code == 204
    deeds = good(await admin.http.get("/api/v1/admin/audit"))["deeds"]
    assert [(each["act"], each["person"]["id"], each["object"]) for each in deeds] == [
        ("board.answer_removed", jun.id, best["id"])
    ]
    assert (await points(jun), await points(sol)) == (POINTS, POINTS)  # what was earned may be spent by now
