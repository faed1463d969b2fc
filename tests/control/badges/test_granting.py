"""What admins grant they may take back; what a rule awards is nobody's to give."""

from __future__ import annotations

import httpx
import trio

from common import feed
from common.ids import uuid7
from tests.control.badges.conftest import Offer, badges_of, has
from tests.control.badges.test_editing import acts
from tests.control.rooms.conftest import Guest, Guests, Json, News, good, refused
from tests.control.rooms.test_plans import ask
from tests.support.control import Control


def place(key: str, person: str) -> str:
    return f"/api/v1/admin/badges/{key}/holders/{person}"


async def grant(boss: Guest, person: Guest, key: str = "helper", note: str = "") -> httpx.Response:
    return await boss.http.put(place(key, person.id), json={"note": note})


async def holders(boss: Guest, **query: object) -> Json:
    return good(await boss.http.get("/api/v1/admin/badges/helper/holders", params=query))  # type: ignore[arg-type]


async def test_a_badge_is_granted_once_with_its_note_and_may_be_taken_back(
    control: Control, guests: Guests, boss: Guest, offer_badge: Offer, news: News
) -> None:
    mina, jun = await guests(2)
    await offer_badge("helper", kind="granted")
    for note in ("  눈을   치워 주셔서 ", "또 한 번"):
        assert (await grant(boss, mina, note=note)).status_code == 204
    mine = (await badges_of(mina))["helper"]
    assert (mine["awarded_at"], mine["note"]) == (control.clock.now_ms, "눈을 치워 주셔서")
    assert good(await mina.http.patch("/api/v1/me/profile", json={"badge": "helper"}))["badge"] is not None
    (theirs,) = good(await jun.http.get(f"/api/v1/people/{mina.id}/badges"))["badges"]
    assert theirs["shown"]
    assert "note" not in theirs
    for _ in range(2):
        assert (await boss.http.delete(place("helper", mina.id))).status_code == 204
    assert await has(control, mina) == set()
    assert good(await jun.http.get(f"/api/v1/people/{mina.id}"))["badge"] is None
    told = [
        (each.user, each.change) if isinstance(each, feed.BadgeChanged) else each for each in await news()
    ]
    shown, bare = (
        feed.ProfileChanged(user=mina.id, nickname=mina.nickname, avatar=None, status="", badge=badge)
        for badge in ("helper", None)
    )
    assert told == [(mina.id, "awarded"), shown, (mina.id, "taken_back"), bare]
    assert await acts(boss) == [("badge.granted", "helper"), ("badge.taken_back", "helper")]


async def test_what_cannot_be_granted_is_refused(
    control: Control, guests: Guests, boss: Guest, offer_badge: Offer
) -> None:
    mina, gone = await guests(2)
    await offer_badge("helper", kind="granted")
    await offer_badge("first", kind="first", people=1)
    await offer_badge("old", kind="granted")
    await boss.http.delete("/api/v1/admin/badges/old")
    await ask(control.services.db, "UPDATE users SET deleted_at = now() WHERE id = $1 RETURNING 1", gone.id)
    refused(await grant(boss, mina, "nothing"), "badge_not_found")
    refused(await grant(boss, mina, "first"), "badge_not_granted")
    refused(await grant(boss, mina, "old"), "badge_retired")
    refused(await grant(boss, gone), "person_not_found")
    refused(await boss.http.put(place("helper", uuid7()), json={}), "person_not_found")
    refused(await boss.http.put(place("helper", "mina"), json={}), "invalid")
    refused(await grant(boss, mina, note="가" * 201), "invalid")
    refused(await grant(boss, mina, note="보\x00임"), "invalid")
    refused(await boss.http.delete(place("first", mina.id)), "badge_not_granted")
    refused(await boss.http.delete(place("nothing", mina.id)), "badge_not_found")
    refused(await boss.http.get("/api/v1/admin/badges/nothing/holders"), "badge_not_found")
    for method, path in (("PUT", place("helper", mina.id)), ("DELETE", place("helper", mina.id))):
        refused(await mina.http.request(method, path, json={} if method == "PUT" else None), "forbidden")
    assert await ask(control.services.db, "SELECT count(*) FROM badge_awards") == 0


async def test_who_shows_a_badge_while_it_is_taken_back_shows_none_in_the_end(
    control: Control, guests: Guests, boss: Guest, offer_badge: Offer
) -> None:
    people = await guests(8)
    await offer_badge("helper", kind="granted")
    for who in people:
        await grant(boss, who)
    codes: list[int] = []

    async def show(who: Guest) -> None:
        answer = await who.http.patch("/api/v1/me/profile", json={"badge": "helper"})
        codes.append(answer.status_code)

    async with trio.open_nursery() as nursery:
        for who in people:
            nursery.start_soon(show, who)
            nursery.start_soon(boss.http.delete, place("helper", who.id))
    assert set(codes) <= {200, 409}
    db = control.services.db
    assert await ask(db, "SELECT count(*) FROM badge_awards") == 0
    assert await ask(db, "SELECT count(*) FROM users WHERE badge IS NOT NULL") == 0


async def test_who_has_a_badge_is_read_in_pages_the_last_one_first(
    control: Control, guests: Guests, boss: Guest, offer_badge: Offer
) -> None:
    people = await guests(5)
    await offer_badge("helper", kind="granted")
    for who in people:
        await grant(boss, who, note=f"{who.nickname}에게")
        control.clock.pass_seconds(1)
    walked: list[Json] = []
    cursor = None
    while True:
        page = await holders(boss, limit=2, **({"cursor": cursor} if cursor else {}))
        walked += page["holders"]
        if (cursor := page["next"]) is None:
            break
    assert [each["person"]["id"] for each in walked] == [who.id for who in reversed(people)]
    assert {each["by"]["id"] for each in walked} == {boss.id}
    assert walked[0]["note"] == f"{people[-1].nickname}에게"
    refused(await boss.http.get("/api/v1/admin/badges/helper/holders?cursor=AAAA"), "invalid")
