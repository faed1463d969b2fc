"""Notices of the admins, told to everybody who is connected here.

What comes within a moment goes out together, and of one notice only its last state. Replicas are jittered apart, and each
serves its connections some at a time. It may be lost on a socket that is busy: the list over HTTP has what lasts.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from typing import Final, NoReturn, Protocol

import trio

from chatd.spreading import Listener, spread
from common import feed, protocol
from common.codec import push_frame
from common.supervise import jittered
from common.units import SECONDS

GATHER: Final = 1 * SECONDS
MOST: Final = 100  # that wait; of more, the oldest are not told


class Everybody(Protocol):
    """The hub, as far as it is asked."""

    @property
    def connections(self) -> Collection[Listener]:
        """All that are live here, now."""


class Notices:
    """The notices that are still to be told here."""

    def __init__(self, hub: Everybody) -> None:
        self._hub = hub
        self._waiting: OrderedDict[str, protocol.Notice] = OrderedDict()
        self._filled = trio.Event()

    def changed(self, change: feed.NoticeChanged) -> None:
        """A notice was published, changed or withdrawn: tell it soon. Told twice, it is the same."""
        self._waiting[change.notice] = protocol.Notice(
            notice=change.notice,
            change=change.change,
            pinned=change.pinned,
            ko=change.ko,
            en=change.en,
            at=change.at,
        )
        self._waiting.move_to_end(change.notice)
        if len(self._waiting) > MOST:
            self._waiting.popitem(last=False)
        self._filled.set()

    async def run(self) -> NoReturn:
        """Tell, for ever."""
        while True:
            await self._filled.wait()
            await trio.sleep(jittered(GATHER, 0.5))
            waiting, self._waiting = self._waiting, OrderedDict()
            self._filled = trio.Event()
            frames = b"".join(map(push_frame, waiting.values()))
            await spread(list(self._hub.connections), frames, here=self._hub.connections)
