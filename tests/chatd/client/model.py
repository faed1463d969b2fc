"""A chatd in a few lines, pure: rooms with dense logs, one message per `client_id`, resume and reset.

What the client is tested against where the promise is about the client: it answers at once and keeps what it would write
in `outbox`, so that a test decides what arrives, when, twice or never.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import trio

from chatd.core.timer import timer_after
from common import codec, protocol
from common.errors import MadangError
from common.protocol import Position

MOST_MISSED = 500
ME = "00000000-0000-7000-8000-00000000000a"
SOMEONE = "00000000-0000-7000-8000-00000000000b"


@dataclass
class Model:
    """The part of a server that outlives its connections."""

    epoch: str = "e1"
    logs: dict[str, list[protocol.AnyEvent]] = field(default_factory=dict)
    sent: dict[tuple[str, str], protocol.Sent] = field(default_factory=dict)
    closed_to_me: dict[str, str] = field(default_factory=dict)  # room -> error code
    refusals: deque[MadangError] = field(default_factory=deque)  # of the next sends
    heartbeat_ms: int = 20_000
    token_life_ms: int = 900_000
    bad_tokens: set[str] = field(default_factory=set)
    connections: list[ModelConnection] = field(default_factory=list)
    done: list[protocol.AnyCommand] = field(default_factory=list)  # what leaves no trace but this
    calls: dict[str, protocol.CallNow] = field(default_factory=dict)
    opened: trio.Event | None = None  # somebody waits for a room to be opened

    def say(
        self,
        room: str,
        text: str,
        sender: str = SOMEONE,
        client_id: str = "c" * 8,
        reply_to: int | None = None,
    ) -> protocol.Message:
        """A message of somebody, to everyone who listens."""
        seq = self.next_seq(room)
        event = protocol.Message(
            seq=seq,
            at=seq,
            room=room,
            mseq=self.mseq(room) + 1,
            sender=sender,
            client_id=client_id,
            text=text,
            reply_to=reply_to,
        )
        self.tell(event)
        return event

    def change(self, command: protocol.AnyChange) -> protocol.Sent:
        """A change of mine, to everyone who listens."""
        seq = self.next_seq(command.room)
        place = {"seq": seq, "at": seq, "room": command.room, "of": command.of}
        match command:
            case protocol.MessageEdit(text=text):
                self.tell(protocol.MessageEdited(**place, text=text, by=ME))
            case protocol.MessageDelete():
                self.tell(protocol.MessageDeleted(**place, by=ME))
            case protocol.ReactionAdd(emoji=emoji):
                self.tell(protocol.Reaction(**place, emoji=emoji, change="added", user=ME))
            case protocol.ReactionRemove(emoji=emoji):
                self.tell(protocol.Reaction(**place, emoji=emoji, change="removed", user=ME))
            case protocol.PinAdd():
                self.tell(protocol.Pin(**place, change="pinned", by=ME))
            case protocol.PinRemove():
                self.tell(protocol.Pin(**place, change="unpinned", by=ME))
        return protocol.Sent(seq=seq, mseq=self.mseq(command.room), at=seq)

    def keep_time(self, command: protocol.TimerCommand, at: int) -> protocol.Sent:
        """Something of mine that is done to the timer, to everyone who listens."""
        event = protocol.Timer(
            seq=self.next_seq(command.room), at=at, room=command.room, change="reset", by=ME
        )
        match command:
            case protocol.TimerStart(duration_ms=duration):
                event.change, event.duration_ms = "started", duration
            case protocol.TimerPause():
                event.change = "paused"
            case protocol.TimerResume():
                event.change = "resumed"
        self.tell(event)
        return protocol.Sent(seq=event.seq, mseq=self.mseq(command.room), at=at)

    def tell(self, event: protocol.AnyEvent) -> None:
        """An event, to everyone who listens."""
        self.logs.setdefault(event.room, []).append(event)
        for connection in self.connections:
            if event.room in connection.rooms:
                connection.outbox.append(event)
                connection.wake()

    def next_seq(self, room: str) -> int:
        return len(self.logs.get(room, ())) + 1

    def mseq(self, room: str) -> int:
        return sum(isinstance(event, protocol.Message) for event in self.logs.get(room, ()))

    async def listened_to(self, room: str) -> None:
        """Returns once somebody has the room open."""
        while not any(room in connection.rooms for connection in self.connections):
            self.opened = trio.Event()
            await self.opened.wait()

    def position(self, room: str) -> Position:
        log = self.logs.get(room, [])
        return Position(self.epoch, log[-1].seq if log else 0)

    def texts(self, room: str) -> list[str]:
        return [event.text for event in self.logs.get(room, []) if isinstance(event, protocol.Message)]


class ModelConnection:
    """One connection: what the client wrote goes into `receive`, what the server writes waits in `outbox`."""

    def __init__(self, model: Model, now_ms: int = 0) -> None:
        self.model = model
        self.now_ms = now_ms
        self.outbox: deque[protocol.AnyPush | protocol.AnyEvent | protocol.Reply] = deque()
        self.rooms: set[str] = set()
        self.refreshed: list[str] = []
        self.bad_token = False
        self.wake: Callable[[], None] = lambda: None  # something is in the outbox without a command
        model.connections.append(self)

    def gone(self) -> None:
        self.model.connections.remove(self)

    def receive(self, frame: str | bytes) -> None:
        command = codec.decode_command(frame)
        try:
            ok = self._carry_out(command)
        except MadangError as error:
            body = codec.error_frame(command.id or "", error, "en")
            self.outbox.append(_reply_of(body))
        else:
            if command.id is not None and ok is not None:
                self._reply(command.id, ok)
            if isinstance(command, protocol.RoomOpen):
                self._replay(command.room, command.resume)

    def _carry_out(self, command: protocol.AnyCommand) -> protocol.Ok | None:
        match command:
            case protocol.Hello():
                self._hello(command)
                return None
            case protocol.AuthRefresh():
                if command.token in self.model.bad_tokens:
                    raise MadangError("token_invalid")
                self.refreshed.append(command.token)
                return protocol.Refreshed(expires_at=self.now_ms + self.model.token_life_ms)
            case protocol.RoomOpen():
                return self._open(command.room, command.resume)
            case protocol.RoomClose():
                self.rooms.discard(command.room)
                return protocol.Done()
            case protocol.MessageSend():
                return self._send(command)
            case protocol.Change():
                return self.model.change(command)
            case protocol.TimerCommand():
                return self.model.keep_time(command, self.now_ms)
            case protocol.HistoryPage():
                return self._page(command)
            case protocol.TypingSet():
                self.model.done.append(command)
                return protocol.Done()
            case protocol.ReadMark():
                self.model.done.append(command)
                return protocol.ReadUpTo(mseq=command.mseq)
            case protocol.Ping():
                return protocol.Pong(now=self.now_ms)

    def _hello(self, hello: protocol.Hello) -> None:
        if hello.token in self.model.bad_tokens:
            self.bad_token = True
            return
        self.outbox.append(
            protocol.Welcome(
                connection="c",
                user=ME,
                session="s",
                expires_at=self.now_ms + self.model.token_life_ms,
                now=self.now_ms,
                heartbeat_ms=self.model.heartbeat_ms,
            )
        )
        for room, position in hello.resume.items():
            if room in self.model.closed_to_me:
                self.outbox.append(protocol.Closed(room=room, code=self.model.closed_to_me[room]))
                continue
            opened = self._open(room, position)
            self.outbox.append(
                protocol.Opened(
                    room,
                    opened.position,
                    opened.participants,
                    opened.online,
                    opened.away,
                    opened.timer,
                    opened.call,
                )
            )
            self._replay(room, position)

    def _open(self, room: str, resume: Position | None) -> protocol.RoomOpened:
        if room in self.model.closed_to_me:
            raise MadangError(self.model.closed_to_me[room])
        self.rooms.add(room)
        if self.model.opened is not None:
            self.model.opened.set()
        return protocol.RoomOpened(
            room=room,
            position=resume or self.model.position(room),
            participants=[protocol.Participant(ME, "online")],
            online=1,
            away=0,
            timer=self._timer(room),
            call=self.model.calls.get(room),
        )

    def _timer(self, room: str) -> protocol.TimerState:
        events = [event for event in self.model.logs.get(room, ()) if isinstance(event, protocol.Timer)]
        return timer_after(events).told(self.now_ms)

    def _replay(self, room: str, resume: Position | None) -> None:
        if resume is None or room not in self.rooms:
            return
        here = self.model.position(room)
        behind = here.seq - resume.seq
        if resume.epoch != here.epoch or behind > MOST_MISSED or behind < 0:
            reason = "behind" if resume.epoch == here.epoch else "epoch"
            self.outbox.append(protocol.Reset(room=room, position=here, reason=reason))
        else:
            self.outbox += [event for event in self.model.logs.get(room, []) if event.seq > resume.seq]

    def _send(self, command: protocol.MessageSend) -> protocol.Sent:
        if self.model.refusals:
            raise self.model.refusals.popleft()
        if command.room not in self.rooms:
            raise MadangError("room_not_open")
        key = (command.room, command.client_id)
        if command.mentions:
            self.model.done.append(command)
        if key not in self.model.sent:
            event = self.model.say(command.room, command.text, ME, command.client_id, command.reply_to)
            self.model.sent[key] = protocol.Sent(seq=event.seq, mseq=event.mseq, at=event.at)
        return self.model.sent[key]

    def _page(self, command: protocol.HistoryPage) -> protocol.Page:
        log = self.model.logs.get(command.room, [])
        if command.after is not None:
            found = [event for event in log if event.seq > command.after]
            return protocol.Page(events=found[: command.limit], more=len(found) > command.limit)
        found = [event for event in log if command.before is None or event.seq < command.before]
        return protocol.Page(events=found[-command.limit :], more=len(found) > command.limit)

    def _reply(self, command_id: str, ok: protocol.Ok) -> None:
        self.outbox.append(_reply_of(codec.ok_frame(command_id, ok)))


def _reply_of(frame: bytes) -> protocol.Reply:
    return msgspec.json.decode(frame[frame.index(b"{") :], type=protocol.Reply)
