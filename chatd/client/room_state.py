"""A room as the conversation sees it: whether it is open on the present connection, its view and its lane. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random

from chatd.client.comeback import full_jitter
from chatd.client.errors import ClientError
from chatd.client.lane import Call, Lane
from chatd.client.live import Live
from chatd.client.view import View
from common import protocol


class Phase(Enum):
    """Where a room stands on the present connection."""

    WANTED = auto()  # to be asked for, not before `open_at`
    OPENING = auto()  # asked for at `asked_at`
    OPEN = auto()
    ENDED = auto()


@dataclass(slots=True, eq=False)
class RoomState:
    """One room the application wants to hear. `opening` is the call that asks for it; `ended` says why it is over."""

    id: str
    view: View
    opening: Call
    live: Live
    lane: Lane = field(default_factory=Lane)
    phase: Phase = Phase.WANTED
    open_at: float = 0.0
    asked_at: float = 0.0
    setbacks: int = 0  # holes and refusals since the last progress
    ended: ClientError | None = None

    def want(self, at: float = 0.0) -> None:
        """Have it asked for again, at `at` or later."""
        self.phase = Phase.WANTED
        self.open_at = at

    def ask(self, now: float) -> Call:
        """The call that asks for it, from where its view stands."""
        self.phase, self.asked_at = Phase.OPENING, now
        if self.opening.over:
            self.opening = Call(0, self.opening.command, protocol.RoomOpened, self.id)
        self.opening.command = protocol.RoomOpen(room=self.id, resume=self.view.position)
        return self.opening

    def set_back(self, now: float, rng: Random, after: float = 0.0) -> None:
        """It could not go on: ask again, more patiently each time until there is progress."""
        self.want(now + after + full_jitter(self.setbacks, rng))
        self.setbacks += 1

    def ready_at(self) -> float:
        """When there is something to write for this room; infinity when there is nothing."""
        match self.phase:
            case Phase.WANTED:
                return self.open_at
            case Phase.OPEN:
                return self.lane.ready_at()
            case _:
                return math.inf
