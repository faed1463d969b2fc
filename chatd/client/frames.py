"""Frames from the server to Structs. A type this client does not know is no fault: servers are newer than clients."""

from __future__ import annotations

from typing import Final, TypeVar, get_args

import msgspec

from common import protocol

Answer = TypeVar("Answer", bound=msgspec.Struct)

Incoming = protocol.AnyPush | protocol.AnyEvent | protocol.Reply


class _Tag(msgspec.Struct):
    type: str = ""


_incoming: Final[msgspec.json.Decoder[Incoming]] = msgspec.json.Decoder(Incoming)
_tag: Final = msgspec.json.Decoder(_Tag)
_known: Final = frozenset(kind.__struct_config__.tag for kind in get_args(Incoming))


class BadFrame(Exception):
    """The server sent what is not its protocol."""


def decode(frame: str | bytes) -> Incoming | None:
    """The push, event or reply in a frame; None for a type this client does not know.

    Raises `BadFrame` for anything else.
    """
    try:
        return _incoming.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        try:
            unknown = _tag.decode(frame).type not in _known
        except (msgspec.DecodeError, UnicodeDecodeError):
            unknown = False
        if unknown:
            return None
        raise BadFrame(str(fault)) from fault


def decode_ok(ok: msgspec.Raw | msgspec.UnsetType, answer: type[Answer]) -> Answer:
    """The `ok` of a reply as the Struct that its command asks for. Raises `BadFrame`."""
    if ok is msgspec.UNSET:
        raise BadFrame("a reply with neither ok nor error")
    try:
        return msgspec.json.decode(ok, type=answer)
    except msgspec.DecodeError as fault:
        raise BadFrame(str(fault)) from fault
