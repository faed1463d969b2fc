"""Who hears what on this replica, and the hot path: entries of the bus become one blob a room and one call a member.

An entry costs 3 µs to frame and a member's turn 0.3, both a batch; the rest is the kernel's (`transport`). No store is asked
on the way.

The hub owns the rooms that somebody here listens to. It knows no store but through `Journal`, which it asks where a
room stands when the first listener comes and when the bus began a new epoch, and for what is missing when an entry does
not follow the one before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal

import trio

from chatd.core.recent import Recent
from chatd.core.room import Order, Verdict
from chatd.room import Listener, Room
from common import disconnect, protocol
from common.codec import push_frame, text_frame
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter, Gauge, Histogram
from common.roomlog.bus import Standing
from common.roomlog.journal import Journal
from common.roomlog.position import Entry, StreamId, parse_stream_id, shard_of
from common.supervise import Backoff
from common.units import MIB, MILLISECONDS, SECONDS

_log = get_logger(__name__)
_deliveries = Counter("madang_chatd_deliveries_total", "Frames handed to members' sockets.")
_entries = Counter("madang_chatd_bus_entries_total", "Entries read from the bus.")
_resets = Counter("madang_chatd_resets_total", "Rooms whose listeners had to resynchronise.", ["reason"])
_open_rooms = Gauge("madang_chatd_open_rooms", "Rooms somebody here listens to.")
_fan_out = Histogram(
    "madang_chatd_fan_out_seconds",
    "One batch of the bus to all its members.",
    buckets=(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1),
)

BREATH: Final = 500  # members served before others may run
PATIENCE: Final = 50 * MILLISECONDS  # for an entry that should have come before this one
FINDING: Final = 10 * SECONDS  # to learn where rooms stand
RECENT_BYTES: Final = 32 * MIB
_MOST_HELD: Final = 2000  # entries kept while a hole is looked into
_MOST_MISSING: Final = (
    500  # events of a hole that are read from the log; past it readers had better load a page
)
_MOST_WAITING: Final = 1 * MIB  # bytes kept for one listener who is still catching up

ResetReason = Literal["behind", "epoch", "hole"]


class Hub:
    """The rooms and connections of one replica."""

    def __init__(
        self,
        journal: Journal,
        reached: Callable[[int, StreamId], trio.lowlevel.ParkingLot | None],
        *,
        recent: int = RECENT_BYTES,
    ) -> None:
        self._journal = journal
        self._reached = reached
        self._nursery: trio.Nursery | None = None
        self.recent = Recent(recent)
        self.rooms: dict[str, Room] = {}
        self.connections: dict[Listener, None] = {}
        self.on_loss: Callable[[str], None] = lambda _: None  # told of rooms in which something was missed
        self._left = trio.lowlevel.ParkingLot()
        self._astray: dict[int, list[Room]] = defaultdict(list)  # by shard: rooms to be found again
        self._users: dict[str, dict[Listener, None]] = defaultdict(dict)
        self._sessions: dict[str, dict[Listener, None]] = defaultdict(dict)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Own the tasks that look into holes and find where rooms stand. Runs for ever; a bug in one ends the program."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            task_status.started()
            await trio.sleep_forever()

    def _start(self, fn: Callable[..., Awaitable[None]], *args: object) -> None:
        assert self._nursery is not None  # noqa: S101 - run() is started before anything is served
        self._nursery.start_soon(fn, *args)

    # --- connections ----------------------------------------------------------------------------------------------

    def enter(self, who: Listener) -> None:
        """`who` is live from now on."""
        self.connections[who] = None
        self._users[who.user][who] = None
        self._sessions[who.session][who] = None

    def leave(self, who: Listener, rooms: Iterable[Room]) -> None:
        """`who` is gone, and out of its rooms. Never fails, never waits."""
        for room in rooms:
            self.unlisten(who, room)
        self.connections.pop(who, None)
        for index, key in ((self._users, who.user), (self._sessions, who.session)):
            index[key].pop(who, None)
            if not index[key]:
                del index[key]
        self._left.unpark_all()

    async def emptied(self) -> None:
        """Return once nobody is connected."""
        while self.connections:
            await self._left.park()

    def of_user(self, user: str) -> list[Listener]:
        """The connections of a person here."""
        return list(self._users.get(user, ()))

    def of_session(self, session: str) -> list[Listener]:
        """The connections of a session here."""
        return list(self._sessions.get(session, ()))

    def sessions(self) -> list[str]:
        """All sessions that have a connection here."""
        return list(self._sessions)

    def listeners(self, room_id: str) -> list[Listener]:
        """Who listens to a room here."""
        room = self.rooms.get(room_id)
        return list(room.listeners) if room else []

    def openers(self, room_id: str) -> list[Listener]:
        """Who has a room open here, those who are still catching up among them."""
        room = self.rooms.get(room_id)
        return [*room.listeners, *room.waiting] if room else []

    def hears(self, who: Listener, room_id: str) -> bool:
        """Whether a connection has a room open, be it that it is still catching up."""
        room = self.rooms.get(room_id)
        return room is not None and (who in room.listeners or who in room.waiting)

    def people(self) -> Iterator[tuple[str, str]]:
        """Who is in which room here, as `(user, room)`, with two devices twice. Others may come and go meanwhile."""
        for room in list(self.rooms.values()):
            yield from [(who.user, room.id) for who in self.openers(room.id)]

    def messages(self, room_id: str) -> int:
        """How many messages a room has had, as far as this replica has heard; 0 when it heard nothing of it lately."""
        room = self.rooms.get(room_id)
        return room.order.mseq if room and room.order else self.recent.messages(room_id)

    def since(self, room_id: str, mseq: int) -> list[Entry] | None:
        """What came after the message `mseq`, the newest first; None when that is not remembered here."""
        return self.recent.since(room_id, mseq)

    async def all_messages(self, room_id: str) -> int:
        """The same, as the bus knows it now. Raises `StoreUnavailable`."""
        standing = await self._journal.standing(shard_of(room_id), [room_id])
        return standing.mseqs[room_id]

    async def caught_up(self, room_id: str) -> StreamId:
        """Return once this replica has heard all that the bus holds of a room by now, with how far that is.

        Raises `StoreUnavailable`.
        """
        shard = shard_of(room_id)
        last = parse_stream_id((await self._journal.standing(shard, [room_id])).last)
        with trio.move_on_after(FINDING) as scope:
            while (lot := self._reached(shard, last)) is not None:
                await lot.park()
        if scope.cancelled_caught:
            raise StoreUnavailable("redis", "the bus is behind")
        return last

    # --- rooms ----------------------------------------------------------------------------------------------------

    async def find(self, room_id: str) -> Room:
        """The room, standing where it stands; `listen` or `wait` before the next checkpoint. Raises `StoreUnavailable`."""
        room = self.rooms.get(room_id)
        if room is None:
            room = self.rooms[room_id] = Room(room_id)
            _open_rooms.set(len(self.rooms))
            self._start(self._find, shard_of(room_id), [room])
        room.seekers += 1
        try:
            await _known(room)
        except BaseException:
            room.seekers -= 1
            self._forget_unused(room)
            raise
        room.seekers -= 1
        return room

    async def _find(self, shard: int, rooms: list[Room]) -> None:
        """Ask where rooms of one shard stand, wait until this replica read the bus that far, and begin there.

        What was appended before we asked has then passed by (it is in `recent` or in the log), and what comes after is
        in `early`: nothing falls between. For rooms that somebody listens to this goes on until it succeeds.
        """
        backoff = Backoff()
        while rooms:
            try:
                with trio.fail_after(FINDING):
                    for wrong in {room.wrong for room in rooms if room.wrong}:
                        await self._journal.bus.rotate(shard, wrong)
                    standing = await self._journal.standing(shard, [room.id for room in rooms])
                    last = parse_stream_id(standing.last)
                    while (lot := self._reached(shard, last)) is not None:
                        await lot.park()
            except StoreUnavailable as fault:
                rooms = self._not_found(rooms, fault)
            except trio.TooSlowError:
                rooms = self._not_found(rooms, StoreUnavailable("redis", "the bus is behind"))
            else:
                for room in rooms:
                    while room.breath is not None:
                        await room.breath.wait()
                    self._begin(room, standing, last)
                break
            await trio.sleep(backoff.next())
        self._find_astray()

    def _not_found(self, rooms: list[Room], fault: StoreUnavailable) -> list[Room]:
        """Tell who seeks these rooms; answers those that have listeners, to be tried again."""
        for room in rooms:
            room.failure = fault
            room.found.set()
            room.found = trio.Event()
            room.early.clear()
            if not (room.listeners or room.waiting):
                self._forget(room)
        return [room for room in rooms if room.listeners or room.waiting]

    def _begin(self, room: Room, standing: Standing, last: StreamId) -> None:
        """The room stands there. Who listened before is reset: what they hold is of another epoch."""
        seq = standing.seqs[room.id]
        assert seq is not None  # noqa: S101 - the journal answers when all are known
        room.order = Order(standing.epoch, seq, standing.mseqs[room.id])
        room.failure = room.wrong = None
        frames = [_reset(room, room.position, "epoch")] if room.listeners or room.waiting else []
        early, room.early = room.early, []
        for entry in early:
            if parse_stream_id(entry.id) > last:
                self._take(room, entry, frames)
        self._send_at_once(room, b"".join(frames))
        if room.order is not None:
            room.found.set()
            self._forget_unused(room)

    def _find_astray(self) -> None:
        """Find the rooms again of which it is no longer known where they stand."""
        astray, self._astray = self._astray, defaultdict(list)
        for shard, rooms in astray.items():
            self._start(self._find, shard, rooms)

    def _forget_unused(self, room: Room) -> None:
        if room.order is not None and not (room.listeners or room.waiting or room.seekers):
            self._forget(room)

    def _forget(self, room: Room) -> None:
        if self.rooms.get(room.id) is room:
            del self.rooms[room.id]
            _open_rooms.set(len(self.rooms))

    async def standing(self, room_id: str) -> protocol.Position:
        """Where a room stands, for somebody who need not listen. Raises `StoreUnavailable`."""
        room = await self.find(room_id)
        self._forget_unused(room)
        return room.position

    @contextmanager
    def holding(self, room: Room) -> Iterator[None]:
        """Keep a room that was found while more is asked about it. It stands after that, unless this was cut short."""
        room.seekers += 1
        try:
            yield
        except BaseException:
            room.seekers -= 1
            self._forget_unused(room)
            raise
        room.seekers -= 1

    def listen(self, who: Listener, room: Room) -> None:
        """`who` hears what comes from now on. Without a checkpoint since `find` nothing is missed after its position."""
        room.waiting.pop(who, None)
        room.listeners[who] = None

    def wait(self, who: Listener, room: Room) -> None:
        """Keep what comes for `who`, who is catching up, until `catch_up`."""
        room.listeners.pop(who, None)
        room.waiting[who] = []

    def catch_up(self, who: Listener, room: Room, missed: bytes) -> bool:
        """`missed`, then what came meanwhile, then live; False when `who` was expelled or dropped since `wait`."""
        meanwhile = room.waiting.pop(who, None)
        if meanwhile is None:
            return False
        room.listeners[who] = None
        who.send_nowait(missed + b"".join(meanwhile))
        return True

    def unlisten(self, who: Listener, room: Room) -> None:
        """`who` hears the room no more, from this very moment."""
        room.listeners.pop(who, None)
        room.waiting.pop(who, None)
        self._forget_unused(room)

    def expel(self, user: str, room_id: str, code: str) -> None:
        """A person is no longer a member: their connections hear the room no more, and are told."""
        room = self.rooms.get(room_id)
        for who in self.of_user(user) if room else ():
            if room and (who in room.listeners or who in room.waiting):
                self.unlisten(who, room)
                who.dropped(room_id)
                who.send_nowait(push_frame(protocol.Closed(room=room_id, code=code)))

    # --- the hot path ---------------------------------------------------------------------------------------------

    async def deliver(self, shard: int, entries: Sequence[Entry]) -> None:
        """Hand entries of one shard of the bus, in its order, to whoever listens here."""
        started = trio.current_time()
        blobs: dict[Room, list[bytes]] = {}
        for entry in entries:
            if not entry.room:
                self._epoch_began(shard, entry, blobs)
                continue
            self.recent.add(entry)
            room = self.rooms.get(entry.room)
            if room is not None:
                self._take(room, entry, blobs.setdefault(room, []))
        await self._send({room: b"".join(frames) for room, frames in blobs.items() if frames})
        self._find_astray()
        _deliveries.inc(sum(len(room.listeners) * len(frames) for room, frames in blobs.items()))
        _entries.inc(len(entries))
        _fan_out.observe(trio.current_time() - started)

    def _epoch_began(self, shard: int, entry: Entry, blobs: dict[Room, list[bytes]]) -> None:
        """Every room of the shard hears of it, whether or not anything is said there."""
        for room in self.rooms.values():
            if shard_of(room.id) == shard:
                self._take(room, entry, blobs.setdefault(room, []))

    def _take(self, room: Room, entry: Entry, frames: list[bytes]) -> None:
        """Judge one entry; add what listeners shall hear of it to `frames`."""
        if room.order is None:
            room.early.append(entry)
            return
        if room.held:
            if len(room.held) < _MOST_HELD:
                room.held.append(entry)
            return
        match room.order.accept(entry):
            case Verdict.DELIVER:
                frames.append(text_frame(entry.payload()))
            case Verdict.HOLE:
                room.held.append(entry)
                self._start(self._look_into_hole, room, room.order)
            case Verdict.REWOUND:
                room.wrong = entry.epoch
                self._lose(room, entry)
            case Verdict.NEW_EPOCH:
                self._lose(room, entry)
            case Verdict.NOTHING:
                pass

    def _lose(self, room: Room, entry: Entry) -> None:
        """It is no longer known where the room stands. Nothing is delivered before it is found again.

        Whoever sought it already, and was not told yet, goes on waiting for the same event.
        """
        room.order = None
        if room.found.is_set():
            room.found = trio.Event()
        room.early.append(entry)
        self.on_loss(room.id)
        self._astray[shard_of(room.id)].append(room)

    async def _send(self, blobs: dict[Room, bytes]) -> None:
        """Each room's blob to each of its listeners; with many of them, a breath for others every so many.

        Until all are served, where these rooms stand is ahead of what was sent: nobody may come in meanwhile (`find`), nor
        anything overtake it.
        """
        if sum(len(room.listeners) for room in blobs) <= BREATH:
            for room, blob in blobs.items():
                self._send_at_once(room, blob)
            return
        breath = trio.Event()
        for room in blobs:
            room.breath = breath
        served = 0
        for room, blob in blobs.items():
            self._keep_for_waiting(room, blob)
            for who in list(room.listeners):
                if who in room.listeners:  # still: they may have left during a breath
                    who.send_nowait(blob)
                served += 1
                if served % BREATH == 0:
                    await trio.lowlevel.checkpoint()
        for room in blobs:
            room.breath = None
        breath.set()

    def _send_at_once(self, room: Room, blob: bytes) -> None:
        """A blob to every listener, without a breath."""
        if not blob:
            return
        self._keep_for_waiting(room, blob)
        for who in list(room.listeners):
            who.send_nowait(blob)

    def _keep_for_waiting(self, room: Room, blob: bytes) -> None:
        for who, kept in list(room.waiting.items()):
            kept.append(blob)
            if sum(map(len, kept)) > _MOST_WAITING:
                del room.waiting[who]
                who.disconnect(disconnect.SLOW_CONSUMER)

    async def _look_into_hole(self, room: Room, order: Order) -> None:
        """Something is missing before `held[0]`: give it a moment, read the log, and go on with or without it."""
        await trio.sleep(PATIENCE)
        first = room.held[0]
        try:
            documents = await self._journal.log.after(
                room.id, order.seq, upto=first.seq - 1, most=_MOST_MISSING
            )
        except StoreUnavailable:
            documents = []
        while room.breath is not None:
            await room.breath.wait()
        frames: list[bytes] = []
        if [document["seq"] for document in documents] == list(range(order.seq + 1, first.seq)):
            frames += [event_frame(document) for document in documents]
        else:
            _log.warning("hole", room=room.id, after=order.seq, before=first.seq)
            frames.append(_reset(room, protocol.Position(first.epoch, first.seq - 1), "hole"))
            self.on_loss(room.id)
        order.seq = first.seq - 1
        held, room.held = room.held, []
        for entry in held:
            self._take(room, entry, frames)
        self._send_at_once(room, b"".join(frames))
        self._find_astray()


async def _known(room: Room) -> None:
    """Return once it is known where the room stands, and all that came before was sent. Raises `StoreUnavailable`."""
    while True:
        if room.order is None:
            await room.found.wait()
            if room.failure is not None:
                raise StoreUnavailable(room.failure.store, "where the room stands") from room.failure
        elif room.breath is not None:
            await room.breath.wait()
        else:
            return


def _reset(room: Room, position: protocol.Position, reason: ResetReason) -> bytes:
    """The news that what readers hold cannot be continued, but from `position` on."""
    _resets.labels(reason).inc()
    return push_frame(protocol.Reset(room=room.id, position=position, reason=reason))


def event_frame(document: dict[str, Any]) -> bytes:
    """A stored event as the frame that replays it."""
    return push_frame(protocol.event(document))
