"""What one client may do, as promised: the defaults of chatd's settings, and what the socket's document says of them.

An operator may set other numbers for a replica; bounds that are part of the wire itself are in `protocol/`.
"""

from __future__ import annotations

from typing import Final

from common import protocol
from common.units import MINUTES, SECONDS, to_ms

INTIMATE: Final = 200  # members of a room up to which each is told of the others' typing and reading
COMMAND_RATE: Final = 20  # a second, on one connection
COMMAND_BURST: Final = 60
CONNECTIONS: Final = 10  # of one user, over all replicas
HELLO_WITHIN: Final = 10 * SECONDS
# Between the server's pings; who is silent for a little more than two is gone.
HEARTBEAT: Final = 20 * SECONDS
CALL: Final = 4  # peers in a call: each sends to each, which no phone does to many more
CALL_LEASE: Final = 30 * SECONDS  # without a sign of life, and a peer is out of its call
CALL_CALM: Final = 15 * SECONDS  # the same, once its connection has ended in good order
GRACE: Final = 60 * SECONDS  # after the token's end, to listen and refresh
WARNING: Final = 2 * MINUTES  # before the token's end, to say so

DOCUMENTED: Final[dict[str, int]] = {
    "frame_bytes": protocol.MAX_FRAME,
    "text_characters": protocol.MAX_TEXT,
    "open_rooms": protocol.MAX_ROOMS,
    "page_events": protocol.MAX_PAGE,
    "people_asked": protocol.MAX_ASKED,
    "participants": protocol.MAX_PARTICIPANTS,
    "members_told_of_typing_and_reading": INTIMATE,
    "mentions": protocol.MAX_MENTIONS,
    "attachments": protocol.MAX_ATTACHMENTS,
    "emoji_bytes": protocol.MAX_EMOJI,
    "emoji_on_a_message": protocol.MAX_EMOJIS,
    "pins_in_a_room": protocol.MAX_PINS,
    "commands_per_second": COMMAND_RATE,
    "command_burst": COMMAND_BURST,
    "connections_per_user": CONNECTIONS,
    "hello_within_ms": to_ms(HELLO_WITHIN),
    "call_peers": CALL,
    "signal_bytes": protocol.MAX_SIGNAL,
    "heartbeat_ms": to_ms(HEARTBEAT),
    "expired_token_grace_ms": to_ms(GRACE),
    "expiry_warning_ms": to_ms(WARNING),
}
