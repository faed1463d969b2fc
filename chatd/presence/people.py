"""What one person may know of others, asked about by name; and what is told when that itself changes.

The rule is in `circle`. Whoever may not know is told what they would be told of somebody who never came: offline.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import trio

from chatd.core.presence import Change
from chatd.presence.circle import Circles
from chatd.presence.news import Listeners, PresenceNews, frame_of
from chatd.presence.participants import Participants
from chatd.presence.presence import Presence
from common import feed, protocol
from common.clock import ms_of, now_ms
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.postgres import Connection, Postgres
from common.supervise import keep_trying

_log = get_logger(__name__)

Errand = Callable[[], Awaitable[None]]

_ERRANDS: Final = 10_000  # that wait

# $1 the one who asks   $2 about whom
_MAY_KNOW: Final = """
    SELECT person.id::text AS user_id, last_seen.at
    FROM users person
    LEFT JOIN last_seen ON last_seen.user_id = person.id
    WHERE person.id = ANY($2::uuid[]) AND (
        person.id = $1
        OR NOT EXISTS (
            SELECT FROM relations
            WHERE kind = 'blocked'
                AND (user_id = $1 AND other_id = person.id OR user_id = person.id AND other_id = $1)
        )
        AND (
            person.presence <> 'nobody' AND EXISTS (
                SELECT FROM relations WHERE user_id = person.id AND other_id = $1 AND kind = 'friend'
            )
            OR person.presence = 'everyone' AND EXISTS (
                SELECT FROM members mine JOIN members theirs USING (room_id)
                WHERE mine.user_id = $1 AND theirs.user_id = person.id
            )
        )
    )
"""

_KEEPS: Final = (
    "SELECT EXISTS (SELECT FROM relations WHERE user_id = $1 AND other_id = $2 AND kind = 'friend')"
)


class People:
    """Answers about people, and errands to tell what changed between them.

    Errands are run in their order by a task of their own, so that whoever hears of a change need not wait for a store.
    """

    def __init__(
        self,
        postgres: Postgres,
        presence: Presence,
        *,
        circles: Circles,
        participants: Participants,
        news: PresenceNews,
        hub: Listeners,
    ) -> None:
        self._postgres = postgres
        self._presence = presence
        self._circles = circles
        self._participants = participants
        self._news = news
        self._hub = hub
        self._errands: deque[Errand] = deque()
        self._sent = trio.Event()

    async def run(self) -> None:
        """Run errands, for ever. One that a store is away for waits for it."""
        while True:
            await self._sent.wait()
            while self._errands:
                await keep_trying("tell who may know of whom", self._errands[0], StoreUnavailable)
                self._errands.popleft()
            self._sent = trio.Event()

    def _send(self, errand: Errand) -> None:
        if len(self._errands) >= _ERRANDS:
            _log.warning("too many wait to be told who may know of whom; one is not")
            return
        self._errands.append(errand)
        self._sent.set()

    async def states(self, viewer: str, users: Sequence[str]) -> list[protocol.PersonState]:
        """What `viewer` may know of each of `users`, in their order. One question to each store; raises `StoreUnavailable`."""
        seen = await self._postgres.read(_may_know, viewer, users)
        states = await self._presence.states([user for user in users if user in seen])
        return [
            protocol.PersonState(user, state, seen.get(user) if state == "offline" else None)
            for user in users
            for state in [states.get(user, "offline")]
        ]

    # --- errands --------------------------------------------------------------------------------------------------

    def joined(self, user: str, room: str) -> None:
        """Tell those who listen to a room of a newcomer who is here: when that began it was none of their business."""
        if any(who.user != user for who in self._hub.listeners(room)):
            self._send(partial(self._introduce, user, room))

    async def _introduce(self, user: str, room: str) -> None:
        if change := await self._here(user):
            await self._news.introduce(change, room)

    def parted(self, user: str, room: str) -> None:
        """Take somebody who is no longer in a room back from those there who may not know of them any more.

        They themselves know what they left, and forget those whom they knew from there alone.
        """
        if any(who.user != user for who in self._hub.listeners(room)):
            self._send(partial(self._part, user, room))

    async def _part(self, user: str, room: str) -> None:
        if change := await self._here(user):
            await self._news.part(user, room, change.at)

    def setting_changed(self, user: str) -> None:
        """A person says anew who may know whether they are here: all who listen hear what they may know now."""
        self._circles.drop_all()
        self._participants.forget()
        self._send(partial(self._tell_anew, user))

    async def _tell_anew(self, user: str) -> None:
        if change := await self._here(user):
            await self._news.tell_anew(change)

    def relation_changed(self, change: feed.RelationChanged) -> None:
        """Two people blocked each other or not, or one keeps the other as a friend or not: what each may know now."""
        self._circles.drop(change.user, change.other)
        if change.kind == "blocked":
            self._send(partial(self._tell_both, change.user, change.other))
        elif change.kind == "friend":
            self._send(partial(self._tell_friends, change))

    async def _tell_both(self, one: str, other: str) -> None:
        await self._tell(one, other)
        await self._tell(other, one)

    async def _tell_friends(self, change: feed.RelationChanged) -> None:
        """That somebody keeps them, those who do not keep him never learn."""
        if change.change == "added":
            await self._tell(change.user, change.other)
        if await self._postgres.read(_keeps, change.other, change.user):
            await self._tell(change.other, change.user)

    async def _tell(self, viewer: str, person: str) -> None:
        """Tell the connections of `viewer` what they may know of `person`."""
        connections = self._hub.of_user(viewer)
        if not connections:
            return
        (state,) = await self.states(viewer, [person])
        frame = frame_of(Change(person, state.state, now_ms(), state.last_seen))
        for who in connections:
            who.send_nowait(frame)

    async def _here(self, user: str) -> Change | None:
        state = (await self._presence.states([user])).get(user)
        return Change(user, state, now_ms()) if state else None


async def _may_know(connection: Connection, viewer: str, users: Sequence[str]) -> dict[str, int | None]:
    rows = await connection.fetch(_MAY_KNOW, viewer, users)
    return {row["user_id"]: _ms(row["at"]) for row in rows}


async def _keeps(connection: Connection, user: str, other: str) -> bool:
    keeps: bool = await connection.fetchval(_KEEPS, user, other)
    return keeps


def _ms(at: datetime | None) -> int | None:
    return None if at is None else ms_of(at)
