"""What the operations on rooms take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args

from msgspec import UNSET, Meta, Struct, UnsetType

from common.protocol import MAX_FOUND, MAX_PAGE, MessageKind, PresenceState, SearchText, Seq, Uuid
from control.commons.views import CategoryKey
from control.cursor import Cursor
from control.once import ClientId

Kind = Literal["group", "direct", "class", "call", "match"]
Made = Literal["group", "call"]
MADE: Final = frozenset(get_args(Made))  # by whoever wants one; the others come with something else
Visibility = Literal["public", "private", "secret"]
Role = Literal["owner", "moderator", "member"]
History = Literal["joined", "all"]
Notifications = Literal["all", "mentions", "none"]

At = Annotated[int, Meta(description="Milliseconds since 1970 UTC", examples=[1767225600000])]
Title = Annotated[str, Meta(min_length=1, max_length=60, examples=["한강 달리기"])]
Description = Annotated[str, Meta(max_length=1000, examples=["화요일과 목요일 저녁 7시"])]
Category = Annotated[str, Meta(min_length=1, max_length=30, examples=["운동"])]
Tag = Annotated[str, Meta(min_length=1, max_length=20, examples=["달리기"])]
Capacity = Annotated[int, Meta(ge=2, le=5000)]
RoomPassword = Annotated[str, Meta(min_length=4, max_length=200, examples=["달빛 아래"])]
SoughtText = Annotated[str, Meta(min_length=2, max_length=100, examples=["달리기"])]
JoinCode = Annotated[
    str, Meta(pattern="^[0-9A-Za-z]{6}$", description="Case does not matter", examples=["7K2MPA"])
]
Nickname = Annotated[str, Meta(examples=["아린"])]

# An example that anybody may send as it is names no upload.
_NoImage = Annotated[Uuid | None, Meta(examples=[None])]


class CreateRoom(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new room. `secret` needs a password, and nothing else has one. `history`: what newcomers may read. A `call` is for
    those who are asked in or have its code, and passes with its people: it is not in the list. `capacity`: 300 unless said,
    and 4 for a call. `image` is an upload of mine of that purpose."""

    title: Title
    kind: Made = "group"
    description: Description = ""
    category: CategoryKey | None = None
    tags: Annotated[list[Tag], Meta(max_length=5)] = []
    capacity: Capacity | None = None
    visibility: Visibility = "public"
    password: Annotated[RoomPassword | None, Meta(examples=[None])] = None
    history: History = "joined"
    image: _NoImage = None
    client_id: ClientId = None


class OpenDirect(Struct, forbid_unknown_fields=True):
    """Whom to talk to."""

    person: Uuid


class JoinRoom(Struct, forbid_unknown_fields=True):
    """The password, where the room is secret. One too short to be any room's is a wrong one."""

    password: Annotated[str, Meta(max_length=200, examples=["달빛 아래"])] | None = None


class JoinByCode(Struct, forbid_unknown_fields=True):
    """The code that a member passed on."""

    code: JoinCode


class MarkRead(Struct, forbid_unknown_fields=True):
    """The `mseq` of the last message that was read."""

    mseq: Seq


class ReadUpTo(Struct):
    """How far this member has read, on all devices."""

    last_read: Seq


TitleInEnglish = Annotated[
    str | None,
    Meta(description="The title in English, where nobody wrote it", examples=["Café · Delivery"]),
]


class Membership(Struct, kw_only=True):
    """What a room keeps of one member."""

    role: Role
    joined_at: At
    muted_until: At | None
    last_read: Seq
    notifications: Notifications


class Room(Struct, kw_only=True):
    """A room. `membership` and `join_code` are for members; a direct room's title is the other one's nickname. `image` is the
    id of an upload."""

    id: Uuid
    kind: Kind
    title: str
    title_en: TitleInEnglish
    description: str
    category: str | None
    tags: list[str]
    image: Uuid | None
    capacity: int
    member_count: int
    visibility: Visibility
    history: History
    slow_mode: Annotated[int, Meta(description="Seconds between two messages of one member")]
    created_at: At
    join_code: str | None
    membership: Membership | None


class ListedRoom(Struct, kw_only=True):
    """A room of the public list. `joined`: whether I am in it."""

    id: Uuid
    title: str
    description: str
    category: str | None
    tags: list[str]
    image: Uuid | None
    capacity: int
    member_count: int
    visibility: Visibility
    created_at: At
    joined: bool


class ListQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """`possible` leaves out what is full or secret. `text`: rooms that have all its words, each anywhere inside a word.
    `cursor` goes on where a page ended; `offset` skips so many rooms (with a text, 1000 at most)."""

    category: Category | None = None
    possible: bool = False
    text: SoughtText | None = None
    cursor: Cursor | None = None
    offset: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class RoomList(Struct):
    """A page of the list, the newest first. `next` is null on the last one. `total`: how many rooms there are; null when a
    text was sought, for what has it is not counted."""

    rooms: list[ListedRoom]
    next: Cursor | None
    total: int | None


