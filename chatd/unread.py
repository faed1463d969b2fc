"""What a client with a room closed hears of it: how much there is to be read, and at once when I am mentioned.

Both are made of what the bus brings to every replica anyway, after it was fanned out, so nothing more is sent between
replicas. To fan-out it costs a look at the beginning of each entry and one assignment. All rooms are told of once a second
together: a person's connection gets what concerns it in one piece, whatever was said in however many rooms, so the
cost is a step for each member connected here of each room that spoke, and one system call for each connection. A large
room that never rests costs no more than one that speaks once a second. Where that is still too much, rounds come less
often: they take a tenth of the time at most.

What is told is how many messages the room has had; who knows how far they have read knows what is unread, whatever
comes twice or late. A welcome precedes every round that concerns it: who asks for their rooms after it misses nothing.

What somebody says whom one has blocked is a message of the room like any other, which clients fold, and so it is counted
with the rest; but nobody is called by whom they have blocked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Final, Protocol

import trio

from chatd.news import SPARE
from chatd.presence.circle import Circle
from chatd.room import Listener
from chatd.roster import Roster
from common import protocol
from common.codec import push_frame
from common.errors import StoreUnavailable
from common.ids import is_uuid
from common.metrics import Histogram
from common.roomlog.mentions import is_message, may_mention, mentions_in
from common.roomlog.position import Entry
from common.units import SECONDS

_round = Histogram(
    "madang_chatd_unread_seconds",
    "One round of news to all who have a room closed in which something was said.",
    buckets=(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1),
)

EVERY: Final = 1 * SECONDS
SHARE: Final = 0.1  # of the time, at most
BREATH: Final = 500  # steps before others may run
_SETTLED: Final = 3 * SECONDS  # to learn who is in which room
_MENTIONS: Final = 1000  # that may wait to be told


class Rooms(Protocol):
    """The hub, as far as it is asked."""

    def of_user(self, user: str) -> Collection[Listener]:
        """The connections of a person here, now."""

    def hears(self, who: Listener, room_id: str) -> bool:
        """Whether a connection has a room open."""


class Circles(Protocol):
    """The circles, as far as they are asked."""

    async def of(self, viewer: str) -> Circle:
        """Who blocked a person, among others. Raises `StoreUnavailable`."""


class Unread:
    """Tells connections here of rooms that they have closed."""

    def __init__(self, hub: Rooms, roster: Roster, circles: Circles) -> None:
        self._hub = hub
        self._roster = roster
        self._circles = circles
        self._spoke: dict[str, Entry] = {}  # by room: its newest message since the last round
        self._stirred = trio.Event()
        self._mentions: list[Entry] = []
        self._mentioned = trio.Event()

    def note(self, entries: Sequence[Entry]) -> None:
        """The bus brought these."""
        for entry in entries:
            if is_message(entry):
                self._spoke[entry.room] = entry
                if may_mention(entry) and len(self._mentions) < _MENTIONS:
                    self._mentions.append(entry)
        if self._spoke:
            self._stirred.set()
        if self._mentions:
            self._mentioned.set()

    async def run(self) -> None:
        """Tell, for ever."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._tell_messages)
            nursery.start_soon(self._tell_mentions)

    # --- messages -------------------------------------------------------------------------------------------------

    async def _tell_messages(self) -> None:
        took = 0.0
        while True:
            await self._stirred.wait()
            await trio.sleep(max(EVERY, took / SHARE))
            spoke, self._spoke = self._spoke, {}
            self._stirred = trio.Event()
            await self._roster.settled(_SETTLED)
            started = trio.current_time()
            await self._tell_rooms(spoke.values())
            took = trio.current_time() - started
            _round.observe(took)

    async def _tell_rooms(self, spoke: Collection[Entry]) -> None:
        heard: dict[Listener, list[bytes]] = defaultdict(list)
        steps = 0
        for entry in spoke:
            present = self._roster.present(entry.room)
            if present:
                frame = push_frame(_personal_message(entry))
                for user in present:
                    for who in self._hub.of_user(user):
                        if not self._hub.hears(who, entry.room):
                            heard[who].append(frame)
            steps += 1 + len(present)
            if steps >= BREATH:
                steps = 0
                await trio.lowlevel.checkpoint()
        for number, (who, frames) in enumerate(heard.items(), 1):
            if who.backlog < SPARE:
                who.send_nowait(b"".join(frames))
            if number % BREATH == 0:
                await trio.lowlevel.checkpoint()

    # --- mentions -------------------------------------------------------------------------------------------------

    async def _tell_mentions(self) -> None:
        while True:
            await self._mentioned.wait()
            mentions, self._mentions = self._mentions, []
            self._mentioned = trio.Event()
            await self._roster.settled(_SETTLED)
            for entry in mentions:
                await self._tell_mention(entry)
                await trio.lowlevel.checkpoint()

    async def _tell_mention(self, entry: Entry) -> None:
        """Tell those who are mentioned and have the room closed, once each, but not the one who said it.

        Nor who blocked that one; while it cannot be known who did, everybody is told.
        """
        said = mentions_in(entry)
        present = self._roster.present(entry.room)
        mentioned = set(present) if said.mention_all else present & set(said.mentions)
        push = protocol.PersonalMention(room=entry.room, seq=entry.seq, mseq=entry.mseq, by=said.sender)
        mentioned -= {said.sender}
        if mentioned and is_uuid(said.sender):  # a person or a bot
            with suppress(StoreUnavailable):
                mentioned -= (await self._circles.of(said.sender)).shunned_by
        frame = push_frame(push) if mentioned else b""
        for user in mentioned:
            for who in self._hub.of_user(user):
                if not self._hub.hears(who, entry.room) and who.backlog < SPARE:
                    who.send_nowait(frame)


def _personal_message(entry: Entry) -> protocol.PersonalMessage:
    said = mentions_in(entry)
    return protocol.PersonalMessage(
        room=entry.room, seq=entry.seq, mseq=entry.mseq, at=entry.at, sender=said.sender
    )
