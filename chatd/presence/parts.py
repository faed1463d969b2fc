"""The parts of presence, put together over the stores and the hub."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from chatd.hub import Hub
from chatd.presence.audience import audience_in
from chatd.presence.circle import Circles
from chatd.presence.headcount import Headcount
from chatd.presence.last_seen import LastSeen
from chatd.presence.news import PresenceNews
from chatd.presence.participants import Participants
from chatd.presence.people import People
from chatd.presence.presence import Presence
from chatd.settings import Settings
from common.postgres import Postgres
from common.redis import Redis


class Parts(NamedTuple):
    """What answers and tells who is here. Beside `presence.run` and `last_seen.run`, its `tasks` have to run."""

    presence: Presence
    circles: Circles
    people: People
    participants: Participants
    headcount: Headcount
    last_seen: LastSeen

    @property
    def tasks(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """What answers questions and runs errands, each for ever."""
        return (self.circles.run, self.people.run, self.participants.run, self.headcount.run)


def presence_parts(settings: Settings, boot: str, *, postgres: Postgres, redis: Redis, hub: Hub) -> Parts:
    """The parts for this boot of the replica."""
    news = PresenceNews(audience_in(postgres), hub)
    last_seen = LastSeen(postgres)
    presence = Presence(
        redis,
        replica=settings.replica,
        boot=boot,
        lease=settings.lease,
        renew=settings.lease / 3,
        calm=settings.calm,
        most=settings.connections_per_user,
        on_change=news,
        on_gone=last_seen.left,
    )
    circles = Circles(postgres)
    participants = Participants(postgres, presence, circles)
    return Parts(
        presence=presence,
        circles=circles,
        people=People(postgres, presence, circles=circles, participants=participants, news=news, hub=hub),
        participants=participants,
        headcount=Headcount(presence.count),
        last_seen=last_seen,
    )
