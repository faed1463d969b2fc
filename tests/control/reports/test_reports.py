"""Reports: of what one may see, once, with what it said; and resolved by the first admin who does."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest
import trio

from common.postgres import Connection
from control.cursor import LAST
from control.reports import queries
from control.reports.routes import operations
from control.settings import Settings
from tests.control.board.conftest import answer, ask, comment
from tests.control.reports.conftest import Admins
from tests.control.rooms.conftest import Guest, Guests, Json, Talk, good, refused
from tests.control.rooms.test_plans import ask as ask_db
from tests.control.rooms.test_plans import db, nodes, pages_read, plan
from tests.support.control import Control

__all__ = ["db"]
_ADD_MENTOR = """
    WITH role AS (INSERT INTO user_roles (user_id, role) VALUES ($1, 'mentor'))
    INSERT INTO mentors (user_id, company, department, introduction, hours, categories)
    VALUES ($1, '마당', '', '안녕하세요', '[]', '{art}')
"""
_ADD_CLASS = """
    WITH room AS (
        INSERT INTO rooms (kind, title, capacity, visibility) VALUES ('class', '춤', 20, 'private') RETURNING id
    )
    INSERT INTO classes (mentor_id, room_id, title, description, curriculum, questions, price, capacity, starts_at,
                         categories, state, created_at, opened_at)
    SELECT $1, id, '춤', '', '{}', '{}', 0, 20, now(), '{art}', 'open', now(), now() FROM room
    RETURNING id::text
