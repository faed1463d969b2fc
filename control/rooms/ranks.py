"""Who may do what in a room: owner above moderator above member, and nobody to an equal or to one above.

Rules alone, over words; who holds which role is `acting.py`'s to ask.
"""

from __future__ import annotations

from typing import Final, Literal

from common.errors import MadangError
from control.rooms.views import Role

Act = Literal[
    "invite",
    "change",
    "change_door",
    "change_code",
    "make_link",
    "kick",
    "ban",
    "unban",
    "mute",
    "unmute",
    "set_role",
    "pass_on",
    "archive",
    "read_audit",
    "read_bans",
    "put_bot",
    "make_hook",
    "revoke_hook",
    "read_hooks",
]

# What would part a class from its room, its mentor, or the places that it sold.
FIXED_IN_CLASSES: Final[frozenset[Act]] = frozenset({"change_door", "pass_on", "archive"})
_RANK: Final[dict[Role, int]] = {"member": 0, "moderator": 1, "owner": 2}
NEEDED: Final[dict[Act, Role]] = {
    "invite": "member",
    "change": "moderator",
    "change_door": "owner",  # who may come in, how many, and what they may read
    "change_code": "moderator",
    "make_link": "moderator",
    "kick": "moderator",
    "ban": "moderator",
    "unban": "moderator",
    "mute": "moderator",
    "unmute": "moderator",
    "set_role": "owner",
    "pass_on": "owner",
    "archive": "owner",
    "read_audit": "moderator",
    "read_bans": "moderator",
    "put_bot": "moderator",
    "make_hook": "moderator",
    "revoke_hook": "moderator",
    "read_hooks": "moderator",
}
_REFUSALS: Final[dict[Role, str]] = {
    "member": "not_a_member",
    "moderator": "not_a_moderator",
    "owner": "not_the_owner",
}


def require(role: Role | None, act: Act) -> None:
    """Raise `not_a_member`, `not_a_moderator` or `not_the_owner` unless `role` is enough; None is who is not in."""
    if role is None:
        raise MadangError("not_a_member")
    needed = NEEDED[act]
    if _RANK[role] < _RANK[needed]:
        raise MadangError(_REFUSALS[needed])


def require_above(role: Role, other: Role | None) -> None:
    """Raise `above_you` unless `role` stands above `other`; who is not in stands below all."""
    if other is not None and _RANK[other] >= _RANK[role]:
        raise MadangError("above_you")
