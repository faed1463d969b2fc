"""Random matching: who fits is brought together at once, first come, first served, each once; who waits too long hears so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
import trio
from prometheus_client import REGISTRY

from common import feed
from common.ids import uuid7
from common.postgres import Connection
from control.export import queries as export
from control.matching.pairing import applying, upkeep
from tests.control.matching.test_erasure import erase
from tests.control.rooms.conftest import Guest, Guests, Json, News, good, refused
from tests.support.control import Control

HALF_AN_HOUR = 30 * 60
TEN_MINUTES = 10 * 60  # seconds: tokens live longer than that
PATH = "/api/v1/matching/random"
MEAL: Json = {"category": "meal", "places": ["library"], "ways": ["delivery"]}
STUDY: Json = {"category": "study", "places": ["library"], "kinds": ["exam"]}
_OFFER = """
    INSERT INTO conditions (list, key, ko, en, position)
    SELECT 'places', key, ko, key, n FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS new (key, ko, n)
    UNION ALL SELECT 'ways', key, key, key, 0 FROM unnest(ARRAY['delivery', 'packed', 'canteen']) AS key
    UNION ALL SELECT 'kinds', key, key, key, 0 FROM unnest(ARRAY['exam', 'reading']) AS key
"""


@pytest.fixture
async def control(control: Control) -> Control:
    """A control with three places, three ways and two kinds."""

    async def insert(connection: Connection) -> None:
        await connection.execute(_OFFER, ["library", "cafe", "campus"], ["도서관", "카페", "학교"])

    await control.services.db.transaction(insert)
    await control.services.conditions.read()
    return control


async def apply(who: Guest, wanted: Json = MEAL, **more: Any) -> Json:
    return good(await try_apply(who, wanted, **more), 201)


async def try_apply(who: Guest, wanted: Json = MEAL, **more: Any) -> httpx.Response:
    return await who.http.post(PATH, json={**wanted, **more})


async def mine(who: Guest) -> list[Json]:
    applications: list[Json] = good(await who.http.get(PATH))["applications"]
    return applications


async def state(who: Guest) -> str:
    (one,) = await mine(who)
    found: str = one["state"]
    return found


async def fetch(control: Control, statement: str, *arguments: object) -> list[Any]:
    async def ask(connection: Connection) -> list[Any]:
        return await connection.fetch(statement, *arguments)

    return await control.services.db.transaction(ask)


async def run(control: Control, statement: str, *arguments: object) -> Any:
    """The value that a statement gives, or None."""
    rows = await fetch(control, statement, *arguments)
    return rows[0][0] if rows else None


async def partner(control: Control, who: Guest) -> str | None:
    """Whom somebody was matched with."""
    found: str | None = await run(
        control,
        "SELECT other.user_id::text FROM match_people me JOIN match_people other USING (match_id)"
        " WHERE me.user_id = $1 AND other.user_id <> $1",
        who.id,
    )
    return found


async def block(one: Guest, other: Guest) -> None:
    assert (await one.http.put(f"/api/v1/me/relations/blocked/{other.id}")).is_success


# --- two come together ------------------------------------------------------------------------------------------------


async def test_two_who_fit_have_a_match_a_room_and_the_news_at_once(
    control: Control, guests: Guests, news: News
) -> None:
    mina, jun = await guests(2)
    waiting = await apply(mina, places=["campus", "library", "cafe"], ways=["packed", "delivery"])
    assert (waiting["state"], waiting["match"], waiting["agreed"]) == ("waiting", None, None)
    assert waiting["expires_at"] - waiting["applied_at"] == HALF_AN_HOUR * 1000
    assert waiting["applied_at"] == control.clock.now_ms
    counted = REGISTRY.get_sample_value("madang_control_random_pairs_total", {"category": "meal"}) or 0
    met = await apply(jun, places=["cafe", "library"], ways=["delivery", "canteen"], client_id="sent-twice")
    again = await apply(jun, places=["cafe", "library"], ways=["delivery", "canteen"], client_id="sent-twice")
    assert again == met
    assert REGISTRY.get_sample_value("madang_control_random_pairs_total", {"category": "meal"}) == counted + 1
    assert met["state"] == "matched"
    assert met["agreed"] == {"places": ["library", "cafe"], "ways": ["delivery"], "kinds": []}
    (hers,) = await mine(mina)
    assert (hers["state"], hers["match"], hers["room"]) == ("matched", met["match"], met["room"])
    assert hers["agreed"] == met["agreed"]
    room = await mina.room(met["room"])
    assert (room["kind"], room["category"]) == ("match", "meal")
    (listed,) = good(await jun.http.get("/api/v1/rooms/mine"))["rooms"]
    (kept,) = good(await jun.http.get("/api/v1/me/matches"))["matches"]
    for each in (room, listed, kept):  # in both languages, for nobody wrote it
        assert (each["title"], each["title_en"]) == ("도서관, 카페 · delivery", "library, cafe · delivery")
    assert {each["id"] for each in (await jun.members(met["room"]))["members"]} == {mina.id, jun.id}
    told = await news()
    (matched,) = [each for each in told if isinstance(each, feed.Matched)]
    assert (matched.match, matched.category, matched.origin) == (met["match"], "meal", "random")
    assert (matched.title, matched.title_en) == (room["title"], room["title_en"])
    assert [each.user for each in matched.people] == [mina.id, jun.id]
    assert [(each.code, each.params) for each in told if isinstance(each, feed.RoomSpoke)] == [
        ("pair_made", {})
    ]
    assert [(each.user, each.change) for each in told if isinstance(each, feed.Applied)] == [
        (mina.id, "waiting")
    ]


async def test_who_shares_no_place_or_no_way_waits(control: Control, guests: Guests) -> None:
    people = await guests(4)
    for who, wanted in zip(
        people,
        (
            MEAL,
            {**MEAL, "places": ["cafe"]},
            {**MEAL, "places": ["library", "campus"], "ways": ["packed", "canteen"]},
            STUDY,
        ),
        strict=True,
    ):
        assert (await apply(who, wanted))["state"] == "waiting"
    assert {await state(who) for who in people} == {"waiting"}


async def test_study_is_matched_by_kind_and_beside_a_meal(control: Control, guests: Guests) -> None:
    mina, jun = await guests(2)
    await apply(mina)
    await apply(mina, STUDY, kinds=["reading", "exam"])
    met = await apply(jun, STUDY)
    assert (met["state"], met["agreed"]) == (
        "matched",
        {"places": ["library"], "ways": [], "kinds": ["exam"]},
    )
    assert {each["category"]: each["state"] for each in await mine(mina)} == {
        "study": "matched",
        "meal": "waiting",
    }


async def test_who_came_first_of_all_that_fit_is_matched_first(control: Control, guests: Guests) -> None:
    cafe, first, second, jun = await guests(4)
    await apply(cafe, places=["cafe"])
    await apply(first, places=["campus", "library"])
    await block(second, first)
    await apply(second, places=["library"])
    await apply(jun, places=["cafe", "campus", "library"])
    assert await partner(control, jun) == cafe.id
    (late,) = await guests(1)
    await apply(late)
    assert await partner(control, late) == first.id
    assert await state(second) == "waiting"


async def test_who_was_matched_may_apply_again_and_is_not_matched_with_himself(
    control: Control, guests: Guests
) -> None:
    mina, jun = await guests(2)
    for _ in range(2):
        await apply(mina)
        assert (await apply(jun))["state"] == "matched"
    assert (await apply(mina))["state"] == "waiting"
    assert await run(control, "SELECT count(*) FROM matches") == 2


# --- who does not meet ------------------------------------------------------------------------------------------------


async def test_two_of_whom_one_blocked_the_other_meet_once_that_is_taken_back_and_not_before(
    control: Control, guests: Guests
) -> None:
    for blocker in (0, 1):
        people = await guests(2)
        one, other = people[blocker], people[1 - blocker]
        await block(one, other)
        for each in people:
            assert (await apply(each))["state"] == "waiting"
        assert await upkeep.look_again(control.services) == 0
        assert (await one.http.delete(f"/api/v1/me/relations/blocked/{other.id}")).is_success
        assert await upkeep.look_again(control.services) == 1
        assert await upkeep.look_again(control.services) == 0
        assert await partner(control, one) == other.id


async def test_nobody_is_matched_with_who_may_not_use_this_server(control: Control, guests: Guests) -> None:
    for out, back in (
        (
            "INSERT INTO suspensions (user_id, reason) VALUES ($1, '광고')",
            "DELETE FROM suspensions WHERE user_id = $1",
        ),
        (
            "UPDATE users SET deleted_at = now() WHERE id = $1",
            "UPDATE users SET deleted_at = NULL WHERE id = $1",
        ),
    ):
        mina, jun = await guests(2)
        await apply(mina)
        await run(control, out, mina.id)
        assert (await apply(jun))["state"] == "waiting"
        assert await upkeep.look_again(control.services) == 0
        await run(control, back, mina.id)
        assert await upkeep.look_again(control.services) == 1
        assert await partner(control, jun) == mina.id


async def test_a_block_that_is_being_written_is_waited_for(control: Control, guests: Guests) -> None:
    """Whoever pairs two holds both: what was decided about them before is seen, also when it was decided a moment ago."""
    mina, jun = await guests(2)
    await apply(mina)
    written = "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'relations'::regclass AND mode = 'RowExclusiveLock')"
    waited_for = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"

    async def write(connection: Connection) -> None:
        await connection.execute("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", mina.id)
        await connection.execute("INSERT INTO relations VALUES ($1, $2, 'blocked')", mina.id, jun.id)
        while not await connection.fetchval(waited_for):
            await connection.fetchval("SELECT pg_sleep(0.01)")

    async with trio.open_nursery() as nursery:
        nursery.start_soon(control.services.db.transaction, write)
        while not await run(control, written):  # noqa: ASYNC110 - the database knows, and tells nobody
            await trio.sleep(0.005)
        assert (await apply(jun))["state"] == "waiting"
    assert await state(mina) == "waiting"


# --- waiting ends -----------------------------------------------------------------------------------------------------


@pytest.fixture
def short_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "LIFE", timedelta(seconds=TEN_MINUTES))


@pytest.mark.usefixtures("short_lives")
async def test_an_application_runs_out_and_its_person_hears_so_once(
    control: Control, guests: Guests, news: News
) -> None:
    mina, jun = await guests(2)
    made = await apply(mina)
    control.clock.pass_seconds(TEN_MINUTES - 1)
    assert await upkeep.lapse(control.services) == 0
    assert await state(mina) == "waiting"
    control.clock.pass_seconds(1)
    assert await state(mina) == "expired"  # whether or not anybody has looked yet
    assert (await apply(jun))["state"] == "waiting"
    assert [await upkeep.lapse(control.services) for _ in range(2)] == [1, 0]
    told = [each for each in await news() if isinstance(each, feed.Applied) and each.user == mina.id]
    assert [(each.application, each.change) for each in told] == [
        (made["id"], "waiting"),
        (made["id"], "expired"),
    ]
    assert await state(mina) == "expired"


@pytest.mark.usefixtures("short_lives")
async def test_who_waited_in_vain_applies_again_at_once(control: Control, guests: Guests, news: News) -> None:
    (mina,) = await guests(1)
    await apply(mina)
    control.clock.pass_seconds(TEN_MINUTES)
    assert (await apply(mina))["state"] == "waiting"
    changes = [each.change for each in await news() if isinstance(each, feed.Applied)]
    assert changes == ["waiting", "expired", "waiting"]


async def test_who_cancels_is_out_of_the_line(control: Control, guests: Guests, news: News) -> None:
    mina, jun = await guests(2)
    made = await apply(mina)
    for _ in range(2):
        assert (await mina.http.delete(f"{PATH}/{made['id']}")).status_code == 204
    assert await state(mina) == "cancelled"
    assert (await apply(jun))["state"] == "waiting"
    changes = [
        each.change for each in await news() if isinstance(each, feed.Applied) and each.user == mina.id
    ]
    assert changes == ["waiting", "cancelled"]
    assert (await apply(mina))["state"] == "matched"


# --- refusals, and what is sent twice ---------------------------------------------------------------------------------


async def test_the_same_application_sent_again_is_the_same_one(control: Control, guests: Guests) -> None:
    mina, jun = await guests(2)
    name = uuid7()
    first = await apply(mina, client_id=name)
    assert await apply(mina, client_id=name) == first
    await apply(jun, client_id=name)  # everybody has names of their own
    again = await apply(mina, client_id=name)
    assert (again["id"], again["state"]) == (first["id"], "matched")
    assert await run(control, "SELECT count(*) FROM match_applications") == 2
    for another in (STUDY, MEAL | {"places": ["cafe"]}, MEAL | {"ways": ["packed"]}):
        refused(await try_apply(mina, another, client_id=name), "reference_reused")


async def test_refusals_have_codes_of_their_own(control: Control, guests: Guests) -> None:
    mina, jun = await guests(2)
    made = await apply(mina)
    refused(await try_apply(mina, ways=["packed"]), "already_applied")
    refused(await jun.http.delete(f"{PATH}/{made['id']}"), "application_not_found")
    refused(await jun.http.delete(f"{PATH}/{uuid7()}"), "application_not_found")
    refused(await jun.http.delete(f"{PATH}/river"), "invalid")
    await apply(jun)
    refused(await mina.http.delete(f"{PATH}/{made['id']}"), "already_matched")
    refused(await control.http.post(PATH, json=MEAL), "unauthenticated")


async def test_what_cannot_be_looked_for_is_refused(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    for wanted, code, field in (
        ({"places": ["river"]}, "condition_unknown", "places"),
        ({"places": ["delivery"]}, "condition_unknown", "places"),
        ({"ways": ["delivery", "exam"]}, "condition_unknown", "ways"),
        ({"places": []}, "invalid", "places"),
        ({"places": ["library"] * 11}, "invalid", "places"),
        ({"ways": []}, "invalid", "ways"),
        ({"kinds": ["exam"]}, "invalid", "kinds"),
        ({"category": "study"}, "invalid", "ways"),
        ({"category": "study", "ways": []}, "invalid", "kinds"),
        ({"category": "sleep"}, "invalid", "category"),
        ({"client_id": "x"}, "invalid", "client_id"),
    ):
        told = refused(await try_apply(mina, **wanted), code)
        assert [each.partition("[")[0] for each in told["fields"]] == [field], wanted
    json = {"content-type": "application/json"}
    for sent, code in ((b"{", "malformed"), (b'"' + b"x" * 70_000 + b'"', "too_large")):
        refused(await mina.http.post(PATH, content=sent, headers=json), code)
    assert await mine(mina) == []


# --- what is kept -----------------------------------------------------------------------------------------------------


async def test_a_copy_has_what_i_looked_for_and_erasing_leaves_nothing_of_it(
    control: Control, guests: Guests
) -> None:
    mina, jun = await guests(2)
    met = await apply(mina)
    await apply(jun)
    await apply(mina, STUDY, client_id="the-second")
    copied = [
        msgspec.json.decode(row[0]) for row in await fetch(control, export.MATCH_APPLICATIONS, mina.id, 0, 10)
    ]
    assert [(each["category"], each["state"], each["agreed_manners"]) for each in copied] == [
        ("meal", "matched", ["delivery"]),
        ("study", "waiting", None),
    ]
    assert (copied[0]["id"], copied[0]["places"], copied[0]["manners"]) == (
        met["id"],
        ["library"],
        ["delivery"],
    )
    await erase(control, mina)
    left = "SELECT (SELECT count(*) FROM match_applications WHERE user_id = $1) + (SELECT count(*) FROM match_wishes)"
    assert await run(control, left, mina.id) == 0
    assert (await apply(jun, STUDY))["state"] == "waiting"
    assert {each["state"] for each in await mine(jun)} == {"matched", "waiting"}
