"""A message as it is by now: told by its event, by a page's state, and by every change since, in whatever order. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from common import protocol
from common.protocol import AnyEvent


class Saying:
    """One message. Of each thing that changes, the event with the higher seq counts; nothing counts once it is deleted."""

    def __init__(self, event: protocol.Message) -> None:
        self.seq = event.seq
        self.mseq = event.mseq
        self.at = event.at
        self.sender = event.sender
        self.client_id = event.client_id
        self.reply_to = event.reply_to
        self.attachments = event.attachments
        self.system = event.system
        self.text = event.text
        self.deleted = False
        self.replies = 0
        self._replied = 0  # seq of the last reply that is counted
        self._edited = 0  # seq of the edit whose text this is
        self._pin = 0  # seq of the last word on it, negative when that was an unpin
        self._reactions: dict[tuple[str, str], int] = {}  # by emoji and user, as the pin
        self._unnamed: dict[str, int] = {}  # how many more reacted than were told by name

    @property
    def edited(self) -> bool:
        """Whether it says something else than at first."""
        return self._edited > 0

    @property
    def pinned(self) -> bool:
        """Whether it is pinned."""
        return self._pin > 0

    def reactions(self) -> dict[str, int]:
        """How many people reacted, by emoji, in the order in which the emoji came."""
        counts: dict[str, int] = {}
        for (emoji, _), last in sorted(self._reactions.items(), key=lambda each: abs(each[1])):
            if last > 0:
                counts[emoji] = counts.get(emoji, 0) + 1
        for emoji, more in self._unnamed.items():
            if more:
                counts[emoji] = counts.get(emoji, 0) + more
        return counts

    def has_reaction(self, emoji: str, user: str) -> bool:
        """Whether this person's emoji is on it."""
        return self._reactions.get((emoji, user), 0) > 0

    def become(self, state: protocol.State, reader: str) -> None:
        """Take what a page says it has become, for `reader`."""
        if state.replied > self._replied:
            self.replies, self._replied = state.replies, state.replied
        if state.deleted is not None:
            self._delete()
            return
        if state.edited is not None:
            self._edit(state.edited.seq, state.edited.text)
        if state.pinned is not None:
            self._pin = _later(self._pin, state.pinned.seq, there=True)
        for place, reaction in enumerate(state.reactions, 1):
            named = {*reaction.users, *([reader] if reaction.mine else ())}
            for user in named:
                self._reactions.setdefault((reaction.emoji, user), place)
            self._unnamed[reaction.emoji] = reaction.count - len(named)

    def apply(self, event: AnyEvent) -> bool:
        """Take an event that is of this message; False for any other."""
        if of(event) != self.seq:
            return False
        match event:
            case protocol.Message():
                if event.seq > self._replied:
                    self.replies, self._replied = self.replies + 1, event.seq
            case protocol.MessageDeleted():
                self._delete()
            case _ if self.deleted:
                pass
            case protocol.MessageEdited():
                self._edit(event.seq, event.text)
            case protocol.Pin():
                self._pin = _later(self._pin, event.seq, there=event.change == "pinned")
            case protocol.Reaction():
                key = (event.emoji, event.user)
                self._reactions[key] = _later(
                    self._reactions.get(key, 0), event.seq, there=event.change == "added"
                )
        return True

    def _edit(self, seq: int, text: str) -> None:
        if seq > self._edited:
            self._edited, self.text = seq, text

    def _delete(self) -> None:
        self.deleted = True
        self.text, self.attachments = "", []
        self._edited = self._pin = 0
        self._reactions.clear()
        self._unnamed.clear()


def of(event: AnyEvent) -> int | None:
    """The seq of the message an event changes."""
    match event:
        case protocol.Message():
            return event.reply_to
        case protocol.MessageEdited() | protocol.MessageDeleted() | protocol.Reaction() | protocol.Pin():
            return event.of
    return None


def _later(before: int, seq: int, *, there: bool) -> int:
    """The later of two words on something that comes and goes."""
    return max(before, seq if there else -seq, key=abs)


def sayings(page: protocol.Page, reader: str) -> Iterator[Saying]:
    """The messages of a page, as they are by now."""
    states = {state.seq: state for state in page.states}
    for event in page.events:
        if isinstance(event, protocol.Message):
            saying = Saying(event)
            if saying.seq in states:
                saying.become(states[saying.seq], reader)
            yield saying
