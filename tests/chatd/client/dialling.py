"""A client that dials into a network of the test's own, and its welcome there."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from random import Random

import trio

from chatd.client import (
    Client,
    open_client,
)
from common import protocol
from tests.chatd.client.model import ME
from tests.chatd.client.peer import Network, Peer

ROOM = "00000000-0000-7000-8000-000000000001"
A, B = "ws://a/socket", "ws://b/socket"


class Tokens:
    """Tokens t1, t2, … or what `failures` says first."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.given = 0

    async def __call__(self) -> str:
        await trio.lowlevel.checkpoint()
        if self.failures:
            raise self.failures.pop(0)
        self.given += 1
        return f"t{self.given}"


def client_of(
    network: Network, tokens: Tokens | None = None, urls: tuple[str, ...] = (A,)
) -> AbstractAsyncContextManager[Client]:
    return open_client(urls, tokens or Tokens(), dial=network.dial, rng=Random(7))


async def welcomed(network: Network, resumed: bool = False) -> tuple[Peer, protocol.Hello]:
    peer = await network.accept()
    hello = await peer.expect(protocol.Hello)
    assert isinstance(hello, protocol.Hello)
    now = round(trio.current_time() * 1000)
    await peer.push(
        protocol.Welcome(
            connection="c", user=ME, session="s", expires_at=now + 900_000, now=now, heartbeat_ms=20_000
        )
    )
    return peer, hello


def message(seq: int, text: str = "", client_id: str = "of-another") -> protocol.Message:
    return protocol.Message(
        seq=seq, at=0, room=ROOM, mseq=seq, sender="x", client_id=client_id, text=text or str(seq)
    )
