"""Places, ways and kinds: three lists of data that admins edit, answered from memory."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import trio

from common.errors import MadangError
from common.units import HOURS, MINUTES
from control.commons import lists
from control.matching.conditions.conditions import KnownConditions
from tests.control.matching.conftest import Admins
from tests.control.rooms.conftest import Guests, Json, good, refused
from tests.support.control import Control

RIVER = {"ko": "강가", "en": "Riverside", "position": 20}
CAFE = {"ko": "카페", "en": "Café", "position": 10}


async def put(boss: Any, of: str, key: str, names: Json) -> httpx.Response:
    answer: httpx.Response = await boss.http.put(f"/api/v1/admin/conditions/{of}/{key}", json=names)
    return answer


async def listed(control: Control, of: str) -> list[tuple[str, bool]]:
    found = good(await control.http.get("/api/v1/conditions"))
    return [(each["key"], each["retired"]) for each in found[of]]


async def test_admins_edit_three_lists_and_everybody_reads_them(control: Control, admins: Admins) -> None:
    (boss,) = await admins(1)
    assert good(await control.http.get("/api/v1/conditions")) == {"places": [], "ways": [], "kinds": []}
    good(await put(boss, "places", "river", RIVER))
    left = good(await put(boss, "places", "cafe", CAFE))
    assert left["places"] == [
        {"key": key, **said, "retired": False} for key, said in (("cafe", CAFE), ("river", RIVER))
    ]
    assert left == good(await control.http.get("/api/v1/conditions"))
    good(await put(boss, "ways", "cafe", CAFE))  # each list has keys of its own
    good(await put(boss, "places", "river", {**RIVER, "en": "By the river", "position": 5}))
    assert await listed(control, "places") == [("river", False), ("cafe", False)]
    for _ in range(2):
        good(await boss.http.delete("/api/v1/admin/conditions/places/river"))
    assert await listed(control, "places") == [("cafe", False), ("river", True)]
    assert await listed(control, "ways") == [("cafe", False)]
    good(await put(boss, "places", "river", RIVER))
    assert ("river", False) in await listed(control, "places")
    deeds = good(await boss.http.get("/api/v1/admin/audit"))["deeds"]
    assert [(each["act"], each["object"]) for each in reversed(deeds)] == [
        ("condition.put", "places/river"),
        ("condition.put", "places/cafe"),
        ("condition.put", "ways/cafe"),
        ("condition.put", "places/river"),
        ("condition.retired", "places/river"),
        ("condition.put", "places/river"),
    ]


async def test_only_what_is_offered_is_chosen_but_what_was_before_is_kept(
    control: Control, admins: Admins
) -> None:
    (boss,) = await admins(1)
    for key in ("river", "cafe"):
        await put(boss, "places", key, RIVER)
    await boss.http.delete("/api/v1/admin/conditions/places/river")
    known = control.services.conditions
    assert known.chosen("places", ["cafe", "cafe"]) == ["cafe"]
    assert known.chosen("places", ["river", "cafe"], kept=["river"]) == ["river", "cafe"]
    for of, keys in (("places", ["cafe", "river"]), ("ways", ["cafe"]), ("kinds", ["nothing"])):
        with pytest.raises(MadangError) as refusal:
            known.chosen(of, keys)  # type: ignore[arg-type]
        assert (refusal.value.code, refusal.value.fields) == ("condition_unknown", {of: keys[-1]})
    asked = ["cafe", "river", "nothing"]
    assert known.names("places", asked, "ko") == ["강가", "강가", "nothing"]
    assert known.names("places", asked, "en") == [RIVER["en"], RIVER["en"], "nothing"]


async def test_every_process_hears_of_an_edit_by_the_same_bell(
    control: Control, admins: Admins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "_POLL", 1 * HOURS)  # nobody finds it out by looking
    (boss,) = await admins(1)
    await put(boss, "kinds", "reading", CAFE)
    other = KnownConditions(control.services.db)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(lists.follow, [other], control.services.settings.database_url)
        with trio.fail_after(1 * MINUTES):
            while not other.all().kinds:  # noqa: ASYNC110 - PostgreSQL tells the task, and the task nobody
                await trio.sleep(0.005)
            await put(boss, "kinds", "exam", CAFE)
            while len(other.all().kinds) < 2:  # noqa: ASYNC110
                await trio.sleep(0.005)
        nursery.cancel_scope.cancel()


async def test_each_list_has_an_end(
    control: Control, admins: Admins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control.commons.editing.MOST", 1)
    (boss,) = await admins(1)
    good(await put(boss, "ways", "delivery", RIVER))
    refused(await put(boss, "ways", "packed", RIVER), "list_full")
    good(await put(boss, "ways", "delivery", CAFE))
    good(await put(boss, "kinds", "packed", RIVER))


async def test_what_is_none_and_who_may_not_are_refused(
    control: Control, admins: Admins, guests: Guests
) -> None:
    (boss,), (mina,) = await admins(1), await guests(1)
    for of, key, names in (
        ("days", "monday", RIVER),
        ("places", "River", RIVER),
        ("places", "a" * 31, RIVER),
        ("places", "river", {**RIVER, "ko": " "}),
        ("places", "river", {**RIVER, "en": "x" * 31}),
        ("places", "river", {**RIVER, "position": -1}),
    ):
        refused(await put(boss, of, key, names), "invalid")
    path = "/api/v1/admin/conditions/places/river"
    for sent, code in ((b"{", "malformed"), (b'"' + b"x" * 70_000 + b'"', "too_large")):
        json = {"content-type": "application/json"}
        refused(await boss.http.put(path, content=sent, headers=json), code)
    refused(await boss.http.delete(path), "not_found")
    refused(await put(mina, "places", "river", RIVER), "forbidden")
    refused(await mina.http.delete(path), "forbidden")
    refused(await control.http.delete(path), "unauthenticated")
    assert await listed(control, "places") == []
