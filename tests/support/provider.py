"""Somebody else's HTTP server, on the loopback: it notes what it is asked and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """One request. `headers` by their small letters."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Provider:
    """`answer` is what the next requests get, a status and a body, unless `answers` gives each its own. None hangs up."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answer: tuple[int, bytes] | None = (200, b"{}")
    answers: Callable[[Asked], tuple[int, Any]] | None = None

    def will_say(self, body: Any, status: int = 200) -> None:
        self.answer = (status, body if isinstance(body, bytes) else json.dumps(body).encode())


@contextmanager
def open_provider() -> Iterator[Provider]:
    """A running server."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(size))
            provider.asked.append(asked)
            if provider.answers is not None:
                status, said = provider.answers(asked)
                provider.will_say(said, status)
            if provider.answer is None:
                self.close_connection = True
                return
            status, body = provider.answer
            self.send_response(status)
            self.send_header("content-type", "application/json;charset=UTF-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - its name there

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
