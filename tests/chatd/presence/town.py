"""A register on a real server, by a clock that stands still until it is moved, and what is told of it."""

from __future__ import annotations

import itertools

from chatd.core.presence import Roster, Word
from chatd.presence.register import KEYS, Register
from common.redis import Redis

CLOCK = "local function clock() return tonumber(redis.call('GET', '{presence}:clock')) end\n"
PEOPLE, NEWS = KEYS[3], KEYS[5]
UNIT = 1 << 20  # of a tally, see keys.lua
LEASE, CALM, GAP, MOST = 15, 15, 5, 10

News = list[tuple[str, str]]


class Town:
    """A register, its clock in seconds, and what was told of it so far."""

    def __init__(self, server: Redis, *, lease: float = LEASE, calm: float = CALM, gap: float = GAP) -> None:
        self.server = server
        self.register = Register(server, lease=lease, calm=calm, gap=gap, most=MOST, clock=CLOCK)
        self.now = 1_000_000
        self.read_to = b"0-0"

    async def open(self) -> None:
        """Empty, and past the quiet time that follows a first sweep."""
        await self.server.call("FLUSHALL")
        self.read_to = b"0-0"
        await self.pass_time(0)
        await self.sweep()
        for _ in range(4):
            await self.pass_time(LEASE / 4)
            await self.sweep()

    async def pass_time(self, seconds: float) -> None:
        self.now += seconds
        await self.server.call("SET", "{presence}:clock", int(self.now * 1000))

    async def sweep(self) -> None:
        while await self.register.sweep():
            pass

    async def live(self, seconds: int, *replicas: Replica) -> News:
        """Second by second: these replicas renew, all sweep. What was told meanwhile."""
        for _ in range(seconds):
            await self.pass_time(1)
            for replica in replicas:
                await replica.say()
            await self.sweep()
        return await self.news()

    async def copy(self) -> dict[bytes, bytes]:
        """Everything the server knows."""
        keys = await self.server.call("KEYS", "*")
        return {key: await self.server.call("DUMP", key) for key in keys}

    async def restore(self, copy: dict[bytes, bytes]) -> None:
        await self.server.call("FLUSHALL")
        for key, dump in copy.items():
            await self.server.call("RESTORE", key, 0, dump)
        await self.pass_time(0)

    async def news(self) -> News:
        self.read_to, changes = await self.register.news(self.read_to)
        return [(change.user, change.state) for change in changes]


class Replica:
    """What `Presence` does, without its tasks and its patience."""

    _boots = itertools.count(1)

    def __init__(self, town: Town, name: str) -> None:
        self.town = town
        self.name = name
        self.boot = f"boot{next(self._boots)}"
        self.roster = Roster()
        self.terms = 0
        self.epoch: str | None = None
        self.term: str | None = None
        self.refused: list[str] = []

    async def begin(self) -> None:
        self.terms += 1
        self.term = f"{self.name} {self.boot} {self.terms}"
        instead_of = f"{self.name} " if self.epoch is None else f"{self.name} {self.boot} "
        epoch = await self.town.register.begin(self.term, instead_of=instead_of)
        self.roster.begin(forgotten=self.epoch not in {None, epoch})
        self.epoch = epoch

    async def say(self, *, stammer: bool = False) -> dict[str, int]:
        """Everything unsaid, or at least that we live; with `stammer` the first answer gets lost. The totals."""
        totals: dict[str, int] = {}
        while True:
            if self.term is None:
                await self.begin()
            assert self.term is not None
            report = self.roster.take(500)
            heard = await self.town.register.report(self.term, report)
            if heard is None:
                self.roster.unheard(report)
                self.term = None
                continue
            if stammer:
                self.roster.unheard(report)
                stammer = False
                continue
            self.refused += self.roster.heard(report, {user: each.admitted for user, each in heard.items()})
            totals |= {user: each.total for user, each in heard.items()}
            if self.roster.all_said:
                return totals

    async def arrive(self, user: str, connection: str | None = None, word: Word = "online") -> int:
        self.roster.arrived(user, connection or f"{self.name}-{user}", word)
        return (await self.say())[user]

    async def turn(self, user: str, word: Word) -> None:
        self.roster.turn(f"{self.name}-{user}", word)
        await self.say()

    async def leave(self, user: str, connection: str | None = None) -> None:
        self.roster.left(connection or f"{self.name}-{user}")
        await self.say()

    async def release(self) -> None:
        assert self.term is not None
        await self.town.register.release(self.term)
