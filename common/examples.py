"""An example of every frame of the wire, for the document at `/asyncapi.json` and for whoever tests against it.

One for each command, event, push and answer, as the Struct itself, so that an example cannot lie about its type. To add
one, write it in the list of its kind; `tests/common/test_examples.py` names what is missing.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from common import protocol
from common.protocol import Position

_ROOM: Final = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"
_OTHER_ROOM: Final = "0198a9d3-0b7c-7d11-8e2f-70a1c3b5d9e4"
_HANEUL: Final = "0198a9d0-1c2e-7a4b-8f6d-2b9c4e7f1a35"
_BADA: Final = "0198a9d0-5f81-7b60-a3d2-9e4c6b8a1f27"
_TOKEN: Final = "eyJhbGciOiJFZERTQSIsImtpZCI6IjE5OGE5In0.eyJzdWIiOiIwMTk4YTlkMCJ9.c2lnbmF0dXJl"  # noqa: S105
_EPOCH: Final = "m4k7q2xw"
_NOW: Final = 1_755_140_000_000

_AWAKE: Final = protocol.Participant(user=_HANEUL, state="online")
_AWAY: Final = protocol.Participant(user=_BADA, state="away")

_TIMER: Final = protocol.TimerState(
    seq=1030, phase="running", duration_ms=25 * 60_000, ends_at=_NOW + 600_000, run=1030, by=_BADA
)

_PEER: Final = "0198a9d5-1000-7a20-8b3c-4d5e6f708192"
_OTHER_PEER: Final = "0198a9d5-2000-7b31-9c4d-5e6f70819203"
_CANDIDATE: Final = protocol.SignalCandidate(
    candidate="candidate:1 1 udp 2122260223 192.0.2.10 50123 typ host", sdp_mid="0", sdp_line=0
)
_CALL: Final = protocol.CallNow(
    version=_NOW + 2,
    peers=[
        protocol.CallPeer(peer=_OTHER_PEER, user=_BADA, mic=True, camera=False, joined_at=_NOW - 9000),
        protocol.CallPeer(peer=_PEER, user=_HANEUL, mic=True, camera=True, joined_at=_NOW),
    ],
)

_COMMANDS: Final[list[protocol.AnyCommand]] = [
    protocol.Hello(id="1", token=_TOKEN, language="ko", resume={_ROOM: Position(epoch=_EPOCH, seq=1041)}),
    protocol.AuthRefresh(id="2", token=_TOKEN),
    protocol.Ping(id="3"),
    protocol.PresenceSet(id="8", state="away"),
    protocol.PresenceQuery(id="9", users=[_HANEUL, _BADA]),
    protocol.OnlineWatch(id="10"),
    protocol.RoomOpen(id="4", room=_ROOM, resume=Position(epoch=_EPOCH, seq=1041)),
    protocol.RoomClose(id="5", room=_ROOM),
    protocol.MessageSend(
        id="6", room=_ROOM, client_id="0198a9d2-7f3a-7000-8000-1f2e3d4c5b6a", text="점심 같이 먹어요 🍜"
    ),
    protocol.HistoryThread(id="40", room=_ROOM, of=1042, limit=2),
    protocol.HistoryPins(id="41", room=_ROOM),
    protocol.HistorySearch(id="42", room=_ROOM, text="점심", limit=1),
    protocol.HistoryPage(id="7", room=_ROOM, before=1042, limit=2),
    protocol.MessageEdit(
        id="8",
        room=_ROOM,
        client_id="0198a9d2-8000-7000-8000-2a3b4c5d6e7f",
        of=1042,
        text="저녁 같이 먹어요 🍜",
    ),
    protocol.MessageDelete(id="9", room=_ROOM, client_id="0198a9d2-8100-7000-8000-2a3b4c5d6e7f", of=1042),
    protocol.ReactionAdd(
        id="10", room=_ROOM, client_id="0198a9d2-8200-7000-8000-2a3b4c5d6e7f", of=1042, emoji="👍"
    ),
    protocol.ReactionRemove(
        id="11", room=_ROOM, client_id="0198a9d2-8300-7000-8000-2a3b4c5d6e7f", of=1042, emoji="👍"
    ),
    protocol.PinAdd(id="12", room=_ROOM, client_id="0198a9d2-8400-7000-8000-2a3b4c5d6e7f", of=1042),
    protocol.PinRemove(id="13", room=_ROOM, client_id="0198a9d2-8500-7000-8000-2a3b4c5d6e7f", of=1042),
    protocol.HistoryEdits(id="14", room=_ROOM, of=1042, limit=10),
    protocol.TypingSet(id="15", room=_ROOM, on=True),
    protocol.ReadMark(id="16", room=_ROOM, mseq=998),
    protocol.CallJoin(id="22", room=_ROOM, peer=_PEER, mic=True, camera=True),
    protocol.CallLeave(id="23", room=_ROOM),
    protocol.CallSwitch(id="24", room=_ROOM, mic=False, camera=True),
    protocol.CallTell(id="25", room=_ROOM, to=_OTHER_PEER, data=_CANDIDATE),
    protocol.CallAsk(id="26", room=_ROOM),
    protocol.EmoteShow(id="21", room=_ROOM, emoji="happy"),
    protocol.TimerStart(
        id="17", room=_ROOM, client_id="0198a9d2-8600-7000-8000-2a3b4c5d6e7f", duration_ms=25 * 60_000
    ),
    protocol.TimerPause(id="18", room=_ROOM, client_id="0198a9d2-8700-7000-8000-2a3b4c5d6e7f"),
    protocol.TimerResume(id="19", room=_ROOM, client_id="0198a9d2-8800-7000-8000-2a3b4c5d6e7f"),
    protocol.TimerReset(id="20", room=_ROOM, client_id="0198a9d2-8900-7000-8000-2a3b4c5d6e7f"),
]

_MESSAGE: Final = protocol.Message(
    seq=1042,
    at=_NOW,
    room=_ROOM,
    mseq=998,
    sender=_HANEUL,
    client_id="0198a9d2-7f3a-7000-8000-1f2e3d4c5b6a",
    text="점심 같이 먹어요 🍜",
)
_JOINED: Final = protocol.Member(
    seq=1041, at=_NOW - 5000, room=_ROOM, user=_BADA, name="바다", change="joined"
)

_EVENTS: Final[list[protocol.AnyEvent]] = [
    _MESSAGE,
    _JOINED,
    protocol.Message(
        seq=1043,
        at=_NOW + 1000,
        room=_ROOM,
        mseq=999,
        sender="",
        client_id="0198a9d2-7fff-7000-8000-1f2e3d4c5b6a",
        text="‘자료구조’ 수업이 열렸습니다.",
        kind="system",
        system=protocol.SystemWord("class_opened", {"title": "자료구조"}),
    ),
    protocol.RoomChange(seq=1048, at=_NOW + 9000, room=_ROOM, title="점심 모임", slow_mode=10, by=_HANEUL),
    protocol.MessageEdited(
        seq=1044, at=_NOW + 9000, room=_ROOM, of=1042, text="저녁 같이 먹어요 🍜", by=_HANEUL
    ),
    protocol.MessageDeleted(seq=1045, at=_NOW + 9000, room=_ROOM, of=1042, by=_HANEUL),
    protocol.Reaction(seq=1046, at=_NOW + 9000, room=_ROOM, of=1042, emoji="👍", change="added", user=_BADA),
    protocol.Pin(seq=1047, at=_NOW + 9000, room=_ROOM, of=1042, change="pinned", by=_HANEUL),
    protocol.Timer(
        seq=1049, at=_NOW + 9000, room=_ROOM, change="started", by=_HANEUL, duration_ms=25 * 60_000
    ),
    protocol.Void(seq=1043, at=_NOW, room=_ROOM, of=1042),
]

_PUSHES: Final[list[protocol.AnyPush]] = [
    protocol.Welcome(
        connection="0198a9d2-7000-7000-8000-3c5b7d9f1e20",
        user=_HANEUL,
        session="0198a9d1-2222-7000-8000-6a8c0e2f4b1d",
        expires_at=_NOW + 900_000,
        now=_NOW,
        heartbeat_ms=20_000,
    ),
    protocol.Opened(
        room=_ROOM,
        position=Position(epoch=_EPOCH, seq=1041),
        participants=[_AWAKE, _AWAY],
        online=1,
        away=1,
        timer=_TIMER,
        call=_CALL,
    ),
    protocol.Closed(room=_OTHER_ROOM, code="not_a_member"),
    protocol.Reset(room=_ROOM, position=Position(epoch=_EPOCH, seq=9120), reason="behind"),
    protocol.Emote(room=_ROOM, user=_BADA, emoji="😄", at=_NOW),
    protocol.CallJoined(
        room=_ROOM, version=_NOW + 2, count=2, at=_NOW, peer=_PEER, user=_HANEUL, mic=True, camera=True
    ),
    protocol.CallMedia(
        room=_ROOM, version=_NOW + 3, count=2, at=_NOW, peer=_PEER, user=_HANEUL, mic=False, camera=True
    ),
    protocol.CallLeft(
        room=_ROOM, version=_NOW + 4, count=1, at=_NOW, peer=_OTHER_PEER, user=_BADA, why="left"
    ),
    protocol.CallState(room=_ROOM, call=_CALL),
    protocol.CallSignal(room=_ROOM, peer=_OTHER_PEER, from_peer=_PEER, user=_HANEUL, data=_CANDIDATE),
    protocol.CallEnded(room=_ROOM, peer=_PEER, why="lost"),
    protocol.TimerNow(room=_ROOM, timer=_TIMER),
    protocol.Typing(room=_ROOM, user=_BADA, on=True, expires_in_ms=6000),
    protocol.Read(room=_ROOM, user=_BADA, mseq=998),
    protocol.PersonalRead(room=_ROOM, mseq=998, unread=2, mentions=1),
    protocol.PersonalMessage(room=_OTHER_ROOM, seq=77, mseq=70, at=_NOW, sender=_BADA),
    protocol.PersonalMention(room=_OTHER_ROOM, seq=77, mseq=70, by=_BADA),
    protocol.Presence(user=_BADA, state="offline", at=_NOW, last_seen=_NOW - 15_000),
    protocol.Online(count=129),
    protocol.Notice(
        notice="0198a9d3-5555-7000-8000-6e8a0c2d4f3b",
        change="published",
        pinned=True,
        ko="토요일 새벽 점검 안내",
        en="Maintenance early on Saturday",
        at=_NOW,
    ),
    protocol.Profile(
        user=_BADA,
        nickname="바다",
        avatar="0198a9d3-6666-7000-8000-7f9b1d3e5a4c",
        status="오늘도 마당에서",
        badge="seven-days",
    ),
    protocol.PersonalRoom(room=_OTHER_ROOM, change="joined"),
    protocol.PersonalInvitation(
        invitation="0198a9d3-4444-7000-8000-5d7f9b1c3e2a",
        room=_OTHER_ROOM,
        title="한강 달리기",
        by=_BADA,
        name="바다",
    ),
    protocol.PersonalApplication(
        application="0198a9d3-5555-7000-8000-6e8a0c2d4f3b",
        state="rejected",
        reason="증명서를 읽을 수 없습니다",
    ),
    protocol.PersonalClass(
        of="0198a9d3-6666-7000-8000-7f9b1d3e5a4c",
        title="인덱스를 손으로 그리기",
        mentor=_BADA,
        name="바다",
        starts_at=_NOW + 86_400_000,
        change="opened",
    ),
    protocol.PersonalBoard(
        question="0198a9d3-7777-7000-8000-8a0c2e4f6b5d",
        title="트리오에서 작업을 취소하려면?",
        post="0198a9d3-8888-7000-8000-9b1d3f5a7c6e",
        by=_BADA,
        name="바다",
        change="answered",
    ),
    protocol.PersonalMatch(
        match="0198a9d3-9999-7000-8000-ac2e4a6b8d7f",
        category="meal",
        origin="post",
        title="국밥 먹으러 가요",
        room=_OTHER_ROOM,
        meets_at=_NOW + 3_600_000,
        people=[protocol.MatchPerson(_HANEUL, "하늘"), protocol.MatchPerson(_BADA, "바다")],
    ),
    protocol.PersonalApplied(
        application="0198a9d3-aaaa-7000-8000-ac2e4a6b8d7f",
        category="meal",
        change="waiting",
        expires_at=_NOW + 1_800_000,
    ),
    protocol.PersonalBadge(badge="reading-hour", ko="책벌레", en="Bookworm", change="awarded", at=_NOW),
    protocol.PersonalPost(
        post="0198a9d3-bbbb-7000-8000-bd3f5b7c9e8a", title="국밥 먹으러 가요", change="joined", mark=2
    ),
    protocol.PersonalRelation(user=_BADA, kind="friend", change="added"),
    protocol.PersonalAccount(change="email"),
    protocol.PersonalExpiring(expires_at=_NOW + 120_000),
    protocol.Reconnect(after_ms=3400),
]

_ANSWERS: Final[list[protocol.Ok]] = [
    protocol.Done(),
    protocol.Refreshed(expires_at=_NOW + 900_000),
    protocol.ReadUpTo(mseq=998),
    protocol.Pong(now=_NOW),
    protocol.RoomOpened(
        room=_ROOM,
        position=Position(epoch=_EPOCH, seq=1041),
        participants=[_AWAKE, _AWAY],
        online=1,
        away=1,
        timer=_TIMER,
        call=_CALL,
    ),
    protocol.PresenceStates(
        people=[
            protocol.PersonState(user=_HANEUL, state="away"),
            protocol.PersonState(user=_BADA, state="offline", last_seen=_NOW - 3_600_000),
        ]
    ),
    _CALL,
    protocol.CallIn(
        peer=_PEER,
        call=_CALL,
        ice_servers=[
            protocol.IceServer(urls=["stun:turn.example.com:3478"]),
            protocol.IceServer(
                urls=["turn:turn.example.com:3478"],
                username=f"1755161600:{_HANEUL}",
                credential="DG2rrvT2iZ3vxsq7q92fEhqjQnM=",
            ),
        ],
    ),
    protocol.OnlineCount(count=128),
    protocol.Sent(seq=1042, mseq=998, at=_NOW),
    protocol.Found(events=[_MESSAGE], next=1042),
    protocol.Page(
        events=[_JOINED, _MESSAGE],
        more=True,
        states=[
            protocol.State(
                seq=1042,
                edited=protocol.Edited(seq=1044, at=_NOW + 9000, text="저녁 같이 먹어요 🍜"),
                reactions=[protocol.Reactions(emoji="👍", count=1, users=[_BADA])],
                replies=2,
                replied=1046,
            )
        ],
        as_of=1046,
    ),
]

EXAMPLES: Final[dict[type[msgspec.Struct], msgspec.Struct]] = {
    type(example): example for example in (*_COMMANDS, *_EVENTS, *_PUSHES, *_ANSWERS)
}


def example_of(kind: type[msgspec.Struct]) -> Any:
    """The example of a Struct of the wire, as JSON's builtins. Raises KeyError when there is none yet."""
    return msgspec.to_builtins(EXAMPLES[kind])
