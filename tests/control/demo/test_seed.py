"""Demo data: made by the front door's own services, whole at the end of every start."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from common import aio
from common.postgres import Connection
from common.protocol import MAX_TEXT
from common.units import DAYS
from control.demo import board, people, seed
from control.demo.lines import CONVERSATIONS
from control.demo.rooms import PLACES, Conversation
from control.demo.seed import plant
from control.services import open_services
from control.serving import CannotStart
from control.settings import Settings
from tests.control.rooms.conftest import Guest, Talk, talk
from tests.support.badges import offer_badge
from tests.support.categories import offer
from tests.support.control import Control, program_environment

__all__ = ["talk"]

_COUNTS = """
    SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM rooms) AS rooms,
           (SELECT count(*) FROM members) AS members, (SELECT count(*) FROM questions) AS questions,
           (SELECT count(*) FROM answers) AS answers, (SELECT count(*) FROM board_comments) AS comments,
           (SELECT count(*) FROM mentor_applications) AS applications, (SELECT count(*) FROM follows) AS follows,
           (SELECT count(*) FROM classes) AS classes, (SELECT count(*) FROM class_registrations) AS registrations,
           (SELECT count(*) FROM point_transfers) AS transfers, (SELECT count(*) FROM notices) AS notices,
           (SELECT count(*) FROM relations) AS relations, (SELECT count(*) FROM match_posts) AS posts,
           (SELECT count(*) FROM match_post_people WHERE joined_at IS NOT NULL) AS joined,
           (SELECT count(*) FROM match_post_comments) AS said,
           (SELECT count(*) FROM badge_awards) AS badges
"""


CATEGORIES = (
    "daily",
    "development",
    "language",
    "exam",
    "exercise",
    "cooking",
    "reading",
    "travel",
    "career",
    "music",
    "art",
)


@pytest.fixture
async def control(control: Control) -> Control:
    """Where the categories of a new yard are offered, and a badge of its."""
    await offer(control, *CATEGORIES)
    await offer_badge(control.services.db, "good-neighbour", kind="granted")
    return control


async def counts(control: Control) -> dict[str, int]:
    """How many rows there are of everything that is planted."""

    async def ask(connection: Connection) -> Any:
        return await connection.fetchrow(_COUNTS)

    return dict(await control.services.db.read(ask))


async def test_everybody_can_log_in_and_finds_a_yard_that_lives(control: Control) -> None:
    planted = await plant(control.services)
    assert [account.nickname for account in planted.accounts[:2]] == ["하늘", "바다"]
    yard = planted.rooms[0]
    badges = {}
    for account in planted.accounts:
        answer = await control.http.post(
            "/api/v1/sessions", json={"email": account.email, "password": account.password}
        )
        async with control.with_token(answer.json()["access_token"]) as client:
            me = (await client.get("/api/v1/me")).json()
            assert me["nickname"] == account.nickname
            badges[me["nickname"]] = (await client.get(f"/api/v1/people/{me['id']}")).json()["badge"]
            assert account.role in me["roles"]
            mine = (await client.get("/api/v1/rooms/mine")).json()["rooms"]
            assert (yard.id, len(people.ACCOUNTS)) in [(room["id"], room["member_count"]) for room in mine]
    assert [nickname for nickname, badge in badges.items() if badge] == ["바다"]
    async with control.with_token(answer.json()["access_token"]) as client:
        listed = (await client.get("/api/v1/rooms")).json()
        assert listed["total"] == len(PLACES)
        mentors = (await client.get("/api/v1/mentors")).json()["mentors"]
        assert {mentor["nickname"] for mentor in mentors} == {"나무", "River"}
        classes = (await client.get("/api/v1/classes")).json()["classes"]
        standing = {each["title"]: (each["registered"], each["waiting"], each["mine"]) for each in classes}
        assert standing == {
            "파이썬 동시성, 처음부터": (2, 0, None),
            "English at the dinner table": (2, 1, "registered"),
        }
        (namu,) = (mentor["id"] for mentor in mentors if mentor["nickname"] == "나무")
        reviews = (await client.get(f"/api/v1/mentors/{namu}/reviews")).json()
        assert (reviews["count"], reviews["rating"]) == (3, 4.5)
        questions = (await client.get("/api/v1/questions")).json()["questions"]
        assert [bool(question["best"]) for question in questions] == [False, False, True, True]
        posts = (await client.get("/api/v1/posts")).json()["posts"]
        assert [(post["people"], post["author"]["person"] is None) for post in posts] == [
            (3, True),
            (2, False),
        ]
        notices = (await client.get("/api/v1/notices")).json()["notices"]
        assert [notice["pinned"] for notice in notices] == [True]


async def test_to_plant_again_changes_nothing(control: Control) -> None:
    planted = await plant(control.services)
    before = await counts(control)
    assert all(before.values())
    assert await plant(control.services) == planted
    assert await counts(control) == before


async def test_what_was_begun_is_finished(control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power fails after the first answer."""

    class PowerFailure(Exception):
        pass

    async def fail(*_: object) -> None:
        raise PowerFailure

    with monkeypatch.context() as patch:
        patch.setattr(board.answering, "choose", fail)
        with pytest.raises(PowerFailure):
            await plant(control.services)
    begun = await counts(control)
    assert (begun["questions"], begun["answers"], begun["notices"]) == (1, 1, 0)
    await plant(control.services)
    whole = await counts(control)
    await plant(control.services)
    assert await counts(control) == whole
    assert (whole["questions"], whole["answers"], whole["notices"]) == (4, 4, 1)


