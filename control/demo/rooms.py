"""Where the people of the demo meet, and what they say there.

Rooms are made and joined as anybody's are. What is said travels over chatd's sockets, so here it is only told who says
what, for whoever has sockets: as long as a room has had fewer messages than its conversation has lines.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from common.errors import MadangError
from common.logs import get_logger
from control.demo.lines import CONVERSATIONS, Line
from control.demo.people import Ids, offered
from control.rooms import making, membership, reading
from control.rooms.views import CreateRoom, MineQuery, Room
from control.services import Services

_log = get_logger(__name__)
_LINES: Final = UUID("0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a")  # their ids are made of it


class DemoRoom(msgspec.Struct, frozen=True):
    """Where they meet."""

    id: str
    title: str
    join_code: str


class Saying(msgspec.Struct, frozen=True):
    """A line: by whom, under which `client_id`, so that it is one message however often it is sent."""

    email: str
    client_id: str
    text: str
    hearts: list[str]  # e-mail addresses of those who put one on it


class Conversation(msgspec.Struct, frozen=True):
    """What is to be said in a room, in this order."""

    room: str
    lines: list[Saying]


class _Place(NamedTuple):
    owner: str
    wanted: CreateRoom
    others: str


_SECRET: Final = "before-sunrise"  # noqa: S105 - for everybody to read
_ALL: Final = "haneul bada namu gureum noeul iseul river maple"
PLACES: Final = (
    _Place(
        "haneul",
        CreateRoom(
            title="마당", description="모두의 마당입니다. 인사부터 나눠 볼까요?", category="daily", tags=["인사"],
            history="all",
        ),
        _ALL,
    ),
    _Place(
        "noeul",
        CreateRoom(
            title="한강 저녁 달리기", description="화요일과 목요일 저녁 7시, 여의나루역 2번 출구. 초보 환영!",
            category="exercise", tags=["달리기", "한강", "초보"], capacity=20, history="all",
        ),
        "haneul bada maple",
    ),
    _Place(
        "namu",
        CreateRoom(
            title="파이썬 스터디", description="매주 한 장씩 읽고 함께 풀어 봅니다. Trio로 동시성까지 가 봐요.",
            category="development", tags=["파이썬", "trio", "모각코"], capacity=12, history="all",
        ),
        "haneul iseul river",
    ),
    _Place(
        "river",
        CreateRoom(
            title="English Table", description="Say it in English, ask in Korean. Beginners are welcome, mistakes too.",
            category="language", tags=["English", "exchange"], capacity=30, history="all",
        ),
        "bada iseul maple",
    ),
    _Place(
        "bada",
        CreateRoom(
            title="점심 국밥 모임", description="평일 12시, 날마다 다른 국밥집", category="cooking", tags=["국밥", "점심"],
            capacity=4, history="all",
        ),
        "haneul noeul",
    ),
    _Place(
        "iseul",
        CreateRoom(
            title="새벽 시험 준비반", description="비밀번호는 서로 아는 사이에만", category="exam", tags=["새벽"],
            visibility="secret", password=_SECRET, capacity=10,
        ),
        "",
    ),
)  # fmt: skip


async def open_rooms(services: Services, people: Ids) -> tuple[list[DemoRoom], list[Conversation]]:
    """All rooms are there, with everybody in them; and what is still to be said."""
    rooms: list[DemoRoom] = []
    unsaid: list[Conversation] = []
    for place in PLACES:
        room = await _room(services, people[place.owner], place.wanted)
        for name in place.others.split():
            if people[name] != people[place.owner]:
                await _come_in(services, people[name], room)
        rooms.append(DemoRoom(room.id, room.title, room.join_code or ""))
        lines = CONVERSATIONS.get(room.title, ())
        if await membership.spoken(services, room.id) < len(lines):
            unsaid.append(
                Conversation(room.id, [_saying(room.id, at, line) for at, line in enumerate(lines)])
            )
    return rooms, unsaid


async def open_direct(services: Services, people: Ids) -> None:
    """Two of them can talk alone."""
    await making.open_direct(services, people["haneul"], people["bada"])


async def _come_in(services: Services, person: str, room: Room) -> None:
    try:
        await membership.join(services, person, room.id, None)
    except MadangError as refusal:  # since then somebody was banned, or others took the places
        _log.warning("somebody of the demo stays outside", room=room.title, why=refusal.code)


async def _room(services: Services, owner: str, wanted: CreateRoom) -> Room:
    category = next(iter(offered(services, filter(None, [wanted.category]))), None)
    mine = await reading.mine(services, owner, MineQuery())
    found = [
        room.id
        for room in mine.rooms
        if (room.kind, room.title, room.membership.role) == ("group", wanted.title, "owner")
    ]
    if found:
        return await reading.one(services, owner, found[0])
    room = await making.create(services, owner, replace(wanted, category=category))
    _log.info("a demo room was made", title=room.title)
    return room


def _saying(room: str, at: int, line: Line) -> Saying:
    hearts = [f"{name}@example.com" for name in line.hearts.split()]
    return Saying(f"{line.who}@example.com", str(uuid5(_LINES, f"{room}:{at}")), line.text, hearts)
