"""What a connection may use, in one hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatd.authentication import Authenticator
    from chatd.coming import Changes
    from chatd.control_feed import ControlFeed
    from chatd.core.typing import Typing
    from chatd.cursors import Cursors
    from chatd.hub import Hub
    from chatd.log_writer import LogWriter
    from chatd.membership import Memberships
    from chatd.news import News
    from chatd.online import Online
    from chatd.presence import Presence
    from chatd.recovery import Recovery
    from chatd.said import Said
    from chatd.settings import Settings
    from common.lifecycle import Shutdown


@dataclass(frozen=True, slots=True)
class Services:
    """Everything shared by the connections of this replica."""

    settings: Settings
    shutdown: Shutdown
    hub: Hub
    writer: LogWriter
    recovery: Recovery
    said: Said
    changes: Changes
    memberships: Memberships
    authenticator: Authenticator
    presence: Presence
    online: Online
    feed: ControlFeed
    news: News
    typing: Typing
    cursors: Cursors
