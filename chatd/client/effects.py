"""What the core asks of its shell after an input."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

from chatd.client.comeback import Loss
from chatd.client.lane import Call
from chatd.client.room_state import RoomState
from common import protocol


class Lost(Struct, tag_field="type", tag="lost", kw_only=True, frozen=True):
    """The connection ended; the next try is in `back_in` seconds. Until the next `welcome` nothing comes or goes.

    Not of the wire: the client's own news, among the server's.
    """

    why: str
    code: int | None
    back_in: float


AnyNews = protocol.AnyPush | Lost


@dataclass(frozen=True, slots=True)
class Settled:
    """A call has its outcome."""

    call: Call


@dataclass(frozen=True, slots=True)
class Arrived:
    """A room has something to take, or has ended."""

    room: RoomState


@dataclass(frozen=True, slots=True)
class Told:
    """News of the moment."""

    news: AnyNews


@dataclass(frozen=True, slots=True)
class Output:
    """There may be frames to write, or the deadline may be nearer."""


@dataclass(frozen=True, slots=True)
class NeedToken:
    """The token's end is near: get a new one and say `renew`."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """This connection is of no more use."""

    loss: Loss


Effect = Settled | Arrived | Told | Output | NeedToken | HangUp
