"""Clients by the thousand, each as a good one is: it keeps its place, comes back with its cursor, and waits as it is told.

One process, one epoll loop. A client knows where it was in its room, when it may come back (the policy of
`chatd.client.comeback`, and what the server asks for), and that what it sees must follow what it saw. Refuses to know
why they are cut off; `storm` does that.
"""

from __future__ import annotations

import errno
import heapq
import itertools
import os
import select
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random
from typing import Any, Final

import msgspec

from chatd.client.comeback import Comeback, Loss
from chatd.client.errors import Stopped
from common.disconnect import DRAINING
from tests.bench.entering import resident
from tests.bench.wires import CLOSE, PING, PONG, TEXT, Seat, Wire, frames, masked

AT_ONCE: Final = 100  # who enter at the beginning
PATIENCE_S: Final = 120.0
SAMPLE_S: Final = 0.05
EVENTS: Final = frozenset({"message", "member", "void"})  # that a storm's rooms see
RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER: closing says RST, and leaves nothing behind


@dataclass
class Tally:
    """What the clients met."""

    refused: Counter[str] = field(
        default_factory=Counter
    )  # by how; also what ended connections that were not struck
    without_a_time: int = 0  # refusals that did not say when to come back
    recovered: int = 0  # events of the time away
    resets: int = 0
    holes: int = 0
    for_good: int = 0  # clients that were told never to come back


class Phase(Enum):
    """Where a client is on its way."""

    AWAY = auto()
    CONNECTING = auto()
    UPGRADING = auto()
    GREETING = auto()
    IN = auto()


class Said(msgspec.Struct):
    """What a server says, as far as it matters here."""

    type: str = ""
    seq: int = 0
    id: str | None = None
    code: str = ""
    after_ms: int = 0
    position: dict[str, Any] | None = None
    ok: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


_decoder: Final = msgspec.json.Decoder(Said)


class Client:
    """One client: its way, and its place in its room."""

    def __init__(self, seat: Seat, ports: Sequence[int], rng: Random) -> None:
        self.seat = seat
        self.room = seat.rooms[0]
        self.comeback = Comeback([str(port) for port in ports], rng)
        self.port = seat.port
        self.phase = Phase.AWAY
        self.socket: socket.socket | None = None
        self.heard = bytearray()
        self.epoch = ""
        self.seq = 0
        self.welcomed_at = 0.0
        self.left_at = 0.0
        self.caught_up_at = 0.0

    def hello(self) -> bytes:
        resume = b'"%b":{"epoch":"%b","seq":%d}' % (self.room.encode(), self.epoch.encode(), self.seq)
        return masked(
            b'{"type":"hello","token":"%b","resume":{%b}}'
            % (self.seat.token.encode(), resume if self.epoch else b"")
        )

    def opening(self) -> bytes:
        place = b',"resume":{"epoch":"%b","seq":%d}' % (self.epoch.encode(), self.seq) if self.epoch else b""
        return masked(b'{"type":"room.open","id":"open","room":"%b"%b}' % (self.room.encode(), place))