async def test_categories_that_an_admin_retired_are_done_without(control: Control) -> None:
    await control.services.db.transaction(_retire)
    await plant(control.services)
    left = await counts(control)
    assert (left["users"], left["questions"], left["applications"], left["classes"]) == (8, 4, 0, 0)


async def test_a_yard_that_was_changed_since_is_left_as_it_is(control: Control) -> None:
    """Somebody was deleted, somebody is kept out of a room, and the admin is suspended."""
    planted = await plant(control.services)
    await control.services.db.transaction(_upset, planted.rooms[1].id)
    before = await counts(control)
    assert (await plant(control.services)).rooms == planted.rooms
    assert await counts(control) == before


async def _upset(connection: Connection, room: str) -> None:
    ids = {row["email"]: row["id"] for row in await connection.fetch("SELECT email, id FROM users")}
    bada, maple, gureum = (ids[f"{name}@example.com"] for name in ("bada", "maple", "gureum"))
    await connection.execute("UPDATE users SET deleted_at = now() WHERE id = $1", bada)
    await connection.execute("DELETE FROM relations WHERE user_id = $1 OR other_id = $1", bada)
    await connection.execute("DELETE FROM members WHERE room_id = $1 AND user_id = $2", room, maple)
    await connection.execute("UPDATE rooms SET member_count = member_count - 1 WHERE id = $1", room)
    await connection.execute("INSERT INTO room_bans (room_id, user_id, by) VALUES ($1, $2, $2)", room, maple)
    await connection.execute("INSERT INTO suspensions (user_id, reason) VALUES ($1, 'so')", gureum)


async def test_a_class_that_has_begun_is_left_as_it_is(control: Control) -> None:
    await plant(control.services)
    before = await counts(control)
    control.clock.pass_seconds(30 * DAYS)
    await plant(control.services)
    assert await counts(control) == before


async def _retire(connection: Connection) -> None:
    await connection.execute("UPDATE categories SET retired_at = now()")


async def test_a_conversation_is_to_be_held_until_it_was(control: Control, talk: Talk) -> None:
    planted = await plant(control.services)
    first, *rest = planted.conversations
    assert len(planted.conversations) == len(CONVERSATIONS)
    speaker = Guest((await control.services.db.read(_somebody)), "", "", control.http)
    await talk.say(first.room, speaker, *[line.text for line in first.lines[:-1]])
    assert (await plant(control.services)).conversations == planted.conversations
    await talk.say(first.room, speaker, first.lines[-1].text)
    assert (await plant(control.services)).conversations == rest


async def _somebody(connection: Connection) -> str:
    user: str = await connection.fetchval("SELECT id::text FROM users LIMIT 1")
    return user


def test_who_speaks_in_a_room_is_in_it_and_each_line_can_be_sent() -> None:
    places = {place.wanted.title: {place.owner, *place.others.split()} for place in PLACES}
    accounts = {account.email.partition("@")[0] for account in people.ACCOUNTS}
    for title, lines in CONVERSATIONS.items():
        for line in lines:
            assert {line.who, *line.hearts.split()} <= places[title] <= accounts
            assert 0 < len(line.text) <= MAX_TEXT


async def test_who_has_a_demo_name_already_is_said_in_one_line(control: Control) -> None:
    person = await control.sign_up()
    await control.services.db.transaction(
        lambda connection: connection.execute(
            "UPDATE users SET nickname = '하늘' WHERE email = $1", person.email
        )
    )
    with pytest.raises(CannotStart, match="하늘"):
        await plant(control.services)


async def test_production_is_refused(control_settings: Settings) -> None:
    settings = replace(control_settings, profile="production")
    async with aio.open_loop(), open_services(settings) as services:
        with pytest.raises(CannotStart, match="production"):
            await plant(services)


async def test_the_command_prints_one_line_of_json(control_settings: Settings) -> None:
    ran = subprocess.run(  # noqa: ASYNC221 - nothing else runs in this test
        [sys.executable, "-m", "control", "seed"],
        env=program_environment(control_settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    (line,) = ran.stdout.splitlines()
    planted: dict[str, Any] = json.loads(line)
    assert msgspec.json.decode(line, type=seed.Planted).accounts == people.ACCOUNTS
    assert planted["rooms"][0]["join_code"]
    assert msgspec.convert(planted["conversations"], list[Conversation])
