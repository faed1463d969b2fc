"""The room one is in: its transcript kept in step with its events, with history above and what is unsent below."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import trio

from chatd.client.api import Person
from chatd.client.api import Room as RoomInfo
from chatd.client.errors import ClientError, CommandFailed, RoomClosed, Stopped
from chatd.client.room import Post, Room
from chatd.client.terminal.changes import Change, carry_out
from chatd.client.terminal.company import Company
from chatd.client.terminal.people import Names
from chatd.client.terminal.together import call_words, timer_words
from chatd.client.terminal.transcript import Transcript
from common import protocol
from common.clock import now_ms
from common.errors import Language
from common.ids import uuid7
from common.units import SECONDS

_PAGE: Final = 50
_LOOK: Final = 0.5 * SECONDS  # after which what was shown counts as read
_SAY_TYPING: Final = 3 * SECONDS


class Place:
    """One room and what is shown of it. `changed` is called after every change."""

    def __init__(
        self,
        info: RoomInfo,
        room: Room,
        names: Names,
        language: Language,
        changed: Callable[[], None],
        *,
        me: str,
        members: list[Person],
    ) -> None:
        self.info = info
        self.room = room
        self.transcript = Transcript(reader=me)
        self.me = me
        self._names = names
        self._language = language
        self._changed = changed
        self._loading = False
        self.company = Company(me)
        for member in members:
            self.company.learn(member.id, member.nickname)
        self._newest = 0  # the mseq of the last message
        self._unread = trio.Event()  # there is one that was not marked as read
        self._typed_at = float("-inf")

    async def load_newest(self) -> None:
        """Begin the transcript anew with the newest page. Raises as `Room.history` does."""
        page = await self.room.history(limit=_PAGE)
        self.transcript.begin(page)
        for event in page.events:
            self._note(event)
        self._changed()

    async def load_older(self) -> None:
        """Put a page above what is shown, if there is one and none is coming yet."""
        if self._loading or self.transcript.whole or self.transcript.oldest is None:
            return
        self._loading = True
        try:
            self.transcript.prepend(await self.room.history(before=self.transcript.oldest, limit=_PAGE))
        except ClientError as fault:
            self.transcript.note(now_ms(), "text", text=self._reason(fault))
        finally:
            self._loading = False
            self._changed()

    async def hear(self) -> RoomClosed | None:
        """Take in events until the room is closed: by the server, and then it says why, or by us."""
        try:
            async for event in self.room.events():
                match event:
                    case protocol.Reset():
                        self.transcript.changes.clear()  # their places may be others' now
                        await self.load_newest()
                        self.transcript.note(now_ms(), "reset")
                    case _:
                        self._note(event)
                        self.transcript.event(event)
                self._changed()
        except RoomClosed as closed:
            return closed
        return None

    def _note(self, event: protocol.AnyEvent) -> None:
        """What an event tells besides: names, who has spoken, that there is something to read."""
        match event:
            case protocol.Member(change="left" | "kicked" | "banned"):
                self._names.learn(event.user, event.name)
                self.company.gone(event.user)
            case protocol.Member():
                self._names.learn(event.user, event.name)
                self.company.learn(event.user, event.name)
            case protocol.Message():
                self.company.said(event.sender, event.mseq)
                if event.mseq > self._newest:
                    self._newest = event.mseq
                    self._unread.set()

    async def read(self) -> None:
        """Mark as read what is shown, for ever. What cannot be marked now is marked with the next."""
        while True:
            await self._unread.wait()
            await trio.sleep(_LOOK)
            self._unread = trio.Event()
            with suppress(ClientError):
                await self.room.mark_read(self._newest)

    async def type(self, now: float) -> None:
        """Tell the others that I am typing, if that was not done just now."""
        if now - self._typed_at >= _SAY_TYPING:
            self._typed_at = now
            with suppress(ClientError):  # it is news of the moment
                await self.room.typing()

    def readers(self) -> int:
        """How many have read what was said last, if that was me."""
        last = self.transcript.last()
        return self.company.readers(last.mseq) if last and last.sender == self.me else 0

    def say(self, text: str, reply_to: int | None = None) -> Callable[[], Awaitable[None]] | None:
        """Put a message on its way and in the transcript. What it answers is to be run: it follows it to its end."""
        client_id = uuid7()
        self._typed_at = float("-inf")
        self.transcript.say(now_ms(), self.me, client_id, text, reply_to)
        self._changed()
        try:
            mentions = self.company.mentioned(text)
            post = self.room.post(text, client_id=client_id, reply_to=reply_to, mentions=mentions)
        except ClientError as over:
            self.transcript.failed(client_id, self._reason(over))
            return None
        return lambda: self._follow(client_id, post)

    async def change(self, change: Change) -> None:
        """Ask for it; what became of it comes as an event, and why not is noted."""
        try:
            await carry_out(change, self.room)
        except ClientError as over:
            self.transcript.note(now_ms(), "text", text=self._reason(over))
            self._changed()

    async def keep_time(self, deed: str | int) -> None:
        """Start the timer of so many milliseconds, or `pause`, `resume` or `reset` it; what became of it comes as an event, and
        why not is noted."""
        try:
            match deed:
                case "pause":
                    await self.room.pause_timer()
                case "resume":
                    await self.room.resume_timer()
                case "reset":
                    await self.room.reset_timer()
                case int(length):
                    await self.room.start_timer(length)
        except ClientError as over:
            self.transcript.note(now_ms(), "text", text=self._reason(over))
            self._changed()

    def together(self, now: int) -> str:
        """The timer, and who is in the call: `now` by the server's clock."""
        timer = timer_words(self.room.timer, now, self._language)
        call = call_words(self.room.call, self._names.name_of, self._language)
        return "".join(f" · {words}" for words in (timer, call) if words)

    async def _follow(self, client_id: str, post: Post) -> None:
        try:
            await post.stored()
        except ClientError as over:
            self.transcript.failed(client_id, self._reason(over))
        else:
            self.transcript.stored(client_id)
        self._changed()

    def _reason(self, over: ClientError) -> str:
        if isinstance(over, RoomClosed | Stopped):
            return over.sentence(self._language)
        return over.message if isinstance(over, CommandFailed) else str(over)
