"""The calls that people here are in, and those of the rooms that are open here.

Who is in a call is written in the book (`book`); a replica answers for the peers of its own connections: it says every few
seconds that they live, as long as their sockets say something, and when a socket has ended. So a peer is out of its call
some `lease` after it was heard last, whether its device, its net or its replica died; within that time it comes back over
any replica as if nothing had been. What a room's listeners are told comes from the book, through the news.

What is said to the book, and what is asked of it, is said and asked of each shard by itself: on a cluster, the master of
one that is away costs no peer of another its call.

Nothing of a call passes through here but who, on or off, and what peers tell each other to find a way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec
import trio

from chatd.core.call import Call
from chatd.hub import Hub
from chatd.live.book import Book, Loss, Seat
from chatd.live.errands import Errand, Errands
from chatd.live.known import Known
from common import protocol
from common.codec import encode, push_frame
from common.errors import MadangError, StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter, Gauge
from common.roomlog.position import SHARDS, shard_of
from common.supervise import jittered, keep_trying
from common.units import to_ms

if TYPE_CHECKING:
    from chatd.connection import Connection

_log = get_logger(__name__)
_peers = Gauge("madang_chatd_call_peers", "Peers of calls whose connections are here.")
_lost = Counter("madang_chatd_call_peers_lost_total", "Peers here that the book did not know any more.")

HEARD: Final = 1000  # changes kept for calls that are being read meanwhile
LARGEST: Final = 16  # peers, whatever is asked for: each sends to each

_changes: Final[msgspec.json.Decoder[protocol.AnyCallChange]] = msgspec.json.Decoder(protocol.AnyCallChange)


class Calls:
    """The calls, as one replica takes part in them.

    `capacity`: peers in one call. `every`: seconds between signs of life; sweeps come more often.
    """

    def __init__(self, book: Book, hub: Hub, *, capacity: int, every: float) -> None:
        self._book = book
        self._hub = hub
        self._capacity = capacity
        self._every = every
        self._seats: dict[Connection, dict[str, Seat]] = {}  # by connection and room; none is empty
        self._switches: dict[Seat, tuple[bool, bool]] = {}  # microphone and camera, as last said
        self._speakers: dict[str, Connection] = {}  # by the id of a connection that has a seat
        self._errands = Errands()
        self._hurry = [
            trio.Event() for _ in range(SHARDS)
        ]  # the book may have forgotten: do not wait to find out
        self._heard: deque[tuple[str, protocol.AnyCallChange]] = deque(maxlen=HEARD)
        self._known: Known[Call, Call] = Known(
            hub, "call", parts=book.parts, read=book.read, begin=self._begin, tell=_state
        )
        self.learn = self._known.learn

    # --- who is in ------------------------------------------------------------------------------------------------

    def told(self, room_id: str) -> protocol.CallNow | None:
        """The call of a room that is open here; None while it is not known."""
        call = self._known.peek(room_id)
        return None if call is None else call.told()

    def hear(self, room_id: str, payload: bytes) -> None:
        """The news brought a change of a room's call."""
        if room_id not in self._hub.rooms:
            return
        change = _changes.decode(payload)
        self._heard.append((room_id, change))
        before = self._known.peek(room_id)
        if before is None:
            return
        if (call := before.after(change)) is None:
            self._known.doubt(room_id)
        else:
            self._known.change(room_id, call)

    def missed(self, shards: Iterable[int]) -> None:
        """The news of some shards may have been lost for a while."""
        lost = set(shards)
        for shard in lost:
            self._hurry[shard].set()
        for room_id in list(self._hub.rooms):
            if shard_of(room_id) in lost and self._known.peek(room_id) is not None:
                self._known.doubt(room_id)

    def speaker(self, connection: str) -> Connection | None:
        """The connection of this id, if it has a peer in a call."""
        return self._speakers.get(connection)

    def _begin(self, room_id: str, call: Call) -> Call:
        for room, change in self._heard:
            if room == room_id:
                call = call.after(change) or call
        return call

    # --- commands: each raises MadangError, StoreUnavailable --------------------------------------------------------

    async def join(
        self,
        who: Connection,
        room: str,
        peer: str,
        *,
        mic: bool,
        camera: bool,
        capacity: int | None = None,
    ) -> protocol.CallNow:
        """Be in a room's call as `peer`, by this connection; as another one no longer. `capacity` is the room's own.

        Raises `call_full`, `peer_taken`.
        """
        most = self._capacity if capacity is None else min(capacity, LARGEST)
        before, seat = self.seat(who, room), Seat(room, peer, who.id)
        switches = self._switches.get(before) if before else None
        self._sit(who, seat, mic, camera)  # first: whatever ends meanwhile is then ours to clear up
        try:
            joined = await self._book.join(seat, who.user, mic=mic, camera=camera, capacity=most)
        except BaseException:
            self._rise(who, room)
            self._give_up(seat, partial(self._book.release, [seat]))  # perhaps it was done
            raise
        if not isinstance(joined, Call):
            self._rise(who, room)
            if before and switches:
                self._sit(who, before, *switches)
            raise MadangError(joined)
        if before is not None and before != seat:
            self._give_up(before, partial(self._book.leave, before))
        if self.seat(who, room) != seat:  # no member any more
            self._give_up(seat, partial(self._book.leave, seat))
            raise MadangError("not_a_member")
        return joined.told()

    async def leave(self, who: Connection, room: str) -> None:
        """Be out of it; also when this connection is in none."""
        seat = self.seat(who, room)
        if seat is not None:
            await self._book.leave(seat)
            self._rise(who, room)

    async def media(self, who: Connection, room: str, *, mic: bool, camera: bool) -> None:
        """Turn microphone and camera on or off. Raises `not_in_call`."""
        seat = self.seat(who, room)
        if seat is None or not await self._book.media(seat, mic=mic, camera=camera):
            raise MadangError("not_in_call")
        self._switches[seat] = (mic, camera)

    async def signal(self, who: Connection, room: str, to: str, data: protocol.AnySignal) -> None:
        """Tell another peer something. Raises `not_in_call`, `peer_gone`, `peer_away`, and `invalid` when it is too much."""
        said = encode(data)
        if len(said) > protocol.MAX_SIGNAL:
            raise MadangError("invalid", fields={"data": f"at most {protocol.MAX_SIGNAL} bytes"})
        seat = self.seat(who, room)
        if seat is None:
            raise MadangError("not_in_call")
        if refusal := await self._book.signal(seat, to, said):
            raise MadangError(refusal, retry_after_ms=1000 if refusal == "peer_away" else None)

    # --- what ends and changes by itself ----------------------------------------------------------------------------

    def left(self, who: Connection) -> None:
        """A connection ended: its peers may come back for a while. Never fails, never waits."""
        for seat in list(self._seats.get(who, {}).values()):
            self._rise(who, seat.room)
            self._give_up(seat, partial(self._book.release, [seat]))

    def out(self, who: Connection, room: str) -> None:
        """The room is closed on a connection: so it is out of its call. Never fails, never waits."""
        seat = self.seat(who, room)
        if seat is not None:
            self._rise(who, room)
            self._give_up(seat, partial(self._book.leave, seat))

    def part(self, user: str, room: str) -> None:
        """A person may not be in a room's call any more, but still hears the room."""
        for who, seat in self._of_user(user, room):
            self.out(who, room)
            who.send_nowait(push_frame(protocol.CallEnded(room=room, peer=seat.peer, why="expelled")))

    def silence(self, user: str, room: str) -> None:
        """A person was muted: microphone and camera are off."""
        for _, seat in self._of_user(user, room):
            self._switches[seat] = (False, False)
            self._errands.send(seat.room, partial(self._book.media, seat, mic=False, camera=False))

    def _of_user(self, user: str, room: str) -> list[tuple[Connection, Seat]]:
        return [
            (who, seats[room]) for who, seats in self._seats.items() if who.user == user and room in seats
        ]

    def seat(self, who: Connection, room: str) -> Seat | None:
        """The peer of a connection in a room's call."""
        return self._seats.get(who, {}).get(room)

    def _sit(self, who: Connection, seat: Seat, mic: bool, camera: bool) -> None:
        self._seats.setdefault(who, {})[seat.room] = seat
        self._switches[seat] = (mic, camera)
        self._speakers[who.id] = who
        _peers.set(sum(map(len, self._seats.values())))

    def _rise(self, who: Connection, room: str) -> None:
        seats = self._seats.get(who, {})
        if seat := seats.pop(room, None):
            self._switches.pop(seat, None)
        if not seats:
            self._seats.pop(who, None)
            self._speakers.pop(who.id, None)
        _peers.set(sum(map(len, self._seats.values())))

    def _give_up(self, seat: Seat, errand: Errand) -> None:
        """Have the book told that a seat is given up, unless its connection has taken it again by then."""

        async def unless_taken() -> None:
            if seat not in self._switches:
                await errand()

        self._errands.send(seat.room, unless_taken)

    # --- for ever -------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Keep the book true for what is here, and do our share of what time asks for."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._known.run)
            nursery.start_soon(self._errands.run)
            for shard in range(SHARDS):
                nursery.start_soon(self._keep, shard)
                nursery.start_soon(self._sweep, shard)

    async def _keep(self, shard: int) -> None:
        while True:
            with trio.move_on_after(jittered(self._every)):
                await self._hurry[shard].wait()
            self._hurry[shard] = trio.Event()  # now: what is said from here on is of account the next time
            await keep_trying("keep the peers of calls", partial(self._keep_once, shard), StoreUnavailable)

    async def _keep_once(self, shard: int) -> None:
        held = [
            (who, seat)
            for who, seats in self._seats.items()
            for seat in seats.values()
            if shard_of(seat.room) == shard
        ]
        if held:
            await self._keep_those(shard, held)

    async def _keep_those(self, shard: int, held: Sequence[tuple[Connection, Seat]]) -> None:
        live = [(seat, left) for who, seat in held if (left := self._book.lease_ms - to_ms(who.silent)) > 0]
        losses = await self._book.keep(shard, live)
        for who, seat in held:
            if seat in losses and self.seat(who, seat.room) == seat:
                await self._lose(who, seat, losses[seat])

    async def _lose(self, who: Connection, seat: Seat, why: Loss) -> None:
        """A peer here is not in the book: tell its connection, unless it was only forgotten and can be put back."""
        _lost.inc()
        if why == "forgotten":
            mic, camera = self._switches[seat]
            outcome = await self._book.join(seat, who.user, mic=mic, camera=camera, capacity=LARGEST)
            if isinstance(outcome, Call):
                if self.seat(who, seat.room) != seat:
                    self._give_up(seat, partial(self._book.leave, seat))
                return
            why = "lost"
        self._rise(who, seat.room)
        who.send_nowait(push_frame(protocol.CallEnded(room=seat.room, peer=seat.peer, why=why)))

    async def _sweep(self, shard: int) -> None:
        while True:
            await trio.sleep(jittered(self._every / 3))
            try:
                while await self._book.sweep(shard):
                    pass
            except StoreUnavailable:
                continue  # who looks next is here, or another replica


def _state(room_id: str, call: Call) -> protocol.CallState:
    return protocol.CallState(room=room_id, call=call.told())
