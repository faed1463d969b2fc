"""What control says, heard by every replica: sessions revoked, memberships changed, keys rotated.

Every replica takes every entry, for its caches and for the connections that are here. What must happen once, as an event
of a room's log, is `recorder.py`'s.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final

import trio

from chatd.authentication import Authenticator
from chatd.hub import Hub
from chatd.live.calls import Calls
from chatd.membership import Memberships
from chatd.notices import Notices
from chatd.personal import personal
from chatd.presence.circle import Circles
from chatd.presence.people import People
from chatd.profiles import Profiles
from chatd.roster import Roster
from common import disconnect, feed, protocol
from common.codec import push_frame
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.permissions import permissions_of
from common.redis import Redis
from common.roomlog.position import parse_stream_id
from common.supervise import Backoff
from common.units import SECONDS, to_ms

_log = get_logger(__name__)

_BATCH: Final = 100
_BLOCK: Final = 2 * SECONDS
_ASKING: Final = 0.5 * SECONDS
_ENDINGS: Final = frozenset({"left", "kicked", "banned"})  # changes after which somebody is no member
_REMEMBERED: Final = 10_000  # revoked sessions, and people who changed


class ControlFeed:
    """The control feed, as one replica hears it."""

    def __init__(
        self,
        redis: Redis,
        *,
        hub: Hub,
        memberships: Memberships,
        roster: Roster,
        authenticator: Authenticator,
        people: People,
        circles: Circles,
        profiles: Profiles,
        notices: Notices,
        calls: Calls,
    ) -> None:
        self._redis = redis
        self._hub = hub
        self._memberships = memberships
        self._roster = roster
        self._authenticator = authenticator
        self._people = people
        self._circles = circles
        self._profiles = profiles
        self._notices = notices
        self._calls = calls
        self._revoked: OrderedDict[str, None] = OrderedDict()
        self._changed: OrderedDict[str, float] = OrderedDict()  # users, and when that was heard
        self.healthy = False

    def revoked(self, session: str) -> bool:
        """Whether the feed said so lately. What it said before we listened is PostgreSQL's to know."""
        return session in self._revoked

    def changed_since(self, user: str, at: float) -> bool:
        """Whether the feed has said since then that a person may do something else."""
        return self._changed.get(user, float("-inf")) >= at

    async def listen(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Hear every change from now on, for ever. After Redis was away, look up what may have been missed."""
        backoff = Backoff()
        last: bytes | None = None
        while True:
            try:
                if last is None:
                    last = await self._last_id()
                elif not self.healthy:  # and perhaps another server by now, whose clock is behind
                    last = min(last, await self._last_id(), key=parse_stream_id)
                    await self._look_up_everything()
                self.healthy = True
                task_status.started()
                task_status = trio.TASK_STATUS_IGNORED
                while True:
                    for entry_id, fields in await self._read(last):
                        last = entry_id
                        await self._hear(fields)
                    backoff.reset()
            except StoreUnavailable as fault:
                if self.healthy:
                    _log.warning("the control feed is away", why=str(fault))
                self.healthy = False
                await trio.sleep(backoff.next())

    async def _last_id(self) -> bytes:
        newest = await self._redis.call("XREVRANGE", feed.STREAM, "+", "-", "COUNT", 1)
        last: bytes = newest[0][0] if newest else b"0-0"
        return last

    async def _read(self, last: bytes) -> list[tuple[bytes, list[bytes]]]:
        reply = await self._redis.call(
            "XREAD", "COUNT", _BATCH, "BLOCK", to_ms(_BLOCK), "STREAMS", feed.STREAM, last
        )
        return reply[0][1] if reply else []

    async def _hear(self, fields: list[bytes]) -> None:
        told = feed.told(fields)
        match told and told[1]:
            case feed.SessionRevoked(session=session):
                self._revoke(session)
            case feed.UserChanged(user=user):
                await self._user_changed(user)
            case feed.MemberChanged() as change:
                await self._member_changed(change)
            case feed.RoomChanged(room=room):
                self._memberships.drop_room(room)
            case feed.WordsErased(room=room):
                self._hub.recent.forget(room)
            case feed.RoomArchived() as change:
                self._room_archived(change)
            case feed.RelationChanged() as change:
                self._relation_changed(change)
            case feed.PresenceChanged(user=user):
                self._people.setting_changed(user)
            case feed.KeysChanged():
                await self._read_keys()
            case change:
                self._pass_on(change)

    def _pass_on(self, change: feed.AnyChange | None) -> None:
        """What people hear of, and this replica need not know."""
        match change:
            case feed.ProfileChanged():
                self._profiles.changed(change)
            case feed.NoticeChanged():
                self._notices.changed(change)
            case feed.CursorMoved():
                self._cursor_moved(change)
            case _ if change is not None and (told := personal(change)) is not None:
                self._tell_all(told.users, told.push)

    async def _read_keys(self) -> None:
        try:
            await self._authenticator.read_keys()
        except StoreUnavailable as fault:  # the first token of a new key makes us read again
            _log.warning("the signing keys cannot be read now", why=str(fault))

    def _revoke(self, session: str) -> None:
        self._revoked[session] = None
        if len(self._revoked) > _REMEMBERED:
            self._revoked.popitem(last=False)
        for who in self._hub.of_session(session):
            who.disconnect(disconnect.SESSION_REVOKED)

    async def _user_changed(self, user: str) -> None:
        """What a person may do is looked up anew. Whoever cannot be looked up in time has to come back and be proven."""
        self._changed[user] = trio.current_time()
        self._changed.move_to_end(user)
        if len(self._changed) > _REMEMBERED:
            self._changed.popitem(last=False)
        connections = self._hub.of_user(user)
        if not connections:
            return
        known = False
        with trio.move_on_after(_ASKING):
            try:
                await self._revise(sorted({who.session for who in connections}))
                known = True
            except StoreUnavailable as fault:
                _log.warning("what a person may do cannot be read now", why=str(fault))
        if not known:
            for who in self._hub.of_user(user):
                who.disconnect(disconnect.INTERNAL)

    async def _revise(self, sessions: Sequence[str]) -> None:
        """End those of `sessions` that live no more; tell the others what their people may do. Raises `StoreUnavailable`."""
        live = await self._authenticator.live(sessions)
        for session in sessions:
            if session not in live:
                self._revoke(session)
            elif roles := live[session]:
                for who in self._hub.of_session(session):
                    who.revise(permissions_of(roles))

    async def _member_changed(self, change: feed.MemberChanged) -> None:
        self._memberships.drop(change.user, change.room)
        self._roster.changed(change.user)
        if change.change in _ENDINGS:
            self._roster.left(change.user, change.room)
        if change.change in _ENDINGS and not await self._is_member(change):
            code = "banned" if change.change == "banned" else "not_a_member"
            self._hub.expel(change.user, change.room, code)
            self._people.parted(change.user, change.room)
        self._tell(
            change.user,
            protocol.PersonalRoom(
                room=change.room, change=change.change, role=change.role, until=change.until
            ),
        )
        if change.change == "muted":
            self._calls.silence(change.user, change.room)
        if change.change == "joined":
            self._people.joined(change.user, change.room)

    def _relation_changed(self, change: feed.RelationChanged) -> None:
        """Whoever may or may not write in a direct room from now on is looked up anew; my other devices hear of my lists."""
        if change.room is not None:
            for user in (change.user, change.other):
                self._memberships.drop(user, change.room)
                if change.kind == "blocked" and change.change == "added":
                    self._calls.part(user, change.room)
        self._tell(
            change.user,
            protocol.PersonalRelation(user=change.other, kind=change.kind, change=change.change),
        )
        self._people.relation_changed(change)

    def _room_archived(self, change: feed.RoomArchived) -> None:
        """Nobody hears the room any more, and whoever was in it is told on all devices."""
        self._memberships.drop_room(change.room)
        for user in change.members:
            self._roster.changed(user)
            self._roster.left(user, change.room)
            self._hub.expel(user, change.room, "room_archived")
            self._tell(user, protocol.PersonalRoom(room=change.room, change="archived"))

    def _tell(self, user: str, push: protocol.AnyPush) -> None:
        """What concerns one person, to all devices that are here."""
        self._tell_all((user,), push)

    def _tell_all(self, users: Iterable[str], push: protocol.AnyPush) -> None:
        """What concerns many, few of whom are here: the frame is made once for all of them."""
        listeners = [who for user in users for who in self._hub.of_user(user)]
        if listeners:
            news = push_frame(push)
            for who in listeners:
                who.send_nowait(news)

    def _cursor_moved(self, change: feed.CursorMoved) -> None:
        room, user, mseq = change.room, change.user, change.mseq
        mine = protocol.PersonalRead(room=room, mseq=mseq, unread=change.unread, mentions=change.mentions)
        self._tell(user, mine)
        if change.shown:
            news = push_frame(protocol.Read(room=room, user=user, mseq=mseq))
            for who in self._hub.listeners(room):
                if who.user != user and who.user not in change.hidden:
                    who.send_nowait(news)

    async def _is_member(self, change: feed.MemberChanged) -> bool:
        """Whether somebody who listens here and has left is back: news that is told twice may be of long ago.

        Who cannot be asked about in time is taken to be out.
        """
        if not any(who.user == change.user for who in self._hub.openers(change.room)):
            return False
        with trio.move_on_after(_ASKING):
            try:
                return await self._memberships.get(change.user, change.room) is not None
            except StoreUnavailable as fault:
                _log.warning("a membership cannot be read now", why=str(fault))
        return False

    async def _look_up_everything(self) -> None:
        """Redis was away, or came back empty: ask PostgreSQL about every session and every listener here."""
        self._memberships.drop_all()
        self._circles.drop_all()
        self._roster.all_changed()
        await self._authenticator.read_keys()
        await self._revise(self._hub.sessions())
        for room in list(self._hub.rooms):
            for who in self._hub.openers(room):
                if await self._memberships.get(who.user, room) is None:
                    self._hub.expel(who.user, room, "not_a_member")
