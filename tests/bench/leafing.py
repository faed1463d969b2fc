"""The generator of the sweep over messages: one person in rooms of many lengths, who reads, resumes and says something.

    python -m tests.bench.leafing < JOB > RESULT        both JSON, one object

Every figure is the median of as many tries, which go around the rooms, so that all rooms meet the same machine.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from tests.bench.text import stamped
from tests.bench.wires import Link, Seat, Wire, masked, open_link

PAGE: Final = 50
MISSED: Final = 100  # events that who resumes has missed


@dataclass
class Room:
    """A room and where it ends."""

    name: str
    epoch: str = ""
    head: int = 0


class Reader:
    """One connection, and what is done over it."""

    def __init__(self, seat: Seat) -> None:
        self.wire = Wire()
        self.link: Link = open_link(seat, self.wire)
        self._number = 0

    def open(self, room: Room, since: int | None = None) -> None:
        """Open a room, and hear what was missed since."""
        words: dict[str, Any] = {"type": "room.open", "id": "open", "room": room.name}
        if since is not None:
            words["resume"] = {"epoch": room.epoch, "seq": since}
        opened = json.loads(self.link.hear(_frame(words), b'"id":"open"')[0])
        position = opened["ok"]["position"]
        room.epoch = position["epoch"]
        if since is None:
            room.head = position["seq"]
        else:
            self.link.ask(b"", b'"seq":%d,' % room.head)

    def close(self, room: Room) -> None:
        self._ask({"type": "room.close", "room": room.name})

    def send(self, room: Room) -> None:
        self._number += 1
        client_id = b"leafing-%x-%d" % (os.getpid(), self._number)
        frame = self.wire.send(0, room.name.encode(), client_id, stamped(b"x" * 76))
        room.head = json.loads(self.link.hear(frame, self.wire.answer)[0])["ok"]["seq"]

    def page(self, room: Room, **where: int) -> None:
        """A page of history. Raises RuntimeError if it is not full."""
        found = self._ask({"type": "history.page", "room": room.name, "limit": PAGE, **where})
        if len(found["ok"]["events"]) < PAGE:
            raise RuntimeError(f"a page of {room.name} has {len(found['ok']['events'])} events, not {PAGE}")

    def _ask(self, words: dict[str, Any]) -> Any:
        self._number += 1
        said = json.dumps(str(self._number)).encode()
        return json.loads(self.link.hear(_frame({"id": str(self._number), **words}), b'"id":%b' % said)[0])


def _frame(words: dict[str, Any]) -> bytes:
    return masked(json.dumps(words, separators=(",", ":")).encode())


# Each is done to a room; what it is called in the result.
DEEDS: Final[dict[str, Callable[[Reader, Room], None]]] = {
    "send_ms": Reader.send,
    "newest_page_ms": Reader.page,
    "middle_page_ms": lambda reader, room: reader.page(room, around=room.head // 2),
    "first_page_ms": lambda reader, room: reader.page(room, after=0),
    "resume_ms": lambda reader, room: reader.open(room, since=room.head - MISSED),
}


def run(seat: Seat, rooms: list[Room], tries: int) -> dict[str, dict[str, float]]:
    """Milliseconds by room and deed."""
    reader, times_ms = Reader(seat), {room.name: defaultdict[str, list[float]](list) for room in rooms}
    for room in rooms:
        times_ms[room.name]["first_open_ms"].append(timed(Reader.open, reader, room))
    for _ in range(tries):
        for room in rooms:
            for deed, do in DEEDS.items():
                if do is DEEDS["resume_ms"]:
                    reader.close(room)
                times_ms[room.name][deed].append(timed(do, reader, room))
    return {room: {deed: median(times) for deed, times in deeds.items()} for room, deeds in times_ms.items()}


def timed(do: Callable[[Reader, Room], None], reader: Reader, room: Room) -> float:
    """Milliseconds that it took."""
    began = time.perf_counter()
    do(reader, room)
    return (time.perf_counter() - began) * 1000


def main() -> None:
    job = json.loads(sys.stdin.read())
    seat = Seat(**job["seat"])
    print(json.dumps(run(seat, [Room(name) for name in job["rooms"]], job["tries"])), flush=True)


if __name__ == "__main__":
    main()
