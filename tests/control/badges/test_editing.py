"""Admins make badges of what there is to be earned; what is wrong is refused, and what people have stays theirs."""

from __future__ import annotations

from typing import Any, get_args
from xml.etree import ElementTree

import httpx
import pytest
import trio

from control.badges import editing
from control.badges.drawings import DRAWINGS, Drawing
from control.badges.rules import AnyRule, read_rule
from control.migrations import migrations
from tests.control.badges.conftest import NOW, badges_of, has, judged, stay
from tests.control.rooms.conftest import Guest, Guests, Json, good, refused
from tests.control.rooms.test_plans import ask
from tests.control.uploads.conftest import picture, sent, store
from tests.support.categories import offer
from tests.support.control import Control

__all__ = ["store"]
WORDS: Json = {
    "ko": {"name": "책벌레", "about": "한 주에 한 시간"},
    "en": {"name": "Bookworm", "about": "An hour a week"},
}
GRANTED: Json = {"kind": "granted"}


async def try_put(boss: Guest, key: str, rule: Json, **more: Any) -> httpx.Response:
    return await boss.http.put(f"/api/v1/admin/badges/{key}", json={**WORDS, "rule": rule, **more})


async def put(boss: Guest, key: str, rule: Json, **more: Any) -> Json:
    listed = good(await try_put(boss, key, rule, **more))["badges"]
    badge: Json = next(each for each in listed if each["key"] == key)
    return badge


async def acts(boss: Guest) -> list[tuple[str, str]]:
    deeds = good(await boss.http.get("/api/v1/admin/audit"))["deeds"]
    return [(each["act"], each["object"]) for each in reversed(deeds)]


async def test_a_badge_that_an_admin_makes_is_awarded_until_it_is_retired(
    control: Control, guests: Guests, boss: Guest
) -> None:
    mina, jun = await guests(2)
    await offer(control, "reading")
    rule = {"kind": "minutes", "minutes": 60, "category": "reading", "per": "week"}
    made = await put(boss, "bookworm", rule, position=3)
    assert made == {
        **WORDS,
        "key": "bookworm",
        "picture": "/api/v1/badges/drawings/medal.svg",
        "rule": rule,
        "retired": False,
        "drawing": "medal",
        "upload": None,
        "position": 3,
        "arrears": {"done": 0, "of": 3},
        "places_left": None,
    }
    assert await put(boss, "bookworm", rule, position=3) == made
    await stay(control, mina, NOW, 60, "reading")
    control.clock.pass_seconds(60 * 14)
    await judged(control)
    for _ in range(2):
        listed = good(await boss.http.delete("/api/v1/admin/badges/bookworm"))["badges"]
        assert [each["retired"] for each in listed] == [True]
    await stay(control, jun, NOW, 60, "reading")
    await judged(control)
    assert (await has(control, mina), await has(control, jun)) == ({"bookworm"}, set())
    assert (await badges_of(mina)).keys() == {"bookworm"}
    assert await badges_of(jun) == {}
    await put(boss, "bookworm", rule | {"minutes": 61})
    assert (await badges_of(jun))["bookworm"]["progress"] == {"done": 60, "of": 61}
    assert await acts(boss) == [
        ("badge.put", "bookworm"),
        ("badge.retired", "bookworm"),
        ("badge.put", "bookworm"),
    ]


async def test_what_is_wrong_with_a_badge_is_refused(control: Control, guests: Guests, boss: Guest) -> None:
    (mina,) = await guests(1)
    await offer(control, "reading")
    minutes = {"kind": "minutes", "minutes": 60, "category": "reading"}
    for rule, code in (
        ({"kind": "fame"}, "invalid"),
        ({"kind": "streak", "days": 1, "minutes": 10}, "invalid"),
        ({"kind": "first", "people": 10_001}, "invalid"),
        (minutes | {"minutes": 0}, "invalid"),
        (minutes | {"minutes": 1381, "per": "day"}, "invalid"),
        (minutes | {"category": "sleeping"}, "category_unknown"),
    ):
        refused(await try_put(boss, "wrong", rule), code)
    refused(await try_put(boss, "Wrong_Key", GRANTED), "invalid")
    refused(await try_put(boss, "wrong", GRANTED, drawing="unicorn"), "invalid")
    refused(await try_put(boss, "wrong", GRANTED, ko={"name": "\u200b", "about": "가"}), "invalid")
    refused(await try_put(boss, "wrong", GRANTED, ko={"name": "가" * 31, "about": "가"}), "invalid")
    refused(await boss.http.put("/api/v1/admin/badges/wrong", content=b"{"), "unsupported_media")
    refused(await boss.http.delete("/api/v1/admin/badges/wrong"), "badge_not_found")
    refused(await try_put(mina, "mine", GRANTED), "forbidden")
    await put(boss, "kept", minutes)
    refused(await try_put(boss, "kept", GRANTED), "badge_rule_fixed")
    await ask(control.services.db, "UPDATE categories SET retired_at = now() RETURNING 1")
    await control.services.categories.read()
    await put(boss, "kept", minutes | {"minutes": 61})  # what it is about is not offered any more, and stays
    assert {each["key"] for each in good(await boss.http.get("/api/v1/admin/badges"))["badges"]} == {"kept"}


