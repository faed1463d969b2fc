"""A small Madang on real sockets: enough of control's HTTP, and chatd as `Model` has it, for programs of their own.

It serves one person and one room. What a test wants to happen to connections it does with `peers`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import h11
import trio
from trio_websocket import ConnectionClosed, HandshakeError, wrap_server_stream

from tests.chatd.client.model import ME, SOMEONE, Model
from tests.chatd.client.peer import Peer

ROOM = "00000000-0000-7000-8000-000000000001"
PASSWORD = "a-long-walk-by-the-river"
ROOM_VIEW = {"id": ROOM, "kind": "group", "title": "마당", "member_count": 2, "join_code": "ABC123"}


class World:
    """Its address, its model, its open sockets, and the HTTP requests it saw as `(method, path, body)`."""

    def __init__(self) -> None:
        self.model = Model()
        self.peers: list[Peer] = []
        self.requests: list[tuple[str, str, Any]] = []
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}  # instead of what it would say
        self.accounts: dict[str, str] = {"arin@example.org": PASSWORD}
        self.url = ""
        self.refusing = False  # of sockets
        self._sessions = 0

    @property
    def socket_url(self) -> str:
        return self.url.replace("http", "ws") + "/socket"

    async def serve(self, stream: trio.SocketStream) -> None:
        """One connection. Whoever it is with may be gone at any moment: at the end of a test programs are killed."""
        try:
            await self._serve(stream)
        except* (trio.BrokenResourceError, h11.RemoteProtocolError, ConnectionClosed, HandshakeError):
            pass

    async def _serve(self, stream: trio.SocketStream) -> None:
        """A socket when that is asked for, else HTTP."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = bytes(await stream.receive_some(65536))
            if not more:
                return
            data += more
        if data.startswith(b"GET /socket "):
            if not self.refusing:
                await self._serve_socket(_Begun(stream, data))
            await stream.aclose()
        else:
            await self._serve_http(stream, data)

    async def _serve_socket(self, stream: trio.abc.Stream) -> None:
        async with trio.open_nursery() as nursery:
            request = await wrap_server_stream(nursery, stream)  # type: ignore[arg-type]
            peer = Peer("", stream, await request.accept())
            self.peers.append(peer)
            await peer.serve(self.model)
            self.peers.remove(peer)
            nursery.cancel_scope.cancel()

    async def _serve_http(self, stream: trio.abc.Stream, data: bytes) -> None:
        http = h11.Connection(h11.SERVER)
        http.receive_data(data)
        method = path = ""
        body = b""
        while True:
            event = http.next_event()
            if event is h11.NEED_DATA:
                http.receive_data(bytes(await stream.receive_some(65536)))
            elif isinstance(event, h11.Request):
                method, path = event.method.decode(), event.target.decode()
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                break
        request = json.loads(body) if body else None
        self.requests.append((method, path, request))
        status, answer = self.answers.get((method, path.partition("?")[0])) or self._answer(
            method, path, request
        )
        content = json.dumps(answer).encode()
        head = h11.Response(status_code=status, headers=[("content-length", str(len(content)))])
        sent = http.send(head) + http.send(h11.Data(content)) + http.send(h11.EndOfMessage())
        await stream.send_all(sent)
        await stream.aclose()

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        match method, path.partition("?")[0]:
            case "POST", "/api/v1/sessions":
                if self.accounts.get(body["email"]) != body["password"]:
                    return 401, problem("credentials_wrong", "E-mail or password is wrong.")
                return 201, self._tokens()
            case "POST", "/api/v1/sessions/refresh":
                return 200, self._tokens()
            case "POST", "/api/v1/bots/token":
                tokens = self._tokens()
                return 200, {
                    name: tokens[name] for name in ("user", "session", "access_token", "access_expires_at")
                }
            case "POST", "/api/v1/phone-codes":
                return 202, {"expires_at": 0, "resend_at": 0}
            case "GET", "/api/v1/dev/outbox":
                return 200, {"messages": [{"text": "[Madang] 424242", "at": 0}]}
            case "POST", "/api/v1/phone-codes/verify":
                if body["code"] != "424242":
                    return 422, problem("code_wrong", "That code is not right.")
                return 200, {"proof": "proof", "expires_at": 0}
            case "POST", "/api/v1/accounts":
                self.accounts[body["email"]] = body["password"]
                return 201, {"id": ME, "nickname": body["nickname"]}
            case "GET", "/api/v1/rooms/mine":
                return 200, {"rooms": [{**ROOM_VIEW, "unread": 3}], "next": None}
            case "POST", "/api/v1/rooms/join":
                if body["code"] != "ABC123":
                    return 404, problem("room_code_wrong", "No room has that code.")
                return 200, ROOM_VIEW
            case "GET", p if p == f"/api/v1/rooms/{ROOM}":
                return 200, ROOM_VIEW
            case "GET", p if p == f"/api/v1/rooms/{ROOM}/members":
                return 200, {"members": [{"id": ME, "nickname": "아린"}, {"id": SOMEONE, "nickname": "보라"}]}
            case "GET", "/api/v1/people":
                return 200, {"people": [{"id": ME, "nickname": "아린"}, {"id": SOMEONE, "nickname": "보라"}]}
        return 404, problem("not_found", "There is nothing here.")

    def _tokens(self) -> dict[str, Any]:
        self._sessions += 1
        return {
            "user": ME,
            "session": "s",
            "access_token": f"access-{self._sessions}",
            "refresh_token": f"refresh-{self._sessions}",
            "access_expires_at": 4_000_000_000_000,
            "refresh_expires_at": 4_000_000_000_000,
        }


def problem(code: str, title: str, **more: Any) -> dict[str, Any]:
    """As control says no."""
    return {"type": "about:blank", "title": title, "status": 400, "code": code, **more}


class _Begun(trio.abc.Stream):
    """A stream of which `begun` was read already."""

    def __init__(self, stream: trio.SocketStream, begun: bytes) -> None:
        self._stream = stream
        self._begun = begun

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        begun, self._begun = self._begun, b""
        return begun or await self._stream.receive_some(max_bytes)

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await self._stream.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        await self._stream.wait_send_all_might_not_block()

    async def aclose(self) -> None:
        await self._stream.aclose()


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    """A world on a free port of this machine."""
    world = World()
    async with trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        world.url = f"http://127.0.0.1:{listeners[0].socket.getsockname()[1]}"
        await nursery.start(trio.serve_listeners, world.serve, listeners)
        yield world
        nursery.cancel_scope.cancel()
