"""How the generator speaks with each server: RFC 6455 by hand, and one `Wire` for each protocol on top.

Owns the bytes of handshakes, sends and heartbeats. Refuses to know what is measured. Standard library only, so that
the generator is as cheap as Python can be and shares no code with any server it loads.

Every wire's answer to a command contains its `answer`, and no delivered message does, so answers are counted without
being parsed.
"""

from __future__ import annotations

import re
import select
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PATIENCE_S: Final = 30.0
Question = tuple[bytes, bytes]  # a frame to write (or nothing), and the word to read until
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


@dataclass(frozen=True)
class Seat:
    """Where a client connects, as whom, and which rooms it hears (a listener) or speaks in (a sender)."""

    host: str
    port: int
    user: str
    rooms: list[str]
    token: str = ""
    listens: bool = True


class Refused(Exception):
    """The server ended or refused a conversation; the message says what it said."""


def masked(payload: bytes, opcode: int = TEXT) -> bytes:
    """One client frame. The mask is zero: valid, and no work for the generator."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, 0x80 | size)) + b"\0\0\0\0" + payload
    return struct.pack("!BBHI", 0x80 | opcode, 0x80 | 126, size, 0) + payload


def frames(buffer: bytearray) -> Iterator[tuple[int, bytes, int]]:
    """Take each whole server frame off the front of `buffer`: opcode, payload, size with its header."""
    while len(buffer) >= 2:
        size, start = buffer[1], 2
        if size == 126:
            size, start = int.from_bytes(buffer[2:4]), 4
        elif size == 127:
            size, start = int.from_bytes(buffer[2:10]), 10
        if len(buffer) < start + size:
            return
        opcode, payload = buffer[0] & 0x0F, bytes(buffer[start : start + size])
        del buffer[: start + size]
        yield opcode, payload, start + size


class Wire:
    """chatd's protocol, as far as a load needs it. Other wires override what differs."""

    path = "/socket"
    answer = b'"ok":{'
    refusal = b'"error":{'
    heartbeat = b"\x89"  # how a server's "are you there?" begins; cannot occur in ASCII text

    def request(self, host: str, port: int, user: str) -> bytes:
        """The HTTP request that asks for a WebSocket."""
        return (
            f"GET {self.path.format(user=user)} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()

    def greeting(self, token: str) -> list[Question]:
        """Say who we are, until we are welcome."""
        return [(masked(b'{"type":"hello","token":"%b"}' % token.encode()), b'"welcome"')]

    def joining(self, room: str) -> Question:
        """Hear `room` from now on."""
        return masked(b'{"type":"room.open","id":"open","room":"%b"}' % room.encode()), self.answer

    def entering(self, seat: Seat) -> list[Question]:
        """All that a client says before it is in its seat."""
        return self.greeting(seat.token) + [self.joining(room) for room in seat.rooms if seat.listens]

    def send(self, number: int, room: bytes, client_id: bytes, text: bytes) -> bytes:
        """The frame that says `text` in `room` and asks for an answer."""
        return masked(
            b'{"type":"message.send","id":"%d","room":"%b","client_id":"%b","text":"%b"}'
            % (number, room, client_id, text)
        )

    def pulse(self, received: bytes, at: int) -> bytes:
        """What to answer to the heartbeat that begins at `received[at]`; empty when it is not whole."""
        size = received[at + 1] if at + 1 < len(received) else 126
        payload = received[at + 2 : at + 2 + size]
        return masked(payload, PONG) if size < 126 and len(payload) == size else b""


class BareWire(Wire):
    """The same commands, without a greeting."""

    path = "/?user={user}"

    def greeting(self, token: str) -> list[Question]:
        return []


class SketchWire(BareWire):
    """The sketch of chatd's data path: its `message.send` calls the text `body`."""

    def send(self, number: int, room: bytes, client_id: bytes, text: bytes) -> bytes:
        return masked(
            b'{"type":"message.send","id":"%d","room":"%b","client_id":"%b","body":"%b"}'
            % (number, room, client_id, text)
        )


class SocketIoWire(Wire):
    """Socket.IO protocol 5 over Engine.IO protocol 4, WebSocket transport only."""

    path = "/socket.io/?EIO=4&transport=websocket&user={user}"
    heartbeat = b"\x81\x012"

    def greeting(self, token: str) -> list[Question]:
        return [(b"", b'0{"sid"'), (masked(b"40"), b'40{"sid"')]

    def joining(self, room: str) -> Question:
        return masked(b'420["join","%b"]' % room.encode()), self.answer

    def send(self, number: int, room: bytes, client_id: bytes, text: bytes) -> bytes:
        return masked(
            b'42%d["send",{"room":"%b","client_id":"%b","text":"%b"}]' % (number, room, client_id, text)
        )

    def pulse(self, received: bytes, at: int) -> bytes:
        return masked(b"3")


class NatsWire(Wire):
    """NATS's text protocol in WebSocket frames: a room is a subject, an answer is the `+OK` of its verbose mode.

    The server puts as many messages into a frame as it has, so what counts as a delivery is a message, never a frame.
    """

    path = "/"
    answer = b"+OK\r\n"
    refusal = b"-ERR"
    heartbeat = b"PING\r\n"

    def greeting(self, token: str) -> list[Question]:
        connect = (
            b'CONNECT {"verbose":true,"pedantic":false,"echo":true,"lang":"bench","version":"1","protocol":1}'
        )
        return [(b"", b"INFO {"), (masked(connect + b"\r\n"), self.answer)]

    def joining(self, room: str) -> Question:
        return masked(b"SUB %b 1\r\n" % room.encode()), self.answer

    def send(self, number: int, room: bytes, client_id: bytes, text: bytes) -> bytes:
        message = b'{"type":"message","client_id":"%b","text":"%b"}' % (client_id, text)
        return masked(b"PUB %b %d\r\n%b\r\n" % (room, len(message), message))

    def pulse(self, received: bytes, at: int) -> bytes:
        return masked(b"PONG\r\n")


WIRES: Final[dict[str, type[Wire]]] = {
    "madang": Wire,
    "bare": BareWire,
    "sketch": SketchWire,
    "socketio": SocketIoWire,
    "nats": NatsWire,
}


class Link:
    """One client's WebSocket, used in conversation: blocking, frame by frame. Counting takes over its `socket` later."""

    def __init__(self, wire: Wire, host: str, port: int, user: str) -> None:
        self.wire = wire
        self.socket = socket.create_connection((host, port), timeout=PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray()
        self.socket.sendall(wire.request(host, port, user))
        while b"\r\n\r\n" not in self._buffer:
            self._read()
        head, _, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        if not re.match(rb"HTTP/1\.1 101 ", head):
            raise Refused(head.decode(errors="replace"))
        self._buffer[:] = rest

    def ask(self, frame: bytes, word: bytes) -> int:
        """Send `frame`, then read until a frame contains `word`; its size with the header. Raises `Refused`."""
        return self.hear(frame, word)[1]

    def hear(self, frame: bytes, word: bytes) -> tuple[bytes, int]:
        """Send `frame`, then read until a frame contains `word`; its payload, and its size with the header.

        Raises:
            Refused: if an error, a Close or the end comes first.
        """
        if frame:
            self.socket.sendall(frame)
        while True:
            for opcode, payload, size in frames(self._buffer):
                if word in payload:
                    return payload, size
                if opcode == CLOSE or self.wire.refusal in payload:
                    raise Refused(payload[2 * (opcode == CLOSE) :].decode(errors="replace"))
                if opcode == PING:
                    self.socket.sendall(masked(payload, PONG))
            self._read()

    def skim(self, quiet_s: float = 0.0) -> None:
        """Read and forget whatever has come, and comes until nothing came for `quiet_s`."""
        while select.select([self.socket], [], [], quiet_s)[0]:
            self._read()
            for opcode, payload, _ in frames(self._buffer):
                if opcode == PING:
                    self.socket.sendall(masked(payload, PONG))

    def _read(self) -> None:
        try:
            received = self.socket.recv(1 << 16)
        except OSError as fault:
            raise Refused(str(fault)) from fault
        if not received:
            raise Refused("the server hung up")
        self._buffer += received


def open_link(seat: Seat, wire: Wire) -> Link:
    """A client in its seat: connected, greeted, and hearing the seat's rooms if it is one who listens."""
    link = Link(wire, seat.host, seat.port, seat.user)
    for frame, word in wire.entering(seat):
        link.ask(frame, word)
    return link
