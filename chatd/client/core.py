"""A client's conversation with chatd as a state machine: what to say now, what became of what was said.

Pure: no Trio, no socket, no clock. Times are seconds of any steady clock, given with each input. The inputs are
`connected`, `received`, `disconnected`, `tick` and the application's wishes; what follows is read from `frames` (what
to write), `deadline` (when to tick) and `effects` (what to tell).

What it promises, over any number of connections:
- a command is asked again, a message with the same `client_id`, until it is answered or abandoned;
- a room's commands go out in the order of their making, up to `lane.WINDOW` unanswered, and only while the room is
  open; one that was refused for the moment goes again before any that has not gone yet;
- a room is continued from its position; a hole in it is asked for again.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator
from random import Random
from typing import Final

from msgspec import Struct

from chatd.client.comeback import Loss, full_jitter
from chatd.client.effects import Arrived, Effect, HangUp, NeedToken, Output, Settled, Told
from chatd.client.errors import ClientError, CommandFailed, RoomClosed, Stopped
from chatd.client.frames import BadFrame, decode, decode_ok
from chatd.client.lane import Call, Lane
from chatd.client.link import Link
from chatd.client.live import Live
from chatd.client.room_state import Phase, RoomState
from chatd.client.view import Verdict, View
from chatd.core.ratelimit import TokenBucket
from common import codec, protocol
from common.disconnect import TOKEN_EXPIRED
from common.errors import ERRORS, Language
from common.protocol import AnyCommand, AnyEvent, Position
from common.units import MILLISECONDS, SECONDS

REPLY_PATIENCE: Final = 30 * SECONDS  # a server that is well answers, if only with an error, in 10 s
TOKEN_MARGIN: Final = 10 * SECONDS  # a token that ends sooner is not worth a visit
# Refusals that pass, but that a person should hear of now.
FOR_PEOPLE: Final = frozenset({"muted", "slow_mode"})


class Core:
    """The state machine. Not for use by several tasks between an input and reading what follows from it."""

    def __init__(self, rng: Random, language: Language = "en", pace: TokenBucket | None = None) -> None:
        self.online: set[str] = set()  # people who are here, be it away, as far as told
        self.away: set[str] = set()  # those of them
        self.word: protocol.Word = "online"  # our own, said again whenever we come back
        self.welcome: protocol.Welcome | None = None  # the present connection's
        self.stopped: Stopped | None = None
        self.token_ends = math.inf  # the last accepted token's end
        self._rng = rng
        self._language = language
        self._pace = pace
        self._paced_until = -math.inf
        self._numbers = itertools.count(1)
        self._link: Link | None = None
        self._lane = Lane()  # what belongs to no room
        self._rooms: dict[str, RoomState] = {}
        self._unanswered: dict[str, Call] = {}  # by command id, oldest first
        self._effects: list[Effect] = []

    # --- the application's wishes -------------------------------------------------------------------------------------

    def submit(self, command: AnyCommand, answer: type[Struct], room: RoomState | None = None) -> Call:
        """Ask `command` until it is answered. Raises `Stopped` or `RoomClosed` when it never can be."""
        if self.stopped is not None:
            raise self.stopped
        if room is not None and room.ended is not None:
            raise room.ended
        call = Call(next(self._numbers), command, answer, room.id if room else None)
        (room.lane if room else self._lane).add(call)
        self._effects.append(Output())
        return call

    def abandon(self, call: Call) -> None:
        """Nobody waits for this answer. What was not written is not written; what was, may have been carried out."""
        call.abandoned = True

    def open(self, room_id: str, resume: Position | None = None) -> RoomState:
        """Hear a room from now on, or from `resume` on. Raises `Stopped`, or `ValueError` when it is open already."""
        if self.stopped is not None:
            raise self.stopped
        if room_id in self._rooms:
            raise ValueError(f"room {room_id} is open already")
        call = Call(0, protocol.RoomOpen(room=room_id), protocol.RoomOpened, room_id)
        room = self._rooms[room_id] = RoomState(room_id, View(resume), call, Live(room_id))
        self._effects.append(Output())
        return room

    def close(self, room: RoomState) -> None:
        """Hear no more of a room. Its calls end with `RoomClosed`."""
        if room.ended is not None:
            return
        if self._link is not None and room.phase in {Phase.OPENING, Phase.OPEN}:
            self._link.outbox.append(protocol.RoomClose(room=room.id))
            self._effects.append(Output())
        self._end(room, RoomClosed(room.id))

    def take(self, room: RoomState) -> AnyEvent | protocol.Reset | None:
        """The room's next event for the application; None when there is none now."""
        event = room.view.take()
        if room.view.unpark() and room.phase is Phase.OPEN:
            room.want()
            self._effects.append(Output())
        return event

    def stop(self, why: Stopped) -> None:
        """Never again: every call and every room ends with `why`."""
        self.stopped = why
        for room in list(self._rooms.values()):
            self._end(room, why)
        for call in (*self._lane.drain(), *self._unanswered.values()):
            self._settle(call, why)
        self._unanswered.clear()

    # --- the connection -----------------------------------------------------------------------------------------------

    def connected(self, token: str, now: float) -> None:
        """A socket is open: greet, and take up every room that has a position."""
        resumed = {}
        for room in self._rooms.values():
            room.want()
            if room.view.position is not None:
                resumed[room.id] = room.view.position
                room.phase, room.asked_at = Phase.OPENING, now
        hello = protocol.Hello(token=token, language=self._language, state=self.word, resume=resumed)
        self._link = Link([hello], heard_at=now)
        self._effects.append(Output())

    def disconnected(self, loss: Loss, now: float) -> Loss:
        """The socket is gone; what is unanswered will be asked again. Answers the loss with what is known here of it."""
        link, self._link = self._link, None
        self.welcome = None
        self.online.clear()
        self.away.clear()
        for lane in (self._lane, *(room.lane for room in self._rooms.values())):
            lane.unanswered, lane.hold_until = 0, 0.0
        unanswered, self._unanswered = self._unanswered, {}
        for call in unanswered.values():
            if not isinstance(call.command, protocol.RoomOpen):
                self._lane_of(call).add(call)
        if link is None or link.welcome_at is None:
            return loss
        after = max(loss.after, 0.0 if link.leave_at == math.inf else link.leave_at - now)
        return dataclasses.replace(loss, lived=now - link.welcome_at, after=after)

    def received(self, frame: str | bytes, now: float) -> None:
        """One frame came."""
        if self._link is None:
            return
        self._link.heard(now)
        try:
            match decode(frame):
                case protocol.Event() as event:
                    self._event(event, now)
                case protocol.Reply() as reply:
                    self._reply(reply, self._link, now)
                case None:
                    pass
                case push:
                    self._push(push, self._link, now)
        except BadFrame as fault:
            self._effects.append(HangUp(Loss(f"the server sent a bad frame: {fault}")))

    def tick(self, now: float) -> None:
        """Do what is due by now."""
        link = self._link
        if link is None:
            return
        if now >= link.silent_at:
            self._effects.append(HangUp(Loss("the server fell silent")))
        elif now >= self._answer_due():
            self._effects.append(HangUp(Loss("the server left a command unanswered")))
        elif now >= link.leave_at:
            self._effects.append(HangUp(Loss("the server asked us to reconnect")))
        if now >= link.ping_at:
            link.pinged = True
            link.outbox.append(protocol.Ping(id="heartbeat"))
        if now >= link.renew_at and not link.renewing:
            link.renewing = True
            self._effects.append(NeedToken())

    # --- what follows -------------------------------------------------------------------------------------------------

    def effects(self) -> list[Effect]:
        """What to tell since the last time this was read."""
        effects, self._effects = self._effects, []
        return effects

    def frames(self, now: float) -> list[str]:
        """What to write now, in this order."""
        link = self._link
        if link is None:
            return []
        commands, link.outbox = link.outbox, []
        if link.welcome_at is not None:
            commands.extend(self._due(now))
        return [codec.encode(command).decode() for command in commands]

    def deadline(self) -> float:
        """When `tick` and `frames` have something to do by themselves."""
        link = self._link
        if link is None:
            return math.inf
        if link.welcome_at is None:
            return link.silent_at
        ready_at = min((room.ready_at() for room in self._rooms.values()), default=math.inf)
        ready_at = max(self._paced_until, min(ready_at, self._lane.ready_at()))
        return min(link.deadline(), self._answer_due(), ready_at)

    def _answer_due(self) -> float:
        oldest = next(iter(self._unanswered.values()), None)
        asked_at = min(
            (room.asked_at for room in self._rooms.values() if room.phase is Phase.OPENING), default=math.inf
        )
        return min(oldest.sent_at if oldest else math.inf, asked_at) + REPLY_PATIENCE

    def _due(self, now: float) -> Iterator[AnyCommand]:
        yield from self._leaving(self._lane, now)
        for room in self._rooms.values():
            if room.phase is Phase.WANTED and room.open_at <= now and self._may_ask(now):
                yield self._asked(room.ask(now), now)
            elif room.phase is Phase.OPEN:
                yield from self._leaving(room.lane, now)

    def _leaving(self, lane: Lane, now: float) -> Iterator[AnyCommand]:
        while lane.ready_at() <= now and self._may_ask(now):
            yield self._asked(lane.next(), now)

    def _may_ask(self, now: float) -> bool:
        wait = self._pace.take(now) if self._pace else 0.0
        if wait:
            self._paced_until = now + max(wait, 1 * MILLISECONDS)  # not less than a clock may tell apart
        return not wait

    def _asked(self, call: Call, now: float) -> AnyCommand:
        call.sent_at = now
        call.command.id = str(next(self._numbers))
        self._unanswered[call.command.id] = call
        return call.command

    # --- what the server said -----------------------------------------------------------------------------------------

    def _event(self, event: AnyEvent, now: float) -> None:
        room = self._rooms.get(event.room)
        if room is None:
            return
        match room.view.event(event):
            case Verdict.KEPT:
                room.setbacks = 0
                room.live.happened(event)
                self._effects.append(Arrived(room))
            case Verdict.HOLE if room.phase is Phase.OPEN:
                room.set_back(now, self._rng)
                self._effects.append(Output())
            case _:
                pass

    def _push(self, push: protocol.AnyPush, link: Link, now: float) -> None:
        room = self._rooms.get(getattr(push, "room", ""))
        match push:
            case protocol.Welcome():
                self.welcome = push
                link.welcomed(push, now)
                self.token_ends = link.token_ends(push.expires_at, now, self._rng)
            case protocol.Opened() if room:
                opened = protocol.RoomOpened(
                    push.room,
                    push.position,
                    push.participants,
                    push.online,
                    push.away,
                    push.timer,
                    push.call,
                )
                self._opened(room, opened)
                self._settle(room.opening, opened)
            case protocol.Closed() if room:
                kind = ERRORS.get(push.code)
                message = kind.sentence(self._language) if kind else push.code
                self._not_open(room, protocol.Error(push.code, message, bool(kind and kind.temporary)), now)
            case protocol.Reset() if room:
                room.view.reset(push)
                self._effects.append(Arrived(room))
            case protocol.Presence():
                self._is_here(push.user, push.state)
            case protocol.Reconnect():
                link.leave_at = now + push.after_ms / 1000
            case protocol.PersonalExpiring():
                link.renew_at = now
            case _ if room:
                self._ask_first(room, room.live.told(push))
            case _:
                pass
        self._effects += (Told(push), Output())

    def _ask_first(self, room: RoomState, command: protocol.CallJoin | protocol.CallAsk | None) -> None:
        """Ask something of our own before what the application asks in this room."""
        if command is not None:
            answer = protocol.CallIn if isinstance(command, protocol.CallJoin) else protocol.CallNow
            room.lane.add(Call(0, command, answer, room.id))

    def _reply(self, reply: protocol.Reply, link: Link, now: float) -> None:
        call = self._unanswered.pop(reply.id, None)
        if call is None:  # a heartbeat, or a call of a room that was closed since
            return
        if not isinstance(call.command, protocol.RoomOpen):
            self._lane_of(call).unanswered -= 1
        self._effects.append(Output())
        if reply.error is not None:
            self._refused(call, reply.error, link, now)
            return
        ok = decode_ok(reply.ok, call.answer)
        room = self._rooms.get(call.room or "")
        match ok:
            case protocol.RoomOpened() if room:
                self._opened(room, ok)
            case protocol.Refreshed():
                self.token_ends = link.token_ends(ok.expires_at, now, self._rng)
            case _ if room:
                room.setbacks = 0
                room.live.granted(call.command, ok)
        self._settle(call, ok)

    def _refused(self, call: Call, error: protocol.Error, link: Link, now: float) -> None:
        room = self._rooms.get(call.room or "")
        if isinstance(call.command, protocol.AuthRefresh) and not error.temporary:
            self._settle(call, CommandFailed(error))
            self._effects.append(HangUp(Loss(error.message, TOKEN_EXPIRED.code)))
            return
        if room and isinstance(call.command, protocol.RoomOpen):
            self._not_open(room, error, now)
        elif room and error.code == "room_not_open":
            room.set_back(now, self._rng)
            room.lane.add(call)
        elif _passes(error):
            lane = self._lane_of(call)
            lane.hold_until = now + _wait_ms(error) / 1000 + full_jitter(call.refusals, self._rng)
            lane.add(call)
            call.refusals += 1
        else:
            if room and (news := room.live.refused(call.command)):
                self._effects.append(Told(news))
            self._settle(call, CommandFailed(error))
        if error.code == "token_expired":
            link.renew_at = now

    def _opened(self, room: RoomState, opened: protocol.RoomOpened) -> None:
        room.view.opened(opened.position)
        room.phase = Phase.OPEN
        self._ask_first(room, room.live.opened(opened))
        for each in opened.participants:
            self._is_here(each.user, each.state)

    def _is_here(self, user: str, state: protocol.PresenceState) -> None:
        (self.online.discard if state == "offline" else self.online.add)(user)
        (self.away.add if state == "away" else self.away.discard)(user)

    def _not_open(self, room: RoomState, error: protocol.Error, now: float) -> None:
        if _passes(error):
            room.set_back(now, self._rng, _wait_ms(error) / 1000)
        else:
            self._settle(room.opening, CommandFailed(error))
            self._end(room, RoomClosed(room.id, error.code))

    def _end(self, room: RoomState, why: ClientError) -> None:
        room.ended, room.phase = why, Phase.ENDED
        del self._rooms[room.id]
        unanswered = [call for call in self._unanswered.values() if call.room == room.id]
        for call in unanswered:
            del self._unanswered[call.command.id or ""]
        for call in (room.opening, *room.lane.drain(), *unanswered):
            self._settle(call, why)
        self._effects.append(Arrived(room))

    def _settle(self, call: Call, outcome: Struct | ClientError) -> None:
        if not call.over:
            call.outcome = outcome
            self._effects.append(Settled(call))

    def _lane_of(self, call: Call) -> Lane:
        return self._rooms[call.room].lane if call.room else self._lane


def _passes(error: protocol.Error) -> bool:
    """Whether to ask again by ourselves: it is for the moment, or a newer token cures it."""
    return error.code == "token_expired" or (error.temporary and error.code not in FOR_PEOPLE)


def _wait_ms(error: protocol.Error) -> int:
    return error.retry_after_ms or 0
