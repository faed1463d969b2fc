"""Bytes to Structs and back, and the frames of RFC 6455 that carry them.

A server's frame is not masked, so one encoded frame serves every member of a room; that is why frames are made here
and not by the WebSocket library. One decoder for commands, shared by all connections of a process.
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from common import protocol
from common.errors import ErrorKind, Language, MadangError

_encoder = msgspec.json.Encoder()
_commands: Final[msgspec.json.Decoder[protocol.AnyCommand]] = msgspec.json.Decoder(protocol.AnyCommand)


class _Head(msgspec.Struct):
    id: protocol.Id | None = None


_head: Final = msgspec.json.Decoder(_Head)

encode = _encoder.encode


def text_frame(payload: bytes) -> bytes:
    """`payload` (UTF-8) as one whole, unmasked text frame."""
    length = len(payload)
    if length < 126:
        return bytes((0x81, length)) + payload
    if length < 65536:
        return b"\x81\x7e" + struct.pack("!H", length) + payload
    return b"\x81\x7f" + struct.pack("!Q", length) + payload


def close_frame(code: int, reason: str) -> bytes:
    """A Close frame; `reason` is ASCII of at most 123 characters (RFC 6455 §5.5)."""
    return bytes((0x88, len(reason) + 2)) + struct.pack("!H", code) + reason.encode()


def push_frame(push: protocol.AnyPush | protocol.AnyEvent) -> bytes:
    """A push as a frame."""
    return text_frame(_encoder.encode(push))


class Undecodable(Exception):
    """A frame that is no command. `error` is the answer; `id` the command's id where one could be read."""

    def __init__(self, error: MadangError, command_id: str | None) -> None:
        self.error = error
        self.id = command_id
        super().__init__(error.code)


def decode_command(frame: bytes | str) -> protocol.AnyCommand:
    """The command in a text frame's payload.

    Raises `Undecodable`: `malformed` for what is not a JSON object, `unknown_command` for a type we do not serve,
    `invalid` (with the path of the fault) for values out of their bounds.
    """
    try:
        return _commands.decode(frame)
    except msgspec.ValidationError as fault:
        code = "unknown_command" if "$.type" in str(fault) or "`type`" in str(fault) else "invalid"
        sentence, _, path = str(fault).partition(" - at ")
        fields = {path.replace("`", "") or "$": sentence}
        raise Undecodable(MadangError(code, fields=fields), _command_id(frame)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Undecodable(MadangError("malformed"), None) from None


def _command_id(frame: bytes | str) -> str | None:
    try:
        return _head.decode(frame).id
    except (msgspec.DecodeError, RecursionError):
        return None


def ok_frame(command_id: str, ok: protocol.Ok) -> bytes:
    """The reply that says yes."""
    return text_frame(
        b'{"type":"reply","id":%b,"ok":%b}' % (_encoder.encode(command_id), _encoder.encode(ok))
    )


def error_frame(command_id: str, error: MadangError, language: Language) -> bytes:
    """The reply that says no, in the reader's language."""
    body = protocol.Error(
        code=error.code,
        message=sentence(error.kind, error.fields, language),
        temporary=error.kind.temporary,
        retry_after_ms=error.retry_after_ms,
    )
    return text_frame(_encoder.encode(protocol.Reply(id=command_id, error=body)))


def sentence(kind: ErrorKind, fields: dict[str, str], language: Language) -> str:
    """The error's sentence, with what is wrong where when that is known."""
    details = "; ".join(f"{path}: {fault}" for path, fault in fields.items())
    return f"{kind.sentence(language)} ({details})" if details else kind.sentence(language)
