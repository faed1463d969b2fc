"""Everybody sees their own badges and how far the others are, and of others what they may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from common.ids import uuid7
from control.badges import showing
from tests.control.badges.conftest import NOW, Offer, badges_of, judged, stay
from tests.control.rooms.conftest import Guest, Guests, Json, good, refused
from tests.control.rooms.test_plans import Counting
from tests.support.control import Control


async def show(who: Guest, badge: str | None) -> Json:
    return good(await who.http.patch("/api/v1/me/profile", json={"badge": badge}))


async def test_mine_are_told_with_all_that_can_be_earned(
    control: Control, guests: Guests, boss: Guest, offer_badge: Offer
) -> None:
    (mina,) = await guests(1)
    await offer_badge("hour", kind="minutes", minutes=60, category=None, per="week")
    await offer_badge("day", kind="minutes", minutes=600, category=None, per="day")
    await offer_badge("first", kind="first", people=100)
    await offer_badge("helper", kind="granted")
    await offer_badge("old", kind="granted")
    await boss.http.delete("/api/v1/admin/badges/old")
    await stay(control, mina, NOW, 90)
    control.clock.pass_seconds(90 * 60 - 4600)
    await judged(control)
    await show(mina, "hour")
    mine = await badges_of(mina)
    assert list(mine) == ["hour", "day", "first", "helper"]
    assert [each["shown"] for each in mine.values()] == [True, False, False, False]
    progress = [each["progress"] for each in mine.values()]
    assert progress == [None, {"done": 90, "of": 600}, None, None]
    assert mine["hour"]["ko"] == {"name": "hour 배지", "about": "해냈습니다."}
    refused(await control.http.get("/api/v1/me/badges"), "unauthenticated")


async def test_one_of_mine_shows_on_my_profile_and_no_other(
    control: Control, guests: Guests, boss: Guest, offer_badge: Offer
) -> None:
    mina, jun = await guests(2)
    for key in ("helper", "keeper", "other"):
        await offer_badge(key, kind="granted")
    for key in ("helper", "keeper"):
        await boss.http.put(f"/api/v1/admin/badges/{key}/holders/{mina.id}", json={})
    assert (await show(mina, "helper"))["badge"]["en"]["name"] == "The helper"
    for badge in ("other", "nothing"):
        refused(await mina.http.patch("/api/v1/me/profile", json={"badge": badge}), "badge_not_yours")
    refused(await mina.http.patch("/api/v1/me/profile", json={"badge": "NO!"}), "invalid")
    assert (await show(mina, "keeper"))["badge"]["key"] == "keeper"
    assert (await show(mina, "keeper"))["badge"]["key"] == "keeper"
    assert (
        good(await mina.http.patch("/api/v1/me/profile", json={"status": "안녕"}))["badge"]["key"] == "keeper"
    )
    seen = good(await jun.http.get(f"/api/v1/people/{mina.id}"))
    assert seen["badge"]["picture"] == "/api/v1/badges/drawings/medal.svg"
    assert (await show(mina, None))["badge"] is None


async def test_of_who_blocked_me_there_are_none(
    control: Control, guests: Guests, boss: Guest, offer_badge: Offer
) -> None:
    mina, jun = await guests(2)
    await offer_badge("helper", kind="granted")
    await boss.http.put(f"/api/v1/admin/badges/helper/holders/{mina.id}", json={})
    await show(mina, "helper")
    path = f"/api/v1/people/{mina.id}/badges"
    (seen,) = good(await jun.http.get(path))["badges"]
    assert (seen["key"], seen["shown"], seen["awarded_at"]) == ("helper", True, control.clock.now_ms)
    await mina.http.put(f"/api/v1/me/relations/blocked/{jun.id}")
    assert good(await jun.http.get(path)) == {"badges": []}
    assert good(await jun.http.get(f"/api/v1/people/{mina.id}"))["badge"] is None
    assert good(await mina.http.get(path))["badges"] == [seen]
    refused(await jun.http.get(f"/api/v1/people/{uuid7()}/badges"), "person_not_found")


async def test_however_many_there_are_they_are_read_by_as_many_statements(
    control: Control, guests: Guests, offer_badge: Offer
) -> None:
    (mina,) = await guests(1)
    counting = Counting(control.services.db)
    counts = []
    for n in range(1, 13):
        await offer_badge(f"streak-{n}", kind="streak", days=30 + n, minutes=10, category=None)
        await stay(control, mina, NOW - timedelta(days=n - 1), 10)
        if n % 6 == 0:
            await badges_of(mina)  # a connection's first question about a type asks for that, too
            counting.statements.clear()
            await showing.mine(replace(control.services, db=counting), mina.id)
            counts.append([*counting.statements])
    assert [len(each) for each in counts] == [3, 4], counts  # one more where a streak is longer than a glance
