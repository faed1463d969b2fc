"""The book of calls on a real server: by a clock that is moved by hand, against a model, and under a crowd."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator
from contextlib import closing
from typing import Any, TypeVar

import msgspec
import pytest
import trio
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chatd.core.call import Call
from chatd.live.book import Book, Seat
from common import protocol
from common.calls import call_key
from common.ids import uuid7
from common.redis import open_redis
from common.roomlog.position import shard_of
from tests.common.roomlog.entries import a_room
from tests.support.fuzz import amount
from tests.support.redis import Direct

ROOM = uuid7()
SHARD = shard_of(ROOM)
NEWS = f"{{s{SHARD}}}:news"
CLOCK_KEY = f"{{s{SHARD}}}:clock"
CLOCK = f"local function clock() return tonumber(redis.call('GET', '{CLOCK_KEY}')) end\n"
LEASE, CALM, GAP, MOST = 30, 15, 10, 4
PEERS = [uuid7() for _ in range(7)]
OWNERS = {peer: f"user{number // 2}" for number, peer in enumerate(PEERS)}
LINES = ["line1", "line2", "line3"]

T = TypeVar("T")


def now(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of what waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("it waited")


@pytest.fixture
def server(redis_url: str) -> Iterator[Direct]:
    with closing(Direct(redis_url, NEWS)) as server:
        yield server


class Machine(RuleBasedStateMachine):
    """The book, what it ought to be, and two who are told of it: one of everything, one of some."""

    server: Direct
    signals: list[tuple[str, protocol.CallSignal]]

    def __init__(self) -> None:
        super().__init__()
        now(self.server.call("FLUSHALL"))
        self.book = Book(self.server, lease=LEASE, calm=CALM, gap=GAP, clock=CLOCK)
        self.ms = 1_000_000
        self.model: dict[str, dict[str, Any]] = {}
        self.quiet_until = 0
        self.read_to = b"0-0"
        self.version = 0
        self.whole = self.partial = Call()
        self._set_clock()
        self.live(LEASE + 1)  # past the quiet time that follows a first sweep

    def _set_clock(self) -> None:
        now(self.server.call("SET", CLOCK_KEY, self.ms))

    def live(self, seconds: float) -> None:
        """Time passes, and somebody sweeps all the while."""
        end = self.ms + int(seconds * 1000)
        while self.ms < end:
            self.ms = min(end, self.ms + 5000)
            self._set_clock()
            self._forget_dead()
            now(self.book.sweep(SHARD))

    def _forget_dead(self) -> None:
        if self.ms >= self.quiet_until:
            self.model = {peer: it for peer, it in self.model.items() if it["deadline"] > self.ms}

    @rule(
        peer=st.sampled_from(PEERS), line=st.sampled_from(LINES), mic=st.booleans(), thief=st.integers(0, 9)
    )
    def join(self, peer: str, line: str, mic: bool, thief: int) -> None:
        user = OWNERS[peer] if thief else "thief"
        outcome = now(self.book.join(Seat(ROOM, peer, line), user, mic=mic, camera=not mic, capacity=MOST))
        held = self.model.get(peer)
        if held and held["user"] != user:
            assert outcome == "peer_taken"
        elif not held and len(self.model) >= MOST:
            assert outcome == "call_full"
        else:
            came = held["joined_at"] if held else self.ms
            self.model[peer] = {
                "user": user, "line": line, "mic": mic, "camera": not mic, "joined_at": came,
                "deadline": self.ms + LEASE * 1000,
            }  # fmt: skip
            assert isinstance(outcome, Call)
            assert set(outcome.peers) == set(self.model)

    def mine(self, peer: str, line: str) -> bool:
        return peer in self.model and self.model[peer]["line"] == line

    @rule(peer=st.sampled_from(PEERS), line=st.sampled_from(LINES))
    def leave(self, peer: str, line: str) -> None:
        mine = self.mine(peer, line)
        assert now(self.book.leave(Seat(ROOM, peer, line))) == mine
        if mine:
            del self.model[peer]

    @rule(peer=st.sampled_from(PEERS), line=st.sampled_from(LINES), mic=st.booleans(), camera=st.booleans())
    def media(self, peer: str, line: str, mic: bool, camera: bool) -> None:
        mine, before = self.mine(peer, line), self.version
        assert now(self.book.media(Seat(ROOM, peer, line), mic=mic, camera=camera)) == mine
        switched = {"mic": mic, "camera": camera}
        is_news = mine and not switched.items() <= self.model[peer].items()
        if mine:
            self.model[peer] |= switched
        self.hear()
        assert self.version == before + is_news  # what is so already is not told

    @rule(
        peer=st.sampled_from(PEERS), line=st.sampled_from(LINES), left_ms=st.sampled_from([1, 9000, 30_000])
    )
    def keep(self, peer: str, line: str, left_ms: int) -> None:
        seat = Seat(ROOM, peer, line)
        losses = now(self.book.keep(SHARD, [(seat, left_ms)]))
        if self.mine(peer, line):
            assert losses == {}
            self.model[peer]["deadline"] = self.ms + left_ms
        elif peer in self.model:
            assert losses == {seat: "elsewhere"}
        else:
            assert losses == {seat: "lost"}

    @rule(peer=st.sampled_from(PEERS), line=st.sampled_from(LINES))
    def release(self, peer: str, line: str) -> None:
        now(self.book.release([Seat(ROOM, peer, line)]))
        if self.mine(peer, line):
            held = self.model[peer]
            held["line"] = "-"
            held["deadline"] = min(held["deadline"], self.ms + CALM * 1000)

    @rule(peer=st.sampled_from(PEERS), line=st.sampled_from(LINES), to=st.sampled_from(PEERS))
    def signal(self, peer: str, line: str, to: str) -> None:
        outcome = now(self.book.signal(Seat(ROOM, peer, line), to, b'{"kind":"offer","sdp":"%d %s"}'))
        if not self.mine(peer, line):
            assert outcome == "not_in_call"
        elif to not in self.model or to == peer:
            assert outcome == "peer_gone"
        elif self.model[to]["line"] == "-":
            assert outcome == "peer_away"
        else:
            assert outcome is None
            self.hear()
            connection, told = self.signals[-1]
            assert connection == self.model[to]["line"]
            assert told == protocol.CallSignal(
                room=ROOM, peer=to, from_peer=peer, user=self.model[peer]["user"],
                data=protocol.SignalOffer("%d %s"),
            )  # fmt: skip

    @rule(seconds=st.sampled_from([1, 6, 14, 29, 31]))
    def pass_time(self, seconds: float) -> None:
        self.live(seconds)

    @rule()
    def stand_still(self) -> None:
        """Nobody could reach the server for an hour: nobody is removed before all had time to speak."""
        self.ms += 3_600_000
        self._set_clock()
        self.quiet_until = self.ms + LEASE * 1000
        now(self.book.sweep(SHARD))

    def hear(self) -> None:
        """Take what was told since the last time; changes follow one another."""
        for entry_id, fields in now(self.server.call("XRANGE", NEWS, b"(" + self.read_to, "+")):
            self.read_to = entry_id
            kind, to, _, payload = fields
            if kind == b"connection":
                told = msgspec.json.decode(payload, type=protocol.CallSignal)
                self.signals = [(to.decode(), told)]
                continue
            assert to.decode() == ROOM
            change = msgspec.json.decode(payload, type=protocol.AnyCallChange)
            assert not self.version or change.version == self.version + 1
            self.version = change.version
            whole = self.whole.after(change)
            assert whole is not None
            assert len(whole.peers) == change.count
            self.whole = whole
            if change.version % 3:
                self.partial = self.partial.after(change) or now(self.book.read([ROOM]))[ROOM]

    @invariant()
    def everybody_agrees(self) -> None:
        if not hasattr(self, "partial"):
            return
        self.hear()
        call = now(self.book.read([ROOM]))[ROOM]
        assert {peer: (it.user, it.mic, it.camera, it.joined_at) for peer, it in call.peers.items()} == {
            peer: (it["user"], it["mic"], it["camera"], it["joined_at"]) for peer, it in self.model.items()
        }
        assert len(call.peers) <= MOST
        assert self.whole == call
        if self.partial.version == call.version:
            assert self.partial == call


def test_the_book_is_what_everybody_was_told(server: Direct) -> None:
    machine = type("ForThisServer", (Machine,), {"server": server})
    run_state_machine_as_test(machine, settings=amount(60))  # type: ignore[no-untyped-call]


@pytest.mark.each_redis
async def test_two_hundred_who_join_at_once_never_overfill_it(redis_url: str) -> None:
    async with open_redis(redis_url) as redis:
        books = [Book(redis, lease=LEASE, calm=CALM, gap=GAP) for _ in range(4)]
        for room in [uuid7() for _ in range(5)]:
            outcomes: list[object] = []

            async def come(number: int, room: str = room, outcomes: list[object] = outcomes) -> None:
                seat = Seat(room, uuid7(), f"line{number}")
                book = books[number % 4]
                outcomes.append(await book.join(seat, f"user{number}", mic=True, camera=True, capacity=MOST))

            async with trio.open_nursery() as nursery:
                for number in range(200):
                    nursery.start_soon(come, number)
            assert sum(isinstance(outcome, Call) for outcome in outcomes) == MOST
            assert outcomes.count("call_full") == 200 - MOST
            assert len((await books[0].read([room]))[room].peers) == MOST


async def test_the_version_goes_on_when_the_next_call_begins(server: Direct) -> None:
    book = Book(server, lease=LEASE, calm=CALM, gap=GAP)
    room, peer = a_room(beside=ROOM), uuid7()
    versions = []
    for _ in range(3):
        call = await book.join(Seat(room, peer, "line"), "user", mic=False, camera=False, capacity=2)
        assert isinstance(call, Call)
        versions.append(call.version)
        await book.leave(Seat(room, peer, "line"))
    assert versions == [versions[0], versions[0] + 2, versions[0] + 4]
    assert await server.call("TTL", call_key(room)) > 3600


async def test_a_server_that_forgot_everything_goes_on_above(server: Direct) -> None:
    """Versions are above those of before, so nobody takes what is new for old."""
    book = Book(server, lease=LEASE, calm=CALM, gap=GAP)
    room = a_room(beside=ROOM)
    seat = Seat(room, uuid7(), "line")
    before = await book.join(seat, "user", mic=False, camera=False, capacity=2)
    await server.call("FLUSHALL")
    other = Seat(room, uuid7(), "line")
    await Book(server, lease=LEASE, calm=CALM, gap=GAP).join(
        other, "user", mic=False, camera=False, capacity=2
    )
    assert await book.keep(shard_of(room), [(seat, 1000)]) == {seat: "forgotten"}
    await trio.sleep(0.002)  # the clock of the server counts milliseconds
    after = await book.join(seat, "user", mic=False, camera=False, capacity=2)
    assert isinstance(before, Call)
    assert isinstance(after, Call)
    assert after.version > before.version
