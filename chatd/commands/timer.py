"""The room's timer: `timer.start`, `timer.pause`, `timer.resume`, `timer.reset`.

What makes no sense by what this replica has heard is refused. What others do at the same moment may still come first: then
the event stands where it makes no sense, and does nothing (`core.timer`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from chatd.commands.family import AtOnce, Perform
from chatd.commands.lasting import last
from chatd.core.timer import Act
from chatd.membership import Membership
from common import protocol
from common.clock import now_ms
from common.errors import MadangError
from common.roomlog.position import TimerBody

if TYPE_CHECKING:
    from chatd.connection import Connection

_ACTS: Final[
    dict[type[protocol.TimerCommand], tuple[Act, Literal["started", "paused", "resumed", "reset"]]]
] = {
    protocol.TimerStart: ("start", "started"),
    protocol.TimerPause: ("pause", "paused"),
    protocol.TimerResume: ("resume", "resumed"),
    protocol.TimerReset: ("reset", "reset"),
}


async def _do(who: Connection, command: protocol.AnyTimerCommand) -> None:
    act, change = _ACTS[type(command)]

    async def allow(_: Membership) -> None:
        if command.room not in who.rooms:
            raise MadangError("room_not_open")
        await who.services.timers.learn(command.room)
        if _refusal(who, command.room, act):
            await who.services.hub.caught_up(command.room)  # it may follow what is not heard here yet
        if refusal := _refusal(who, command.room, act):
            raise MadangError(refusal)

    body = TimerBody(
        room=command.room,
        sender=who.user,
        client_id=command.client_id,
        change=change,
        by=who.user,
        duration_ms=command.duration_ms if isinstance(command, protocol.TimerStart) else None,
    )
    await last(who, command.id, body, allow)


def _refusal(who: Connection, room: str, act: Act) -> str | None:
    timer = who.services.timers.of(room)
    if timer is None:
        raise MadangError("log_unavailable", retry_after_ms=1000)
    return timer.refuse(act, now_ms())


AT_ONCE: Final[AtOnce] = {}
PERFORM: Final[Perform] = dict.fromkeys(_ACTS, _do)
