"""What was said in a room, as it is shown: in order, each once, with what is still on its way at the end. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from chatd.client.saying import Saying, of, sayings
from chatd.client.terminal.together import clock
from common import protocol
from common.protocol import AnyEvent

KEPT: Final = 5000  # entries; past it the oldest go
Shown = protocol.Message | protocol.Member | protocol.RoomChange | protocol.Timer
LATELY: Final = 60_000  # milliseconds; no page is on its way for so long


class Mark(Enum):
    """How far a message of one's own has come."""

    NONE = ""
    UNSENT = "…"
    STORED = "✓"
    FAILED = "✗"


@dataclass(slots=True, eq=False)
class Entry:
    """A thing said (`word` empty, `text` what), or a thing that happened (`word` of `words`, about `who`)."""

    at: int
    who: str | None = None
    text: str = ""
    word: str = ""
    name: str | None = None  # of `who`, where the event told it
    seq: int | None = None
    mark: Mark = Mark.NONE
    why: str = ""  # a message failed
    saying: Saying | None = None  # the message, once it has its place; then its text counts
    reply_to: int | None = None


@dataclass(slots=True)
class Transcript:
    """A room's entries, as `reader` sees them. `oldest` is the seq before which more may be loaded; None before anything was."""

    reader: str = ""
    entries: list[Entry] = field(default_factory=list)
    # Mine, by client_id, until they came back as events.
    pending: dict[str, Entry] = field(default_factory=dict)
    sent: dict[str, Entry] = field(default_factory=dict)  # mine, by client_id, until their answer
    newest: int = 0  # the last seq shown
    oldest: int | None = None
    whole: bool = False  # there is nothing before the first entry
    sayings: dict[int, Saying] = field(default_factory=dict)  # by seq, of all messages shown
    # What was heard lately to change some message: a page that was read before does not know of it.
    changes: deque[AnyEvent] = field(default_factory=deque)

    def begin(self, page: protocol.Page) -> None:
        """Begin with the newest page; what is on its way stays."""
        self.entries.clear()
        self.sayings.clear()
        self.newest, self.oldest, self.whole = 0, None, False
        self.prepend(page)

    def prepend(self, page: protocol.Page) -> None:
        """Put an older page before everything."""
        voids = {event.of for event in page.events if isinstance(event, protocol.Void)}
        older = [event for event in page.events if self.oldest is None or event.seq < self.oldest]
        since = [event for event in self.changes if event.seq > (page.as_of or 0)]
        for saying in sayings(page, self.reader):
            if self.sayings.setdefault(saying.seq, saying) is saying:
                for event in since:
                    saying.apply(event)
        self.entries[:0] = [
            self._entry(event) for event in older if isinstance(event, Shown) and event.seq not in voids
        ]
        if older:
            self.oldest = older[0].seq
            self.newest = max(self.newest, older[-1].seq)
        self.whole = not page.more

    def event(self, event: AnyEvent) -> None:
        """An event came; one's own message takes its place in the order."""
        if event.seq <= self.newest:
            return
        self.newest = event.seq
        if self.oldest is None:
            self.oldest = event.seq
        if of(event) is not None:
            self._remember(event)
        if isinstance(event, protocol.Void) and event.of is not None:
            self.entries = [entry for entry in self.entries if entry.seq != event.of]
            self.sayings.pop(event.of, None)
        elif changed := self.sayings.get(of(event) or 0):
            changed.apply(event)
        if isinstance(event, protocol.Message):
            self.sayings[event.seq] = Saying(event)
        if isinstance(event, Shown):
            self._add(self._entry(event))

    def _remember(self, change: AnyEvent) -> None:
        self.changes.append(change)
        while self.changes[0].at < change.at - LATELY:
            self.changes.popleft()

    def note(self, at: int, word: str, who: str | None = None, text: str = "") -> None:
        """Something happened that is no event."""
        self._add(Entry(at=at, who=who, word=word, text=text))

    def say(self, at: int, who: str, client_id: str, text: str, reply_to: int | None = None) -> None:
        """A message of mine is on its way."""
        entry = Entry(at=at, who=who, text=text, mark=Mark.UNSENT, reply_to=reply_to)
        self.pending[client_id] = self.sent[client_id] = entry

    def stored(self, client_id: str) -> None:
        """It is stored; its event comes, or came."""
        self.sent.pop(client_id).mark = Mark.STORED

    def failed(self, client_id: str, why: str) -> None:
        """It will not be stored."""
        entry = self.sent.pop(client_id)
        entry.mark, entry.why = Mark.FAILED, why
        if self.pending.pop(client_id, None) is not None:
            self._add(entry)

    def last(self, *, mine: bool | None = None) -> Saying | None:
        """The newest message that is not deleted: of anybody, only mine, or only of others."""
        for entry in reversed(self.entries):
            said = entry.saying
            if said and not said.deleted and (mine is None or (said.sender == self.reader) == mine):
                return said
        return None

    def shown(self) -> list[Entry]:
        """Everything, in the order to show it."""
        return self.entries + list(self.pending.values())

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        if len(self.entries) > KEPT:
            for gone in self.entries[: KEPT // 10]:
                self.sayings.pop(gone.seq or 0, None)
            del self.entries[: KEPT // 10]
            self.oldest = next((kept.seq for kept in self.entries if kept.seq is not None), self.oldest)
            self.whole = False

    def _entry(self, event: Shown) -> Entry:
        if isinstance(event, protocol.Timer):
            length = "" if event.duration_ms is None else clock(event.duration_ms)
            return Entry(at=event.at, who=event.by, word=f"timer {event.change}", text=length, seq=event.seq)
        if isinstance(event, protocol.Member):
            return Entry(at=event.at, who=event.user, word=event.change, name=event.name, seq=event.seq)
        if isinstance(event, protocol.RoomChange):
            return Entry(at=event.at, who=event.by, word="room changed", seq=event.seq)
        saying = self.sayings[event.seq]
        entry = self.pending.pop(event.client_id, None) or Entry(
            at=event.at, who=event.sender, text=event.text, name=event.name
        )
        entry.at, entry.seq = event.at, event.seq
        entry.saying, entry.reply_to = saying, event.reply_to
        return entry