"""
_ADD_REVIEW = (
    "INSERT INTO class_reviews (class_id, user_id, halves, text, reviewed_at) VALUES ($1, $2, 2, '욕', now())"
)
NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"
SPAM: Json = {"reason": "spam", "words": "the same\n again"}


async def report(guest: Guest, what: str, body: Json = SPAM) -> httpx.Response:
    return await guest.http.post(f"/api/v1/{what}/reports", json=body)


async def listed(admin: Guest, **query: Any) -> list[Json]:
    found: list[Json] = good(await admin.http.get("/api/v1/reports", params=query))["reports"]
    return found


async def resolve(admin: Guest, report: str, outcome: str, note: str = "") -> httpx.Response:
    return await admin.http.put(f"/api/v1/reports/{report}/outcome", json={"outcome": outcome, "note": note})


async def test_a_message_is_reported_with_what_it_said(guests: Guests, admins: Admins, talk: Talk) -> None:
    mina, jun = await guests(2)
    (sol,) = await admins(1)
    room = (await mina.create())["id"]
    await jun.join(room)
    await talk.say(room, mina, "hello", "buy this")
    assert (await report(jun, f"rooms/{room}/messages/2")).status_code == 204
    (found,) = await listed(sol)
    assert found["kind"] == "message"
    assert found["room"] == {"id": room, "title": "한강 달리기"}
    assert (found["seq"], found["evidence"]) == (2, "buy this")
    assert found["person"] == {"id": mina.id, "nickname": mina.nickname, "bot": False, "avatar": None}
    assert found["reporter"]["id"] == jun.id
    assert (found["reason"], found["words"]) == ("spam", "the same\n again")
    assert (found["outcome"], found["resolved_by"], found["resolved_at"]) == (None, None, None)


async def test_what_it_says_now_is_kept_whatever_becomes_of_it(
    guests: Guests, admins: Admins, talk: Talk
) -> None:
    mina, jun, ara = await guests(3)
    (sol,) = await admins(1)
    room = (await mina.create())["id"]
    for guest in (jun, ara):
        await guest.join(room)
    await talk.say(room, mina, "hello")
    await talk.edit(room, mina, 1, "buy this")
    assert (await report(jun, f"rooms/{room}/messages/1")).status_code == 204
    await talk.delete(room, mina, 1)
    refused(await report(ara, f"rooms/{room}/messages/1"), "message_deleted")
    (found,) = await listed(sol)
    assert found["evidence"] == "buy this"


async def test_each_is_reported_once_by_each(guests: Guests, admins: Admins, talk: Talk) -> None:
    mina, jun, ara = await guests(3)
    (sol,) = await admins(1)
    room = (await mina.create())["id"]
    for guest in (jun, ara):
        await guest.join(room)
    await talk.say(room, mina, "one", "two")
    answers: list[int] = []

    async def report_all(guest: Guest) -> None:
        whats = (f"rooms/{room}/messages/1", f"people/{mina.id}", f"rooms/{room}")
        answers.extend([(await report(guest, what)).status_code for what in whats])

    async with trio.open_nursery() as nursery:
        for guest in (jun, ara) * 5:
            nursery.start_soon(report_all, guest)
    assert sorted(answers) == [204] * 6 + [409] * 24
    assert len(await listed(sol)) == 6
    refused(await report(jun, f"people/{mina.id}", {"reason": "abuse"}), "already_reported")
    assert (await report(jun, f"rooms/{room}/messages/2")).status_code == 204


async def test_only_what_one_may_see_is_reported(guests: Guests, talk: Talk) -> None:
    mina, jun = await guests(2)
    room = (await mina.create(visibility="private"))["id"]
    await talk.say(room, mina, "before", ago_ms=60_000)
    refused(await report(jun, f"rooms/{room}/messages/1"), "not_a_member")
    refused(await report(jun, f"rooms/{room}"), "room_not_found")
    refused(await report(jun, f"rooms/{NOBODY}"), "room_not_found")
    refused(await report(jun, f"people/{NOBODY}"), "person_not_found")
    open_room = (await mina.create())["id"]
    await talk.say(open_room, mina, "before", ago_ms=60_000)
    await jun.join(open_room)
    await talk.come(open_room, jun)
    refused(await report(jun, f"rooms/{open_room}/messages/1"), "message_not_found")  # said before he came
    refused(await report(jun, f"rooms/{open_room}/messages/2"), "message_not_found")  # his joining is none
    refused(await report(jun, f"rooms/{open_room}/messages/99"), "message_not_found")


async def test_nobody_reports_himself(guests: Guests, talk: Talk) -> None:
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    await talk.say(room, mina, "hello")
    refused(await report(mina, f"people/{mina.id}"), "not_oneself")
    refused(await report(mina, f"rooms/{room}/messages/1"), "not_oneself")


async def test_what_is_no_report_is_refused(guests: Guests) -> None:
    mina, jun = await guests(2)
    for body in ({}, {"reason": "boring"}, {"reason": "spam", "words": "x" * 1001}):
        refused(await report(mina, f"people/{jun.id}", body), "invalid")
    refused(await report(mina, f"people/{jun.id}", {"reason": "spam", "words": "a\x07b"}), "invalid")
    refused(await report(mina, f"rooms/{NOBODY}/messages/-1", SPAM), "invalid")
    refused(await report(mina, "people/1", SPAM), "invalid")


# --- posts on the board, reviews -------------------------------------------------------------------------------------


async def posts(asker: Guest, writer: Guest) -> dict[str, Json]:
    """A question, and on it an answer and, on that, a comment."""
    asked = await ask(asker, "팝니다", "싸게 팝니다")
    answered = await answer(writer, asked, "삽니다")
    return {"question": asked, "answer": answered, "comment": await comment(writer, answered, "저도요")}


async def test_posts_are_reported_with_what_they_said_and_where(guests: Guests, admins: Admins) -> None:
    mina, jun, ara = await guests(3)
    (sol,) = await admins(1)
    made = await posts(mina, jun)
    for kind, post in made.items():
        assert (await report(ara, f"{kind}s/{post['id']}")).status_code == 204
        refused(await report(ara, f"{kind}s/{post['id']}"), "already_reported")
        refused(await report(mina if kind == "question" else jun, f"{kind}s/{post['id']}"), "not_oneself")
        refused(await report(ara, f"{kind}s/{NOBODY}"), f"{kind}_not_found")
    question = {"id": made["question"]["id"], "title": "팝니다"}
    found = {each["kind"]: each for each in await listed(sol)}
    assert {kind: each["evidence"] for kind, each in found.items()} == {
        "question": "팝니다\n싸게 팝니다",
        "answer": "삽니다",
        "comment": "저도요",
    }
    for kind, each in found.items():
        assert (each["post"], each["question"]) == (made[kind]["id"], question)
        assert each["person"]["id"] == (mina if kind == "question" else jun).id
        assert (each["room"], each["seq"], each["class"]) == (None, None, None)


async def test_what_was_taken_back_is_reported_no_more_and_what_was_reported_stays(
    guests: Guests, admins: Admins
) -> None:
    mina, jun, ara = await guests(3)
    (sol,) = await admins(1)
    made = await posts(mina, jun)
    assert (await report(ara, f"answers/{made['answer']['id']}")).status_code == 204
    assert (await sol.http.delete(f"/api/v1/answers/{made['answer']['id']}")).status_code == 204
    for kind in ("answer", "comment"):  # the comment stood on the answer
        refused(await report(sol, f"{kind}s/{made[kind]['id']}"), f"{kind}_not_found")
    assert (await sol.http.delete(f"/api/v1/questions/{made['question']['id']}")).status_code == 204
    refused(await report(ara, f"questions/{made['question']['id']}"), "question_not_found")
    (found,) = await listed(sol)
    assert (found["evidence"], found["question"]["title"]) == ("삽니다", "")
    assert (await resolve(sol, found["id"], "upheld")).status_code == 204


async def test_a_review_is_reported_with_what_it_said(
    control: Control, guests: Guests, admins: Admins
) -> None:
    mina, jun = await guests(2)
    (sol,) = await admins(1)
    of = await reviewed(control, sol, jun)
    assert (await report(mina, f"classes/{of}/reviews/{jun.id}")).status_code == 204
    refused(await report(mina, f"classes/{of}/reviews/{jun.id}"), "already_reported")
    refused(await report(jun, f"classes/{of}/reviews/{jun.id}"), "not_oneself")
    refused(await report(jun, f"classes/{of}/reviews/{mina.id}"), "review_not_found")
    refused(await report(mina, f"classes/{NOBODY}/reviews/{jun.id}"), "class_not_found")
    (found,) = await listed(sol)
    assert (found["kind"], found["class"], found["evidence"]) == ("review", {"id": of, "title": "춤"}, "욕")
    assert (found["person"]["id"], found["post"], found["question"]) == (jun.id, None, None)


async def reviewed(control: Control, mentor: Guest, by: Guest) -> str:
    """A class of somebody's, and what another thinks of it."""

    async def add(connection: Connection) -> str:
        await connection.execute(_ADD_MENTOR, mentor.id)
        of: str = await connection.fetchval(_ADD_CLASS, mentor.id)
        await connection.execute(_ADD_REVIEW, of, by.id)
        return of

    return await control.services.db.transaction(add)


