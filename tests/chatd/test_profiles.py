"""How people look by now is told to those who see them, when it can be known who they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from chatd import profiles as module
from chatd.profiles import GATHER, Circle, Profiles
from common import feed, protocol
from common.codec import push_frame
from common.errors import StoreUnavailable

SOON = 2 * GATHER


class Socket:
    backlog = 0.0

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def send_nowait(self, data: bytes) -> bool:
        self.heard.append(data)
        return True


class Hub:
    def __init__(self, *users: str) -> None:
        self.sockets = {user: Socket() for user in users}

    @property
    def connections(self) -> dict[Any, None]:
        return dict.fromkeys(self.sockets.values())

    def of_user(self, user: str) -> list[Any]:
        return [self.sockets[user]] if user in self.sockets else []

    def told(self) -> set[str]:
        """Who has heard anything; and from now on nobody has."""
        heard = {user for user, socket in self.sockets.items() if socket.heard}
        for socket in self.sockets.values():
            socket.heard.clear()
        return heard


class Roster:
    def __init__(self, **rooms: set[str]) -> None:
        self.rooms = rooms

    def present(self, room: str) -> set[str]:
        return self.rooms.get(room, set())


class Postgres:
    def __init__(self, **circles: Circle) -> None:
        self.circles = circles
        self.asked: list[list[str]] = []
        self.away = False

    async def snapshot(self, fn: Any, users: Sequence[str]) -> dict[str, Circle]:
        await trio.lowlevel.checkpoint()
        self.asked.append(list(users))
        if self.away:
            raise StoreUnavailable("postgres", "away")
        return {user: self.circles.get(user, Circle(set(), set(), set())) for user in users}


def changed(user: str, nickname: str = "새 이름") -> feed.ProfileChanged:
    return feed.ProfileChanged(user=user, nickname=nickname, avatar=None, status="")


async def test_members_friends_and_oneself_hear_and_nobody_who_is_blocked(
    nursery: trio.Nursery, autojump_clock: MockClock
) -> None:
    hub = Hub("mina", "member", "friend", "blocked", "stranger")
    postgres: Any = Postgres(mina=Circle({"r"}, {"friend", "blocked"}, {"blocked"}))
    profiles = Profiles(postgres, hub, Roster(r={"mina", "member", "blocked"}, other={"stranger"}))
    nursery.start_soon(profiles.run)
    profiles.changed(changed("mina"))
    await trio.sleep(SOON)
    frame = push_frame(protocol.Profile(user="mina", nickname="새 이름"))
    assert hub.sockets["friend"].heard == [frame]
    assert hub.told() == {"mina", "member", "friend"}


async def test_what_comes_together_is_asked_about_together_and_told_as_it_is_last(
    nursery: trio.Nursery, autojump_clock: MockClock
) -> None:
    hub = Hub("mina", "jun")
    postgres: Any = Postgres()
    profiles = Profiles(postgres, hub, Roster())
    nursery.start_soon(profiles.run)
    for nickname in ("하나", "둘", "둘"):
        profiles.changed(changed("mina", nickname))
    profiles.changed(changed("jun"))
    await trio.sleep(SOON)
    assert postgres.asked == [["mina", "jun"]]
    assert hub.sockets["mina"].heard == [push_frame(protocol.Profile(user="mina", nickname="둘"))]


async def test_while_postgresql_is_away_it_waits_and_nothing_is_lost(
    nursery: trio.Nursery, autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    hub = Hub("a", "b", "c")
    postgres: Any = Postgres()
    postgres.away = True
    profiles = Profiles(postgres, hub, Roster())
    nursery.start_soon(profiles.run)
    for user in hub.sockets:
        profiles.changed(changed(user))
    await trio.sleep(60)
    assert hub.told() == set()
    postgres.away = False
    await trio.sleep(60)
    assert hub.told() == {"a", "b", "c"}
    asked = len(postgres.asked)
    await trio.sleep(60)
    assert len(postgres.asked) == asked  # nobody is asked about while nothing changes


async def test_who_waits_is_bounded(
    nursery: trio.Nursery, autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    hub = Hub("a", "b", "c")
    postgres: Any = Postgres()
    profiles = Profiles(postgres, hub, Roster())
    nursery.start_soon(profiles.run)
    for user in hub.sockets:
        profiles.changed(changed(user))
    await trio.sleep(SOON)
    assert hub.told() == {"b", "c"}
