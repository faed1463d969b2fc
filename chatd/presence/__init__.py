"""Who is online, over all replicas.

A person is online while any of their connections lives on any replica, away while each of these says so, and offline
once none has lived for a while. The truth
about a connection is with the replica that has it (`chatd.core.presence`); what all replicas say is added up in Redis
(`register`), which also tells who came and went; `presence` is this replica's part in it, and `news` carries the
changes to the sockets of those who may see them.

Nothing here lasts: when Redis forgets, every replica says anew what it has.
"""

from chatd.core.presence import Change, State, Word
from chatd.presence.news import PresenceNews
from chatd.presence.presence import Presence, TooManyConnections

__all__ = ["Change", "Presence", "PresenceNews", "State", "TooManyConnections", "Word"]
