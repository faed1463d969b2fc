"""A cluster: each command goes to the master that holds its keys' slot, over that one's own pool.

**The map.** Which master holds what is asked of the nodes when the client is opened, every second from then on, and at
once when a call went wrong. So a master that stands still, and therefore says nothing, is noticed too: when another took
its place, whatever waits for the old one is cut short.

**Redirections.** Who answers `MOVED`, `ASK` or `TRYAGAIN` has carried out nothing, so the command goes on to where it
belongs. Two things are not glossed over. A call whose connection broke is not tried again, because nobody knows whether
it was carried out. And a command that waits for entries of a stream is not carried on to another master: behind it there
may be a shorter stream with another clock, so whoever reads has to look anew, as after the restart of a single server.

**Failover.** A replica that takes over has perhaps not heard the last words that the old master acknowledged. Nothing
here tries to prevent that (no `WAIT`): the room log decides what was said, an epoch of the bus ends with the master that
gave it (`common.roomlog.bus.greet`), and the rest of what is kept here is said again or was a courtesy. What it takes is
that no new master serves a slot before it is greeted. So a connection is greeted for each slot before it first serves
it, and connections of a node whose slots changed serve no more: what a node knew in an earlier reign proves nothing.
A slot that is being moved to another master key by key serves no new connection until it has arrived.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Final

import trio

from common.errors import StoreUnavailable
from common.logs import get_logger
from common.redis.address import Address
from common.redis.client import Redis
from common.redis.connection import Argument, Call, RedisRefusal, dialler, given, packed
from common.redis.pool import Greeting, GreetPart, Pool
from common.redis.slots import Route, Words, route, slot_of
from common.redis.topology import NOWHERE, Node, Topology, read_topology, redirection
from common.supervise import jittered
from common.units import MILLISECONDS, SECONDS

_log = get_logger(__name__)

LOOK: Final = 1 * SECONDS  # between two looks at the map
_LOOK_AGAIN: Final = 100 * MILLISECONDS  # when something is wrong
_ANSWER: Final = 1 * SECONDS  # of a node that is asked for the map
_FIRST_LOOK: Final = 3 * SECONDS  # that a call waits for a map when there is none yet
_MOST_ASKED: Final = 9  # nodes in one look
_TRIES: Final = 6  # to find who holds a slot
_TRY_AGAIN: Final = 25 * MILLISECONDS


class _Errand:
    """A command on its way to who carries it out."""

    __slots__ = ("asking", "command", "elsewhere", "reply", "route")

    def __init__(self, command: Words) -> None:
        self.command = command
        self.route: Route = route(command)
        self.asking: Node | None = None  # who is to be asked for this once
        self.reply: Any = None
        self.elsewhere = False  # than where it was sent last, or later


class Cluster(Redis):
    """Several masters, each with the keys of some slots. `watch` must run."""

    joint: ClassVar[bool] = False

    def __init__(self, seeds: Sequence[Address], connections: int, greet: Greeting | None) -> None:
        self._seeds = [Node(seed.host, seed.port) for seed in seeds]
        self._address = seeds[0]
        self._connections = connections
        self._greet = _greeting_slots(greet) if greet else None
        self._pools: dict[Node, Pool] = {}
        self._map = NOWHERE
        self._wanted = trio.Event()  # another look
        self._looked = trio.Event()  # the one that is under way
        self._fault = "no node was asked yet"

    # --- calls ------------------------------------------------------------------------------------------------------

    async def call(self, *command: Argument) -> Any:
        return (await self.calls([command]))[0]

    async def calls(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        errands = [_Errand(command) for command in commands]
        left = errands
        for _ in range(_TRIES):
            left = await self._run(left)
            if not left:
                return [given(errand.reply) for errand in errands]
        raise StoreUnavailable("redis", str(left[0].reply))

    async def _run(self, errands: Sequence[_Errand]) -> list[_Errand]:
        """Have each carried out, in order at each node; those that must be sent again, somewhere else or later."""
        await self._know()
        batches: dict[tuple[Node, bool], list[_Errand]] = {}
        for errand in errands:
            if errand.route.every:
                errand.reply = await self._at_every_master(errand)
            else:
                node = errand.asking or self._master(errand.route)
                batches.setdefault((node, errand.asking is not None), []).append(errand)
        await self._each(batches)
        return [errand for errand in errands if errand.elsewhere]

    async def _each(self, batches: Mapping[tuple[Node, bool], Sequence[_Errand]]) -> None:
        """Run every batch; the failure of one keeps none of the others from its node."""
        faults: list[StoreUnavailable | RedisRefusal] = []

        async def run(node: Node, batch: Sequence[_Errand], asking: bool) -> None:
            try:
                for errand, reply in zip(batch, await self._at(node, batch, asking=asking), strict=True):
                    errand.reply = reply
                    errand.elsewhere = await self._is_elsewhere(node, errand)
            except (StoreUnavailable, RedisRefusal) as fault:
                faults.append(fault)

        if len(batches) == 1:
            (((node, asking), batch),) = batches.items()
            await run(node, batch, asking)
        else:
            async with trio.open_nursery() as nursery:
                for (node, asking), batch in batches.items():
                    nursery.start_soon(run, node, batch, asking)
        if faults:
            raise faults[0]

    async def _at(self, node: Node, batch: Sequence[_Errand], *, asking: bool) -> list[Any]:
        """The replies of one node. Who is asked for this once holds only a part of the slot yet, and is not greeted."""
        pool = self._pool(node)
        slots = {errand.route.slot for errand in batch if errand.route.slot is not None}
        try:
            if asking:
                words = b"".join(packed(("ASKING",)) + packed(errand.command) for errand in batch)
                return (await pool.exchange(words, 2 * len(batch), ()))[1::2]
            words = b"".join(packed(errand.command) for errand in batch)
            return await pool.exchange(words, len(batch), slots)
        except StoreUnavailable:
            self._wanted.set()
            raise
        except RedisRefusal as refusal:  # to be greeted
            match refusal.code:
                case "MOVED":
                    return [refusal] * len(batch)
                case "ASK":
                    raise StoreUnavailable("redis", str(refusal)) from refusal
            raise

    async def _is_elsewhere(self, node: Node, errand: _Errand) -> bool:
        """Whether `node` did not carry it out, and it has to be sent again."""
        errand.asking = None
        if not isinstance(errand.reply, RedisRefusal):
            return False
        match errand.reply.code:
            case "TRYAGAIN":
                await trio.sleep(jittered(_TRY_AGAIN))
                return True
            case "CLUSTERDOWN":
                self._wanted.set()
        word = redirection(node, errand.reply)
        if word is None:
            return False
        if not word.moved:
            errand.asking = word.node
            return True
        await self._moved(node, word.slot, word.node)
        if errand.route.waits:
            raise StoreUnavailable("redis", f"{word.node} took the place of {node}")
        return True

    async def _at_every_master(self, errand: _Errand) -> Any:
        """The reply of one of the masters, all of which carried it out; of lists, all together."""
        if not self._map.whole:
            raise StoreUnavailable("redis", "some slots have no node")
        replies = [(await self._at(node, [errand], asking=False))[0] for node in list(self._map.held)]
        refusal = next((reply for reply in replies if isinstance(reply, RedisRefusal)), None)
        if refusal is not None or not isinstance(replies[0], list):
            return refusal or replies[0]
        return [item for reply in replies for item in reply]

    def _master(self, route: Route) -> Node:
        node = random.choice(list(self._map.held)) if route.slot is None else self._map.master(route.slot)  # noqa: S311
        if node is None:
            self._wanted.set()
            raise StoreUnavailable("redis", f"no node holds slot {route.slot}")
        return node

    def _pool(self, node: Node) -> Pool:
        pool = self._pools.get(node)
        if pool is None:
            connect = dialler(self._address.at(node.host, node.port))
            pool = self._pools[node] = Pool(connect, self._connections, self._greet)
        return pool

    async def aclose(self) -> None:
        """Close the idle connections; those in use close as their callers are cancelled."""
        for pool in list(self._pools.values()):
            await pool.renew()

    # --- the map ----------------------------------------------------------------------------------------------------

    async def _know(self) -> None:
        """Return once there is a map."""
        if self._map is NOWHERE:
            self._wanted.set()
            with trio.move_on_after(_FIRST_LOOK):
                await self._looked.wait()
            if self._map is NOWHERE:
                raise StoreUnavailable("redis", self._fault)

    async def watch(self) -> None:
        """Keep the map true, for ever."""
        while True:
            self._wanted = trio.Event()
            await self._look()
            self._looked.set()
            self._looked = trio.Event()
            await trio.sleep(jittered(_LOOK_AGAIN))
            with trio.move_on_after(jittered(LOOK)):
                await self._wanted.wait()

    async def _look(self) -> None:
        """Ask nodes for the map until one has heard of what we know; else the best of theirs is taken."""
        best = NOWHERE
        for node in self._whom_to_ask():
            try:
                with trio.fail_after(_ANSWER):
                    info, slots = map(given, await self._pool(node).exchange(_ASK_FOR_MAP, 2, ()))
            except (StoreUnavailable, RedisRefusal) as fault:
                self._fault = f"{node}: {fault}"
            except trio.TooSlowError:
                self._fault = f"{node}: no answer in time"
            else:
                said = read_topology(node, info, slots)
                if said.held and said.age > best.age:
                    best = said
                if said.held and said.age >= self._map.age:
                    break
        if best is not NOWHERE:
            await self._adopt(best)

    def _whom_to_ask(self) -> Iterable[Node]:
        """Some of those we know, and those we were told of."""
        known = random.sample(self._map.nodes, min(_MOST_ASKED, len(self._map.nodes)))
        return dict.fromkeys([*known, *random.sample(self._seeds, len(self._seeds))])

    async def _adopt(self, topology: Topology) -> None:
        """Go by this map; nobody waits any longer for who is no master by it."""
        before, self._map = self._map, topology
        for node, pool in list(self._pools.items()):
            held = topology.held.get(node)
            if held is None and node in before.held:
                _log.warning("a node of the cluster is a master no more", node=str(node))
                await pool.give_up()
            elif held != before.held.get(node):
                await pool.renew()
            if node not in topology.nodes:
                await pool.renew()
                self._pools.pop(node, None)

    async def _moved(self, old: Node, slot: int, new: Node) -> None:
        """A slot is with another master: nothing that either knew of it before is true."""
        self._wanted.set()
        if self._map.master(slot) != new:
            self._map.moved(slot, new)
            await self._pool(old).renew()
            await self._pool(new).renew()


_ASK_FOR_MAP: Final = packed(("CLUSTER", "INFO")) + packed(("CLUSTER", "SLOTS"))


def _greeting_slots(greet: Greeting) -> GreetPart:
    async def greet_slot(call: Call, slot: int) -> None:
        await greet(call, lambda key: slot_of(key) == slot)

    return greet_slot


@asynccontextmanager
async def open_cluster(
    seeds: Sequence[Address], *, connections: int, greet: Greeting | None
) -> AsyncIterator[Redis]:
    """A client of the cluster that the nodes `seeds` are of."""
    cluster = Cluster(seeds, connections, greet)
    failure: Exception | None = None
    async with trio.open_nursery() as nursery:
        nursery.start_soon(cluster.watch)
        try:
            yield cluster
        except Exception as error:  # the caller's own: it leaves as it came, and not in a group of ours
            failure = error
        finally:
            nursery.cancel_scope.cancel()
            with trio.CancelScope(shield=True):
                await cluster.aclose()
    if failure is not None:
        raise failure