class TestReporting:
    """Twenty reports an hour."""

    @pytest.fixture
    def control_settings(self, control_settings: Settings) -> Settings:
        return replace(control_settings, rate_scale=1)

    async def test_is_limited(self, guests: Guests) -> None:
        mina, *others = await guests(22)
        for other in others[:20]:
            assert (await report(mina, f"people/{other.id}")).status_code == 204
        limit = refused(await report(mina, f"people/{others[20].id}"), "rate_limited")
        assert limit["retry_after_ms"] > 100_000


# --- resolving --------------------------------------------------------------------------------------------------------


async def test_reports_are_for_admins(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    refused(await mina.http.get("/api/v1/reports"), "forbidden")
    refused(await resolve(mina, NOBODY, "upheld"), "forbidden")
    for operation in operations.table:
        path = re.sub(r"{\w+}", NOBODY, operation.path)
        refused(
            await control.http.request(operation.method, path, json={} if operation.body else None),
            "unauthenticated",
        )


async def test_what_is_resolved_is_no_longer_open_and_says_by_whom(guests: Guests, admins: Admins) -> None:
    mina, jun = await guests(2)
    (sol,) = await admins(1)
    await report(mina, f"people/{jun.id}")
    (found,) = await listed(sol)
    for _ in range(2):
        assert (await resolve(sol, found["id"], "upheld", "warned")).status_code == 204
    assert await listed(sol) == []
    (done,) = await listed(sol, resolved=True)
    assert (done["outcome"], done["note"], done["resolved_by"]["id"]) == ("upheld", "warned", sol.id)
    assert done["resolved_at"] >= done["reported_at"]
    refused(await resolve(sol, found["id"], "dismissed"), "report_resolved")
    refused(await resolve(sol, NOBODY, "dismissed"), "report_not_found")
    refused(await resolve(sol, found["id"], "burned"), "invalid")


async def test_of_two_admins_at_once_the_first_decides(guests: Guests, admins: Admins) -> None:
    mina, jun = await guests(2)
    sol, ara = await admins(2)
    await report(mina, f"people/{jun.id}")
    (found,) = await listed(sol)
    answers: dict[str, int] = {}

    async def decide(admin: Guest, outcome: str) -> None:
        answers[outcome] = (await resolve(admin, found["id"], outcome)).status_code

    async with trio.open_nursery() as nursery:
        nursery.start_soon(decide, sol, "upheld")
        nursery.start_soon(decide, ara, "dismissed")
    assert sorted(answers.values()) == [204, 409]
    (done,) = await listed(sol, resolved=True)
    assert answers[done["outcome"]] == 204


async def test_reports_come_in_pages(guests: Guests, admins: Admins) -> None:
    mina, *others = await guests(6)
    (sol,) = await admins(1)
    for other in others:
        await report(mina, f"people/{other.id}")
    seen: list[str] = []
    query: Json = {"limit": 2}
    while True:
        page = good(await sol.http.get("/api/v1/reports", params=query))
        seen += [each["person"]["id"] for each in page["reports"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == [other.id for other in reversed(others)]


async def test_both_lists_are_served_by_their_index(db: Any) -> None:
    for statement in (
        "INSERT INTO users (id, email, nickname, name, phone, password_hash)"
        " SELECT uuidv7(), n || '@example.org', 'p' || n, 'p', '+' || n, '' FROM generate_series(1, 3000) n",
        "INSERT INTO reports (reporter, kind, object, person, reason) SELECT id, 'person', id, id, 'spam' FROM users",
        "UPDATE reports SET outcome = 'upheld', resolved_by = reporter, resolved_at = now() WHERE random() < 0.5",
        "VACUUM ANALYZE",
    ):
        await ask_db(db, statement)
    for index, statement in (("reports_open", queries.OPEN), ("reports_resolved", queries.RESOLVED)):
        root = await plan(db, statement, LAST, 20)
        assert index in {node.get("Index Name") for node in nodes(root)}, index
        assert "reports" not in {
            node["Relation Name"] for node in nodes(root) if node["Node Type"] == "Seq Scan"
        }
        assert pages_read(root) < 500, index
