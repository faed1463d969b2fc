"""Notices reach everybody who is here, together, a few at a time, and hold up nobody."""

from __future__ import annotations

from typing import Any

import trio
from trio.testing import MockClock

from chatd.news import BREATH
from chatd.notices import GATHER, MOST, Notices
from common import feed, protocol
from common.codec import push_frame

SOON = 2 * GATHER


class Socket:
    def __init__(self, backlog: float = 0) -> None:
        self.backlog = backlog
        self.pieces: list[tuple[float, bytes]] = []

    def send_nowait(self, data: bytes) -> bool:
        self.pieces.append((trio.current_time(), data))
        return True

    @property
    def heard(self) -> bytes:
        return b"".join(data for _, data in self.pieces)


class Hub:
    def __init__(self, *sockets: Socket) -> None:
        self.connections: dict[Any, None] = dict.fromkeys(sockets)


def changed(number: int = 1, change: Any = "published", pinned: bool = False) -> feed.NoticeChanged:
    return feed.NoticeChanged(notice=f"n{number}", change=change, pinned=pinned, ko="점검", en="Away", at=7)


def frame(number: int = 1, change: Any = "published", pinned: bool = False) -> bytes:
    return push_frame(
        protocol.Notice(notice=f"n{number}", change=change, pinned=pinned, ko="점검", en="Away", at=7)
    )


async def test_everybody_here_hears_of_it_once_and_of_the_last_state_alone(
    nursery: trio.Nursery, autojump_clock: MockClock
) -> None:
    one, other = Socket(), Socket()
    notices = Notices(Hub(one, other))
    nursery.start_soon(notices.run)
    notices.changed(changed(1))
    notices.changed(changed(2))
    notices.changed(changed(1))  # told again by the relay
    notices.changed(changed(1, "changed", pinned=True))
    await trio.sleep(SOON)
    assert one.heard == other.heard == frame(2) + frame(1, "changed", pinned=True)
    assert len(one.pieces) == 1
    notices.changed(changed(1, "withdrawn"))
    await trio.sleep(SOON)
    assert one.pieces[-1][1] == frame(1, "withdrawn")


async def test_a_crowd_is_told_some_at_a_time(nursery: trio.Nursery, autojump_clock: MockClock) -> None:
    crowd = [Socket() for _ in range(3 * BREATH)]
    notices = Notices(Hub(*crowd))
    nursery.start_soon(notices.run)
    notices.changed(changed())
    await trio.sleep(SOON)
    moments = [socket.pieces[0][0] for socket in crowd]
    assert moments == sorted(moments)
    assert len(set(moments)) == 3
    assert [len(socket.pieces) for socket in crowd] == [1] * len(crowd)


async def test_who_left_or_is_busy_is_not_told(nursery: trio.Nursery, autojump_clock: MockClock) -> None:
    busy, crowd, leaver = Socket(backlog=0.6), [Socket() for _ in range(BREATH)], Socket()
    hub = Hub(busy, *crowd, leaver)
    notices = Notices(hub)
    nursery.start_soon(notices.run)
    notices.changed(changed())
    while not crowd[0].pieces:  # noqa: ASYNC110 - the clock jumps
        await trio.sleep(0.001)
    del hub.connections[leaver]
    await trio.sleep(SOON)
    assert (busy.pieces, leaver.pieces) == ([], [])
    assert crowd[-1].heard == frame()


async def test_what_waits_is_bounded(nursery: trio.Nursery, autojump_clock: MockClock) -> None:
    one = Socket()
    notices = Notices(Hub(one))
    nursery.start_soon(notices.run)
    for number in range(MOST + 5):
        notices.changed(changed(number))
    await trio.sleep(SOON)
    assert one.heard == b"".join(frame(number) for number in range(5, MOST + 5))
