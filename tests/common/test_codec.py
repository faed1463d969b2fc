"""Bytes to commands and back: whatever arrives is a command or an answer, and frames are RFC 6455's to the byte."""

from __future__ import annotations

import json
import struct
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol, Opcode

from common import codec, protocol
from common.codec import Undecodable, decode_command
from common.errors import ERRORS, MadangError

ROOM = "0198c0de-0000-7000-8000-000000000001"
SEND = {"type": "message.send", "id": "1", "room": ROOM, "client_id": "abcdefgh", "text": "안녕 👋"}


def text_of(**command: Any) -> str:
    return json.dumps(command)


def assert_command_or_refusal(frame: str | bytes) -> str | None:
    """The id it carries, where one could be read."""
    outcome: protocol.AnyCommand | Undecodable
    try:
        outcome = decode_command(frame)
    except Undecodable as refusal:
        outcome = refusal
    assert not isinstance(outcome, Undecodable) or outcome.error.code in ERRORS
    return outcome.id


def refusal_of(frame: str | bytes) -> Undecodable:
    with pytest.raises(Undecodable) as refusal:
        decode_command(frame)
    return refusal.value


# --- in ---------------------------------------------------------------------------------------------------------------


def test_a_command_is_what_its_type_says() -> None:
    command = decode_command(text_of(**SEND))
    assert command == protocol.MessageSend(id="1", room=ROOM, client_id="abcdefgh", text="안녕 👋")


def test_fields_of_a_newer_client_are_ignored() -> None:
    assert decode_command(text_of(type="ping", id="1", shiny=[1, {"new": True}])) == protocol.Ping(id="1")


@pytest.mark.parametrize("frame", ["", "{", "nothing", '{"type":"ping"} x', '{"type":"ping","id":"\\ud800"}'])
def test_what_is_no_json_is_malformed(frame: str) -> None:
    refusal = refusal_of(frame)
    assert (refusal.error.code, refusal.id) == ("malformed", None)


@pytest.mark.parametrize("frame", ["[]", "7", '"ping"', "null"])
def test_what_is_no_object_is_invalid(frame: str) -> None:
    assert refusal_of(frame).error.code == "invalid"


@pytest.mark.parametrize("nested", ["[" * 60_000, '{"a":' * 12_000])
def test_nesting_without_end_is_malformed_and_breaks_nothing(nested: str) -> None:
    assert refusal_of('{"type":"ping","deep":' + nested).error.code == "malformed"


def test_an_unknown_type_is_answered_under_its_id() -> None:
    refusal = refusal_of(text_of(type="room.paint", id="7"))
    assert (refusal.error.code, refusal.id) == ("unknown_command", "7")


def test_a_value_out_of_bounds_is_named_by_its_path() -> None:
    refusal = refusal_of(text_of(type="history.page", id="7", room=ROOM, limit=1000))
    assert (refusal.error.code, refusal.id) == ("invalid", "7")
    assert refusal.error.fields == {"$.limit": "Expected `int` <= 100"}


def test_a_fault_in_a_key_is_named_too() -> None:
    refusal = refusal_of(text_of(type="hello", resume={"nowhere": {"epoch": "e", "seq": 1}}))
    assert list(refusal.error.fields) == ["key in $.resume"]


def test_an_id_that_is_not_allowed_is_no_id_to_answer_under() -> None:
    assert refusal_of(text_of(type="ping", id=7)).id is None
    assert refusal_of(text_of(type="ping", id="")).id is None


@pytest.mark.parametrize("room", [ROOM + "\n", ROOM.upper(), ROOM[:-1], "{" + ROOM + "}", ROOM + " ", ""])
def test_only_a_uuid_in_its_canonical_form_names_a_room(room: str) -> None:
    assert refusal_of(text_of(**SEND | {"room": room})).error.code == "invalid"


@pytest.mark.parametrize(
    "client_id", ["abcdefgh\n", "abcdefg", "a" * 65, "abc defgh", "가나다라마바사아", ""]
)
def test_a_client_id_is_a_plain_word(client_id: str) -> None:
    assert refusal_of(text_of(**SEND | {"client_id": client_id})).error.code == "invalid"


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
@example(b"\xff")
@example('{"type":"ping","id":"' + "\\u0000" * 65 + '"}')
def test_whatever_comes_is_a_command_or_a_refusal(frame: bytes | str) -> None:
    assert_command_or_refusal(frame)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_types = st.sampled_from([kind.__struct_config__.tag for kind in protocol.AnyCommand.__args__])
_fields = st.sampled_from(
    ["id", "room", "text", "client_id", "token", "resume", "before", "after", "limit", "version"]
)


@given(_types, st.dictionaries(_fields, _json, max_size=6))
def test_any_values_in_any_command_are_a_command_or_a_refusal(kind: str, fields: dict[str, Any]) -> None:
    assert assert_command_or_refusal(json.dumps({**fields, "type": kind})) in (None, fields.get("id"))


# --- out --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65535, 65536, 70_000])
def test_a_frame_is_one_that_others_read(length: int) -> None:
    payload = b"x" * length
    reader = FrameProtocol(client=True, extensions=[])
    reader.receive_bytes(codec.text_frame(payload))
    frames = list(reader.received_frames())
    assert {frame.opcode for frame in frames} <= {Opcode.TEXT, Opcode.CONTINUATION}
    assert "".join(frame.payload for frame in frames) == payload.decode()
    assert frames[-1].message_finished


def test_two_frames_one_after_the_other_are_two_messages() -> None:
    reader = FrameProtocol(client=True, extensions=[])
    reader.receive_bytes(codec.text_frame(b"one") + codec.text_frame("둘".encode()))
    assert [frame.payload for frame in reader.received_frames()] == ["one", "둘"]


def body(frame: bytes) -> dict[str, Any]:
    """The object in a frame."""
    short = frame[1]
    start = 2 if short < 126 else 4
    length = short if short < 126 else struct.unpack("!H", frame[2:4])[0]
    assert len(frame) == start + length
    found: dict[str, Any] = json.loads(frame[start:])
    return found


@given(st.text(max_size=64))
def test_a_reply_carries_the_id_whatever_it_is(command_id: str) -> None:
    frame = codec.ok_frame(command_id, protocol.Pong(now=5))
    assert body(frame) == {"type": "reply", "id": command_id, "ok": {"now": 5}}
    assert msgspec.json.decode(json.dumps(body(frame)), type=protocol.Reply).id == command_id


def test_a_refusal_says_why_in_the_readers_language() -> None:
    refusal = MadangError("rate_limited", retry_after_ms=50)
    said = {language: body(codec.error_frame("1", refusal, language))["error"] for language in ("en", "ko")}
    assert said["en"] == {
        "code": "rate_limited",
        "message": "Too many at once. Please wait a little.",
        "temporary": True,
        "retry_after_ms": 50,
    }
    assert said["ko"]["message"] == "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요."


def test_a_refusal_says_what_is_wrong_where() -> None:
    refusal = MadangError("invalid", fields={"$.limit": "Expected `int` <= 100"})
    message = body(codec.error_frame("1", refusal, "en"))["error"]["message"]
    assert message == "Some of the values are not allowed. ($.limit: Expected `int` <= 100)"
