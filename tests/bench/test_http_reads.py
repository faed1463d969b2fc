"""Reading over HTTP is measured honestly: a server that stalls is not excused."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.bench import http_reads
from tests.bench.asking import Job, run

STALL_S = 0.04


class Canned(BaseHTTPRequestHandler):
    """Answers at once, but for a path that everybody waits behind; counts itself as control does."""

    protocol_version = "HTTP/1.1"
    turn = threading.Lock()
    asked = 0

    def do_GET(self) -> None:
        kind = type(self)
        with self.turn:
            kind.asked += 1
            if self.path == "/stall":
                threading.Event().wait(STALL_S)
            body = (
                f'madang_control_request_seconds_sum{{operation="version",status="200"}} {kind.asked / 2000}\n'
                f'madang_control_request_seconds_count{{operation="version",status="200"}} {kind.asked}\n'
                'madang_control_request_seconds_sum{operation="version",status="404"} 99\n'
            ).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def canned() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Canned)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_who_waits_behind_a_slow_request_is_counted_as_waiting() -> None:
    with canned() as port:
        figures = run(
            Job(
                host="127.0.0.1",
                port=port,
                token="",
                alone=["/version"],
                paths=["/stall", "/read"],
                rate=1000,
                seconds=0.01,
                connections=1,
                metrics="/metrics",
                pids=[],
            )
        )
    assert figures["by_path"]["/read"][1] > 3 * STALL_S * 1000
    assert figures["handlers"] == {
        "version": pytest.approx(0.5)
    }  # a difference of sums, of as many as there was time for
    assert figures["common_ms"] == pytest.approx(0.5)


def test_all_that_is_asked_is_there_to_be_asked() -> None:
    table = (Path(http_reads.ROOT) / "control" / "authorisation.md").read_text()
    served = {re.sub(r"\{\w+\}", "{}", path) for path in re.findall(r"`GET /api/v1/(\S+?)`", table)}
    asked = {
        re.sub(r"\{\w+\}", "{}", path.partition("?")[0]) for path in (*http_reads.COMMON, *http_reads.READS)
    }
    asked = {
        path.replace("records/week", "records/{}").replace("relations/friend", "relations/{}")
        for path in asked
    }
    assert asked <= served
