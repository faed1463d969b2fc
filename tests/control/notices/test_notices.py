"""Notices: published by admins, read by anybody, told to chatd once each."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import trio

from common.feed import NoticeChanged
from common.ids import uuid7
from control.cursor import LAST
from control.notices import notices, queries
from control.notices.views import NoticesQuery
from tests.control.rooms.conftest import Guest, Guests, Json, News, good, refused
from tests.control.rooms.test_plans import Counting, ask, db, nodes, pages_read, plan
from tests.support.control import Control

__all__ = ["db"]

WORDS = {
    "ko": {"title": "점검 안내", "text": "토요일 새벽에\n점검합니다."},
    "en": {"title": "Maintenance", "text": "On Saturday,\nearly."},
}


@pytest.fixture
async def boss(control: Control, guests: Guests) -> Guest:
    """An admin."""
    (boss,) = await guests(1)
    await control.grant(boss.id, "admin")
    return boss


async def try_publish(boss: Guest, **wanted: Any) -> httpx.Response:
    return await boss.http.post("/api/v1/admin/notices", json={**WORDS, **wanted})


async def publish(boss: Guest, title: str = "점검 안내", **wanted: Any) -> Json:
    return good(await try_publish(boss, ko={**WORDS["ko"], "title": title}, **wanted), 201)


async def change(boss: Guest, notice: Json, **wanted: Any) -> httpx.Response:
    return await boss.http.patch(f"/api/v1/admin/notices/{notice['id']}", json=wanted)


async def withdraw(boss: Guest, notice: Json) -> None:
    assert (await boss.http.delete(f"/api/v1/admin/notices/{notice['id']}")).status_code == 204


async def listed(control: Control, **query: Any) -> Json:
    return good(await control.http.get("/api/v1/notices", params=query))


async def titles(control: Control) -> list[str]:
    return [each["ko"]["title"] for each in (await listed(control))["notices"]]


def told(notice: Json, change: Any) -> NoticeChanged:
    return NoticeChanged(
        notice=notice["id"],
        change=change,
        pinned=notice["pinned"],
        ko=notice["ko"]["title"],
        en=notice["en"]["title"],
        at=notice["published_at"],
    )


async def test_a_notice_is_read_by_anybody_in_both_languages(control: Control, boss: Guest) -> None:
    notice = good(await try_publish(boss), 201)
    assert notice == {
        **WORDS,
        "id": notice["id"],
        "pinned": False,
        "published_at": control.clock.now_ms,
        "edited_at": None,
    }
    assert await listed(control) == {"notices": [notice], "next": None}
    assert good(await control.http.get(f"/api/v1/notices/{notice['id']}")) == notice


async def test_the_pinned_ones_are_first_and_pages_go_on_where_one_ended(
    control: Control, boss: Guest
) -> None:
    for number in range(6):
        await publish(boss, f"{number}", pinned=number % 2 == 0)
    assert await titles(control) == ["4", "2", "0", "5", "3", "1"]
    walked, cursor = [], None
    while True:
        page = await listed(control, limit=2, **({"cursor": cursor} if cursor else {}))
        walked += [each["ko"]["title"] for each in page["notices"]]
        cursor = page["next"]
        if cursor is None:
            break
        await publish(boss, "between")  # what is new neither repeats nor hides another
    assert [each for each in walked if each != "between"] == ["4", "2", "0", "5", "3", "1"]
    assert len(walked) == len(set(walked)) + max(0, walked.count("between") - 1)
    refused(await control.http.get("/api/v1/notices", params={"cursor": "AAAA"}), "invalid")


async def test_every_change_is_news_once_and_in_the_audit(control: Control, boss: Guest, news: News) -> None:
    notice = await publish(boss)
    control.clock.pass_seconds(60)
    for _ in range(2):
        pinned = good(await change(boss, notice, pinned=True))
    assert pinned == {**notice, "pinned": True}  # to pin it is no edit of what it says
    ko = {"title": "점검 연기", "text": "다음 주에 합니다."}
    edited = good(await change(boss, notice, ko=ko, pinned=False))
    assert edited == {**notice, "ko": ko, "edited_at": control.clock.now_ms}
    assert good(await change(boss, notice)) == edited
    for _ in range(2):
        await withdraw(boss, notice)
    assert await news() == [
        told(notice, "published"),
        told(pinned, "changed"),
        told(edited, "changed"),
        told(edited, "withdrawn"),
    ]
    deeds = good(await boss.http.get("/api/v1/admin/audit"))["deeds"]
    acts = [each["act"] for each in reversed(deeds) if each["object"] == notice["id"]]
    assert acts == ["notice.published", "notice.changed", "notice.changed", "notice.withdrawn"]
    refused(await control.http.get(f"/api/v1/notices/{notice['id']}"), "not_found")
    refused(await change(boss, notice, pinned=True), "not_found")


async def test_no_more_are_pinned_than_may_be_also_when_admins_hurry(
    boss: Guest, news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "MOST_PINNED", 2)
    loose = await publish(boss)
    answers: list[int] = []

    async def pin() -> None:
        answers.append((await try_publish(boss, pinned=True)).status_code)

    async with trio.open_nursery() as nursery:
        for _ in range(6):
            nursery.start_soon(pin)
    assert sorted(answers) == [201] * 2 + [409] * 4
    refused(await change(boss, loose, pinned=True), "list_full")
    good(await try_publish(boss), 201)  # what is not pinned has no end
    assert len(await news()) == 4


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"ko": None}, "ko"),
        ({"ko": {"title": "x"}}, "ko.text"),
        ({"en": {**WORDS["en"], "title": " "}}, "en.title"),
        ({"en": {**WORDS["en"], "title": "x" * 101}}, "en.title"),
        ({"en": {**WORDS["en"], "title": "two\nlines\u0007"}}, "en.title"),
        ({"ko": {**WORDS["ko"], "text": " \n "}}, "ko.text"),
        ({"ko": {**WORDS["ko"], "text": "x" * 5001}}, "ko.text"),
        ({"pinned": "yes"}, "pinned"),
    ],
)
async def test_words_that_are_none_are_named(
    control: Control, boss: Guest, news: News, wanted: Json, field: str
) -> None:
    said = refused(await try_publish(boss, **wanted), "invalid")
    assert list(said["fields"]) == [field]
    assert (await titles(control), await news()) == ([], [])


async def test_only_admins_publish(control: Control, boss: Guest, guests: Guests) -> None:
    notice, (mina,) = await publish(boss), await guests(1)
    refused(await try_publish(mina), "forbidden")
    refused(await change(mina, notice, pinned=True), "forbidden")
    refused(await mina.http.delete(f"/api/v1/admin/notices/{notice['id']}"), "forbidden")
    refused(await control.http.post("/api/v1/admin/notices", json=WORDS), "unauthenticated")
    refused(await control.http.get(f"/api/v1/notices/{uuid7()}"), "not_found")
    refused(await control.http.get("/api/v1/notices/latest"), "invalid")
    assert await titles(control) == ["점검 안내"]


# --- cost -------------------------------------------------------------------------------------------------------------


async def test_the_list_is_one_statement_served_by_its_index(db: Any) -> None:
    for statement in (
        "INSERT INTO users (email, nickname, name, phone, password_hash) VALUES ('a', 'a', 'a', 'a', '')",
        "INSERT INTO notices (pinned, ko_title, ko_text, en_title, en_text, by, published_at)"
        " SELECT n % 500 = 0, 'k', repeat('가', 200), 'e', 'e', u.id, now() FROM users u, generate_series(1, 5000) n",
        "VACUUM ANALYZE",
    ):
        await ask(db, statement)
    middle = await ask(db, "SELECT id FROM notices ORDER BY id OFFSET 2500 LIMIT 1")
    for pinned, notice in ((True, LAST), (False, LAST), (False, middle)):
        root = await plan(db, queries.LIST, pinned, notice, 20)
        assert "notices_in_order" in {node.get("Index Name") for node in nodes(root)}
        assert not {"Seq Scan", "Sort"} & {node["Node Type"] for node in nodes(root)}
        assert pages_read(root) < 60
    counting = Counting(db)
    services: Any = type("Services", (), {"db": counting})
    for limit in (5, 50):
        counting.statements.clear()
        assert len((await notices.listed(services, NoticesQuery(limit=limit))).notices) == limit
        assert len(counting.statements) == 1
