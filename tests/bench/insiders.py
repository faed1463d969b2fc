"""Those who stay while something happens to others: how long a message takes to reach them, second by second.

A process of its own, so that what it measures is the server and not a generator that is busy with the others. One of
them says something into their room at a steady pace, the others read it; each delivery's age goes by when it was read.
"""

from __future__ import annotations

import multiprocessing
import select
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

from tests.bench.senders import Speaker
from tests.bench.text import STAMP, STAMPED, now_us
from tests.bench.wires import CLOSE, Seat, Wire, frames, open_link

TAIL: Final = STAMPED - 1
CLOSING: Final = 0x80 | CLOSE  # how a Close frame begins; cannot occur in ASCII text
PATIENCE_S: Final = 5.0


@dataclass(frozen=True)
class Delivery:
    """When it was read (monotonic µs), and how long after it was written."""

    at_us: int
    age_us: int


class Insiders:
    """They sit in the rooms of `talker`; its first room is the one they hear."""

    def __init__(self, seats: list[Seat], talker: Seat, wire: Wire, rate: float) -> None:
        self._wire = wire
        self._interval_s = 1 / rate
        self._speaker = Speaker(talker, open_link(talker, wire), wire)
        self._links = {link.socket.fileno(): link for link in (open_link(seat, wire) for seat in seats)}
        self._tails = dict.fromkeys(self._links, b"")
        self.heard: list[Delivery] = []
        self.thrown_out: list[str] = []  # why; what should never happen to who does nothing
        self.taken = 0  # of what was said, by the server
        self._in_flight = 0

    def live(self, until: Connection) -> None:
        """Talk and listen until the other side says something; then listen to what is still to come."""
        epoll = select.epoll()
        for fd in (*self._links, self._speaker.socket.fileno(), until.fileno()):
            epoll.register(fd, select.EPOLLIN)
        due = time.monotonic()
        while True:
            for fd, _ in epoll.poll(max(0.0, due - time.monotonic())):
                if fd == until.fileno():
                    epoll.unregister(fd)
                    self._hear_the_rest(epoll)
                    return
                if fd in self._links:
                    self._hear(fd)
                else:
                    self._hear_answers()
            if time.monotonic() >= due:
                self._speaker.say(1, b"")
                self._in_flight += 1
                due += self._interval_s

    def _hear_the_rest(self, epoll: select.epoll) -> None:
        while (self._in_flight or len(self.heard) < self.taken * len(self._links)) and (
            ready := epoll.poll(PATIENCE_S)
        ):
            for fd, _ in ready:
                if fd in self._links:
                    self._hear(fd)
                else:
                    self._hear_answers()

    def _hear_answers(self) -> None:
        answered, refused = self._speaker.read()
        self.taken += answered
        self._in_flight -= answered + refused

    def _hear(self, fd: int) -> None:
        try:
            received = self._links[fd].socket.recv(1 << 16)
        except ConnectionError as fault:
            received, self._tails[fd] = b"", str(fault).encode()
        if not received:
            self.thrown_out.append(_why(self._tails[fd]))
            self._links.pop(fd).socket.close()  # and so out of the epoll
            return
        data = self._tails[fd] + received
        now, end = now_us(), 0
        for stamp in STAMP.finditer(data):
            self.heard.append(Delivery(now, now - int(stamp[1])))
            end = stamp.end()
        self._tails[fd] = data[max(end, len(data) - TAIL) :]
        beat = received.find(self._wire.heartbeat)
        if beat >= 0 and (pulse := self._wire.pulse(received, beat)):
            self._links[fd].socket.sendall(pulse)


def _why(tail: bytes) -> str:
    """What the last bytes of a connection say of its end: the code of its Close, if there was one."""
    at = tail.rfind(CLOSING)
    for opcode, payload, _ in frames(bytearray(tail[at:])) if at >= 0 else ():
        if opcode == CLOSE:
            return f"{int.from_bytes(payload[:2])} {payload[2:].decode(errors='replace')}"
    return f"no word; the last was {tail!r}"


class Watch:
    """The process of the insiders, from the outside."""

    def __init__(self, seats: list[Seat], talker: Seat, wire: Wire, rate: float) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self._process = context.Process(target=_run, args=(seats, talker, wire, rate, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe.recv()

    def end(self) -> tuple[int, list[Delivery], list[str]]:
        """How much of what was said was taken, every delivery, and why those were thrown out who were."""
        self._pipe.send(None)
        taken, heard, thrown_out = self._pipe.recv()
        self._process.join()
        return taken, heard, thrown_out


def _run(seats: list[Seat], talker: Seat, wire: Wire, rate: float, pipe: Connection) -> None:
    insiders = Insiders(seats, talker, wire, rate)
    pipe.send(None)
    insiders.live(pipe)
    pipe.send((insiders.taken, insiders.heard, insiders.thrown_out))
