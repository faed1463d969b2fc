"""What control says reaches the people who are here, whatever became of Redis meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
import pytest
import trio
import trio.testing

from chatd.control_feed import ControlFeed
from chatd.core.recent import Recent
from common import disconnect
from common.disconnect import Disconnect
from common.errors import StoreUnavailable
from common.permissions import permissions_of
from common.roomlog.position import Entry, parse_stream_id

# --- another server in Redis's place ----------------------------------------------------------------------------------


class Streams:
    """A feed of what a test tells, by a clock of its own."""

    def __init__(self) -> None:
        self.entries: list[tuple[bytes, list[bytes]]] = []
        self.away = False

    async def call(self, command: str, *words: Any) -> Any:
        while True:
            await trio.sleep(0.01)
            if self.away:
                raise StoreUnavailable("redis", "away")
            if command == "XREVRANGE":
                return self.entries[-1:]
            new = [entry for entry in self.entries if parse_stream_id(entry[0]) > parse_stream_id(words[-1])]
            if new:
                return [[b"feed", new]]


async def test_what_a_server_with_an_earlier_clock_tells_is_heard(
    nursery: trio.Nursery, autojump_clock: trio.testing.MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a failover: the new master's time is behind the entry that was heard last."""
    streams = Streams()
    streams.entries = [(b"9000-0", CHANGED)]
    socket = Socket("here")
    feed = hearing(Hub(socket), Authenticator({}), streams)
    monkeypatch.setattr(feed, "_look_up_everything", trio.lowlevel.checkpoint)
    await nursery.start(feed.listen)
    streams.away = True
    await trio.sleep(1)
    streams.entries, streams.away = [], False
    await trio.sleep(10)
    assert socket.ended is None
    streams.entries = [(b"8000-0", CHANGED)]
    await trio.sleep(1)
    assert socket.ended is disconnect.SESSION_REVOKED


# --- people whose roles changed ---------------------------------------------------------------------------------------


class Socket:
    """A connection in some session, of mina if of nobody else."""

    def __init__(self, session: str, user: str = "mina") -> None:
        self.user, self.session = user, session
        self.ended: Disconnect | None = None
        self.permissions: Collection[str] | None = None
        self.frames: list[bytes] = []

    def send_nowait(self, frame: bytes) -> None:
        self.frames.append(frame)

    def disconnect(self, reason: Disconnect) -> None:
        self.ended = self.ended or reason

    def revise(self, permissions: Collection[str]) -> None:
        self.permissions = permissions


class Hub:
    def __init__(self, *sockets: Socket) -> None:
        self._sockets = sockets
        self.recent = Recent(10_000)

    def of_user(self, user: str) -> list[Socket]:
        return [each for each in self._sockets if each.user == user]

    def listeners(self, room: str) -> list[Socket]:
        return list(self._sockets)

    def of_session(self, session: str) -> list[Socket]:
        return [each for each in self._sockets if each.session == session]


class Authenticator:
    """PostgreSQL's word on sessions: none when it is away, never an end when it hangs."""

    def __init__(self, live: dict[str, tuple[str, ...]] | None, *, hangs: bool = False) -> None:
        self._live, self._hangs = live, hangs

    async def live(self, sessions: Sequence[str]) -> dict[str, tuple[str, ...]]:
        await trio.lowlevel.checkpoint()
        if self._hangs:
            await trio.sleep_forever()
        if self._live is None:
            raise StoreUnavailable("postgres", "away")
        return {session: self._live[session] for session in sessions if session in self._live}


def hearing(hub: Hub, authenticator: Authenticator, redis: Streams | None = None) -> ControlFeed:
    nobody: Any = None
    return ControlFeed(
        redis or Streams(),  # type: ignore[arg-type]
        hub=hub,  # type: ignore[arg-type]
        memberships=nobody,
        roster=nobody,
        authenticator=authenticator,  # type: ignore[arg-type]
        people=nobody,
        circles=nobody,
        profiles=nobody,
        notices=nobody,
        calls=nobody,
    )


CHANGED: list[bytes] = [b"id", b"1", b"data", b'{"type":"user.changed","user":"mina"}']


async def test_what_a_person_may_do_now_reaches_their_sockets_and_ended_sessions_end() -> None:
    here, gone, bot = Socket("here"), Socket("gone"), Socket("bot")
    feed = hearing(Hub(here, gone, bot), Authenticator({"here": ("mentee",), "bot": ()}))
    before = trio.current_time()
    assert not feed.changed_since("mina", before)
    await feed._hear(CHANGED)
    assert (here.ended, here.permissions) == (None, permissions_of(["mentee"]))
    assert gone.ended is disconnect.SESSION_REVOKED
    assert (bot.ended, bot.permissions) == (None, None)
    assert feed.changed_since("mina", before)
    assert not feed.changed_since("jun", before)


async def test_words_that_were_erased_are_not_remembered_here() -> None:
    hub = Hub()
    for room in ("a", "b"):
        hub.recent.add(Entry(b"1-0", room, 1, 1, "e1", b'{"type":"message","text":"a secret"}'))
    erased = [b"id", b"1", b"data", b'{"type":"words.erased","room":"a"}']
    await hearing(hub, Authenticator({}))._hear(erased)
    assert hub.recent.between("a", "e1", 0, 9) == []
    assert len(hub.recent.between("b", "e1", 0, 9)) == 1


async def test_people_hear_of_their_matches_and_of_how_they_look_for_one_on_every_device() -> None:
    phone, desk = Socket("phone"), Socket("desk")
    feed = hearing(Hub(phone, desk), Authenticator({}))
    mina = {"user": "mina", "name": "미나"}
    match = {
        "match": "m",
        "category": "meal",
        "origin": "random",
        "title": "배달",
        "room": "r",
        "meets_at": 1,
        "people": [mina],
    }
    look = {"application": "a", "category": "meal", "change": "expired", "expires_at": 1}
    for change in ({"type": "matched", **match}, {"type": "applied", "user": "mina", **look}):
        await feed._hear([b"id", b"1", b"data", msgspec.json.encode(change)])
    for device in (phone, desk):
        told = [msgspec.json.decode(frame[frame.index(b"{") :]) for frame in device.frames]
        assert told == [{"type": "personal.match", **match}, {"type": "personal.applied", **look}]


async def test_how_far_somebody_has_read_is_told_to_the_room_but_not_across_a_block() -> None:
    mina, jun, sol = people = [Socket(user, user) for user in ("mina", "jun", "sol")]
    moved = {
        "room": "r",
        "user": "mina",
        "mseq": 3,
        "unread": 1,
        "mentions": 0,
        "shown": True,
        "hidden": ["jun"],
    }
    change = msgspec.json.encode({"type": "cursor.moved", **moved})
    await hearing(Hub(*people), Authenticator({}))._hear([b"id", b"1", b"data", change])
    assert [b'"personal.read"' in frame for frame in mina.frames] == [True]
    assert jun.frames == []
    assert [b'"type":"read"' in frame for frame in sol.frames] == [True]


@pytest.mark.parametrize("authenticator", [Authenticator(None), Authenticator({}, hangs=True)])
async def test_who_cannot_be_looked_up_in_time_has_to_come_back(
    authenticator: Authenticator, autojump_clock: trio.testing.MockClock
) -> None:
    socket = Socket("here")
    with trio.fail_after(1):
        await hearing(Hub(socket), authenticator)._hear(CHANGED)
    assert socket.ended is disconnect.INTERNAL
