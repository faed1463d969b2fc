"""What the operations of bots take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from common.permissions import Scope
from common.protocol import Token, Uuid
from control.identity.views import At, Nickname

About = Annotated[str, Meta(max_length=200, examples=["Says every morning what is for lunch."])]
TokenName = Annotated[str, Meta(min_length=1, max_length=50, examples=["the server in the kitchen"])]
Scopes = Annotated[
    list[Scope],
    Meta(min_length=1, max_length=3, description="What it lets do", examples=[["read", "write"]]),
]
ApiSecret = Annotated[
    str,
    Meta(min_length=1, max_length=200, examples=["madang_bot_3vQx0mB7fZk2Wn9sLr5yTe8uJc1aHd4gPo6iXqVwN2M"]),
]


class CreateBot(Struct, forbid_unknown_fields=True):
    """A new bot. Its nickname is one among those of people."""

    nickname: Nickname
    about: About = ""


class Bot(Struct, kw_only=True):
    """A bot of mine. `id` is its id as a sender and a member."""

    id: Uuid
    nickname: Nickname
    about: About
    created_at: At


class Bots(Struct):
    """My bots, the oldest first."""

    bots: list[Bot]


class CreateToken(Struct, forbid_unknown_fields=True):
    """A new API token. `read`: hear rooms and read them; `write`: say things in them; `rooms`: join and leave them."""

    name: TokenName
    scopes: Scopes


class ApiToken(Struct, kw_only=True):
    """An API token, but for its secret, which nobody knows any more."""

    id: Uuid
    name: TokenName
    scopes: Scopes
    created_at: At
    last_used_at: At | None


class ApiTokens(Struct):
    """The tokens of a bot that were not revoked, the oldest first."""

    tokens: list[ApiToken]


class NewApiToken(Struct, kw_only=True):
    """A token and, this once, its secret."""

    token: ApiToken
    secret: ApiSecret


class ExchangeToken(Struct, forbid_unknown_fields=True):
    """The secret of an API token."""

    token: ApiSecret


class BotAccess(Struct, kw_only=True):
    """An access token for the socket and for HTTP. Exchange again before it ends; the session stays the same."""

    user: Uuid
    nickname: Nickname
    session: Uuid
    scopes: Scopes
    access_token: Token
    access_expires_at: At
