"""Which master holds which slot, as a cluster's nodes say. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from common.redis.connection import RedisRefusal
from common.redis.slots import SLOTS


class Node(NamedTuple):
    """Where a node of the cluster is."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Topology:
    """Who holds what. `age` grows with every failover: a map of a lower age was drawn by one who has not heard of it."""

    def __init__(self, age: int, ranges: Iterable[tuple[int, int, Node]], replicas: Iterable[Node]) -> None:
        self.age = age
        self._masters: list[Node | None] = [None] * SLOTS
        held: dict[Node, list[tuple[int, int]]] = {}
        for first, last, node in sorted(ranges):
            self._masters[first : last + 1] = [node] * (last + 1 - first)
            held.setdefault(node, []).append((first, last))
        self.held = {node: tuple(ranges) for node, ranges in held.items()}
        self.nodes = [*self.held, *(node for node in dict.fromkeys(replicas) if node not in self.held)]
        self.whole = None not in self._masters

    def master(self, slot: int) -> Node | None:
        """Who holds this slot; None when nobody does."""
        return self._masters[slot]

    def moved(self, slot: int, node: Node) -> None:
        """A node said so, ahead of the next map."""
        self._masters[slot] = node


NOWHERE = Topology(-1, (), ())


def read_topology(asked: Node, info: bytes, slots: Sequence[Any]) -> Topology:
    """What the node `asked` says by `CLUSTER INFO` and `CLUSTER SLOTS`.

    A node that does not know by what name it is reached is reached by the one it was asked under.
    """
    facts = dict(line.split(b":", 1) for line in info.splitlines() if b":" in line)
    ranges, replicas = [], []
    for first, last, master, *others in slots:
        ranges.append((first, last, _node(asked, master)))
        replicas += [_node(asked, other) for other in others]
    return Topology(int(facts.get(b"cluster_current_epoch", 0)), ranges, replicas)


def _node(asked: Node, said: Sequence[Any]) -> Node:
    host = said[0].decode() if said[0] else ""
    return Node(host if host not in {"", "?"} else asked.host, said[1])


class Redirection(NamedTuple):
    """A node's word that another one is to be asked: for good when it `moved`, else for this once."""

    moved: bool
    slot: int
    node: Node


def redirection(asked: Node, reply: object) -> Redirection | None:
    """What `MOVED 3999 host:port` or `ASK 3999 host:port`, answered by the node `asked`, says; None for another reply."""
    if not isinstance(reply, RedisRefusal) or reply.code not in {"MOVED", "ASK"}:
        return None
    kind, slot, place = str(reply).split(" ")[:3]
    host, _, port = place.rpartition(":")
    return Redirection(
        kind == "MOVED", int(slot), Node(host if host not in {"", "?"} else asked.host, int(port))
    )
