"""The register on a real server, by a clock that stands still until it is moved."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest
import redis
import trio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatd.core.presence import Roster
from chatd.presence.register import KEYS, Register
from common.errors import StoreUnavailable
from common.redis import Argument, Redis, RedisRefusal

CLOCK = "local function clock() return tonumber(redis.call('GET', '{presence}:clock')) end\n"
PEOPLE, NEWS = KEYS[3], KEYS[5]
LEASE, CALM, GAP = 15, 15, 5

News = list[tuple[str, str]]


class Direct(Redis):
    """The same server without a task switch: these tests ask it some ten thousand times."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(url, protocol=2)
        self._client.response_callbacks.clear()

    async def call(self, *command: Argument) -> Any:
        try:
            return self._client.execute_command(*command)
        except redis.exceptions.NoScriptError as error:
            raise RedisRefusal(f"NOSCRIPT {error}") from error

    async def calls(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        return [await self.call(*command) for command in commands]

    def close(self) -> None:
        self._client.close()


class Town:
    """A register, its clock in seconds, and what was told of it so far."""

    def __init__(self, server: Redis, *, lease: float = LEASE, calm: float = CALM, gap: float = GAP) -> None:
        self.server = server
        self.register = Register(server, lease=lease, calm=calm, gap=gap, clock=CLOCK)
        self.now = 1_000_000
        self.read_to = b"0-0"

    async def open(self) -> None:
        """Empty, and past the quiet time that follows a first sweep."""
        await self.server.call("FLUSHALL")
        self.read_to = b"0-0"
        await self.pass_time(0)
        await self.sweep()
        for _ in range(4):
            await self.pass_time(LEASE / 4)
            await self.sweep()

    async def pass_time(self, seconds: float) -> None:
        self.now += seconds
        await self.server.call("SET", "{presence}:clock", int(self.now * 1000))

    async def sweep(self) -> None:
        while await self.register.sweep():
            pass

    async def live(self, seconds: int, *replicas: Replica) -> News:
        """Second by second: these replicas renew, all sweep. What was told meanwhile."""
        for _ in range(seconds):
            await self.pass_time(1)
            for replica in replicas:
                await replica.say()
            await self.sweep()
        return await self.news()

    async def copy(self) -> dict[bytes, bytes]:
        """Everything the server knows."""
        keys = await self.server.call("KEYS", "*")
        return {key: await self.server.call("DUMP", key) for key in keys}

    async def restore(self, copy: dict[bytes, bytes]) -> None:
        await self.server.call("FLUSHALL")
        for key, dump in copy.items():
            await self.server.call("RESTORE", key, 0, dump)
        await self.pass_time(0)

    async def news(self) -> News:
        self.read_to, changes = await self.register.news(self.read_to)
        return [(change.user, change.state) for change in changes]


class Replica:
    """What `Presence` does, without its tasks and its patience."""

    _boots = itertools.count(1)

    def __init__(self, town: Town, name: str) -> None:
        self.town = town
        self.name = name
        self.boot = f"boot{next(self._boots)}"
        self.roster = Roster()
        self.terms = 0
        self.epoch: str | None = None
        self.term: str | None = None

    async def begin(self) -> None:
        self.terms += 1
        self.term = f"{self.name} {self.boot} {self.terms}"
        instead_of = f"{self.name} " if self.epoch is None else f"{self.name} {self.boot} "
        epoch = await self.town.register.begin(self.term, instead_of=instead_of)
        self.roster.begin(forgotten=self.epoch not in {None, epoch})
        self.epoch = epoch

    async def say(self, *, stammer: bool = False) -> dict[str, int]:
        """Everything unsaid, or at least that we live; with `stammer` the first answer gets lost. The totals."""
        totals: dict[str, int] = {}
        while True:
            if self.term is None:
                await self.begin()
            assert self.term is not None
            report = self.roster.take(500)
            heard = await self.town.register.report(self.term, report)
            if heard is None:
                self.roster.unheard(report)
                self.term = None
                continue
            if stammer:
                self.roster.unheard(report)
                stammer = False
                continue
            self.roster.heard(report)
            totals |= heard
            if self.roster.all_said:
                return totals

    async def arrive(self, user: str, connection: str | None = None) -> int:
        self.roster.arrived(user, connection or f"{self.name}-{user}")
        return (await self.say())[user]

    async def leave(self, user: str, connection: str | None = None) -> None:
        self.roster.left(connection or f"{self.name}-{user}")
        await self.say()

    async def release(self) -> None:
        assert self.term is not None
        await self.town.register.release(self.term)


@pytest.fixture
async def town(redis_url: str) -> AsyncIterator[Town]:
    with closing(Direct(redis_url)) as server:
        town = Town(server)
        await town.open()
        yield town


async def test_the_first_connection_is_told_and_the_others_are_counted(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    assert await one.arrive("ann", "a1") == 1
    assert await two.arrive("ann", "a2") == 2
    assert await two.arrive("ann", "a3") == 3
    assert await town.news() == [("ann", "online")]
    assert await town.register.online(["bob", "ann"]) == {"ann"}
    assert await town.register.online([]) == set()
    assert await town.register.count() == 1


async def test_offline_is_told_once_after_calm_without_any_connection(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await two.arrive("ann")
    await one.leave("ann")
    assert await town.live(60, one, two) == [("ann", "online")]
    await two.leave("ann")
    assert await town.live(CALM - 1, one, two) == []
    assert await town.register.online(["ann"]) == {"ann"}
    assert await town.live(1, one, two) == [("ann", "offline")]
    assert await town.register.online(["ann"]) == set()
    assert await town.register.count() == 0
    assert await town.live(60, one, two) == []


async def test_flapping_is_not_told(town: Town) -> None:
    one = Replica(town, "one")
    await one.arrive("ann")
    assert await town.news() == [("ann", "online")]
    for _ in range(5):
        await one.leave("ann")
        assert await town.live(CALM - 1, one) == []
        assert await one.arrive("ann") == 1
        assert await town.live(1, one) == []


async def test_a_crashed_replicas_people_are_offline_when_its_lease_is_over(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    for user in ("ann", "bob"):
        await one.arrive(user)
    await two.arrive("bob")
    assert await town.news() == [("ann", "online"), ("bob", "online")]
    assert await town.live(LEASE - 1, two) == []
    assert await town.live(1, two) == [("ann", "offline")]
    assert await two.arrive("bob", "another") == 2
    assert await town.live(60, two) == []


async def test_a_reload_during_the_count_out_of_a_crashed_replica_is_still_calm(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await two.arrive("ann")
    assert await town.live(LEASE - 1, two) == [("ann", "online")]
    await two.leave("ann")
    assert await town.live(CALM - 1, two) == []
    await two.arrive("ann")
    assert await town.live(60, two) == []


async def test_a_restarted_replica_leaves_no_ghosts_and_whoever_comes_back_was_never_away(town: Town) -> None:
    one = Replica(town, "one")
    await one.arrive("ann")
    await one.arrive("bob")
    await town.live(2, one)
    again = Replica(town, "one")
    await again.say()
    await town.sweep()
    assert await again.arrive("ann") == 1
    assert await town.live(CALM - 1, again) == []
    assert await town.live(1, again) == [("bob", "offline")]


async def test_a_name_in_use_twice_does_no_harm(town: Town) -> None:
    """The one that drains and the one that replaces it."""
    old = Replica(town, "one")
    await old.arrive("ann")
    new = Replica(town, "one")
    assert await new.arrive("bob") == 1
    assert await town.live(60, old, new) == [("ann", "online"), ("bob", "online")]
    assert (old.terms, new.terms) == (2, 1)


async def test_released_people_may_come_back_within_calm(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    for user in ("ann", "bob"):
        await one.arrive(user)
    await town.live(10, one, two)
    await one.release()
    await town.live(5, two)
    assert await two.arrive("ann") == 1
    assert await town.live(CALM - 6, two) == []
    assert await town.live(1, two) == [("bob", "offline")]
    assert await town.live(60, two) == []


async def test_a_replica_that_was_paused_past_its_lease_says_itself_anew(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    for user in ("ann", "bob"):
        await one.arrive(user)
    assert await town.live(LEASE, two) == [
        ("ann", "online"), ("bob", "online"), ("ann", "offline"), ("bob", "offline")
    ]  # fmt: skip
    await one.leave("bob")  # found dead on waking up
    assert await town.live(60, one, two) == [("ann", "online")]


async def test_an_old_report_that_comes_late_is_not_heard(town: Town) -> None:
    one = Replica(town, "one")
    await one.begin()
    one.roster.arrived("ann", "a")
    late = one.roster.take(500)
    one.roster.unheard(late)
    await one.leave("ann", "a")
    assert one.term is not None
    assert await town.register.report(one.term, late) is None
    assert await town.register.count() == 0


async def test_everything_forgotten_is_said_anew_with_those_who_left_meanwhile(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    for user in ("ann", "bob", "cid"):
        await one.arrive(user)
    await two.arrive("cid")
    await town.server.call("FLUSHALL")
    await town.pass_time(0)
    town.read_to = b"0-0"
    for user in ("bob", "cid"):
        one.roster.left(f"one-{user}")
    assert await town.live(60, one, two) == [("ann", "online"), ("bob", "offline")]
    assert await town.register.online(["ann", "bob", "cid"]) == {"ann", "cid"}


@pytest.mark.parametrize("at", range(4))
async def test_a_server_that_came_back_older_is_noticed(town: Town, at: int) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    copies = []
    for turn in range(4):
        copies.append(await town.copy())
        await one.arrive(f"user-{turn}")
        await two.arrive(f"user-{turn}")
        await one.leave(f"user-{turn - 1}")
    await town.restore(copies[at])
    await town.live(60, one, two)
    totals = await town.server.call("HMGET", PEOPLE, *[f"user-{turn}" for turn in range(4)])
    assert totals == [b"1", b"1", b"1", b"2"]
    assert await town.register.count() == 4


async def test_after_a_time_without_anybody_nobody_is_ended_before_all_could_speak(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await two.arrive("bob")
    await two.leave("bob")
    await town.news()
    await town.pass_time(300)  # the server was away: nobody renewed, nobody swept
    await town.sweep()
    two.roster.arrived("bob", "during the outage")
    assert await town.live(LEASE - 1, two) == []
    assert await town.live(60, one, two) == []
    assert await town.register.online(["ann", "bob"]) == {"ann", "bob"}


async def test_the_dead_do_not_hide_behind_the_quiet(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await town.news()
    await town.pass_time(300)
    assert await town.live(LEASE + 1, two) == [("ann", "offline")]


async def test_many_are_counted_out_in_parts(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    users = [f"user-{number}" for number in range(1700)]
    for user in users:
        one.roster.arrived(user, user)
    await one.say()
    assert await town.news() == [(user, "online") for user in users]
    await town.live(LEASE - 1, two)
    await town.pass_time(1)
    calls = 1
    while await town.register.sweep():
        calls += 1
        assert await town.server.call("XLEN", NEWS) <= 4 + 4
    assert calls == 4 + 4
    assert Counter(await town.news()) == Counter((user, "offline") for user in users)
    assert sorted(await town.copy()) == sorted(
        [
            b"{presence}:clock",
            *(key.encode() for key in KEYS if key.endswith(("news", "watch", "terms", "serials"))),
        ]
    )


async def test_a_full_server_refuses_and_changes_nothing(server: Redis) -> None:
    town = Town(server)
    await town.open()
    one = Replica(town, "one")
    await one.arrive("ann")
    before = await town.copy()
    await server.call("CONFIG", "SET", "maxmemory", 1)
    try:
        with pytest.raises(StoreUnavailable):
            await one.leave("ann")
        with pytest.raises(StoreUnavailable):
            await town.register.sweep()
        with pytest.raises(StoreUnavailable):
            await Replica(town, "one").begin()
        with pytest.raises(StoreUnavailable):
            await one.release()
        assert await town.copy() == before
    finally:
        with trio.move_on_after(5, shield=True):
            await server.call("CONFIG", "SET", "maxmemory", 0)


async def test_a_stream_that_began_anew_is_heard_again(town: Town) -> None:
    ahead = b"%d-0" % (int((await town.server.call("TIME"))[0]) * 1000 + 3_600_000)
    await Replica(town, "one").arrive("ann")
    after, changes = await town.register.news(ahead)
    assert changes == []
    after, changes = await town.register.news(after)
    assert [(change.user, change.state) for change in changes] == [("ann", "online")]
    assert await town.register.news(after) == (after, [])


# --- against a simple model -------------------------------------------------------------------------------------------


@dataclass
class ModelTerm:
    """What one replica has said since it began."""

    seen: float
    counts: Counter[str] = field(default_factory=Counter)


class Model:
    """Presence as it is meant: who is told what, and when, in twenty lines of dictionaries."""

    def __init__(self, lease: float, calm: float) -> None:
        self.lease, self.calm = lease, calm
        self.terms: dict[str, ModelTerm] = {}
        self.online: set[str] = set()
        self.gone_since: dict[str, float] = {}
        self.told: News = []

    def say(self, name: str, present: Iterable[str], now: float) -> None:
        term = self.terms.setdefault(name, ModelTerm(now))
        before, term.seen, term.counts = term.counts, now, Counter(present)
        for user in before - term.counts:
            self.gone_since[user] = now
        for user in term.counts:
            if user not in self.online:
                self.online.add(user)
                self.told.append((user, "online"))

    def end(self, name: str, seen: float | None = None) -> None:
        if term := self.terms.pop(name, None):
            for user in term.counts:
                self.gone_since[user] = max(self.gone_since.get(user, 0), seen or term.seen)

    def sweep(self, now: float) -> None:
        for name, term in list(self.terms.items()):
            if term.seen <= now - self.lease:
                self.end(name)
        here = {user for term in self.terms.values() for user in term.counts}
        for user in self.online - here:
            if self.gone_since[user] + self.calm <= now:
                self.online.remove(user)
                self.told.append((user, "offline"))


class Both:
    """The register and the model, led through the same story."""

    def __init__(self, town: Town, model: Model) -> None:
        self.town = town
        self.model = model
        self.replicas = {name: Replica(town, name) for name in ("one", "two")}
        self.present: dict[str, dict[str, str]] = {name: {} for name in self.replicas}
        self.silent: set[str] = set()

    async def say(self, name: str, *, stammer: bool = False) -> None:
        if name not in self.silent:
            await self.replicas[name].say(stammer=stammer)
            self.model.say(name, self.present[name].values(), self.town.now)

    async def arrive(self, name: str, connection: int) -> None:
        user = f"user-{connection % 3}"
        self.present[name][f"{name}-{connection}"] = user
        self.replicas[name].roster.arrived(user, f"{name}-{connection}")
        await self.say(name)

    async def leave(self, name: str, connection: int) -> None:
        self.present[name].pop(f"{name}-{connection}", None)
        self.replicas[name].roster.left(f"{name}-{connection}")
        await self.say(name)

    async def stammer(self, name: str) -> None:
        await self.say(name, stammer=True)

    async def pause(self, name: str) -> None:
        self.silent.add(name)

    async def resume(self, name: str) -> None:
        self.silent.discard(name)
        await self.say(name)

    async def restart(self, name: str) -> None:
        """It crashed; its next boot begins at once."""
        self.silent.discard(name)
        self.replicas[name] = Replica(self.town, name)
        self.present[name] = {}
        self.model.end(name)
        await self.say(name)

    async def drain(self, name: str) -> None:
        """It says good-bye, and the next boot begins."""
        await self.resume(name)
        await self.replicas[name].release()
        self.model.end(name, self.town.now)
        await self.restart(name)

    async def live(self, seconds: int) -> None:
        await self.town.pass_time(seconds)
        for name in self.replicas:
            await self.say(name)
        await self.town.sweep()
        self.model.sweep(self.town.now)
        told, self.model.told = self.model.told, []
        assert sorted(await self.town.news()) == sorted(told)
        assert await self.town.register.online(["user-0", "user-1", "user-2"]) == self.model.online
        assert await self.town.register.count() == len(self.model.online)


names = st.sampled_from(["one", "two"])
steps = st.one_of(
    st.tuples(st.sampled_from(["arrive", "leave"]), names, st.integers(0, 4)),
    st.tuples(st.just("live"), st.integers(1, 9)),
    st.tuples(st.sampled_from(["stammer", "pause", "resume", "restart", "drain"]), names),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(steps, max_size=40), times=st.sampled_from([(15, 15), (6, 10), (10, 4)]))
async def test_whatever_happens_those_are_told_whom_the_model_tells(
    redis_url: str, script: list[tuple[str, *tuple[object, ...]]], times: tuple[int, int]
) -> None:
    lease, calm = times
    with closing(Direct(redis_url)) as server:
        town = Town(server, lease=lease, calm=calm, gap=1_000_000_000)
        await town.open()
        both = Both(town, Model(lease, calm))
        for name, *arguments in script:
            await getattr(both, name)(*arguments)
        for _ in range(6):
            await both.live(5)
        awake = both.present.keys() - both.silent
        assert both.model.online == {user for name in awake for user in both.present[name].values()}
