"""The wire's promises that hold for every Struct: one tag each, a word in the style of the house, and room to grow."""

from __future__ import annotations

import re
from typing import get_args

import msgspec
import pytest

from common import protocol
from common.roomlog.position import Draft, Entry, MemberBody, MessageBody, VoidBody

COMMANDS = get_args(protocol.AnyCommand)
PUSHES = (*get_args(protocol.AnyPush), *get_args(protocol.AnyEvent))
ROOM = "0198c0de-0000-7000-8000-000000000001"


def tag_of(kind: type[msgspec.Struct]) -> str:
    return str(kind.__struct_config__.tag)


@pytest.mark.parametrize("kinds", [COMMANDS, (*PUSHES, protocol.Reply)], ids=["commands", "pushes"])
def test_every_type_has_a_tag_of_its_own(kinds: tuple[type[msgspec.Struct], ...]) -> None:
    tags = [tag_of(kind) for kind in kinds]
    assert len(set(tags)) == len(tags)
    assert all(re.fullmatch(r"[a-z]+(\.[a-z]+)?", tag) for tag in tags)


@pytest.mark.parametrize("kind", [*COMMANDS, *PUSHES], ids=tag_of)
def test_a_field_that_is_not_known_yet_disturbs_nobody(kind: type[msgspec.Struct]) -> None:
    assert not kind.__struct_config__.forbid_unknown_fields


def test_a_position_is_compared_by_value() -> None:
    assert protocol.Position("e", 1) == protocol.Position("e", 1)
    assert hash(protocol.Position("e", 1)) == hash(protocol.Position("e", 1))


@pytest.mark.parametrize(
    ("body", "event"),
    [
        (
            MessageBody(room=ROOM, sender="mina", client_id="abcdefgh", text='안녕 "👋"\u2028'),
            protocol.Message(
                seq=7, mseq=5, at=1700, room=ROOM, sender="mina", client_id="abcdefgh", text='안녕 "👋"\u2028'
            ),
        ),
        (
            MemberBody(
                room=ROOM, sender="jun", client_id="e1", user="mina", name="미나", change="kicked", by="jun"
            ),
            protocol.Member(seq=7, at=1700, room=ROOM, user="mina", name="미나", change="kicked", by="jun"),
        ),
        (VoidBody(room=ROOM, sender="", client_id="v", of=3), protocol.Void(seq=7, at=1700, room=ROOM, of=3)),
        (VoidBody(room=ROOM, sender="", client_id="v"), protocol.Void(seq=7, at=1700, room=ROOM)),
    ],
    ids=["message", "member", "void that forgets", "void"],
)
def test_an_event_reads_the_same_live_and_from_the_log(
    body: MessageBody | MemberBody | VoidBody, event: protocol.AnyEvent
) -> None:
    entry = Entry(b"1700-0", ROOM, 7, 5, "epoch", Draft.of(body).body)
    live = msgspec.json.decode(entry.payload(), type=protocol.AnyEvent)
    assert live == protocol.event(entry.document()) == event