class Herd:
    """All clients, and the loop they live in."""

    def __init__(self, seats: Sequence[Seat], wire: Wire, ports: Sequence[int], pids: Sequence[int]) -> None:
        rng = Random(1)
        self.clients = [Client(seat, ports, Random(rng.random())) for seat in seats]
        self.tally = Tally()
        self.peak = 0  # bytes of memory of the processes `pids`, together
        self.behind: set[Client] = set()
        self._heads: Mapping[str, int] = {}
        self._gone: int | None = None
        self._pids = pids
        self._wire = wire
        self._epoll = select.epoll()
        self._by_fd: dict[int, Client] = {}
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._sampled_at = 0.0

    # --- the loop -------------------------------------------------------------------------------------------------

    def run_until(self, condition: Callable[[], bool], within_s: float) -> bool:
        """Let everyone go on until `condition`; whether it came true in time."""
        deadline = time.monotonic() + within_s
        while not condition():
            now = time.monotonic()
            if now >= deadline:
                return False
            while self._timers and self._timers[0][0] <= now:
                heapq.heappop(self._timers)[2]()
            self._sample(now)
            wake = min(self._timers[0][0] if self._timers else deadline, now + SAMPLE_S)
            for fd, events in self._epoll.poll(max(0.0, wake - time.monotonic())):
                if fd in self._by_fd:
                    self._step(self._by_fd[fd], events)
        return True

    def later(self, seconds: float, fn: Callable[[], None]) -> None:
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._numbers), fn))

    def _sample(self, now: float) -> None:
        if now - self._sampled_at >= SAMPLE_S:
            self._sampled_at = now
            self.peak = max(self.peak, resident(self._pids))

    # --- coming and going -----------------------------------------------------------------------------------------

    def connect(self, client: Client) -> None:
        """Begin the way in."""
        sock = client.socket = socket.socket()
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        client.heard.clear()
        client.phase = Phase.CONNECTING
        fault = sock.connect_ex((client.seat.host, client.port))
        if fault not in (0, errno.EINPROGRESS):
            self._lost(client, Loss("connect"), os.strerror(fault))
            return
        self._by_fd[sock.fileno()] = client
        self._epoll.register(sock, select.EPOLLOUT)

    def cut(self, client: Client) -> None:
        """The network is gone, for this one."""
        if client.phase is Phase.IN:
            client.left_at = time.monotonic()
        client.phase = Phase.AWAY
        if client.socket is not None:
            self._by_fd.pop(client.socket.fileno(), None)
            client.socket.close()
            client.socket = None

    def _lost(self, client: Client, loss: Loss, how: str | None = None) -> None:
        """Come back when it is time to, elsewhere. `how` names a refusal."""
        if how is not None:
            self.tally.refused[how] += 1
        self.cut(client)
        try:
            away_s = client.comeback.after(loss)
        except Stopped as why:
            self.tally.refused[str(why)] += 1
            self.tally.for_good += 1
            return
        client.port = int(client.comeback.next_url())
        self.later(away_s, lambda: self._return(client))

    def _return(self, client: Client) -> None:
        if client.phase is Phase.AWAY:
            self.connect(client)

    def _leave(self, client: Client, visit: float) -> None:
        if client.phase is Phase.IN and client.welcomed_at == visit:
            self._lost(client, Loss("asked to reconnect", lived=time.monotonic() - client.welcomed_at))

    # --- one client's next step -----------------------------------------------------------------------------------

    def _step(self, client: Client, events: int) -> None:
        try:
            if client.phase is Phase.CONNECTING:
                self._connected(client)
            else:
                self._read(client)
        except OSError as fault:
            self._ended(client, errno.errorcode.get(fault.errno or 0, "?"))

    def _connected(self, client: Client) -> None:
        assert client.socket is not None
        if fault := client.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(fault, "connect")
        client.socket.send(self._wire.request(client.seat.host, client.port, client.seat.user))
        client.phase = Phase.UPGRADING
        self._epoll.modify(client.socket, select.EPOLLIN)

    def _read(self, client: Client) -> None:
        assert client.socket is not None
        received = client.socket.recv(1 << 18)
        if not received:
            self._ended(client, "hung up")
            return
        client.heard += received
        if client.phase is Phase.UPGRADING:
            if b"\r\n\r\n" not in client.heard:
                return
            self._upgraded(client)
        for opcode, payload, _ in frames(client.heard):
            if opcode == TEXT:
                self._hear(client, _decoder.decode(payload))
            elif opcode == PING:
                client.socket.send(masked(payload, PONG))
            elif opcode == CLOSE:
                self._closed(client, int.from_bytes(payload[:2], "big"))
            if client.socket is None:
                return

    def _upgraded(self, client: Client) -> None:
        assert client.socket is not None
        head, _, rest = bytes(client.heard).partition(b"\r\n\r\n")
        client.heard[:] = rest
        if head.startswith(b"HTTP/1.1 101 "):
            client.socket.send(client.hello())
            client.phase = Phase.GREETING
            return
        after = head.lower().partition(b"retry-after:")[2].split(b"\r\n")[0].strip()
        self.tally.without_a_time += not after
        self._lost(client, Loss("refused", after=float(after or 0)), head.split(b"\r\n")[0].decode())

    def _closed(self, client: Client, code: int) -> None:
        lived = time.monotonic() - client.welcomed_at if client.phase is Phase.IN else 0.0
        self._lost(
            client, Loss(str(code), code, lived=lived), None if code == DRAINING.code else f"closed: {code}"
        )

    def _ended(self, client: Client, why: str) -> None:
        self._lost(client, Loss(why), None if client.phase is Phase.IN else why)

    def _hear(self, client: Client, said: Said) -> None:
        match said.type:
            case "welcome":
                client.welcomed_at = time.monotonic()
                client.comeback.welcomed()
                if not client.epoch and client.socket is not None:
                    client.socket.send(client.opening())
            case "opened":
                self._opened(client, said.position or {})
            case "reply" if said.id == "open" and said.ok:
                self._opened(client, said.ok["position"])
            case "reply" if said.id == "open" and said.error:
                wait_ms = said.error.get("retry_after_ms")
                self._not_opened(client, said.error["code"], wait_ms)
            case "closed":
                self._not_opened(client, said.code, 0)
            case "reset":
                self.tally.resets += 1
                self._begin(client, said.position or {})
            case "reconnect":
                visit = client.welcomed_at
                self.later(said.after_ms / 1000, lambda: self._leave(client, visit))
            case kind if kind in EVENTS:
                self._event(client, said.seq)

    def _opened(self, client: Client, position: dict[str, Any]) -> None:
        client.phase = Phase.IN
        if not client.epoch:
            self._begin(client, position)
        self._judge(client)

    def _not_opened(self, client: Client, code: str, wait_ms: int | None) -> None:
        """Ask for the room again, when the server says or as the client's policy has it."""
        self.tally.refused[f"room: {code}"] += 1
        self.tally.without_a_time += wait_ms is None
        delay = client.comeback.after(Loss(code, after=(wait_ms or 0) / 1000))

        def again() -> None:
            if client.socket is not None:
                client.socket.send(client.opening())

        self.later(delay, again)

    def _begin(self, client: Client, position: dict[str, Any]) -> None:
        client.epoch, client.seq = position["epoch"], position["seq"]
        self._judge(client)

    def _event(self, client: Client, seq: int) -> None:
        if seq <= client.seq:
            return
        if seq != client.seq + 1:
            self.tally.holes += 1
        if client in self.behind:
            self.tally.recovered += 1
        client.seq = seq
        self._judge(client)

    def _judge(self, client: Client) -> None:
        if (
            client in self.behind
            and client.phase is Phase.IN
            and client.port != self._gone
            and client.seq >= self._heads[client.room]
        ):
            client.caught_up_at = time.monotonic()
            self.behind.discard(client)

    # --- the story ------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Everyone in, a few at a time."""
        waiting = iter(self.clients)
        inside = 0
        began: list[Client] = []

        def all_in() -> bool:
            nonlocal inside, began
            still = [client for client in began if client.phase is not Phase.IN]
            inside += len(began) - len(still)
            began = still
            for client in itertools.islice(waiting, AT_ONCE - len(began)):
                began.append(client)
                self.connect(client)
            return inside == len(self.clients)

        if not self.run_until(all_in, PATIENCE_S):
            raise TimeoutError(f"{len(self.clients) - inside} clients could not enter: {self.tally}")

    def expect(self, clients: Iterable[Client], heads: Mapping[str, int], *, gone: int | None = None) -> None:
        """These are behind until they have seen that much of their rooms, and are not at the port `gone` any more."""
        self._heads, self._gone = heads, gone
        self.behind = set(clients)
