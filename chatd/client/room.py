"""A room in the application's hands: say, change what was said, hear, look back."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import trio

from chatd.client.errors import RoomClosed
from chatd.client.lane import Call
from chatd.client.room_state import RoomState
from common import protocol
from common.clock import now_ms
from common.ids import uuid7
from common.protocol import (
    AnyEvent,
    CallIn,
    CallNow,
    Done,
    Kind,
    Page,
    Position,
    Reset,
    Sent,
    TimerState,
)

if TYPE_CHECKING:
    from chatd.client.client import Client


class Room:
    """One open room. Made by `Client.open_room`; `events` is for one reader at a time."""

    def __init__(self, client: Client, state: RoomState) -> None:
        self.id = state.id
        self._client = client
        self._state = state
        self._arrived = trio.lowlevel.ParkingLot()

    @property
    def position(self) -> Position | None:
        """The place of the last event taken: `open_room` goes on from there, another day too."""
        return self._state.view.taken

    async def send(
        self,
        text: str,
        *,
        client_id: str | None = None,
        reply_to: int | None = None,
        mentions: Sequence[str] = (),
        mention_all: bool = False,
        kind: Kind = "text",
        attachments: Sequence[str] = (),
    ) -> Sent:
        """Say `text`; returns once it is stored, after any number of reconnects.

        `reply_to` is a seq, `mentions` are ids of people, `attachments` of confirmed uploads. Give the `client_id` of an
        earlier try to repeat that try: it is one message however often it is sent. Raises `CommandFailed`, `RoomClosed` or
        `Stopped`. Cancelled, the message may or may not have been stored.
        """
        post = self.post(
            text,
            client_id=client_id,
            reply_to=reply_to,
            mentions=mentions,
            mention_all=mention_all,
            kind=kind,
            attachments=attachments,
        )
        return await post.stored()

    def post(
        self,
        text: str,
        *,
        client_id: str | None = None,
        reply_to: int | None = None,
        mentions: Sequence[str] = (),
        mention_all: bool = False,
        kind: Kind = "text",
        attachments: Sequence[str] = (),
    ) -> Post:
        """Say `text` without waiting: posts of a room keep their order. Raises as `send` does when it is over already."""
        command = protocol.MessageSend(
            room=self.id,
            client_id=client_id or uuid7(),
            text=text,
            reply_to=reply_to,
            mentions=list(mentions),
            mention_all=mention_all,
            kind=kind,
            attachments=list(attachments),
        )
        return Post(self._client, self._client._submit(command, Sent, self._state))

    # --- what was said before: each returns once it is stored, and raises as `send` does -------------------------------

    async def edit(self, of: int, text: str, *, mentions: Sequence[str] = ()) -> Sent:
        """Say my message `of` in other words."""
        return await self._change(
            protocol.MessageEdit(room=self.id, client_id=uuid7(), of=of, text=text, mentions=list(mentions))
        )

    async def delete(self, of: int) -> Sent:
        """Take a message back."""
        return await self._change(protocol.MessageDelete(room=self.id, client_id=uuid7(), of=of))

    async def react(self, of: int, emoji: str) -> Sent:
        """Put my emoji on a message."""
        return await self._change(protocol.ReactionAdd(room=self.id, client_id=uuid7(), of=of, emoji=emoji))

    async def unreact(self, of: int, emoji: str) -> Sent:
        """Take my emoji back."""
        return await self._change(
            protocol.ReactionRemove(room=self.id, client_id=uuid7(), of=of, emoji=emoji)
        )

    async def pin(self, of: int) -> Sent:
        """Pin a message."""
        return await self._change(protocol.PinAdd(room=self.id, client_id=uuid7(), of=of))

    async def unpin(self, of: int) -> Sent:
        """Unpin it."""
        return await self._change(protocol.PinRemove(room=self.id, client_id=uuid7(), of=of))

    async def _change(self, command: protocol.AnyChange) -> Sent:
        return await self._client._ask(command, Sent, self._state)

    # --- reading ------------------------------------------------------------------------------------------------------

    async def mark_read(self, mseq: int) -> int:
        """I have read up to the message `mseq`: how far that is now, on all my devices."""
        read = await self._client._ask(
            protocol.ReadMark(room=self.id, mseq=mseq), protocol.ReadUpTo, self._state
        )
        return read.mseq

    async def typing(self, on: bool = True) -> None:
        """I am typing, or have stopped. To be said again every few seconds for as long as it is so."""
        await self._client._ask(protocol.TypingSet(room=self.id, on=on), protocol.Done, self._state)

    # --- the timer, and what is shown for a moment ----------------------------------------------------------------------

    @property
    def timer(self) -> TimerState | None:
        """The room's timer, as far as its events have come in; None while it is not known."""
        timer = self._state.live.timer
        return None if timer is None else timer.told(now_ms())

    async def start_timer(self, duration_ms: int) -> Sent:
        """Start the room's timer."""
        return await self._do_timer(
            protocol.TimerStart(room=self.id, client_id=uuid7(), duration_ms=duration_ms)
        )

    async def pause_timer(self) -> Sent:
        """Stop it; it can be resumed."""
        return await self._do_timer(protocol.TimerPause(room=self.id, client_id=uuid7()))

    async def resume_timer(self) -> Sent:
        """Let it run on."""
        return await self._do_timer(protocol.TimerResume(room=self.id, client_id=uuid7()))

    async def reset_timer(self) -> Sent:
        """Have no timer."""
        return await self._do_timer(protocol.TimerReset(room=self.id, client_id=uuid7()))

    async def _do_timer(self, command: protocol.AnyTimerCommand) -> Sent:
        return await self._client._ask(command, Sent, self._state)

    async def emote(self, emoji: str) -> None:
        """Show an emoji for a moment: any, or `happy`, `love`, `bad`, `sad`."""
        await self._client._ask(protocol.EmoteShow(room=self.id, emoji=emoji), Done, self._state)

    # --- the call ---------------------------------------------------------------------------------------------------

    @property
    def call(self) -> CallNow | None:
        """Who is in the room's call, as far as told; None while that is not known."""
        call = self._state.live.call
        return None if call is None else call.told()

    async def join_call(self, *, mic: bool = False, camera: bool = False) -> CallIn:
        """Come into the call. One stays in it over lost connections, until `leave_call`, or `call.ended` among the pushes."""
        command = protocol.CallJoin(room=self.id, peer=uuid7(), mic=mic, camera=camera)
        return await self._client._ask(command, CallIn, self._state)

    async def leave_call(self) -> None:
        """Leave it."""
        self._state.live.place = None
        await self._client._ask(protocol.CallLeave(room=self.id), Done, self._state)

    async def switch(self, *, mic: bool, camera: bool) -> None:
        """Say that my microphone and my camera are on, or off."""
        await self._client._ask(protocol.CallSwitch(room=self.id, mic=mic, camera=camera), Done, self._state)

    async def signal(self, to: str, data: protocol.AnySignal) -> None:
        """Tell another peer of the call something; what it tells is a `call.signal` among the pushes."""
        await self._client._ask(protocol.CallTell(room=self.id, to=to, data=data), Done, self._state)

    # --- the past -----------------------------------------------------------------------------------------------------

    async def history(
        self,
        *,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
        limit: int = 50,
        only: Literal["images"] | None = None,
    ) -> Page:
        """A page of events before, after or around a seq, in order of seq; the newest when none is given."""
        command = protocol.HistoryPage(
            room=self.id, before=before, after=after, around=around, limit=limit, only=only
        )
        return await self._client._ask(command, Page, self._state)

    async def thread(
        self, of: int, *, before: int | None = None, after: int | None = None, limit: int = 50
    ) -> Page:
        """A message and a page of the replies to it."""
        command = protocol.HistoryThread(room=self.id, of=of, before=before, after=after, limit=limit)
        return await self._client._ask(command, Page, self._state)

    async def pins(self, *, before: int | None = None) -> Page:
        """The messages that are pinned, the last pin first; of those pinned before the seq of a pin."""
        return await self._client._ask(protocol.HistoryPins(room=self.id, before=before), Page, self._state)

    async def edits(self, of: int, *, before: int | None = None, limit: int = 50) -> Page:
        """What a message said before, for moderators."""
        command = protocol.HistoryEdits(room=self.id, of=of, before=before, limit=limit)
        return await self._client._ask(command, Page, self._state)

    async def search(self, text: str, *, before: int | None = None, limit: int = 20) -> protocol.Found:
        """Messages that have all words of `text`, the newest first."""
        command = protocol.HistorySearch(room=self.id, text=text, before=before, limit=limit)
        return await self._client._ask(command, protocol.Found, self._state)

    def replay(self, after: int, until: int) -> Replay:
        """Iterate over every event with `after` < seq ≤ `until` in the log: what a `Reset` jumped over."""
        return Replay(self, after, until)

    async def next_event(self) -> AnyEvent | Reset:
        """The next event, or a `Reset`: then what is known of the room is void, and its position is the new place.

        Raises `RoomClosed` or `Stopped` when there will be none. Cancelling loses none.
        """
        await trio.lowlevel.checkpoint()
        while True:
            event = self._client._core.take(self._state)
            if event is not None:
                self._client._apply()
                return event
            if self._state.ended is not None:
                raise self._state.ended
            await self._arrived.park()

    def events(self) -> Events:
        """Iterate over `next_event`, until this side closes the room."""
        return Events(self)

    def close(self) -> None:
        """Hear no more of it. What waits here for an answer ends with `RoomClosed`."""
        self._client._core.close(self._state)
        self._client._apply()


