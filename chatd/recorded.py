"""Which of control's news are events of a room's log, and how they are told there."""

from __future__ import annotations

from common import feed
from common.protocol import SystemWord
from common.roomlog.position import MemberBody, MessageBody, RoomBody


def event_of(entry_id: str, change: feed.AnyChange) -> MemberBody | RoomBody | MessageBody | None:
    """The event that a change is; None for one that is of no log. `entry_id` makes it one event, however often it is told."""
    match change:
        case feed.MemberChanged():
            return MemberBody(
                room=change.room,
                sender=change.by or change.user,
                client_id=entry_id,
                user=change.user,
                name=change.name,
                change=change.change,
                role=change.role,
                until=change.until,
                by=change.by,
            )
        case feed.RoomChanged() if shown := change.shown():
            return RoomBody(
                room=change.room, sender=change.by or "", client_id=entry_id, by=change.by, **shown
            )
        case feed.HookSpoke():
            return MessageBody(
                room=change.room,
                sender=change.hook,
                client_id=change.post,
                text=change.text,
                origin="hook",
                name=change.name,
            )
        case feed.RoomSpoke():
            return MessageBody(
                room=change.room,
                sender="",
                client_id=entry_id,
                text=change.text,
                kind="system",
                system=SystemWord(change.code, change.params),
            )
    return None
