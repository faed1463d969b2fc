"""What the comparison with others stands on: every delivery is counted, and what is fetched is what was meant."""

from __future__ import annotations

import json
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench.harness import Absent
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


def test_a_registry_that_is_away_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Absent, match=r"^its packages could not be fetched: nobody answers$"):
        packages.fetch([sys.executable, "-c", "import sys; sys.exit('retrying\\nnobody answers')"], tmp_path)


def test_packages_are_fetched_once_again_when_the_lock_changed_and_never_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []

    def fetch(words: list[str | Path], folder: Path) -> None:
        new = Path(words[words.index("--target") + 1])
        (new / "package").write_text(lock.read_text())
        if "broken" in lock.read_text():
            raise Absent("its packages could not be fetched: nobody answers")
        fetched.append(lock.read_text())

    monkeypatch.setattr(packages, "PEERS", tmp_path)
    monkeypatch.setattr(packages, "FETCHED", tmp_path / "fetched")
    monkeypatch.setattr(packages, "fetch", fetch)
    lock = tmp_path / "peer" / "requirements.lock"
    lock.parent.mkdir()
    for words in ("one==1", "one==1", "broken==2", "one==1", "two==2"):
        lock.write_text(words)
        if words == "broken==2":
            with pytest.raises(Absent):
                packages.python_packages("peer")
        else:
            assert (packages.python_packages("peer") / "package").read_text() == words
    assert fetched == ["one==1", "two==2"]
    assert [each.name for each in (tmp_path / "fetched").iterdir()] == ["peer"]
