"""The register on a real server, by a clock that stands still until it is moved."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest
import trio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatd.core.presence import Roster, State, Word
from chatd.presence.register import KEYS, Register
from common.errors import StoreUnavailable
from common.redis import Redis, open_redis
from tests.support.redis import Direct, url_of_master

CLOCK = "local function clock() return tonumber(redis.call('GET', '{presence}:clock')) end\n"
PEOPLE, NEWS = KEYS[3], KEYS[5]
UNIT = 1 << 20  # of a tally, see keys.lua
LEASE, CALM, GAP, MOST = 15, 15, 5, 10

News = list[tuple[str, str]]


class Town:
    """A register, its clock in seconds, and what was told of it so far."""

    def __init__(self, server: Redis, *, lease: float = LEASE, calm: float = CALM, gap: float = GAP) -> None:
        self.server = server
        self.register = Register(server, lease=lease, calm=calm, gap=gap, most=MOST, clock=CLOCK)
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
        self.refused: list[str] = []

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
            self.refused += self.roster.heard(report, {user: each.admitted for user, each in heard.items()})
            totals |= {user: each.total for user, each in heard.items()}
            if self.roster.all_said:
                return totals

    async def arrive(self, user: str, connection: str | None = None, word: Word = "online") -> int:
        self.roster.arrived(user, connection or f"{self.name}-{user}", word)
        return (await self.say())[user]

    async def turn(self, user: str, word: Word) -> None:
        self.roster.turn(f"{self.name}-{user}", word)
        await self.say()

    async def leave(self, user: str, connection: str | None = None) -> None:
        self.roster.left(connection or f"{self.name}-{user}")
        await self.say()

    async def release(self) -> None:
        assert self.term is not None
        await self.town.register.release(self.term)


@pytest.fixture
async def town(redis_url: str) -> AsyncIterator[Town]:
    with closing(Direct(redis_url, PEOPLE)) as server:
        town = Town(server)
        await town.open()
        yield town


async def test_the_first_connection_is_told_and_the_others_are_counted(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    assert await one.arrive("ann", "a1") == 1
    assert await two.arrive("ann", "a2") == 2
    assert await two.arrive("ann", "a3") == 3
    assert await town.news() == [("ann", "online")]
    assert await town.register.states(["bob", "ann"]) == {"ann": "online"}
    assert await town.register.states([]) == {}
    assert await town.register.count() == 1


async def test_offline_is_told_once_after_calm_without_any_connection(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await two.arrive("ann")
    await one.leave("ann")
    assert await town.live(60, one, two) == [("ann", "online")]
    await two.leave("ann")
    assert await town.live(CALM - 1, one, two) == []
    assert await town.register.states(["ann"]) == {"ann": "online"}
    assert await town.live(1, one, two) == [("ann", "offline")]
    assert await town.register.states(["ann"]) == {}
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


# --- away ---------------------------------------------------------------------------------------------------------------


async def test_a_person_is_away_when_all_devices_are_and_back_with_any(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await two.arrive("ann")
    await one.turn("ann", "away")
    assert await town.live(30, one, two) == [("ann", "online")]
    await two.turn("ann", "away")
    assert await town.news() == [("ann", "away")]
    assert await town.register.states(["ann", "bob"]) == {"ann": "away"}
    assert await town.register.count() == 1
    await two.turn("ann", "away")
    assert await town.live(30, one, two) == []
    await one.turn("ann", "online")
    assert await town.news() == [("ann", "online")]
    assert await town.register.states(["ann"]) == {"ann": "online"}


async def test_a_dead_devices_word_goes_with_it(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await one.turn("ann", "away")
    await two.arrive("ann")
    assert await town.news() == [("ann", "online"), ("ann", "away"), ("ann", "online")]
    assert await town.live(60, two) == []  # the first one crashed
    await two.turn("ann", "away")
    assert await town.news() == [("ann", "away")]


async def test_when_the_last_device_that_was_awake_goes_that_is_told_after_calm(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await two.arrive("ann", word="away")
    await one.leave("ann")
    assert await town.live(CALM - 1, one, two) == [("ann", "online")]
    await one.arrive("ann")
    assert await town.live(60, one, two) == []
    await one.leave("ann")
    assert await town.live(CALM, one, two) == [("ann", "away")]


async def test_who_was_away_and_comes_back_away_was_never_back(town: Town) -> None:
    one = Replica(town, "one")
    await one.arrive("ann", word="away")
    assert await town.live(30, one) == [("ann", "away")]
    await one.leave("ann")
    assert await town.live(CALM - 1, one) == []
    await one.arrive("ann", word="away")
    assert await town.live(60, one) == []
    await one.leave("ann")
    assert await town.live(CALM, one) == [("ann", "offline")]
    await one.arrive("ann")
    assert await town.live(1, one) == [("ann", "online")]


async def test_with_offline_comes_when_the_last_connection_ended(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await two.arrive("bob")
    await town.live(5, one, two)
    gone = int(town.now * 1000)
    await one.leave("ann")
    await town.live(CALM - 1, one, two)
    await town.pass_time(1)
    await town.sweep()
    _, changes = await town.register.news(town.read_to)
    assert [(each.user, each.state, each.last_seen) for each in changes] == [("ann", "offline", gone)]
    await two.say()
    await town.live(LEASE, one)
    await town.pass_time(1)
    _, changes = await town.register.news(b"0-0")
    assert (changes[-1].user, changes[-1].last_seen) == ("bob", gone + CALM * 1000)


# --- not too many -------------------------------------------------------------------------------------------------------


async def test_of_thirty_at_once_over_replicas_ten_are_admitted_and_one_more_for_each_that_leaves(
    town: Town,
) -> None:
    replicas = [Replica(town, name) for name in ("one", "two", "three")]
    for number in range(30):
        replica = replicas[number % 3]
        replica.roster.arrived("ann", f"{replica.name}-{number}")
    totals = [(await replica.say())["ann"] for replica in replicas]
    assert totals == [10, 10, 10]
    assert [len(replica.refused) for replica in replicas] == [0, 10, 10]
    assert await replicas[1].arrive("ann", "still too many") == 10
    assert replicas[1].refused[-1] == "still too many"
    assert await replicas[1].arrive("bob") == 1
    for number in range(5):
        await replicas[0].leave("ann", f"one-{number * 3}")
        assert await replicas[2].arrive("ann", f"fits {number}") == 10
        assert await replicas[1].arrive("ann", f"not {number}") == 10
        assert (replicas[2].refused[-1], replicas[1].refused[-1]) == ("three-29", f"not {number}")


async def test_an_admission_whose_answer_was_lost_is_given_once(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    for number in range(12):
        one.roster.arrived("ann", f"c{number}")
    assert await one.say(stammer=True) == {"ann": 10}
    assert one.refused == ["c10", "c11"]
    assert await two.arrive("ann") == 10
    assert two.refused == ["two-ann"]


async def test_who_is_held_counts_even_where_there_is_no_room(town: Town) -> None:
    """They came while nobody could count them."""
    one, two = Replica(town, "one"), Replica(town, "two")
    for number in range(10):
        await one.arrive("ann", f"c{number}")
    two.roster.arrived("ann", "uncounted")
    two.roster.hold("uncounted")
    assert await two.say() == {"ann": 11}
    assert await two.arrive("ann", "another") == 11
    assert two.refused == ["another"]
    await one.leave("ann", "c0")
    assert await two.arrive("ann", "another") == 10
    assert two.refused == ["another", "another"]


# --- crashed, restarted, paused -----------------------------------------------------------------------------------------


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
    assert await town.register.states(["ann", "bob", "cid"]) == {"ann": "online", "cid": "online"}


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
    assert [int(total) // UNIT for total in totals] == [1, 1, 1, 2]
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
    assert await town.register.states(["ann", "bob"]) == {"ann": "online", "bob": "online"}


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


@pytest.fixture
async def full(redis_url: str) -> AsyncIterator[Redis]:
    """The one server of the register, whatever it is one of; to be filled up."""
    async with open_redis(url_of_master(redis_url, PEOPLE)) as server:
        yield server


async def test_a_full_server_refuses_and_changes_nothing(full: Redis) -> None:
    town = Town(full)
    await town.open()
    one = Replica(town, "one")
    await one.arrive("ann")
    before = await town.copy()
    await full.call("CONFIG", "SET", "maxmemory", 1)
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
            await full.call("CONFIG", "SET", "maxmemory", 0)


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
    """What one replica has said since it began: each user's connections, and those that are awake."""

    seen: float
    here: Counter[str] = field(default_factory=Counter)
    awake: Counter[str] = field(default_factory=Counter)


