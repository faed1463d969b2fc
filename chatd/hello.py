"""What a client says of itself before it is let in: the token its handshake brought, and its first frame."""

from __future__ import annotations

from collections.abc import Mapping

from common import disconnect, protocol
from common.codec import Undecodable, decode_command
from common.disconnect import ConnectionEnded
from common.tokens import ACCESS_COOKIE


def token_in(headers: Mapping[bytes, str]) -> str | None:
    """The access token of the Authorization header, or of the cookie; names of headers are in lower case."""
    scheme, _, token = headers.get(b"authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    # By hand, since one odd cookie makes http.cookies drop them all.
    for cookie in headers.get(b"cookie", "").split(";"):
        name, _, value = cookie.strip().partition("=")
        if name == ACCESS_COOKIE and value:
            return value
    return None


def hello_in(message: str | bytes, most_rooms: int) -> protocol.Hello:
    """The hello that the first frame must be. Raises `ConnectionEnded`."""
    if not isinstance(message, str):
        raise ConnectionEnded(disconnect.BAD_FRAME)
    try:
        command = decode_command(message)
    except Undecodable:
        raise ConnectionEnded(disconnect.BAD_FRAME) from None
    if not isinstance(command, protocol.Hello):
        raise ConnectionEnded(disconnect.NO_HELLO)
    if command.version != protocol.VERSION:
        raise ConnectionEnded(disconnect.VERSION)
    if len(command.resume) > most_rooms:
        raise ConnectionEnded(disconnect.TOO_MANY_ROOMS)
    return command
