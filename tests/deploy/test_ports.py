"""Ports are given out once, by one process and by several."""

from __future__ import annotations

import itertools
import os
import socket

import pytest

from deploy.embedded import ports


def test_none_is_given_out_twice() -> None:
    found = [
        *(ports.free_port() for _ in range(40)),
        *(port for _ in range(20) for port in ports.free_run(3)),
    ]
    assert len(set(found)) == 100
    assert all(ports.is_free(port) for port in found)


def test_what_another_process_was_given_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, in_a_row, ours = ports.free_port(), ports.free_run(3), ports.free_port()
    monkeypatch.setattr(ports, "_handed_out", set())
    os.close(ports._held.pop())  # `ours` is nobody's again
    candidates = itertools.chain([theirs, *in_a_row], itertools.repeat(ours))
    monkeypatch.setattr(ports.random, "choice", lambda _: next(candidates))
    assert ports.free_port() == ours


def test_what_somebody_listens_on_is_not_free() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        assert not ports.is_free(server.getsockname()[1])
