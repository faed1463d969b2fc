"""Why the server ends a connection: the one table of WebSocket close codes.

4000-4499: come back (with your cursors). 4500-4999: do not; something must change first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Disconnect:
    """One reason to close: its code, its stable name (sent as the close reason), and a sentence for people."""

    code: int
    name: str
    en: str
    ko: str

    @property
    def come_back(self) -> bool:
        """Whether a client should reconnect by itself, with back-off."""
        return self.code < 4500


INTERNAL: Final = Disconnect(4000, "internal", "Something broke on our side.", "서버에 문제가 생겼습니다.")
DRAINING: Final = Disconnect(4001, "draining", "This replica is going away.", "이 서버가 곧 종료됩니다.")
TOKEN_EXPIRED: Final = Disconnect(4005, "token_expired", "The token has expired.", "토큰이 만료되었습니다.")
SLOW_CONSUMER: Final = Disconnect(4008, "slow_consumer", "You read too slowly.", "수신이 너무 느립니다.")
TOO_FAST: Final = Disconnect(4009, "too_fast", "Too many commands.", "명령이 너무 많습니다.")
NO_PONG: Final = Disconnect(4012, "no_pong", "You stopped answering.", "응답이 없습니다.")
BAD_TOKEN: Final = Disconnect(4500, "bad_token", "The token is not valid.", "토큰이 올바르지 않습니다.")
BAD_FRAME: Final = Disconnect(4501, "bad_frame", "That frame is not valid.", "프레임이 올바르지 않습니다.")
NO_HELLO: Final = Disconnect(
    4502, "no_hello", "No hello came in time.", "인사(hello)가 제때 오지 않았습니다."
)
SESSION_REVOKED: Final = Disconnect(
    4503, "session_revoked", "This session was ended.", "이 세션은 종료되었습니다."
)
TOO_MANY_CONNECTIONS: Final = Disconnect(
    4504, "too_many_connections", "You have too many connections.", "연결이 너무 많습니다."
)
TOO_MANY_ROOMS: Final = Disconnect(4505, "too_many_rooms", "Too many open rooms.", "열린 방이 너무 많습니다.")
VERSION: Final = Disconnect(
    4510, "version", "This protocol version is not served.", "지원하지 않는 버전입니다."
)

BY_CODE: Final = {
    reason.code: reason
    for reason in (
        INTERNAL, DRAINING, TOKEN_EXPIRED, SLOW_CONSUMER, TOO_FAST, NO_PONG, BAD_TOKEN, BAD_FRAME, NO_HELLO,
        SESSION_REVOKED, TOO_MANY_CONNECTIONS, TOO_MANY_ROOMS, VERSION,
    )
}  # fmt: skip


class ConnectionEnded(Exception):
    """The server ends this connection, for `reason`. The other family, which answers a command, is `MadangError`."""

    def __init__(self, reason: Disconnect) -> None:
        self.reason = reason
        super().__init__(reason.name)