Present = dict[str, tuple[str, bool]]  # connection -> user, awake


class Model:
    """Presence as it is meant: who is told what, and when, in thirty lines of dictionaries."""

    def __init__(self, lease: float, calm: float) -> None:
        self.lease, self.calm = lease, calm
        self.terms: dict[str, ModelTerm] = {}
        self.states: dict[str, State] = {}  # as told
        self.due: dict[str, float] = {}  # who lost a connection, and when to say what that means
        self.told: News = []

    def say(self, name: str, present: Present, now: float) -> None:
        term = self.terms.setdefault(name, ModelTerm(now))
        before, term.seen = term.here, now
        term.here = Counter(user for user, _ in present.values())
        term.awake = Counter(user for user, awake in present.values() if awake)
        for user in before:
            if term.here[user] < before[user]:
                self.lose(user, now)
        for user in before | term.here:
            if user not in self.due or user not in self.states or self.state(user) == "online":
                self.tell(user)

    def lose(self, user: str, at: float) -> None:
        self.due[user] = max(self.due.get(user, 0), at + self.calm)

    def state(self, user: str) -> State:
        if any(term.awake[user] for term in self.terms.values()):
            return "online"
        return "away" if any(term.here[user] for term in self.terms.values()) else "offline"

    def tell(self, user: str) -> None:
        state = self.state(user)
        if state != self.states.get(user, "offline"):
            self.told.append((user, state))
        if state == "offline":
            self.states.pop(user, None)
        else:
            self.states[user] = state

    def end(self, name: str, seen: float | None = None) -> None:
        if term := self.terms.pop(name, None):
            for user in +term.here:
                self.lose(user, seen or term.seen)

    def sweep(self, now: float) -> None:
        for name, term in list(self.terms.items()):
            if term.seen <= now - self.lease:
                self.end(name)
        for user, due in list(self.due.items()):
            if due <= now:
                del self.due[user]
                self.tell(user)


