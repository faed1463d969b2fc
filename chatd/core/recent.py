"""The events that went over the bus just now, of all rooms, in bounded memory: what most who come back have missed.

What was deleted is blank when it is read from here, as it is in the log; so is what it was edited to.
"""

from __future__ import annotations

from collections import defaultdict, deque
from itertools import islice, takewhile

from common.roomlog.position import Entry

_OVERHEAD = 400  # bytes an entry costs beside its body
# How bodies begin: their types are told without decoding each. No text holds the words of a field: its quotes are escaped.
_REPLY = b'"reply_to":'
_PLAIN = b'{"type":"message",'
_EDIT = b'{"type":"message.edited",'
_DELETION = b'{"type":"message.deleted",'


class Recent:
    """Keeps the newest entries up to `most_bytes` in all. Of each room it holds an unbroken run of one epoch."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._all: deque[Entry] = deque()
        self._rooms: dict[str, deque[Entry]] = {}
        self._deleted: dict[str, set[int]] = defaultdict(set)  # as long as their deletions are here

    def add(self, entry: Entry) -> None:
        """Remember `entry`; forget the oldest when there is too much. A break in a room's run forgets the run."""
        run = self._rooms.get(entry.room)
        if run is None:
            run = self._rooms[entry.room] = deque()
        elif run[-1].epoch != entry.epoch or run[-1].seq + 1 != entry.seq:
            run.clear()
        run.append(entry)
        if entry.body.startswith(_DELETION):
            self._deleted[entry.room].add(entry.document()["of"])
        self._all.append(entry)
        self._bytes += len(entry.body) + _OVERHEAD
        while self._bytes > self._most:
            self._forget_oldest()

    def forget(self, room: str) -> None:
        """What is here of a room is not as the log has it any more: it is read from there. Their bytes go in their turn."""
        self._rooms.pop(room, None)
        self._deleted.pop(room, None)

    def _forget_oldest(self) -> None:
        oldest = self._all.popleft()
        self._bytes -= len(oldest.body) + _OVERHEAD
        if oldest.body.startswith(_DELETION):
            deleted = self._deleted[oldest.room]
            deleted.discard(oldest.document()["of"])
            if not deleted:
                del self._deleted[oldest.room]
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
        return self._erased(room, newest_first[::-1])

    def messages(self, room: str) -> int:
        """How many messages a room had had at its newest entry; 0 when none is here."""
        run = self._rooms.get(room)
        return run[-1].mseq if run else 0

    def since(self, room: str, mseq: int) -> list[Entry] | None:
        """What came after the message `mseq`, the newest first; None when that is not here, or not as it was any more."""
        run = self._rooms.get(room)
        if not run or run[0].mseq > mseq or room in self._deleted:
            return None
        return list(takewhile(lambda entry: entry.mseq > mseq, reversed(run)))

    def at(self, room: str, seq: int) -> Entry | None:
        """The entry of this seq, if it is here."""
        run = self._rooms.get(room)
        if not run or not run[0].seq <= seq <= run[-1].seq:
            return None
        return self._erased(room, [run[seq - run[0].seq]])[0]

    def changes(self, room: str, most: int) -> list[Entry]:
        """Those of the newest `most` entries of a room that are no messages, or answer one, in order."""
        newest = islice(reversed(self._rooms.get(room, ())), most)
        found = [entry for entry in newest if not entry.body.startswith(_PLAIN) or _REPLY in entry.body]
        return self._erased(room, found[::-1])

    def holds(self, room: str, sender: str, client_id: str) -> bool:
        """Whether an entry of this name is here."""
        words = client_id.encode()
        for entry in reversed(self._rooms.get(room, ())):
            if words in entry.body:
                document = entry.document()
                if (document["sender"], document["client_id"]) == (sender, client_id):
                    return True
        return False

    def beginning(self, room: str, words: bytes) -> list[Entry]:
        """The entries of a room whose bodies begin with these words, in order; as they were said."""
        return [entry for entry in self._rooms.get(room, ()) if entry.body.startswith(words)]

    def _erased(self, room: str, entries: list[Entry]) -> list[Entry]:
        deleted = self._deleted.get(room)
        if not deleted:
            return entries
        return [entry.blank() if _speaks_of(entry, deleted) else entry for entry in entries]


def _speaks_of(entry: Entry, deleted: set[int]) -> bool:
    """Whether an entry holds words of a message that was deleted."""
    return entry.seq in deleted or (entry.body.startswith(_EDIT) and entry.document()["of"] in deleted)
