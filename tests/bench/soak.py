"""Mixed traffic for as long as you like, replicas killed at random, and the memory of what was not killed drawn as a curve.

    .venv/bin/python tests/bench/soak.py --minutes 10 --seed 1

Three replicas and a control over real stores. People talk, edit, react, pin, look back, search, open and close rooms,
join and leave through control; some never read, some come and are gone at once. Every few seconds one of two replicas is
killed (-9) or asked to end, and brought back; the third, the *steady* one, and control live through it all.

The steady replica remembers one MiB of recent events and not 32, for it is to have its full weight before half the time
is over. At the end everything acknowledged must be in the log, once, where its answer said. Memory is flat when in the
second half, by linear regression, what Python has in use (`madang_memory_blocks`) grew by no more than `--use` per cent a
minute, and what the system counts by no more than `--slope` MiB a minute. The first is what a leak shows in, to a few
hundred bytes a second; the second also has what an allocator cut into pieces, and comes to rest later. Prints graphs
and, as its last line, one JSON object; ends with 1 when a promise was not kept.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
import pymongo
import redis
import trio

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from chatd.client import CommandFailed, Room, RoomClosed
from common.ids import uuid7
from common.protocol import Sent
from common.roomlog.position import SHARDS
from common.units import MIB
from tests.bench import harness
from tests.bench.entering import resident
from tests.bench.harness import say
from tests.faults.checker import Document, Name, Violation, check
from tests.faults.stage import ENVIRONMENT, Stage, open_stage
from tests.support.rawsocket import open_raw
from tests.support.services import Services
from tests.support.world import Person, Replica, client_of

ROOMS: Final = 8
PEOPLE: Final = 24
MEMBERS: Final = 8  # of a room, beside the wanderers
WANDERERS: Final = 3  # who join and leave through control
SLEEPERS: Final = 4  # who never read
SAMPLE_S: Final = 2.0
KILL_EVERY_S: Final = (8.0, 20.0)
WARM: Final = 0.5  # of the time, before memory is held to its level
SETTLE_S: Final = 60.0
BLOCKS: Final = re.compile(r"^madang_memory_blocks (\S+)$", re.MULTILINE)
EMOJI: Final = ("👍", "❤️", "😂", "🎉")

in_thread = trio.to_thread.run_sync


@dataclass
class Record:
    """What was acknowledged, and what was done."""

    answers: dict[str, dict[Name, list[Sent]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass
class Curve:
    """The memory of one process over time: what the system counts, in MiB, and what is in use, in pieces."""

    name: str
    pid: int
    metrics: str  # where it tells them
    at_s: list[float] = field(default_factory=list)
    mib: list[float] = field(default_factory=list)
    blocks: list[float] = field(default_factory=list)

    def slope(self, since_s: float) -> float:
        """MiB a minute since then, by linear regression."""
        return self._slope(self.mib, since_s)

    def growth(self, since_s: float) -> float:
        """How much more is in use each minute, in per cent, likewise."""
        return 100 * self._slope(self.blocks, since_s) / statistics.fmean(self.blocks)

    def _slope(self, values: Sequence[float], since_s: float) -> float:
        late = [(at, value) for at, value in zip(self.at_s, values, strict=True) if at >= since_s]
        if len(late) < 3:
            return 0.0
        return statistics.linear_regression(*zip(*late, strict=True)).slope * 60


class Soak:
    """The traffic, the kills, the samples."""

    def __init__(self, stage: Stage, steady: Replica, options: argparse.Namespace) -> None:
        self.record = Record()
        self.kills: Counter[str] = Counter()
        self.seconds = options.minutes * 60
        self._stage = stage
        self._steady = steady
        self._pause_s = options.pause
        self._chance = Random(options.seed)
        self._people = stage.world.people(PEOPLE)
        self._wanderers = stage.world.people(WANDERERS)
        self.rooms = [
            stage.world.room(
                *self._people[n * 2 : n * 2 + MEMBERS], *self._people[: max(0, n * 2 + MEMBERS - PEOPLE)]
            )
            for n in range(ROOMS)
        ]
        self._rooms_of = {
            person.id: [
                room for n, room in enumerate(self.rooms) if person in self._people[n * 2 : n * 2 + MEMBERS]
            ]
            for person in self._people
        }
        assert stage.control._child is not None
        self.curves = [
            Curve("the steady replica", steady.pid, f"http://127.0.0.1:{steady.private_port}/metrics"),
            Curve("control", stage.control._child.pid, f"{stage.control.url}/metrics"),
        ]
        self._began = time.monotonic()
        self._answered = trio.Event()

    @property
    def everywhere(self) -> tuple[Replica, ...]:
        return (*self._stage.replicas, self._steady)

    async def run(self) -> None:
        """Everything at once, for as long as asked; whoever is in the middle of something may finish it."""
        self._began = time.monotonic()
        async with trio.open_nursery() as nursery:
            for person in self._people:
                if self._rooms_of[person.id]:
                    nursery.start_soon(self._live, person, self._rng())
            for wanderer in self._wanderers:
                nursery.start_soon(self._wander, wanderer, self._rng())
            for person in self._people[:SLEEPERS]:
                nursery.start_soon(self._sleep, person)
            nursery.start_soon(self._pass_by, self._rng())
            nursery.start_soon(self._kill, self._rng())
            nursery.start_soon(self._sample)
            await self._answered.wait()  # its time begins with that
            await trio.sleep(self.seconds)
            nursery.cancel_scope.cancel()

    def _rng(self) -> Random:
        return Random(self._chance.random())

    # --- people -------------------------------------------------------------------------------------------------------

    async def _live(self, person: Person, rng: Random) -> None:
        """Be there, over all replicas, and do this and that; now and then on a new connection."""
        while True:
            async with client_of(person, *self.everywhere, rng=rng) as client:
                rooms = [await client.open_room(room) for room in self._rooms_of[person.id]]
                async with trio.open_nursery() as nursery:
                    for room in rooms:
                        nursery.start_soon(self._listen, room)
                    for _ in range(rng.randrange(50, 200)):
                        await trio.sleep(rng.expovariate(1 / self._pause_s))
                        await self._act(person, rng.choice(rooms), rng)
                    nursery.cancel_scope.cancel()

    async def _listen(self, room: Room) -> None:
        try:
            while True:
                await room.next_event()
                self.record.done["heard"] += 1
        except RoomClosed:
            return

    async def _act(self, person: Person, room: Room, rng: Random) -> None:
        deeds = {
            "send": 20,
            "edit": 3,
            "react": 4,
            "unreact": 1,
            "pin": 1,
            "delete": 1,
            "history": 3,
            "search": 1,
        }
        deed = rng.choices(list(deeds), list(deeds.values()))[0]
        mine = self.record.answers[room.id]
        of = rng.choice(list(mine.values()))[0].seq if mine else None
        own = [given[0].seq for name, given in mine.items() if name.sender == person.id]
        try:
            match deed:
                case "history":
                    await room.history(before=of, limit=rng.randrange(1, 100))
                case "search":
                    await room.search("말", limit=10)
                case "edit" if own:
                    await room.edit(rng.choice(own[-20:]), "고친 말")
                case "delete" if own:
                    await room.delete(rng.choice(own[-20:]))
                case "react" if of:
                    await room.react(of, rng.choice(EMOJI))
                case "unreact" if of:
                    await room.unreact(of, rng.choice(EMOJI))
                case "pin" if of:
                    await room.pin(of)
                    await room.unpin(of)
                case _:
                    deed = "send"
                    await self._say(person, room, rng)
        except CommandFailed as refusal:
            self.record.refused[f"{deed}: {refusal.code}"] += 1
        else:
            self.record.done[deed] += 1

    async def _say(self, person: Person, room: Room, rng: Random) -> None:
        """Say something, one in ten twice under one name."""
        name = uuid7()
        for _ in range(1 + (rng.random() < 0.1)):
            answer = await room.send("이런저런 말 " * rng.randrange(1, 8), client_id=name)
            self.record.answers[room.id][Name(person.id, name)].append(answer)
            self._answered.set()

    async def _wander(self, person: Person, rng: Random) -> None:
        """Join rooms and leave them through control."""
        headers = {"authorization": f"Bearer {person.token(3600)}"}
        async with httpx.AsyncClient(base_url=self._stage.control.url, headers=headers, timeout=10) as http:
            while True:
                room = rng.choice(self.rooms)
                for deed in ("join", "leave"):
                    await trio.sleep(rng.expovariate(1 / (4 * self._pause_s)))
                    answer = await http.post(f"/api/v1/rooms/{room}/{deed}", json={})
                    self.record.done[deed] += answer.status_code < 400
                    self.record.refused[f"{deed}: {answer.status_code}"] += answer.status_code >= 400

    async def _sleep(self, person: Person) -> None:
        """Open all rooms at the steady replica, and never read."""
        while True:
            try:
                async with open_raw(self._steady.port, receive_buffer=4096) as raw:
                    await raw.shake_hands()
                    await raw.say({"type": "hello", "token": person.token(3600)})
                    await raw.say(
                        *({"type": "room.open", "room": room} for room in self._rooms_of[person.id])
                    )
                    with trio.move_on_after(120):
                        await trio.sleep_forever()
            except (AssertionError, OSError, trio.BrokenResourceError, trio.TooSlowError):
                await trio.sleep(1)
            self.record.done["slept"] += 1

    async def _pass_by(self, rng: Random) -> None:
        """Come, say hello, and be gone without a word."""
        while True:
            person = rng.choice(self._people)
            try:
                async with open_raw(self._steady.port) as raw:
                    await raw.shake_hands()
                    await raw.say({"type": "hello", "token": person.token()})
                    await raw.hears("welcome")
                    await raw.say(
                        {"type": "room.open", "room": rng.choice(self._rooms_of[person.id] or self.rooms)}
                    )
                    self.record.done["passed by"] += 1
                    raw.vanish()
            except (
                AssertionError,
                OSError,
                trio.BrokenResourceError,
                trio.ClosedResourceError,
                trio.TooSlowError,
            ):
                self.record.done["passed by a closed door"] += 1
            await trio.sleep(rng.expovariate(4))

    # --- what happens to them -----------------------------------------------------------------------------------------

    async def _kill(self, rng: Random) -> None:
        """Kill one or ask one to end, and bring it back."""
        while True:
            await trio.sleep(rng.uniform(*KILL_EVERY_S))
            replica = rng.choice(self._stage.replicas)
            with trio.CancelScope(shield=True):
                if rng.random() < 0.5:
                    await in_thread(replica.kill)
                    self.kills["killed"] += 1
                else:
                    status = await in_thread(replica.terminate)
                    assert status == 0, f"a drained replica ended with {status}"
                    self.kills["drained"] += 1
                await in_thread(replica.start)

    async def _sample(self) -> None:
        async with httpx.AsyncClient(timeout=30) as http:
            while True:
                for curve in self.curves:
                    blocks = BLOCKS.search((await http.get(curve.metrics)).text)
                    assert blocks is not None
                    curve.at_s.append(time.monotonic() - self._began)
                    curve.mib.append(resident([curve.pid]) / MIB)
                    curve.blocks.append(float(blocks[1]))
                await trio.sleep(SAMPLE_S)

    # --- the end ------------------------------------------------------------------------------------------------------

    async def judge(self) -> list[Violation]:
        """Once everything is on the log: what is not as it was acknowledged."""
        with trio.move_on_after(SETTLE_S):
            while await in_thread(_unlogged, self._stage.world.redis_url):  # noqa: ASYNC110 - of other processes
                await trio.sleep(0.2)
        violations: list[Violation] = []
        for room in self.rooms:
            documents = await in_thread(_documents, self._stage.world.mongo_url, room)
            violations += check(answers=self.record.answers[room], views=[], documents=documents)
        return violations


def _unlogged(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        return any(client.zcard(f"{{s{shard}}}:unlogged") for shard in range(SHARDS))


def _documents(url: str, room: str) -> list[Document]:
    with pymongo.MongoClient[dict[str, Any]](url) as client:
        return list(client.get_default_database().events.find({"room": room}))


def _keys(url: str) -> dict[str, int]:
    """How many keys the bus holds, by what begins their name."""
    with redis.Redis.from_url(url) as client:
        names = Counter(
            ":".join(key.decode().split(":")[1:2]) or key.decode() for key in client.scan_iter(count=1000)
        )
    return dict(names.most_common(20))


def graph(curve: Curve, *, width: int = 64, height: int = 8) -> Iterator[str]:
    """The curve as text, oldest at the left."""
    step = max(1, -(-len(curve.mib) // width))
    columns = [statistics.fmean(curve.mib[n : n + step]) for n in range(0, len(curve.mib), step)]
    low, high = min(columns) * 0.95, max(columns) * 1.02
    yield f"{curve.name}, MiB"
    for row in range(height, 0, -1):
        floor = low + (high - low) * (row - 1) / height
        yield f"{floor:8.1f} │" + "".join("█" if column >= floor else " " for column in columns)
    yield " " * 9 + "└" + "─" * len(columns) + f" {curve.at_s[-1] / 60:.1f} min"


def report(
    soak: Soak, violations: Sequence[Violation], options: argparse.Namespace, keys: dict[str, int]
) -> bool:
    """Print it all; whether everything was as it should be."""
    since = soak.seconds * WARM
    slopes = {curve.name: round(curve.slope(since), 3) for curve in soak.curves}
    growth = {curve.name: round(curve.growth(since), 3) for curve in soak.curves}
    acknowledged = sum(len(answers) for answers in soak.record.answers.values())
    print(f"{options.minutes:g} minutes, seed {options.seed}; {harness.machine()}")
    for curve in soak.curves:
        print(*graph(curve), sep="\n")
        print(
            f"{'':9} {slopes[curve.name]:+.2f} MiB a minute in the second half (at most {options.slope:+.2f}); "
            f"in use {growth[curve.name]:+.2f} % (at most {options.use:+.2f})"
        )
    print("done:", ", ".join(f"{count:,} {deed}" for deed, count in soak.record.done.most_common()))
    print(
        "refused:",
        ", ".join(f"{count:,} {deed}" for deed, count in soak.record.refused.most_common() if count)
        or "nothing",
    )
    print(
        f"{acknowledged:,} messages acknowledged; {len(violations)} promises broken; replicas",
        dict(soak.kills),
    )
    for violation in violations[:20]:
        print(f"  {violation.kind}: {violation.what}")
    flat = max(slopes.values()) <= options.slope and max(growth.values()) <= options.use
    memory = {
        curve.name: [round(mib, 1) for mib in (curve.mib[0], max(curve.mib), curve.mib[-1])]
        for curve in soak.curves
    }
    found = {"bench": "soak", "minutes": options.minutes, "seed": options.seed, "acknowledged": acknowledged}
    found |= {"violations": len(violations), "flat": flat, "slopes_mib_per_min": slopes, "memory_mib": memory}
    found |= {"growth_percent_per_min": growth}
    found |= {"kills": dict(soak.kills), "keys": keys}
    print(json.dumps(found | {"done": dict(soak.record.done), "refused": dict(+soak.record.refused)}))
    return flat and not violations


async def soak_and_judge(soak: Soak) -> list[Violation]:
    await soak.run()
    return await soak.judge()


@contextmanager
def open_folder(*, keep: bool) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="madang-soak-"))
    folder.chmod(0o711)  # PostgreSQL may run under another account
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between one person's deeds")
    parser.add_argument("--slope", type=float, default=0.4, help="MiB a minute that memory may grow")
    parser.add_argument(
        "--use", type=float, default=0.5, help="per cent a minute that what is in use may grow"
    )
    parser.add_argument("--keep", action="store_true", help="keep the folder with the logs of all processes")
    options = parser.parse_args()
    with open_folder(keep=options.keep) as folder:
        services = Services(folder)
        try:
            with open_stage(services, folder) as stage:
                steady = stage.world.replicas(1, **ENVIRONMENT, CHATD_RECENT_MIB="1")[0]
                soak = Soak(stage, steady, options)
                say(f"{options.minutes:g} minutes …")
                violations = trio.run(soak_and_judge, soak)
                keys = _keys(stage.world.redis_url)
        finally:
            services.end_all()
    return int(not report(soak, violations, options, keys))


if __name__ == "__main__":
    sys.exit(main())