class Face(Struct):
    """Somebody to show beside a room. `avatar` is the id of an upload."""

    id: Uuid
    nickname: Nickname
    bot: bool
    avatar: Uuid | None
    state: Annotated[
        PresenceState | None,
        Meta(description="Whether they are here, as far as I may know; null when that cannot be known now"),
    ]


class LastMessage(Struct, kw_only=True):
    """What was said last, as it is by now. Nothing is left of what was deleted. `folded`: I blocked who said it."""

    seq: int
    mseq: int
    at: At
    sender: Uuid | Literal[""]  # nobody: the room's own word
    text: str
    kind: MessageKind = "text"
    deleted: bool = False
    folded: bool = False


class MyRoom(Struct, kw_only=True):
    """A room of mine. `faces`: up to four others, those who have been there longest."""

    id: Uuid
    kind: Kind
    title: str
    title_en: TitleInEnglish
    category: str | None
    image: Uuid | None
    visibility: Visibility
    capacity: int
    member_count: int
    membership: Membership
    unread: Annotated[int, Meta(description="Messages after `membership.last_read`")]
    mentions: Annotated[int, Meta(description="How many of them mention me; counts to 100")]
    last_message: LastMessage | None
    faces: list[Face]


class MineQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 200


class MyRooms(Struct):
    """A page of my rooms: pages go by the rooms' age, the newest first; within one, what spoke last is first."""

    rooms: list[MyRoom]
    next: Cursor | None


class Somebody(Struct):
    """Somebody who did something, or to whom it was done. `bot`: whether it is one, which it is not where only people can.
    `avatar` is the id of an upload; null for who has none, and in lists that are read for what was done, not by whom."""

    id: Uuid
    nickname: Nickname
    bot: bool = False
    avatar: Uuid | None = None


class RoomMember(Struct, kw_only=True):
    """A member, as the others see him. `avatar` is the id of an upload."""

    id: Uuid
    nickname: Nickname
    bot: bool
    avatar: Uuid | None
    role: Role
    joined_at: At
    muted_until: At | None
    last_read: Annotated[
        Seq | None,
        Meta(description="Null where it is not told: in rooms of more than 200, and across a block"),
    ]


class MembersQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class RoomMembers(Struct):
    """A page of members, who came first is first. `next` is null on the last one."""

    members: list[RoomMember]
    next: Cursor | None


class EventsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page of events: before, after or around a seq; the newest when nothing is said. `only`: pictures alone."""

    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 50
    only: Literal["images"] | None = None


class ThreadQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which replies: before or after a seq; the newest when nothing is said."""

    before: Seq | None = None
    after: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 50


class PinsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which pins: those before the seq of one, as the state of its message tells it."""

    before: Seq | None = None


class SearchQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is sought: all words of `text`, each anywhere in a word. `before` is `next` of the page before."""

    text: SearchText
    before: Seq | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_FOUND)] = 20


# --- moderation -------------------------------------------------------------------------------------------------------

Reason = Annotated[str, Meta(max_length=500, examples=["광고를 계속 올렸습니다"])]
Until = Annotated[
    int,
    Meta(
        ge=0,
        le=253_402_300_799_000,
        description="Milliseconds since 1970 UTC, to come",
        examples=[4070908800000],
    ),
]


class ChangeRoom(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to change; what is left out stays. To make a room secret, give it a password. `image` is an upload of mine of
    that purpose."""

    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    category: CategoryKey | UnsetType | None = UNSET
    tags: Annotated[list[Tag], Meta(max_length=5)] | UnsetType = UNSET
    slow_mode: Annotated[int, Meta(ge=0, le=21_600, description="Seconds; 0 for off")] | UnsetType = UNSET
    capacity: Capacity | UnsetType = UNSET
    visibility: Annotated[Visibility, Meta(examples=["secret"])] | UnsetType = UNSET
    password: RoomPassword | UnsetType = UNSET
    history: History | UnsetType = UNSET
    image: _NoImage | UnsetType = UNSET


class SetRole(Struct, forbid_unknown_fields=True):
    """The role to have. To make somebody the owner makes me a moderator."""

    role: Role


class Ban(Struct, forbid_unknown_fields=True, kw_only=True):
    """Why, for moderators to read, and until when; for good when that is left out."""

    reason: Reason = ""
    until: Until | None = None


class Mute(Struct, forbid_unknown_fields=True):
    """Until when."""

    until: Until


class SetNotifications(Struct, forbid_unknown_fields=True):
    """Of what to be notified."""

    notifications: Notifications


class PageQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class Bans(Struct, kw_only=True):
    """Somebody who is kept out."""

    person: Somebody
    by: Somebody
    reason: str
    banned_at: At
    until: At | None


class BanList(Struct):
    """A page of bans, the newest first. `next` is null on the last one."""

    bans: list[Bans]
    next: Cursor | None


class Deed(Struct, kw_only=True):
    """Something that was done. `detail` depends on `act`: the role given, the reason of a ban, the fields changed."""

    id: Uuid
    at: At
    act: Annotated[str, Meta(examples=["member.muted"])]
    by: Somebody
    person: Somebody | None
    detail: dict[str, Any]


class Audit(Struct):
    """A page of what was done, the newest first. `next` is null on the last one."""

    deeds: list[Deed]
    next: Cursor | None
