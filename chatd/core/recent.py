"""The events that went over the bus just now, of all rooms, in bounded memory: what most who come back have missed."""

from __future__ import annotations

from collections import deque

from common.roomlog.position import Entry

_OVERHEAD = 400  # bytes an entry costs beside its body


class Recent:
    """Keeps the newest entries up to `most_bytes` in all. Of each room it holds an unbroken run of one epoch."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._all: deque[Entry] = deque()
        self._rooms: dict[str, deque[Entry]] = {}

    def add(self, entry: Entry) -> None:
        """Remember `entry`; forget the oldest when there is too much. A break in a room's run forgets the run."""
        run = self._rooms.get(entry.room)
        if run is None:
            run = self._rooms[entry.room] = deque()
        elif run[-1].epoch != entry.epoch or run[-1].seq + 1 != entry.seq:
            run.clear()
        run.append(entry)
        self._all.append(entry)
        self._bytes += len(entry.body) + _OVERHEAD
        while self._bytes > self._most:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        oldest = self._all.popleft()
        self._bytes -= len(oldest.body) + _OVERHEAD
        run = self._rooms.get(oldest.room)
        if run and run[0] is oldest:
            run.popleft()
            if not run:
                del self._rooms[oldest.room]

    def between(self, room: str, epoch: str, after: int, upto: int) -> list[Entry]:
        """The entries with a seq above `after` and not above `upto` that are here, in order; of this epoch only.

        What is here is an unbroken run, so the answer is complete when its first seq is `after + 1` and its last `upto`.
        """
        run = self._rooms.get(room)
        if not run or run[-1].epoch != epoch or run[-1].seq <= after:
            return []
        newest_first = []
        for entry in reversed(run):
            if entry.seq <= after:
                break
            if entry.seq <= upto:
                newest_first.append(entry)
        return newest_first[::-1]
