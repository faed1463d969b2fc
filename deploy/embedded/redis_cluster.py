"""A cluster of six real Valkey servers: three masters with a replica each, formed without a command-line tool.

    with RedisCluster(folder) as cluster:      # formed, whole; stopped at the end, data kept
        use(cluster.url)
        cluster.master_of("{control}:feed").kill()     # its replica takes over within seconds
        cluster.start()                        # all six run again, each master with a replica that is up to date

It has the verbs of a `Service`, which is one process. Shards of different masters do not depend on each other, so what
still has a master is served while another has none.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from deploy.embedded.errors import SetUpError
from deploy.embedded.ports import LOOPBACK, free_port
from deploy.embedded.service import Startable, address, write_private
from deploy.embedded.valkey import Valkey

if TYPE_CHECKING:
    import redis

MASTERS: Final = 3
SLOTS: Final = 16384
WHOLE_WITHIN_S: Final = 30.0
_LOOK_S: Final = 0.05

# A master that gives no sign for `NODE_TIMEOUT_MS` is taken for dead, and a replica takes its place a moment later.
NODE_TIMEOUT_MS: Final = 2000


class RedisCluster(Startable):
    """Six servers on the loopback that share one password. Not safe for use by two threads at once.

    Args:
        folder: where everything lies, each node's in a folder of its own; made when missing. Nodes keep their ports.
    """

    name: ClassVar[str] = "Redis Cluster"

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.nodes = [_node(self.folder / f"node-{number}") for number in range(1, 2 * MASTERS + 1)]

    @property
    def url(self) -> str:
        """`redis+cluster://:PASSWORD@127.0.0.1:PORT,127.0.0.1:PORT,…`"""
        places = ",".join(address(node.port) for node in self.nodes)
        return f"redis+cluster://:{self.nodes[0].password}@{places}"

    @property
    def running(self) -> bool:
        """Whether all six do."""
        return all(node.running for node in self.nodes)

    def start(self) -> str:
        """Start what does not run; its URL once every slot has a master, and every master a replica that is up to date.

        Raises:
            SetUpError: as a `Service` does, or when the nodes do not come together in time.
        """
        self._share_password()
        with ThreadPoolExecutor(len(self.nodes)) as pool:
            list(pool.map(lambda node: node.start(), self.nodes))
        with self._clients() as clients:
            if all(_known(client) == 1 for client in clients):
                self._form(clients)
            _wait("whole", lambda: all(map(_is_whole, clients)))
        return self.url

    def stop(self) -> None:
        """Stop all in order. Their data stay."""
        with ThreadPoolExecutor(len(self.nodes)) as pool:
            list(pool.map(lambda node: node.stop(), self.nodes))

    def kill(self) -> None:
        """`kill -9` for all."""
        for node in self.nodes:
            node.kill()

    def wipe(self) -> None:
        """Forget all data, and that they are a cluster. Only when none runs."""
        for node in self.nodes:
            node.wipe()

    # Who is who.

    def masters(self) -> list[Valkey]:
        """Those that hold slots now, by the word of a node that runs."""
        return list(dict.fromkeys(self._holders().values()))

    def replicas(self) -> list[Valkey]:
        """Those that hold none."""
        masters = self.masters()
        return [node for node in self.nodes if node not in masters]

    def master_of(self, key: str) -> Valkey:
        """The one that holds this key now."""
        from redis.crc import key_slot

        slot = key_slot(key.encode())
        return next(node for (first, last), node in self._holders().items() if first <= slot <= last)

    def _holders(self) -> dict[tuple[int, int], Valkey]:
        with _client(next(node for node in self.nodes if node.running)) as client:
            slots = _ask(client, "CLUSTER SLOTS")
        of_port = {node.port: node for node in self.nodes}
        return {(first, last): of_port[master[1]] for first, last, master, *_ in slots}

    def replica_of(self, master: Valkey) -> Valkey:
        """The one that follows this master now."""
        with _client(master) as client:
            port = client.info("replication")["slave0"]["port"]
        return next(node for node in self.nodes if node.port == port)

    def hand_over(self, key: str) -> None:
        """Let the master of `key` and its replica change places, in order: nothing is lost by it."""
        heir = self.replica_of(self.master_of(key))
        with _client(heir) as client:
            _ask(client, "CLUSTER FAILOVER")
        _wait("agreed on a new master", lambda: self.master_of(key) == heir)

    def empty(self) -> None:
        """Remove every key."""
        for node in self.masters():
            with _client(node) as client:
                client.flushall()

    # Forming.

    def _share_password(self) -> None:
        """The first node's is everybody's."""
        for node in self.nodes[1:]:
            write_private(node.folder / "password", self.nodes[0].password)

    def _form(self, clients: Sequence[redis.Redis]) -> None:
        masters, replicas = clients[:MASTERS], clients[MASTERS:]
        for number, client in enumerate(masters):
            first, end = SLOTS * number // MASTERS, SLOTS * (number + 1) // MASTERS
            _ask(client, "CLUSTER ADDSLOTSRANGE", first, end - 1)
        for number, client in enumerate(clients, start=1):
            _ask(client, "CLUSTER SET-CONFIG-EPOCH", number)
        _wait("acquainted", lambda: self._are_acquainted(clients))
        for master, replica in zip(masters, replicas, strict=True):
            _ask(replica, "CLUSTER REPLICATE", _ask(master, "CLUSTER MYID"))

    def _are_acquainted(self, clients: Sequence[redis.Redis]) -> bool:
        """Whether all know all. Whom the first does not know any more it meets again: nodes give up a handshake that a
        busy machine makes too long."""
        known = _ask(clients[0], "CLUSTER NODES")
        for node in self.nodes[1:]:
            if address(node.port) not in known:
                _ask(clients[0], "CLUSTER MEET", LOOPBACK, node.port, _bus_port(node))
        return all(_known(client) == len(clients) for client in clients)

    @contextlib.contextmanager
    def _clients(self) -> Iterator[list[redis.Redis]]:
        with contextlib.ExitStack() as stack:
            yield [stack.enter_context(_client(node)) for node in self.nodes]


def _node(folder: Path) -> Valkey:
    """A node on the ports it has always had."""
    kept = folder / "ports"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_text(f"{free_port()} {free_port()}")
    port, bus_port = kept.read_text().split()
    return Valkey(
        folder,
        port=int(port),
        extra=(
            *("--cluster-enabled", "yes"),
            *("--cluster-port", bus_port),
            *("--cluster-node-timeout", str(NODE_TIMEOUT_MS)),
            *("--cluster-replica-validity-factor", "0"),
            *("--cluster-require-full-coverage", "no"),
            *("--repl-diskless-sync-delay", "0"),
        ),
    )


def _bus_port(node: Valkey) -> int:
    return int((node.folder / "ports").read_text().split()[1])


def _client(node: Valkey) -> redis.Redis:
    import redis  # slow to import, and not needed by a run that was given a server

    return redis.Redis.from_url(node.url, socket_timeout=5)


def _wait(what: str, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WHOLE_WITHIN_S
    while not is_so():
        if time.monotonic() > deadline:
            raise SetUpError(f"The nodes of the Redis Cluster were not {what} within {WHOLE_WITHIN_S:.0f} s.")
        time.sleep(_LOOK_S)


def _ask(client: redis.Redis, *command: str | int) -> Any:
    return client.execute_command(*command)  # type: ignore[no-untyped-call]


def _known(client: redis.Redis) -> int:
    return int(_ask(client, "CLUSTER INFO")["cluster_known_nodes"])


def _is_whole(client: redis.Redis) -> bool:
    """Whether by this node's word all slots are served, and it is a replica that is up to date or a master that has one."""
    cluster, role = _ask(client, "CLUSTER INFO"), client.info("replication")
    linked = (
        role.get("master_link_status") == "up" if role["role"] == "slave" else role["connected_slaves"] > 0
    )
    return linked and cluster["cluster_state"] == "ok" and int(cluster["cluster_slots_ok"]) == SLOTS
