"""News from control that people hear of and this replica need not know: which push tells it, and whom it concerns.

A change of the feed and its push call the same things by the same names, so the one is made of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from common import feed, protocol

_Kind = (
    type[protocol.PersonalInvitation]
    | type[protocol.PersonalApplication]
    | type[protocol.PersonalBoard]
    | type[protocol.PersonalBadge]
    | type[protocol.PersonalClass]
    | type[protocol.PersonalMatch]
    | type[protocol.PersonalApplied]
    | type[protocol.PersonalPost]
    | type[protocol.PersonalAccount]
)
TOLD: Final[dict[type[feed.Change], _Kind]] = {
    feed.Invited: protocol.PersonalInvitation,
    feed.ApplicationDecided: protocol.PersonalApplication,
    feed.BoardChanged: protocol.PersonalBoard,
    feed.BadgeChanged: protocol.PersonalBadge,
    feed.ClassChanged: protocol.PersonalClass,
    feed.Matched: protocol.PersonalMatch,
    feed.Applied: protocol.PersonalApplied,
    feed.PostChanged: protocol.PersonalPost,
    feed.AccountChanged: protocol.PersonalAccount,
}


class Personal(NamedTuple):
    """News for some people."""

    users: Sequence[str]
    push: protocol.AnyPush


def personal(change: feed.AnyChange) -> Personal | None:
    """What is told of a change, and to whom; None when it is nothing of this kind."""
    kind = TOLD.get(type(change))
    if kind is None:
        return None
    said = {name: getattr(change, name) for name in kind.__struct_fields__}
    return Personal(_concerned(change), kind(**said))


def _concerned(change: feed.AnyChange) -> Sequence[str]:
    match change:
        case feed.ClassChanged() | feed.PostChanged():
            return change.users
        case feed.Matched():
            return [person.user for person in change.people]
    user: str = change.user  # type: ignore[union-attr]  # all others of the table are about one person
    return [user]
