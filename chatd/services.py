"""What a connection may use, in one hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatd.anonymous import Anonymous
    from chatd.attachments import Attachments
    from chatd.attendance import AttendanceBook
    from chatd.authentication import Authenticator
    from chatd.coming import Changes
    from chatd.control_feed import ControlFeed
    from chatd.core.emotes import Emotes
    from chatd.core.typing import Typing
    from chatd.cursors import Cursors
    from chatd.deeds import Deeds
    from chatd.hub import Hub
    from chatd.live.calls import Calls
    from chatd.live.timers import Timers
    from chatd.log_writer import LogWriter
    from chatd.membership import Memberships
    from chatd.news import News
    from chatd.presence import Presence
    from chatd.presence.circle import Circles
    from chatd.presence.headcount import Headcount
    from chatd.presence.last_seen import LastSeen
    from chatd.presence.participants import Participants
    from chatd.presence.people import People
    from chatd.recorder import Recorder
    from chatd.recovery import Recovery
    from chatd.roster import Roster
    from chatd.said import Said
    from chatd.settings import Settings
    from chatd.turnstile import Turnstile
    from common.lifecycle import Shutdown
    from common.roomlog.history import History


@dataclass(frozen=True, slots=True)
class Services:
    """Everything shared by the connections of this replica."""

    settings: Settings
    shutdown: Shutdown
    turnstile: Turnstile
    hub: Hub
    writer: LogWriter
    recovery: Recovery
    history: History
    said: Said
    changes: Changes
    attachments: Attachments
    deeds: Deeds
    memberships: Memberships
    anonymous: Anonymous
    authenticator: Authenticator
    presence: Presence
    participants: Participants
    people: People
    circles: Circles
    headcount: Headcount
    last_seen: LastSeen
    attendance: AttendanceBook
    feed: ControlFeed
    recorder: Recorder
    news: News
    typing: Typing
    cursors: Cursors
    roster: Roster
    timers: Timers
    emotes: Emotes
    calls: Calls
