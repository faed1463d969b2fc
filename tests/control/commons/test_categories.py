"""Categories: edited by admins, known to every process at once, answered from memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import trio

from common.errors import StoreUnavailable
from common.postgres import Connection
from common.units import HOURS, MINUTES
from control.commons import editing, lists
from control.commons.categories import Categories
from tests.control.admin.test_standing import admin
from tests.control.rooms.conftest import good, refused
from tests.support.categories import offer
from tests.support.control import Control, somebody

MUSIC = {"ko": "음악", "en": "Music", "position": 20}
COOKING = {"ko": "요리", "en": "Cooking", "position": 10}


async def put(boss: httpx.AsyncClient, key: str, names: dict[str, Any]) -> httpx.Response:
    return await boss.put(f"/api/v1/admin/categories/{key}", json=names)


async def listed(control: Control) -> list[str]:
    return [each["key"] for each in good(await control.http.get("/api/v1/categories"))["categories"]]


@pytest.fixture(autouse=True)
def no_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process knows it was told: it does not look by itself before a test is over."""
    monkeypatch.setattr(lists, "_POLL", 1 * HOURS)


async def until(true: Callable[[], bool]) -> None:
    """Wait for what another process hears of."""
    with trio.fail_after(1 * MINUTES):
        while not true():  # noqa: ASYNC110 - PostgreSQL tells the task, and the task nobody
            await trio.sleep(0.005)


async def test_an_admin_edits_the_list_and_everybody_reads_it(control: Control) -> None:
    boss = await admin(control)
    assert await listed(control) == []
    good(await put(boss, "music", MUSIC))
    good(await put(boss, "cooking", COOKING))
    assert good(await control.http.get("/api/v1/categories"))["categories"] == [
        {"key": "cooking", **COOKING, "retired": False},
        {"key": "music", **MUSIC, "retired": False},
    ]
    good(await put(boss, "music", {"ko": "노래", "en": "Songs", "position": 5}))
    assert await listed(control) == ["music", "cooking"]


async def test_a_retired_category_keeps_its_name_and_is_not_chosen_again_until_it_is_back(
    control: Control,
) -> None:
    boss = await admin(control)
    await put(boss, "music", MUSIC)
    await put(boss, "cooking", COOKING)
    for _ in range(2):
        left = good(await boss.delete("/api/v1/admin/categories/cooking"))["categories"]
    assert [(each["key"], each["retired"]) for each in left] == [("music", False), ("cooking", True)]
    person = somebody()
    form = await control.form(person, interests=["cooking"])
    told = refused(await control.http.post("/api/v1/accounts", json=form), "category_unknown")
    assert told["fields"] == {"interests": "cooking"}
    good(await put(boss, "cooking", COOKING))
    await control.sign_up(person, proof=form["proof"], interests=["cooking", "cooking"])


async def test_every_process_knows_at_once_what_another_one_was_told(control: Control) -> None:
    """Told by PostgreSQL, and not by the look that every process takes now and then."""
    boss = await admin(control)
    await put(boss, "cooking", COOKING)
    other = Categories(control.services.db)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(lists.follow, [other], control.services.settings.database_url)
        await until(lambda: bool(other.all()))  # it listens
        await put(boss, "music", MUSIC)
        await until(lambda: [each.key for each in other.all()] == ["cooking", "music"])
        await boss.delete("/api/v1/admin/categories/music")
        await until(lambda: other.all()[-1].retired)
        nursery.cancel_scope.cancel()


async def test_a_connection_that_was_lost_is_made_anew_and_what_it_missed_is_read(control: Control) -> None:
    async def cut(connection: Connection) -> None:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%categories%'"
        )

    async def insert(connection: Connection) -> None:
        await connection.execute("INSERT INTO categories VALUES ('music', '음악', 'Music', 1)")

    await control.services.db.read(cut)
    await control.services.db.transaction(insert)
    await until(lambda: [each.key for each in control.services.categories.all()] == ["music"])


async def test_while_the_database_is_away_the_list_is_that_of_before(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    await offer(control, "music")

    async def away(*_: object) -> None:
        raise StoreUnavailable("postgres", "away")

    monkeypatch.setattr(control.services.db, "read", away)
    with pytest.raises(StoreUnavailable):
        await control.services.categories.read()
    assert await listed(control) == ["music"]


async def test_a_list_has_an_end_also_for_admins_who_hurry(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "MOST", 3)
    boss = await admin(control)
    answers: list[int] = []

    async def add(number: int) -> None:
        answers.append((await put(boss, f"c{number}", MUSIC)).status_code)

    async with trio.open_nursery() as nursery:
        for number in range(8):
            nursery.start_soon(add, number)
    assert sorted(answers) == [200] * 3 + [409] * 5
    refused(await put(boss, "one-more", MUSIC), "list_full")
    good(await put(boss, (await listed(control))[0], COOKING))  # a known one is no more


@pytest.mark.parametrize("key", ["Music", "음악", "a_b", "-a", "a-", "a" * 31, "a%0A"])
async def test_a_key_that_is_none_is_refused(control: Control, key: str) -> None:
    refused(await put(await admin(control), key, MUSIC), "invalid")


@pytest.mark.parametrize(
    "change", [{"ko": " "}, {"en": ""}, {"ko": "x" * 31}, {"en": "a\u200b"}, {"position": -1}, {"ko": None}]
)
async def test_a_name_that_is_none_is_refused(control: Control, change: dict[str, Any]) -> None:
    told = refused(await put(await admin(control), "music", {**MUSIC, **change}), "invalid")
    assert list(told["fields"]) == list(change)
    assert await listed(control) == []


async def test_what_was_edited_is_in_the_audit_once(control: Control) -> None:
    boss = await admin(control)
    for _ in range(2):
        await put(boss, "music", MUSIC)
    for _ in range(2):
        await boss.delete("/api/v1/admin/categories/music")
    await put(boss, "music", MUSIC)
    deeds = good(await boss.get("/api/v1/admin/audit"))["deeds"]
    assert [(each["act"], each["object"]) for each in reversed(deeds)] == [
        ("category.put", "music"),
        ("category.retired", "music"),
        ("category.put", "music"),
    ]


async def test_only_admins_edit_it(control: Control) -> None:
    mina = await control.log_in(await control.sign_up())
    refused(await put(mina, "music", MUSIC), "forbidden")
    refused(await mina.delete("/api/v1/admin/categories/music"), "forbidden")
    refused(await put(control.http, "music", MUSIC), "unauthenticated")
    refused(await (await admin(control)).delete("/api/v1/admin/categories/music"), "not_found")
