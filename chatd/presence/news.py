"""Who came, turned away and went, brought to the sockets here that may know it: those with an open room that the person
is in, and those of friends.

Each socket gets all that concerns it in one piece, each change once however many rooms are shared; its own person's
never. Sockets that hear the same share one piece of bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, Protocol

import trio

from chatd.core.presence import Change
from chatd.presence.audience import Audience, AudienceOf
from common import protocol
from common.codec import push_frame

BREATH: Final = 500  # sockets served before others may run
_SHARED: Final = 64  # pieces kept at once, for the sockets that hear of the same people


class Listener(Protocol):
    """A connection, as far as it is told."""

    user: str

    def send_nowait(self, data: bytes) -> bool:
        """Hand over whole frames; False when they will not arrive."""


class Listeners(Protocol):
    """The hub, as far as it is asked."""

    def listeners(self, room_id: str) -> Collection[Listener]:
        """Who listens to a room here, now."""

    def of_user(self, user: str) -> Collection[Listener]:
        """The connections of a person here, now."""


People = frozenset[str]
Heard = dict[Listener, People]


class PresenceNews:
    """Call it with changes, one of each user: `Presence(on_change=PresenceNews(audience_in(postgres), hub))`."""

    def __init__(self, audience_of: AudienceOf, hub: Listeners) -> None:
        self._audience_of = audience_of
        self._hub = hub

    async def __call__(self, changes: Sequence[Change]) -> None:
        """Tell them. Raises `StoreUnavailable`, and nobody was told, when it cannot be known now who may know."""
        frames = {change.user: frame_of(change) for change in changes}
        await self._send(frames, await self._heard(await self._audience_of(list(frames))))

    async def tell_anew(self, change: Change) -> None:
        """Who may know of a person is not what it was: tell those who may, and take it back from those who may not.

        Raises `StoreUnavailable`, and nobody was told.
        """
        audience = await self._audience_of([change.user])
        may = await self._heard(audience)
        might = await self._heard(audience._replace(settings={}, friends=audience.listed))
        hidden = Change(change.user, "offline", change.at)
        await self._send(
            {change.user: frame_of(hidden)}, {who: might[who] for who in might if who not in may}
        )
        await self._send({change.user: frame_of(change)}, may)

    async def introduce(self, change: Change, room: str) -> None:
        """Tell those who listen to a room of somebody who is new there. Raises `StoreUnavailable`."""
        audience = await self._audience_of([change.user])
        heard = await self._heard(audience._replace(rooms={change.user: [room]}, friends={}))
        await self._send({change.user: frame_of(change)}, heard)

    async def part(self, user: str, room: str, at: int) -> None:
        """Take a person who is no longer in a room back from those who listen there and may know of them from nowhere else.

        Raises `StoreUnavailable`, and nobody was told.
        """
        audience = await self._audience_of([user])
        may = await self._heard(audience)
        might = await self._heard(audience._replace(rooms={user: [room]}, friends={}))
        hidden = frame_of(Change(user, "offline", at))
        await self._send({user: hidden}, {who: might[who] for who in might if who not in may})

    async def _send(self, frames: Mapping[str, bytes], heard: Heard) -> None:
        @lru_cache(maxsize=_SHARED)
        def joined(users: People) -> bytes:
            return b"".join([frames[user] for user in users])

        for number, (who, people) in enumerate(heard.items(), 1):
            who.send_nowait(joined(people))
            if number % BREATH == 0:
                await trio.lowlevel.checkpoint()

    async def _heard(self, audience: Audience) -> Heard:
        """Whom each connection hears of. A step for each listener of each room, however many changed in it."""
        both = lru_cache(maxsize=_SHARED)(frozenset.union)
        heard: Heard = {}
        steps = 0
        for people, listeners in self._groups(audience):
            for who in listeners:
                before = heard.get(who)
                heard[who] = people if before is None else both(before, people)
            steps += len(listeners)
            if steps >= BREATH:
                steps = 0
                await trio.lowlevel.checkpoint()
        return dict(_without_hidden(heard, audience))

    def _groups(self, audience: Audience) -> Iterator[tuple[People, Collection[Listener]]]:
        """People, and connections that hear of all of them."""
        of_room: dict[str, set[str]] = defaultdict(set)
        for user, rooms in audience.rooms.items():
            setting = audience.settings.get(user, "everyone")
            for room in rooms:
                if setting == "everyone":
                    of_room[room].add(user)
                elif setting == "friends":
                    listed = audience.listed.get(user, frozenset())
                    yield (
                        frozenset({user}),
                        [each for each in self._hub.listeners(room) if each.user in listed],
                    )
        for room, users in of_room.items():
            yield frozenset(users), self._hub.listeners(room)
        of_friend: dict[str, set[str]] = defaultdict(set)
        for user, friends in audience.friends.items():
            if audience.settings.get(user) != "nobody":
                for friend in friends:
                    of_friend[friend].add(user)
        for friend, users in of_friend.items():
            yield frozenset(users), self._hub.of_user(friend)


def _without_hidden(heard: Heard, audience: Audience) -> Iterator[tuple[Listener, People]]:
    for who, people in heard.items():
        hidden = audience.blocked.get(who.user, frozenset()) | {who.user}
        seen = people if hidden.isdisjoint(people) else people - hidden
        if seen:
            yield who, seen


def frame_of(change: Change) -> bytes:
    """The push that tells a change."""
    return push_frame(
        protocol.Presence(user=change.user, state=change.state, at=change.at, last_seen=change.last_seen)
    )
