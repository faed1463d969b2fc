"""Records over HTTP: what was seen of a person, counted by their calendar, told to them alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from common.clock import from_ms
from common.ids import uuid7
from common.postgres import Connection, Postgres
from control.records import queries, reading
from control.records.days import days_of
from tests.control.rooms.conftest import Guest, Guests, good, refused
from tests.control.rooms.test_plans import ask, db, nodes, pages_read, plan
from tests.support.control import Control

__all__ = ["db"]
MINUTE = timedelta(minutes=1)
# A Saturday evening in Seoul, still Saturday in Lisbon.
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_STAY = """
    INSERT INTO stays (id, user_id, room_id, category, boot, entered_at, left_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""


@pytest.fixture
def control(control: Control) -> Control:
    control.clock.now_ms = int(NOW.timestamp() * 1000)
    return control


async def stay(
    control: Control,
    who: Guest,
    entered: datetime,
    minutes: float | None,
    category: str | None = None,
    *,
    boot: str | None = None,
    room: str | None = None,
) -> str:
    """Somebody was in a room; with `minutes` None, they still are."""
    room = room or uuid7()

    async def add(connection: Connection) -> None:
        left = None if minutes is None else entered + minutes * MINUTE
        await connection.execute(_STAY, uuid7(), who.id, room, category, boot or uuid7(), entered, left)

    await control.services.db.transaction(add)
    return room


async def record(who: Guest, period: str, **query: Any) -> dict[str, Any]:
    return good(await who.http.get(f"/api/v1/me/records/{period}", params=query))


def by_category(told: dict[str, Any]) -> dict[str | None, int]:
    return {each["category"]: each["minutes"] for each in told["categories"]}


def by_day(told: dict[str, Any]) -> dict[str, int]:
    return {each["date"]: each["minutes"] for each in told["days"] if each["minutes"]}


async def test_today_and_this_week_are_told_by_category(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    await stay(control, mina, NOW - 60 * MINUTE, 30, "reading")
    await stay(control, mina, NOW - 30 * MINUTE, 20, "music")
    await stay(control, mina, NOW - 3 * 24 * 60 * MINUTE, 45, "reading")
    await stay(control, mina, NOW - 7 * 24 * 60 * MINUTE, 500, "reading")  # last week
    today = await record(mina, "day")
    assert by_category(today) == {"reading": 30, "music": 20}
    assert (today["first"], today["last"], today["minutes"]) == ("2026-11-21", "2026-11-21", 50)
    week = await record(mina, "week")
    assert by_category(week) == {"reading": 75, "music": 20}
    assert by_day(week) == {"2026-11-18": 45, "2026-11-21": 50}
    assert (week["first"], week["last"]) == ("2026-11-16", "2026-11-22")


async def test_a_month_and_a_year_are_told_by_day(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    await stay(control, mina, datetime(2026, 11, 2, 3, tzinfo=UTC), 60)
    await stay(control, mina, datetime(2026, 1, 1, 3, tzinfo=UTC), 90)
    await stay(control, mina, datetime(2025, 12, 31, 14, 30, tzinfo=UTC), 60)  # over midnight in Seoul
    month = await record(mina, "month")
    assert by_day(month) == {"2026-11-02": 60}
    assert len(month["days"]) == 30
    year = await record(mina, "year")
    assert by_day(year) == {"2026-01-01": 120, "2026-11-02": 60}
    assert by_category(year) == {None: 180}
    before = await record(mina, "year", on="2025-06-01")
    assert by_day(before) == {"2025-12-31": 30}


async def test_days_are_those_of_the_persons_timezone(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    await stay(control, mina, datetime(2026, 11, 20, 14, 30, tzinfo=UTC), 60)
    in_seoul = await record(mina, "week")
    assert in_seoul["timezone"] == "Asia/Seoul"
    assert by_day(in_seoul) == {"2026-11-20": 30, "2026-11-21": 30}
    account = good(await mina.http.patch("/api/v1/me", json={"timezone": "Europe/Lisbon"}))
    assert account["timezone"] == "Europe/Lisbon"
    in_lisbon = await record(mina, "week")
    assert in_lisbon["timezone"] == "Europe/Lisbon"
    assert by_day(in_lisbon) == {"2026-11-20": 60}
    good(await mina.http.patch("/api/v1/me", json={"timezone": None}))
    assert (await record(mina, "day"))["timezone"] == "Asia/Seoul"


async def test_who_is_still_there_counts_up_to_the_last_sign_of_life(
    control: Control, guests: Guests
) -> None:
    (mina,) = await guests(1)
    boot = uuid7()

    async def beat(connection: Connection) -> None:
        await connection.execute("INSERT INTO replica_beats (boot, at) VALUES ($1, $2)", boot, NOW)

    await control.services.db.transaction(beat)
    await stay(control, mina, NOW - 25 * MINUTE, None, boot=boot)
    await stay(
        control, mina, NOW - 25 * MINUTE, None
    )  # whose replica is buried, and whose end is not written yet
    assert (await record(mina, "day"))["minutes"] == 25


async def test_rooms_at_once_count_once_in_the_sum(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    await stay(control, mina, NOW - 60 * MINUTE, 40, "reading")
    await stay(control, mina, NOW - 60 * MINUTE, 40, "reading")
    await stay(control, mina, NOW - 40 * MINUTE, 40, "music")
    today = await record(mina, "day")
    assert by_category(today) == {"music": 40, "reading": 40}
    assert today["minutes"] == 60


async def test_seconds_are_summed_before_they_are_minutes(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    for n in range(4):
        await stay(control, mina, NOW - (60 - 5 * n) * MINUTE, 0.75, "music")
    await stay(control, mina, NOW - 10 * MINUTE, 0.75, "exam")
    assert by_category(await record(mina, "day")) == {"music": 3}


async def test_a_record_is_its_owners_alone(control: Control, guests: Guests) -> None:
    mina, jun = await guests(2)
    await stay(control, mina, NOW - 60 * MINUTE, 40)
    assert (await record(jun, "day"))["minutes"] == 0
    assert good(await jun.http.get("/api/v1/me/records/log"))["stays"] == []
    for path in ("day", "day/graph.svg", "log"):
        answer = await control.http.get(f"/api/v1/me/records/{path}")
        refused(answer, "unauthenticated")


@pytest.mark.parametrize(
    "asked", ["decade", "week?on=1970-12-31", "week?on=9001-01-01", "month?on=2026-02-30", "day?on=yesterday"]
)
async def test_a_period_or_a_day_that_there_is_not_is_refused(guests: Guests, asked: str) -> None:
    (mina,) = await guests(1)
    refused(await mina.http.get(f"/api/v1/me/records/{asked}"), "invalid")


@pytest.mark.parametrize("timezone", ["Asia/Atlantis", "../../etc/passwd", "", "x" * 65, 9])
async def test_a_timezone_that_there_is_not_is_refused(guests: Guests, timezone: object) -> None:
    (mina,) = await guests(1)
    refused(await mina.http.patch("/api/v1/me", json={"timezone": timezone}), "invalid")


async def test_the_log_is_read_in_pages_the_newest_first(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    rooms = [await stay(control, mina, NOW - n * 60 * MINUTE, 30, "music") for n in range(1, 6)]
    open_one = await stay(control, mina, NOW - 5 * MINUTE, None)
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = good(await mina.http.get("/api/v1/me/records/log", params=query))
        seen += page["stays"]
        if (cursor := page["next"]) is None:
            break
    assert [each["room"] for each in seen] == [open_one, *rooms]
    assert seen[0]["left_at"] is None
    assert seen[1]["left_at"] - seen[1]["entered_at"] == 30 * 60_000
    refused(await mina.http.get("/api/v1/me/records/log", params={"cursor": "nonsense"}), "invalid")


async def test_the_log_calls_a_room_by_its_name_as_long_as_one_is_in_it(
    control: Control, guests: Guests
) -> None:
    mina, jun = await guests(2)
    reading, talk = (await mina.create("아침 독서"))["id"], (await mina.direct(jun))["id"]

    async def titles() -> dict[str, str | None]:
        page = good(await mina.http.get("/api/v1/me/records/log"))
        return {each["room"]: each["title"] for each in page["stays"]}

    gone = await stay(control, mina, NOW - 9 * MINUTE, 1)
    for room in (reading, talk):
        await stay(control, mina, NOW - 5 * MINUTE, 1, room=room)
    assert await titles() == {reading: "아침 독서", talk: jun.nickname, gone: None}
    await mina.leave(reading)
    assert await titles() == {reading: None, talk: jun.nickname, gone: None}


async def test_what_is_older_than_three_years_is_forgotten(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    await stay(control, mina, NOW - timedelta(days=3 * 366 + 1), 30)
    kept = await stay(control, mina, NOW - timedelta(days=3 * 365), 30)
    await reading.sweep(control.services)
    log = good(await mina.http.get("/api/v1/me/records/log"))
    assert [each["room"] for each in log["stays"]] == [kept]


_CROWD = """
    INSERT INTO stays (id, user_id, room_id, category, boot, entered_at, left_at)
    SELECT uuidv7(), ('00000000-0000-7000-8000-' || lpad((n % 500)::text, 12, '0'))::uuid, uuidv7(), 'music', uuidv7(), at,
           at + interval '40 minutes'
    FROM generate_series(1, 20000) n, LATERAL (SELECT now() - n % 2000 * interval '10 minutes' AS at) AS entered
"""


async def test_a_record_reads_the_stays_of_its_days_and_no_others(db: Postgres) -> None:
    await ask(db, _CROWD)
    await ask(db, "VACUUM ANALYZE stays")
    somebody = "00000000-0000-7000-8000-000000000007"
    week = days_of("week", (datetime.now(UTC) - timedelta(days=7)).date(), UTC)
    root = await plan(
        db, queries.STAYS, somebody, from_ms(week[0].begins), from_ms(week[-1].ends), timedelta(hours=6)
    )
    assert "stays_of_person" in {node.get("Index Name") for node in nodes(root)}
    assert pages_read(root) < 60
    log = await plan(db, queries.LOG, somebody, datetime.now(UTC), uuid7(), 50)
    scanned = {node["Relation Name"] for node in nodes(log) if node["Node Type"] == "Seq Scan"}
    assert "stays" not in scanned  # the others are empty here
    assert pages_read(log) < 200
