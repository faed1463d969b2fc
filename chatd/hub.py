"""Who hears what on this replica, and the hot path: entries of the bus become one blob a room and one call a member.

The hub owns the rooms that somebody here listens to. It knows no store but through `Journal`, which it asks where a
room stands when the first listener comes, and for what is missing when an entry does not follow the one before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Literal, Protocol

import trio

from chatd.core.recent import Recent
from chatd.core.room import Order, Verdict
from common import disconnect, protocol
from common.codec import push_frame, text_frame
from common.disconnect import Disconnect
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter, Gauge, Histogram
from common.roomlog.journal import Journal
from common.roomlog.position import Entry, StreamId, parse_stream_id, shard_of
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
RECENT_BYTES: Final = 32 * MIB
_MOST_HELD: Final = 2000  # entries kept while a hole is looked into
_MOST_WAITING: Final = 1 * MIB  # bytes kept for one listener who is still catching up

ResetReason = Literal["behind", "epoch", "hole"]


class Listener(Protocol):
    """What the hub needs of a connection."""

    user: str
    session: str

    def send_nowait(self, data: bytes) -> bool:
        """Hand over whole frames; False when they will not arrive."""

    def disconnect(self, reason: Disconnect) -> None:
        """End the connection soon."""

    def dropped(self, room: str) -> None:
        """The room is no longer open on this connection."""

    def tick(self, now: float, now_ms: int) -> None:
        """Time passed: ping, warn or end as it asks for. Called about every second."""


class Room:
    """A room with listeners on this replica."""

    def __init__(self, room_id: str) -> None:
        self.id = room_id
        self.order: Order | None = None  # None until it is known where the room stands
        self.listeners: dict[Listener, None] = {}
        self.waiting: dict[Listener, list[bytes]] = {}  # what came while they were catching up
        self.early: list[Entry] = []  # what came before the order was known
        self.held: list[Entry] = []  # what came after a hole
        self.seekers = 0  # how many wait for `found`
        self.found = trio.Event()
        self.failure: StoreUnavailable | None = None

    @property
    def position(self) -> protocol.Position:
        """Up to where it was delivered here. Only once `found`."""
        assert self.order is not None  # noqa: S101 - the type cannot say it
        return protocol.Position(self.order.epoch, self.order.seq)


class Hub:
    """The rooms and connections of one replica."""

    def __init__(
        self, journal: Journal, reached: Callable[[int, StreamId], trio.lowlevel.ParkingLot | None]
    ) -> None:
        self._journal = journal
        self._reached = reached
        self._nursery: trio.Nursery | None = None
        self.recent = Recent(RECENT_BYTES)
        self.rooms: dict[str, Room] = {}
        self.connections: dict[Listener, None] = {}
        self._left = trio.lowlevel.ParkingLot()
        self._users: dict[str, dict[Listener, None]] = defaultdict(dict)
        self._sessions: dict[str, dict[Listener, None]] = defaultdict(dict)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Own the tasks that look into holes and find where rooms stand. Runs for ever; a bug in one ends the program."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            task_status.started()
            await trio.sleep_forever()

    def _start(self, fn: Callable[[Room], object], room: Room) -> None:
        assert self._nursery is not None  # noqa: S101 - run() is started before anything is served
        self._nursery.start_soon(fn, room)  # type: ignore[arg-type]

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

    # --- rooms ----------------------------------------------------------------------------------------------------

    async def find(self, room_id: str) -> Room:
        """The room, standing where it stands; `listen` or `wait` before the next checkpoint. Raises `StoreUnavailable`."""
        room = self.rooms.get(room_id)
        if room is None:
            room = self.rooms[room_id] = Room(room_id)
            _open_rooms.set(len(self.rooms))
            self._start(self._find_standing, room)
        room.seekers += 1
        try:
            await room.found.wait()
        except trio.Cancelled:
            room.seekers -= 1
            self._forget_unused(room)
            raise
        room.seekers -= 1
        if room.failure is not None:
            raise StoreUnavailable(room.failure.store, "where the room stands") from room.failure
        return room

    async def _find_standing(self, room: Room) -> None:
        """Ask where the room stands, wait until this replica read the bus that far, and begin there.

        What was appended before we asked has then passed by (it is in `recent` or in the log), and what comes after is
        in `early`: nothing falls between.
        """
        shard = shard_of(room.id)
        try:
            with trio.fail_after(10 * SECONDS):
                standing = await self._journal.bus.standing(shard, room.id)
                while standing.seq is None:
                    await self._journal.seed(shard, [room.id])
                    standing = await self._journal.bus.standing(shard, room.id)
                last = parse_stream_id(standing.last)
                while lot := self._reached(shard, last):
                    await lot.park()
        except (StoreUnavailable, trio.TooSlowError) as fault:
            room.failure = (
                fault
                if isinstance(fault, StoreUnavailable)
                else StoreUnavailable("redis", "the bus is behind")
            )
            self._forget(room)
        else:
            room.order = Order(standing.epoch, standing.seq)
            early, room.early = room.early, []
            for entry in early:
                if parse_stream_id(entry.id) > last:
                    self._take(room, entry, [])
        room.found.set()
        self._forget_unused(room)

    def _forget_unused(self, room: Room) -> None:
        if room.found.is_set() and not (room.listeners or room.waiting or room.seekers):
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

    async def deliver(self, entries: Sequence[Entry]) -> None:
        """Hand entries of the bus, in its order, to whoever listens here."""
        started = trio.current_time()
        blobs: dict[Room, list[bytes]] = {}
        for entry in entries:
            self.recent.add(entry)
            room = self.rooms.get(entry.room)
            if room is None:
                continue
            if room.order is None:
                room.early.append(entry)
            else:
                self._take(room, entry, blobs.setdefault(room, []))
        for room, frames in blobs.items():
            await self._send(room, frames)
        _entries.inc(len(entries))
        _fan_out.observe(trio.current_time() - started)

    def _take(self, room: Room, entry: Entry, frames: list[bytes]) -> None:
        """Judge one entry; add what listeners shall hear of it to `frames`."""
        assert room.order is not None  # noqa: S101 - found before it is listened to
        if room.held:
            if len(room.held) < _MOST_HELD:
                room.held.append(entry)
            return
        match room.order.accept(entry):
            case Verdict.DELIVER:
                frames.append(text_frame(entry.payload()))
            case Verdict.NEW_EPOCH:
                frames += (_reset(room, entry, "epoch"), text_frame(entry.payload()))
            case Verdict.HOLE:
                room.held.append(entry)
                self._start(self._look_into_hole, room)
            case Verdict.REWOUND:
                self._start(self._rotate, room)

    async def _send(self, room: Room, frames: list[bytes]) -> None:
        """One blob to every listener; a breath for others every so many."""
        if not frames:
            return
        blob = b"".join(frames)
        for who in list(room.waiting):
            self._keep_for(who, room, blob)
        listeners = list(room.listeners)
        for start in range(0, len(listeners), BREATH):
            if start:
                await trio.lowlevel.checkpoint()
            for who in listeners[start : start + BREATH]:
                if who in room.listeners:  # still: they may have left during the breath
                    who.send_nowait(blob)
        _deliveries.inc(len(listeners) * len(frames))

    def _keep_for(self, who: Listener, room: Room, blob: bytes) -> None:
        kept = room.waiting[who]
        kept.append(blob)
        if sum(map(len, kept)) > _MOST_WAITING:
            del room.waiting[who]
            who.disconnect(disconnect.SLOW_CONSUMER)

    async def _look_into_hole(self, room: Room) -> None:
        """Something is missing before `held[0]`: give it a moment, read the log, and go on with or without it."""
        await trio.sleep(PATIENCE)
        order, first = room.order, room.held[0]
        assert order is not None  # noqa: S101 - a hole is after something
        frames: list[bytes] = []
        try:
            documents = await self._journal.log.after(
                room.id, order.seq, upto=first.seq - 1, most=first.seq - order.seq
            )
        except StoreUnavailable:
            documents = []
        seqs = [document["seq"] for document in documents]
        held, room.held = room.held, []
        if seqs == list(range(order.seq + 1, first.seq)):
            frames += [event_frame(document) for document in documents]
            order.seq = first.seq - 1
        else:
            _log.warning("hole", room=room.id, after=order.seq, before=first.seq)
            order.seq = first.seq - 1
            frames.append(_reset(room, first, "hole"))
        for entry in held:
            self._take(room, entry, frames)
        # Without a breath: `deliver` goes on meanwhile, and must find everybody at the same place.
        blob = b"".join(frames)
        for who in list(room.waiting):
            self._keep_for(who, room, blob)
        for who in list(room.listeners):
            who.send_nowait(blob)

    async def _rotate(self, room: Room) -> None:
        """The bus came back older than what was delivered: leave its epoch, so that readers resynchronise."""
        try:
            await self._journal.bus.rotate(shard_of(room.id), room.position.epoch, [])
        except StoreUnavailable as fault:
            _log.warning("cannot rotate", room=room.id, why=str(fault))


def _reset(room: Room, entry: Entry, reason: ResetReason) -> bytes:
    """The news that what readers hold cannot be continued, to stand just before `entry`."""
    _resets.labels(reason).inc()
    return push_frame(
        protocol.Reset(room=room.id, position=protocol.Position(entry.epoch, entry.seq - 1), reason=reason)
    )


def event_frame(document: dict[str, Any]) -> bytes:
    """A stored event as the frame that replays it."""
    return push_frame(protocol.event(document))
