"""Short messages to phones: the port, and the adapters that need no provider."""

from __future__ import annotations

from typing import Final, Protocol

import msgspec

from common.redis import Redis
from common.units import HOURS, to_ms

_KEPT: Final = 10  # messages a contact
_LIFE_MS: Final = to_ms(1 * HOURS)


class SmsUnavailable(Exception):
    """The provider did not take the message, or it cannot be known whether it did."""


class SmsSender(Protocol):
    """Sends one text to one number.

    Returns once the provider has taken the message; that it arrives nobody can promise. Raises `SmsUnavailable`
    otherwise, within ten seconds; the message may then arrive all the same. Sends at most once: trying again is the
    caller's to decide. Never writes the text to a log, since it carries a code.
    """

    async def send(self, phone: str, text: str) -> None:
        """Send `text` to `phone` (E.164)."""


class NoSms:
    """No provider is configured: nothing can be sent."""

    async def send(self, phone: str, text: str) -> None:  # noqa: ARG002 - the port's words
        """Raises `SmsUnavailable`, always."""
        raise SmsUnavailable("no SMS provider is configured")


class SentMessage(msgspec.Struct):
    """A message of the outbox. `at`: when it was sent, in milliseconds since 1970 UTC."""

    text: str
    at: int


class LocalOutbox:
    """Keeps messages where a developer or a test can read them: the last ten to each contact, for an hour, in Redis.

    It stands in for phones and for mailboxes.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def mail(self, address: str, subject: str, text: str) -> None:
        """Keep it, newest first, under its subject."""
        await self.send(address, f"{subject}\n\n{text}")

    async def send(self, phone: str, text: str) -> None:
        """Keep it, newest first."""
        now, micros = await self._redis.call("TIME")
        message = msgspec.json.encode(SentMessage(text, int(now) * 1000 + int(micros) // 1000))
        await self._redis.calls(
            [
                ("LPUSH", _key(phone), message),
                ("LTRIM", _key(phone), 0, _KEPT - 1),
                ("PEXPIRE", _key(phone), _LIFE_MS),
            ]
        )

    async def messages(self, contact: str) -> list[SentMessage]:
        """What was sent to `contact`, newest first."""
        kept: list[bytes] = await self._redis.call("LRANGE", _key(contact), 0, -1)
        return [msgspec.json.decode(message, type=SentMessage) for message in kept]


def _key(contact: str) -> str:
    return "{control}:sms:" + contact