class Post:
    """A message on its way."""

    def __init__(self, client: Client, call: Call) -> None:
        self._client = client
        self._call = call

    async def stored(self) -> Sent:
        """Returns once it is stored. Raises as `Room.send` does. Cancelled, it is not sent again."""
        return await self._client._outcome(self._call, Sent)


class Events:
    """A room's events one by one. An iterator, not a generator: it may be left in the middle."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def __aiter__(self) -> Events:
        return self

    async def __anext__(self) -> AnyEvent | Reset:
        try:
            return await self._room.next_event()
        except RoomClosed as closed:
            if closed.code is None:
                raise StopAsyncIteration from None
            raise


class Replay:
    """A stretch of a room's log, read page by page."""

    def __init__(self, room: Room, after: int, until: int) -> None:
        self._room = room
        self._after = after
        self._until = until
        self._page: deque[AnyEvent] = deque()
        self._more = True

    def __aiter__(self) -> Replay:
        return self

    async def __anext__(self) -> AnyEvent:
        if not self._page and self._more and self._after < self._until:
            limit = min(protocol.MAX_PAGE, self._until - self._after)
            page = await self._room.history(after=self._after, limit=limit)
            self._page.extend(page.events)
            self._more = page.more
        if not self._page:
            raise StopAsyncIteration
        event = self._page.popleft()
        self._after = event.seq
        return event
