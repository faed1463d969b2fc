"""A WebSocket client without manners: it sends any bytes, and reads frames as they come (RFC 6455).

    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "hello", "token": mina.token()})
        assert (await raw.hears())["type"] == "welcome"
        await raw.send(frame(b"x", fin=False))
        assert (await raw.ends()).code == 1002

Whatever it waits for, it waits for at most `PATIENCE`.
"""

from __future__ import annotations

import base64
import itertools
import os
import struct
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

import msgspec
import trio

TEXT: Final = 1
BINARY: Final = 2
CLOSE: Final = 8
PING: Final = 9
PONG: Final = 10
PATIENCE: Final = 30  # seconds; nothing is waited for that long unless it is broken
_ids = itertools.count(1)


class Frame(NamedTuple):
    """One frame, as it came."""

    opcode: int
    payload: bytes
    fin: bool


class End(NamedTuple):
    """How the server ended it: the code and reason of its Close frame; None and "" when it just cut us off."""

    code: int | None
    reason: str


def frame(
    payload: bytes | str = b"",
    opcode: int = TEXT,
    *,
    fin: bool = True,
    mask: bytes | None = b"\x01\x02\x03\x04",
    reserved: int = 0,
    length: int | None = None,
) -> bytes:
    """A client's frame. `length` is what it claims to be long, `mask=None` leaves it unmasked."""
    data = payload.encode() if isinstance(payload, str) else payload
    claimed = len(data) if length is None else length
    masked = 0x80 if mask is not None else 0
    head = bytes([(0x80 if fin else 0) | reserved << 4 | opcode])
    if claimed < 126:
        head += bytes([masked | claimed])
    elif claimed < 65536:
        head += bytes([masked | 126]) + struct.pack("!H", claimed)
    else:
        head += bytes([masked | 127]) + struct.pack("!Q", claimed)
    if mask is None:
        return head + data
    key = (mask * (len(data) // 4 + 1))[: len(data)]
    return head + mask + (int.from_bytes(data) ^ int.from_bytes(key)).to_bytes(len(data))


def command(**fields: Any) -> bytes:
    """A command as a text frame."""
    return frame(msgspec.json.encode(fields))


def request(path: str = "/socket", headers: dict[str, str] | None = None) -> bytes:
    """An opening handshake."""
    fields = {
        "Host": "madang.example",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        **(headers or {}),
    }
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1")


class Raw:
    """A connection to a replica."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self.stream = stream
        self._heard = bytearray()
        self._ended = False  # by the server
        self.welcome: dict[str, Any] = {}
        self._inbox: deque[dict[str, Any]] = (
            deque()
        )  # messages that were passed over while another was waited for

    # --- out ----------------------------------------------------------------------------------------------------------

    async def send(self, data: bytes) -> None:
        """Any bytes; that the server has gone is found out by reading."""
        with trio.fail_after(PATIENCE):
            try:
                await self.stream.send_all(data)
            except trio.BrokenResourceError:
                self._ended = True

    async def say(self, *commands: dict[str, Any]) -> None:
        """Commands, each in a frame."""
        await self.send(b"".join(command(**each) for each in commands))

    # --- in -----------------------------------------------------------------------------------------------------------

    async def _more(self) -> bool:
        """Read some; False at the end, however it came."""
        with trio.fail_after(PATIENCE):
            try:
                data = await self.stream.receive_some(65536)
            except trio.BrokenResourceError:
                data = b""
        self._heard += data
        return bool(data)

    async def status(self) -> int | None:
        """The HTTP status of the answer to a handshake; None when there was no answer but the end."""
        while b"\r\n\r\n" not in self._heard:
            if not await self._more():
                return None
        head, _, rest = bytes(self._heard).partition(b"\r\n\r\n")
        self._heard = bytearray(rest)
        return int(head.split(b" ", 2)[1])

    async def shake_hands(self, path: str = "/socket", **headers: str) -> None:
        """An opening handshake that succeeds."""
        await self.send(request(path, {name.replace("_", "-"): value for name, value in headers.items()}))
        assert await self.status() == 101

    async def frame(self) -> Frame | None:
        """The next frame; None when the server has ended the connection."""
        while (found := self._take_frame()) is None:
            if not await self._more():
                return None
        return found

    def _take_frame(self) -> Frame | None:
        heard = self._heard
        if len(heard) < 2:
            return None
        assert not heard[1] & 0x80, "a server does not mask"
        length, start = heard[1] & 0x7F, 2
        if length == 126:
            start = 4
            length = int.from_bytes(heard[2:4]) if len(heard) >= 4 else 1 << 62
        elif length == 127:
            start = 10
            length = int.from_bytes(heard[2:10]) if len(heard) >= 10 else 1 << 62
        if len(heard) < start + length:
            return None
        found = Frame(heard[0] & 0x0F, bytes(heard[start : start + length]), bool(heard[0] & 0x80))
        assert not heard[0] & 0x70, "no extension was agreed on"
        del heard[: start + length]
        return found

    async def hears(self, kind: str | None = None, /, **fields: Any) -> dict[str, Any]:
        """The next message, of a type and with these values when they are given. Others are kept for later."""
        wanted = fields if kind is None else {"type": kind, **fields}
        for message in self._inbox:
            if wanted.items() <= message.items():
                self._inbox.remove(message)
                return message
        with trio.fail_after(PATIENCE):  # in all: heartbeats go on for ever
            while not wanted.items() <= (message := await self._message()).items():
                self._inbox.append(message)
        return message

    async def _message(self) -> dict[str, Any]:
        """The next message from the wire; pings are answered on the way."""
        while True:
            found = await self.frame()
            assert found is not None, "the server cut us off"
            assert found.opcode != CLOSE, f"the server closed: {_end_in(found)}"
            if found.opcode == PING:
                await self.send(frame(found.payload, PONG))
            if found.opcode == TEXT:
                message: dict[str, Any] = msgspec.json.decode(found.payload)
                return message

    async def asks(self, kind: str, /, **fields: Any) -> dict[str, Any]:
        """The reply to a command, which is given an id unless it brings one."""
        asked = {"type": kind, "id": f"asked {next(_ids)}", **fields}
        await self.say(asked)
        return await self.hears("reply", id=asked["id"])

    async def ok(self, kind: str, /, **fields: Any) -> dict[str, Any]:
        """What the reply to a command grants."""
        reply = await self.asks(kind, **fields)
        assert "ok" in reply, reply
        granted: dict[str, Any] = reply["ok"]
        return granted

    async def refused(self, kind: str, /, **fields: Any) -> dict[str, Any]:
        """The error in the reply to a command."""
        reply = await self.asks(kind, **fields)
        assert "error" in reply, reply
        error: dict[str, Any] = reply["error"]
        return error

    async def heard_so_far(self, kind: str) -> list[dict[str, Any]]:
        """All messages of a type that the server sent before it answered a ping."""
        await self.ok("ping")
        found = [message for message in self._inbox if message["type"] == kind]
        self._inbox = deque(message for message in self._inbox if message["type"] != kind)
        return found

    async def ends(self, *, answer: bool = True) -> End:
        """Read until the server ends it: how it did. Its Close is answered, as it should be, or left unanswered."""
        with trio.fail_after(PATIENCE):
            while (found := await self.frame()) is not None:
                if found.opcode == CLOSE:
                    if answer:
                        await self.send(frame(found.payload, CLOSE))
                    return _end_in(found)
        return End(None, "")

    async def cut_off(self) -> bool:
        """Whether the server closed the TCP connection, whatever it sent before."""
        while await self._more():
            pass
        return True

    def vanish(self) -> None:
        """Be gone without a word: no Close, but the FIN that the kernel sends."""
        self.stream.socket.close()


def _end_in(found: Frame) -> End:
    if len(found.payload) < 2:
        return End(None, "")
    return End(int.from_bytes(found.payload[:2]), found.payload[2:].decode())


@asynccontextmanager
async def open_raw(port: int, *, receive_buffer: int | None = None) -> AsyncIterator[Raw]:
    """A TCP connection to a port of this machine; `receive_buffer` bounds what the kernel reads for us."""
    sock = trio.socket.socket()
    try:
        if receive_buffer is not None:
            sock.setsockopt(trio.socket.SOL_SOCKET, trio.socket.SO_RCVBUF, receive_buffer)
        await sock.connect(("127.0.0.1", port))
        yield Raw(trio.SocketStream(sock))
    finally:
        sock.close()
