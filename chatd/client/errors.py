"""What a user of the client can meet: a command refused, a room closed, a client that had to stop, a missing token."""

from __future__ import annotations

from common import protocol
from common.disconnect import Disconnect
from common.errors import ERRORS, Language


class ClientError(Exception):
    """Anything this library raises on purpose."""


class CommandFailed(ClientError):
    """The server said no, and asking again would not help. `code` is stable; `message` is for people."""

    def __init__(self, error: protocol.Error) -> None:
        self.code = error.code
        self.message = error.message
        self.temporary = error.temporary
        self.retry_after_ms = error.retry_after_ms
        super().__init__(f"{error.code}: {error.message}")


class RoomClosed(ClientError):
    """The room is no longer open to this client. `code` is an error's code, as `not_a_member`; None when this side closed."""

    def __init__(self, room: str, code: str | None = None) -> None:
        self.room = room
        self.code = code
        super().__init__(f"room {room}: {code or 'closed'}")

    def sentence(self, language: Language) -> str:
        """Why, for a person."""
        kind = ERRORS.get(self.code or "")
        return kind.sentence(language) if kind else str(self)


class Stopped(ClientError):
    """The client will not come back by itself: the server told it not to, or nobody gives it a token any more."""

    def __init__(self, why: str, reason: Disconnect | None = None) -> None:
        self.why = why
        self.reason = reason
        super().__init__(why)

    def sentence(self, language: Language) -> str:
        """Why, for a person."""
        if self.reason is None:
            return self.why
        return self.reason.ko if language == "ko" else self.reason.en


class TokenUnavailable(ClientError):
    """No token could be had just now; a later try may succeed. Raised by token sources."""


class TokenRefused(ClientError):
    """No token will be given to these credentials. Raised by token sources; the client stops."""
