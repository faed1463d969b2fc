"""What goes on in a room while people are in it, as its client knows it: the timer, the call, one's own place in it. Pure.

One's place is taken up again by itself whenever the room is open again or the server lost it: whoever is in a call stays in
it over a lost connection, and the others do not notice.
"""

from __future__ import annotations

from chatd.core.call import Call, call_of
from chatd.core.timer import Timer, timer_of
from common import protocol
from common.protocol import AnyEvent, CallAsk, CallJoin


class Live:
    """Of one room. `timer` and `call` are None while they are not known; `place` is how this client joined the call."""

    __slots__ = ("_asked", "call", "place", "room", "timer")

    def __init__(self, room: str) -> None:
        self.room = room
        self.timer: Timer | None = None
        self.call: Call | None = None
        self.place: CallJoin | None = None
        self._asked = False

    def opened(self, opened: protocol.RoomOpened) -> CallJoin | None:
        """The room is open; what to ask, to be in its call again."""
        self.timer = None if opened.timer is None else timer_of(opened.timer)
        self._know(opened.call)
        return self._again()

    def happened(self, event: AnyEvent) -> None:
        """An event came in its turn."""
        if isinstance(event, protocol.Timer) and self.timer is not None:
            self.timer = self.timer.after(event)

    def told(self, push: protocol.AnyPush) -> CallJoin | CallAsk | None:
        """News came; what to ask now, if anything."""
        match push:
            case protocol.TimerNow():
                self.timer = timer_of(push.timer)
            case protocol.CallState():
                self._know(push.call)
            case protocol.CallChange() if self.call is not None:
                return self._changed(push)
            case protocol.CallEnded(peer=peer, why=why) if self.place and self.place.peer == peer:
                if why == "lost":
                    return self._again()
                self.place = None
        return None

    def granted(self, command: protocol.AnyCommand, ok: object) -> None:
        """A command of ours was carried out."""
        match command, ok:
            case protocol.CallJoin(), protocol.CallIn():
                self._know(ok.call)
                self.place = CallJoin(room=self.room, peer=ok.peer, mic=command.mic, camera=command.camera)
            case protocol.CallSwitch(), _ if self.place:
                self.place = CallJoin(
                    room=self.room, peer=self.place.peer, mic=command.mic, camera=command.camera
                )
            case protocol.CallAsk(), protocol.CallNow():
                self._know(ok)

    def refused(self, command: protocol.AnyCommand) -> protocol.CallEnded | None:
        """A command of ours was refused for good; the news it makes when nobody waits for the answer."""
        if isinstance(command, CallAsk):
            self._asked = False
        if not isinstance(command, CallJoin) or self.place is None or command.peer != self.place.peer:
            return None
        self.place = None
        return protocol.CallEnded(room=self.room, peer=command.peer or "", why="lost")

    def _know(self, call: protocol.CallNow | None) -> None:
        if call is None:
            self.call = None
        elif self.call is None or call.version >= self.call.version:
            self.call = call_of(call)
        self._asked = False

    def _again(self) -> CallJoin | None:
        if self.place is None:
            return None
        return CallJoin(room=self.room, peer=self.place.peer, mic=self.place.mic, camera=self.place.camera)

    def _changed(self, change: protocol.CallChange) -> CallAsk | None:
        assert isinstance(change, protocol.AnyCallChange)  # noqa: S101 - there are no others
        after = self.call.after(change) if self.call is not None else None
        if after is not None:
            self.call = after
            return None
        if self._asked:
            return None
        self._asked = True
        return CallAsk(room=self.room)
