"""Where a client's tokens come from: a person's session with control, kept up by refreshing, or a bot's API token."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

import trio

from chatd.client.api import Api, ApiUnavailable, BotAccess, Tokens
from chatd.client.errors import CommandFailed, TokenRefused, TokenUnavailable
from common.units import SECONDS, to_ms

TokenSource = Callable[[], Awaitable[str]]
"""Gives a new access token each time it is asked. Raises `TokenUnavailable` or `TokenRefused`."""

MARGIN: Final = 30 * SECONDS
_LOST: Final = frozenset({"token_reused", "token_expired", "token_invalid"})


class Session:
    """A log-in with e-mail and password. Calling it gives a new access token: it is a `TokenSource`.

    A refresh token is good once, so one refresh runs at a time. When the answer to a refresh was lost on its way, the same token
    is good for some seconds yet; after them that session cannot be continued and another one is begun. A session that was ended
    on purpose stays ended.
    """

    def __init__(self, api: Api, email: str, password: str) -> None:
        self.api = api
        self._email = email
        self._password = password
        self._tokens: Tokens | None = None
        self._turn = trio.Lock()

    @property
    def user(self) -> str:
        """Whose session it is; empty before the first token."""
        return self._tokens.user if self._tokens else ""

    async def __call__(self) -> str:
        async with self._turn:
            return (await self._renew()).access_token

    async def access(self) -> str:
        """An access token that is good for a while yet, for HTTP. Raises as calling does."""
        async with self._turn:
            tokens = self._tokens
            if tokens is None or tokens.access_expires_at < time.time() * 1000 + to_ms(MARGIN):
                tokens = await self._renew()
            return tokens.access_token

    async def end(self) -> None:
        """Log out. Raises `ApiUnavailable` or `CommandFailed`."""
        async with self._turn:
            tokens, self._tokens = self._tokens, None
            if tokens is not None:
                await self.api.log_out(tokens.refresh_token)

    async def _renew(self) -> Tokens:
        with _said_as_a_token():
            self._tokens = await self._refreshed() or await self.api.log_in(self._email, self._password)
        return self._tokens

    async def _refreshed(self) -> Tokens | None:
        """The session's next tokens; None when there is no session, or none that can be continued."""
        if self._tokens is None:
            return None
        try:
            return await self.api.refresh(self._tokens.refresh_token)
        except CommandFailed as refused:
            if refused.code in _LOST:
                return None
            raise


class BotSession:
    """A bot's API token, exchanged as often as needed. Calling it gives a new access token: it is a `TokenSource`.

    Every exchange continues the one session of the API token; when that is revoked, it raises `TokenRefused`.
    """

    def __init__(self, api: Api, api_token: str) -> None:
        self.api = api
        self._api_token = api_token
        self._access: BotAccess | None = None
        self._turn = trio.Lock()

    @property
    def user(self) -> str:
        """The bot's id; empty before the first token."""
        return self._access.user if self._access else ""

    async def __call__(self) -> str:
        async with self._turn:
            return (await self._exchange()).access_token

    async def access(self) -> str:
        """An access token that is good for a while yet, for HTTP. Raises as calling does."""
        async with self._turn:
            access = self._access
            if access is None or access.access_expires_at < time.time() * 1000 + to_ms(MARGIN):
                access = await self._exchange()
            return access.access_token

    async def _exchange(self) -> BotAccess:
        with _said_as_a_token():
            self._access = await self.api.bot_access(self._api_token)
        return self._access


@contextmanager
def _said_as_a_token() -> Iterator[None]:
    """What goes wrong over HTTP, in the words of a `TokenSource`."""
    try:
        yield
    except ApiUnavailable as fault:
        raise TokenUnavailable(str(fault)) from fault
    except CommandFailed as refused:
        kind = TokenUnavailable if refused.temporary else TokenRefused
        raise kind(refused.message) from refused