async def test_there_are_no_more_than_can_be_shown_at_once_also_when_admins_hurry(
    boss: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "MOST", 3)
    statuses: list[int] = []

    async def hurry(key: str) -> None:
        statuses.append((await try_put(boss, key, GRANTED)).status_code)

    async with trio.open_nursery() as nursery:
        for n in range(8):
            nursery.start_soon(hurry, f"badge-{n % 4}")
    assert sorted(statuses) == [200] * 6 + [409] * 2


async def test_places_follow_the_number_and_those_that_were_taken_are_never_given_twice(
    control: Control, boss: Guest
) -> None:
    async def people(count: int) -> int:
        left: int = (await put(boss, "early", {"kind": "first", "people": count}))["places_left"]
        return left

    assert await people(100) == 99  # the boss was there before it
    await ask(control.services.db, "UPDATE badge_places SET taken = true WHERE place <= 90 RETURNING 1")
    assert [await people(count) for count in (100, 80, 95, 90, 120)] == [10, 0, 5, 0, 30]
    assert await ask(control.services.db, "SELECT count(*) FROM badge_places WHERE taken") == 90


async def test_a_badge_has_the_picture_that_an_admin_sent(
    control: Control, guests: Guests, boss: Guest, store: httpx.AsyncClient
) -> None:
    (mina,) = await guests(1)
    own, other = [(await sent(boss, store, picture(), purpose="badge"))["id"] for _ in range(2)]
    theirs = (await sent(mina, store, picture(), purpose="badge"))["id"]
    avatar = (await sent(boss, store, picture(), purpose="avatar"))["id"]
    for upload in (theirs, avatar):
        refused(await try_put(boss, "kind", GRANTED, upload=upload), "upload_not_found")
    await put(boss, "also", GRANTED, upload=own)
    badge = await put(boss, "kind", GRANTED, upload=own)
    assert badge["picture"] == f"/api/v1/uploads/{own}/content"
    assert (await mina.http.get(badge["picture"])).status_code == 303
    removed = "SELECT removed_at IS NOT NULL FROM uploads WHERE id = $1"
    for key, gone in (("kind", False), ("also", True)):  # it goes with the last badge that has it
        await put(boss, key, GRANTED, upload=other)
        assert await ask(control.services.db, removed, own) is gone
    await ask(control.services.db, "DELETE FROM uploads WHERE id = $1", other)  # whoever sent it is erased
    assert (await badges_of(mina))["kind"]["picture"] == "/api/v1/badges/drawings/medal.svg"


def test_every_drawing_is_a_sound_picture() -> None:
    for drawing in DRAWINGS.values():
        root = ElementTree.fromstring(drawing)
        assert root.get("viewBox") == "0 0 64 64"
        assert not {"script", "a", "image", "use"} & {each.tag.partition("}")[2] for each in root.iter()}


async def test_the_badges_that_come_with_madang_are_sound_and_their_drawings_everybodys(
    control: Control,
) -> None:
    """Each test begins without them; here the migration is read once more."""
    sql = next(each.sql for each in migrations() if each.name == "0029_badges")
    seeds = sql[sql.index("INSERT INTO badges") :]
    await offer(control, "reading", "music")
    for statement in seeds.split(";\n"):
        if statement.strip():
            await ask(control.services.db, statement)
    db = control.services.db
    rules = await ask(db, "SELECT array_agg(rule::text) FROM badges")
    kinds = [type(read_rule(each)) for each in rules]
    assert set(kinds) == set(get_args(AnyRule))
    assert len(kinds) == 9 + 2
    assert set(await ask(db, "SELECT array_agg(drawing) FROM badges")) <= set(get_args(Drawing))
    assert await ask(db, "SELECT count(*) FROM badge_places") == 100
    answer = await control.http.get("/api/v1/badges/drawings/flame.svg")
    assert answer.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert answer.content == DRAWINGS["flame"]
    refused(await control.http.get("/api/v1/badges/drawings/unicorn.svg"), "invalid")
