"""Roles and scopes, and what each lets do: `<domain>.<verb>`, carried in the access token.

A person has one or more roles and may do what any of them grants. Control refuses to start when an operation asks for
a permission that is not here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, get_args

Role = Literal["mentee", "mentor", "admin"]

_EVERYONE: Final = frozenset(
    {
        "board.read",
        "board.write",
        "hook.create",
        "class.read",
        "class.register",
        "match.apply",
        "match.join",
        "match.read",
        "mentor.apply",
        "mentor.follow",
        "mentor.read",
        "message.send",
        "people.read",
        "people.relate",
        "points.read",
        "report.create",
        "room.create",
        "room.invite",
        "room.join",
        "room.leave",
        "room.list",
        "room.moderate",
        "room.read",
        "search.read",
        "upload.create",
        "upload.read",
    }
)

ROLES: Final[dict[Role, frozenset[str]]] = {
    "mentee": _EVERYONE,  # everyone is one, from sign-up
    "mentor": _EVERYONE | {"bot.create", "class.create", "mentor.edit"},  # by approval
    "admin": _EVERYONE
    | {
        "audit.read",
        "badge.grant",
        "badge.manage",
        "board.moderate",
        "bot.create",
        "category.manage",
        "condition.manage",
        "counters.read",
        "class.review",
        "mentor.review",
        "notice.manage",
        "points.grant",
        "report.review",
        "user.manage",
    },
}
BOT: Final = "bot"  # the role in a bot's token; what it may do is by the scopes of its API token

Scope = Literal["read", "write", "rooms"]
SCOPES: Final[dict[Scope, frozenset[str]]] = {
    "read": frozenset({"class.read", "mentor.read", "people.read", "room.list", "room.read", "upload.read"}),
    "write": frozenset({"message.send", "upload.create"}),
    "rooms": frozenset({"room.join", "room.leave"}),
}
GRANTED: Final = frozenset[str]().union(*ROLES.values())


def permissions_of(roles: Iterable[str]) -> list[str]:
    """What `roles` together may do, sorted. A role we do not know grants nothing: it may be of a newer version."""
    known = [ROLES[role] for role in get_args(Role) if role in set(roles)]
    return sorted(frozenset[str]().union(*known))


def may_have_bots(roles: Iterable[str]) -> bool:
    """Whether who has `roles` may make bots, and those that they made speak."""
    return "bot.create" in permissions_of(roles)


def permissions_within(scopes: Iterable[str]) -> list[str]:
    """What a bot may do whose API token has `scopes`, sorted. A scope we do not know grants nothing."""
    known = [SCOPES[scope] for scope in get_args(Scope) if scope in set(scopes)]
    return sorted(frozenset[str]().union(*known))