class Both:
    """The register and the model, led through the same story."""

    def __init__(self, town: Town, model: Model) -> None:
        self.town = town
        self.model = model
        self.replicas = {name: Replica(town, name) for name in ("one", "two")}
        self.present: dict[str, Present] = {name: {} for name in self.replicas}
        self.silent: set[str] = set()

    async def say(self, name: str, *, stammer: bool = False) -> None:
        if name not in self.silent:
            await self.replicas[name].say(stammer=stammer)
            self.model.say(name, self.present[name], self.town.now)

    async def arrive(self, name: str, connection: int) -> None:
        user = f"user-{connection % 3}"
        self.present[name].setdefault(f"{name}-{connection}", (user, True))
        self.replicas[name].roster.arrived(user, f"{name}-{connection}")
        await self.say(name)

    async def leave(self, name: str, connection: int) -> None:
        self.present[name].pop(f"{name}-{connection}", None)
        self.replicas[name].roster.left(f"{name}-{connection}")
        await self.say(name)

    async def turn(self, name: str, connection: int, word: Word) -> None:
        self.replicas[name].roster.turn(f"{name}-{connection}", word)
        if here := self.present[name].get(f"{name}-{connection}"):
            self.present[name][f"{name}-{connection}"] = (here[0], word == "online")
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
        assert await self.town.register.states(["user-0", "user-1", "user-2"]) == self.model.states
        assert await self.town.register.count() == len(self.model.states)


names = st.sampled_from(["one", "two"])
steps = st.one_of(
    st.tuples(st.sampled_from(["arrive", "leave"]), names, st.integers(0, 4)),
    st.tuples(st.just("turn"), names, st.integers(0, 4), st.sampled_from(["online", "away"])),
    st.tuples(st.just("live"), st.integers(1, 9)),
    st.tuples(st.sampled_from(["stammer", "pause", "resume", "restart", "drain"]), names),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(steps, max_size=40), times=st.sampled_from([(15, 15), (6, 10), (10, 4)]))
async def test_whatever_happens_those_are_told_whom_the_model_tells(
    redis_url: str, script: list[tuple[str, *tuple[object, ...]]], times: tuple[int, int]
) -> None:
    lease, calm = times
    with closing(Direct(redis_url, PEOPLE)) as server:
        town = Town(server, lease=lease, calm=calm, gap=1_000_000_000)
        await town.open()
        both = Both(town, Model(lease, calm))
        for name, *arguments in script:
            await getattr(both, name)(*arguments)
        for _ in range(6):
            await both.live(5)
        awake = both.present.keys() - both.silent
        here = [each for name in awake for each in both.present[name].values()]
        assert both.model.states == {user: "online" if (user, True) in here else "away" for user, _ in here}
