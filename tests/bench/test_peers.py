"""What the comparison with others stands on: every delivery is counted, and what is fetched is what was meant."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench.peers import packages
from tests.bench.receivers import Receivers
from tests.bench.senders import Speaker
from tests.bench.text import stamped
from tests.bench.wires import WIRES, Link, NatsWire, Seat, Wire

PEERS = Path(packages.__file__).parent
SEAT = Seat("", 0, "bench", ["room"])


@contextmanager
def linked(wire: Wire) -> Iterator[tuple[Link, socket.socket]]:
    """A link that is past its greeting, and the server's end of it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        link = Link.__new__(Link)
        link.wire, link.socket, link._buffer = wire, ours, bytearray()
        yield link, theirs


def framed(payload: bytes) -> bytes:
    return bytes((0x82, 126)) + len(payload).to_bytes(2, "big") + payload


def test_messages_in_one_frame_are_as_many_deliveries() -> None:
    message = b'{"type":"message","text":"%b"}' % stamped(b"x" * 40)
    frame = framed(b"MSG room 1 %d\r\n%b\r\n" % (len(message), message) * 3)
    with linked(NatsWire()) as (link, server):
        receivers = Receivers([link], link.wire)
        server.sendall(frame + frame[:100])
        assert receivers.listen(4) == 4
        server.sendall(frame[100:])
        assert receivers.listen(2) == 2


@pytest.mark.parametrize("name", WIRES)
def test_answers_and_refusals_are_told_apart_however_they_are_cut(name: str) -> None:
    wire = WIRES[name]()
    said = wire.answer * 2 + b"....." + wire.refusal + b"....." + wire.answer
    with linked(wire) as (link, server):
        speaker = Speaker(SEAT, link, wire)
        counted = []
        for cut in range(len(said)):
            server.sendall(said[cut : cut + 1])
            counted.append(speaker.read())
    assert [sum(each) for each in zip(*counted, strict=True)] == [3, 1]


def test_a_heartbeat_among_messages_is_answered() -> None:
    with linked(NatsWire()) as (link, server):
        receivers = Receivers([link], link.wire)
        server.sendall(framed(b"MSG room 1 24\r\n%b\r\nPING\r\n" % stamped(b"")))
        assert receivers.listen(1) == 1
        assert server.recv(100).endswith(b"PONG\r\n")


@pytest.mark.parametrize("lock", sorted(PEERS.glob("*/requirements.lock")), ids=lambda lock: lock.parent.name)
def test_what_pip_fetches_is_pinned_by_hashes(lock: Path) -> None:
    for each in re.split(r"\n(?=\S)", lock.read_text().strip()):
        assert re.match(r"[\w.-]+==\S+", each), each
        assert "--hash=sha256:" in each, each


@pytest.mark.parametrize("lock", sorted(PEERS.glob("*/package-lock.json")), ids=lambda lock: lock.parent.name)
def test_what_npm_fetches_is_pinned_by_hashes_and_names_no_registry(lock: Path) -> None:
    wanted = json.loads(lock.read_text())["packages"]
    assert all("integrity" in each and "resolved" not in each for name, each in wanted.items() if name)
