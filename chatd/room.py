"""A room as the hub keeps it for those who listen here, and what it needs of them.

Only the hub changes a room; who else holds one reads its id and, right after `Hub.find`, its position.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import trio

from chatd.core.room import Order
from common import protocol
from common.disconnect import Disconnect
from common.errors import StoreUnavailable
from common.roomlog.position import Entry


class Listener(Protocol):
    """What the hub needs of a connection."""

    user: str
    session: str

    @property
    def backlog(self) -> float:
        """How full the outbox is, from 0 (nothing waits) to 1."""

    def send_nowait(self, data: bytes) -> bool:
        """Hand over whole frames; False when they will not arrive."""

    def disconnect(self, reason: Disconnect) -> None:
        """End the connection soon."""

    def dropped(self, room: str) -> None:
        """The room is no longer open on this connection."""

    def revise(self, permissions: Collection[str]) -> None:
        """The person may do something else from now on."""

    def tick(self, now: float, now_ms: int) -> None:
        """Time passed: ping, warn or end as it asks for. Called about every second."""


class Room:
    """A room with listeners on this replica."""

    def __init__(self, room_id: str) -> None:
        self.id = room_id
        self.order: Order | None = None  # None while it is not known where the room stands
        self.listeners: dict[Listener, None] = {}
        self.waiting: dict[Listener, list[bytes]] = {}  # what came while they were catching up
        self.early: list[Entry] = []  # what came while the order was not known
        self.held: list[Entry] = []  # what came after a hole
        self.seekers = 0  # how many wait for `found`
        self.found = trio.Event()  # it is known, or it could not be found out
        self.failure: StoreUnavailable | None = None  # why not
        self.wrong: str | None = None  # an epoch that is to end before the room is found
        self.breath: trio.Event | None = (
            None  # while the blobs of a batch are handed out, with breaths between
        )

    @property
    def position(self) -> protocol.Position:
        """Up to where it was delivered here. Only without a checkpoint since `find`."""
        assert self.order is not None  # noqa: S101 - the type cannot say it
        return protocol.Position(self.order.epoch, self.order.seq)
