"""What was found is kept, and never shown a second after it changed; without Redis, or the news of changes, nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import trio
import trio.testing
from prometheus_client import REGISTRY

from common.ids import uuid7
from common.postgres import Connection
from common.redis import open_redis
from control.search.cache import Cache, Ranked
from control.search.generations import TRUSTED, Generations
from control.search.kinds import KINDS
from control.settings import Settings
from deploy.embedded.valkey import Valkey
from tests.control.board.conftest import path_of
from tests.control.rooms.conftest import Guest, Guests, good
from tests.control.search.conftest import ask, search, suggest, titles, until
from tests.support.control import Control, running_control


async def tell(control: Control, statement: str, *arguments: object) -> Any:
    async def run(connection: Connection) -> Any:
        return await connection.fetchval(statement, *arguments)

    return await control.services.db.transaction(run)


def named(control: Control) -> dict[str, str | None]:
    """What the generations are called, as far as is known now."""
    return {kind: control.services.generations.of(kind) for kind in KINDS}


async def known(control: Control) -> dict[str, str | None]:
    """What they are called, once all is heard that was committed until now: the news of it come in one order."""
    mark = str(uuid7())

    async def is_known() -> bool:
        # Again and again: whoever does not listen yet hears nothing.
        await tell(control, "SELECT pg_notify('search', $1)", f"mark:{mark}")
        return control.services.generations.of("mark") == mark and None not in named(control).values()

    await until(is_known)
    return named(control)


async def changed(control: Control, kind: str, before: str | None) -> dict[str, str | None]:
    """What they are called, once `kind` is called otherwise than before."""

    async def is_changed() -> bool:
        return control.services.generations.of(kind) not in {None, before}

    await until(is_changed)
    return await known(control)


async def is_kept(guest: Guest, text: str) -> bool:
    """Whether what `text` finds comes from the cache the second time."""
    await search(guest, text)
    before = hits()
    await search(guest, text)
    return hits() == before + len(KINDS)


def hits() -> float:
    return REGISTRY.get_sample_value("madang_control_search_lookups_total", {"outcome": "hit"}) or 0


async def test_what_was_found_is_kept_until_its_kind_changes(control: Control, guests: Guests) -> None:
    mina, jun = await guests(2)
    await mina.create("한강 하나")
    await ask(mina, "한강은요?")
    before = await known(control)
    assert set(await titles(jun, "한강")) == {"한강 하나", "한강은요?"}
    assert await suggest(jun, "한강", kind="room") == ["한강 하나"]
    await tell(control, "DELETE FROM search_entries")  # nobody says so
    for _ in range(2):
        assert set(await titles(jun, " 한강 ")) == {"한강 하나", "한강은요?"}
        assert await suggest(mina, "한강", kind="room") == ["한강 하나"]
    await mina.create("한강 둘")
    after = await changed(control, "room", before["room"])
    assert after == before | {"room": after["room"]}
    assert set(await titles(jun, "한강")) == {"한강 둘", "한강은요?"}  # questions were kept
    assert await suggest(jun, "한강", kind="room") == ["한강 둘"]


async def test_what_changes_nothing_that_is_searched_drops_nothing(control: Control, guests: Guests) -> None:
    mina, jun = await guests(2)
    room = await mina.create("한강")
    asked = await ask(mina, "한강은요?")
    await mina.create("몰래", visibility="private")
    before = await known(control)
    await search(jun, "한강")
    await jun.join(room["id"])
    good(await jun.http.put(f"{path_of(asked)}/like"))
    good(await jun.http.post(f"{path_of(asked)}/answers", json={"text": "네"}), 201)
    good(await mina.http.patch(f"/api/v1/rooms/{room['id']}", json={"slow_mode": 5}))
    await mina.create("몰래 둘", visibility="private")
    assert await known(control) == before


async def test_no_process_shows_what_changed_a_second_ago(
    control: Control, control_settings: Settings, guests: Guests
) -> None:
    mina, jun = await guests(2)
    room = f"/api/v1/rooms/{(await mina.create('한강 0'))['id']}"
    async with running_control(control_settings) as other:
        await known(other)
        elsewhere = replace_http(jun, other)
        for number in range(1, 11):
            assert len(await titles(jun, "한강")) == len(await titles(elsewhere, "한강")) == 1
            good(await mina.http.patch(room, json={"title": f"한강 {number}"}))
            for guest in (jun, elsewhere):
                await shows_within_a_second(guest, [f"한강 {number}"])
        good(await mina.http.patch(room, json={"visibility": "private"}))
        for guest in (jun, elsewhere):
            await shows_within_a_second(guest, [])


async def shows_within_a_second(guest: Guest, expected: list[str]) -> None:
    """Whoever asks a second from now finds that; how long an answer takes is another matter."""
    since = trio.current_time()
    while True:
        asked_at = trio.current_time()
        if await titles(guest, "한강", kind="room") == expected:
            return
        assert asked_at - since < 1


def replace_http(guest: Guest, control: Control) -> Guest:
    """The same person at another process."""
    token = guest.http.headers["authorization"].removeprefix("Bearer ")
    return replace(guest, http=control.with_token(token))


async def test_who_does_not_hear_of_changes_uses_no_cache(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    await mina.create("한강")
    before = await known(control)
    await until(lambda: is_kept(mina, "한강"))
    generations = control.services.generations
    generations._proven_at -= TRUSTED  # as if no round trip had come back since
    assert generations.of("room") is None
    await tell(
        control,
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()",
    )
    after = await changed(control, "room", before["room"])
    assert set(before.values()).isdisjoint(after.values())  # nobody knows what was missed
    await until(lambda: is_kept(mina, "한강"))


async def test_without_redis_a_search_finds_and_keeps_nothing(
    control_settings: Settings, launch: Callable[..., Valkey]
) -> None:
    valkey = launch(Valkey)
    async with running_control(replace(control_settings, redis_url=valkey.url)) as control:
        person = await control.sign_up()
        me = await control.log_in(person)
        good(await me.post("/api/v1/rooms", json={"title": "한강"}), 201)
        await known(control)
        guest = Guest("", person.nickname, "", me)
        assert await titles(guest, "한강") == ["한강"]
        valkey.kill()
        for _ in range(3):
            assert await titles(guest, "한강") == ["한강"]
            assert await suggest(guest, "한강") == ["한강"]
        valkey.start()
        await until(lambda: is_kept(guest, "한강"))


async def test_however_much_is_sought_the_cache_is_no_larger(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control.search.cache.PLACES", 8)
    generations = Generations()
    async with open_redis(redis_url) as redis:
        cache = Cache(redis, generations)
        for number in range(50):
            generations.hear(f"*:{number % 3}")
            generations._proven_at = trio.current_time()
            (slot,) = await cache.look_up("search", f"한강 {number}", ["room"])
            assert slot.ranking is None  # never what was found for other words
            ranking = [Ranked(uuid7(), number / 7) for _ in range(100)]
            await cache.keep(slot, ranking)
            (again,) = await cache.look_up("search", f"한강 {number}", ["room"])
            assert again.ranking == ranking
            generations.hear("room:next")
            (other,) = await cache.look_up("search", f"한강 {number}", ["room"])
            assert other.ranking is None
        sizes = [await redis.call("STRLEN", f"{{control}}:search:search:room:{place}") for place in range(9)]
        assert max(sizes) == 16 + 100 * 24
        assert sizes[8] == 0


async def test_a_redis_that_does_not_answer_is_not_waited_for(autojump_clock: trio.testing.MockClock) -> None:
    class Silent:
        """A Redis that never answers."""

        asked = 0

        async def calls(self, commands: object) -> list[bytes | None]:
            self.asked += 1
            await trio.sleep_forever()
            raise AssertionError

    silent: Any = Silent()
    generations = Generations()
    cache = Cache(silent, generations)
    for _ in range(3):
        generations.hear("*:first")
        generations._proven_at = trio.current_time()
        began = trio.current_time()
        (slot,) = await cache.look_up("search", "한강", ["room"])
        assert (slot.key, slot.ranking) == (None, None)
        await cache.keep(slot, [Ranked(uuid7(), 1.0)])
        assert trio.current_time() - began < 0.5
    assert silent.asked == 1
    await trio.sleep(3)
    generations._proven_at = trio.current_time()
    await cache.look_up("search", "한강", ["room"])
    assert silent.asked == 2


async def test_a_generation_is_known_as_long_as_it_is_proven(autojump_clock: trio.testing.MockClock) -> None:
    generations = Generations()
    assert generations.of("room") is None
    generations.hear("room:7")
    generations._proven_at = trio.current_time()
    assert generations.of("room") is None  # what it was before that, nobody has said
    generations.hear("*:first")
    assert (generations.of("room"), generations.of("mentor")) == ("first", "first")
    generations.hear("room:8")
    assert (generations.of("room"), generations.of("mentor")) == ("8", "first")
    await trio.sleep(TRUSTED + 0.01)
    assert generations.of("room") is None
    generations._proven_at = trio.current_time()
    assert generations.of("room") == "8"
    generations.hear("*:second")
    assert generations.of("room") == "second"
