"""What is encoded is decoded the same, for every Struct of the wire; and whatever arrives, the decoder has a word for it."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import answers, protocol
from common.asyncapi import COMMANDS, EVENTS, PUSHES
from common.codec import Undecodable, decode_command, encode, push_frame, sentence
from common.errors import MadangError
from tests.support.fuzz import amount, built, nearly

ANSWERS = list(dict.fromkeys(answer.ok for answer in answers.COMMANDS.values()))
_pushes = msgspec.json.Decoder(protocol.AnyEvent | protocol.AnyPush)


def named(kind: type[msgspec.Struct]) -> str:
    return kind.__name__


@pytest.mark.parametrize("kind", COMMANDS, ids=named)
@amount(10)
@given(data=st.data())
def test_a_command_is_read_as_it_was_meant(kind: type[protocol.Command], data: st.DataObject) -> None:
    command = data.draw(built(kind))
    assert decode_command(encode(command)) == command
    assert decode_command(encode(command).decode()) == command


@pytest.mark.parametrize("kind", [*EVENTS, *PUSHES], ids=named)
@amount(10)
@given(data=st.data())
def test_a_push_is_read_as_it_was_meant(kind: type[msgspec.Struct], data: st.DataObject) -> None:
    push = data.draw(built(kind))
    assert _pushes.decode(encode(push)) == push
    assert push_frame(push).endswith(encode(push))


@pytest.mark.parametrize("kind", ANSWERS, ids=named)
@amount(10)
@given(data=st.data())
def test_an_answer_is_read_as_it_was_meant(kind: type[msgspec.Struct], data: st.DataObject) -> None:
    answer = data.draw(built(kind))
    assert msgspec.json.decode(encode(answer), type=kind) == answer


def assert_has_a_word_for(frame: bytes | str) -> None:
    refusal: MadangError | None = None
    try:
        decode_command(frame)
    except Undecodable as fault:
        refusal = fault.error
    if refusal is not None:
        assert refusal.code in answers.UNREADABLE
        assert sentence(refusal.kind, refusal.fields, "ko").encode()  # nothing in it that cannot be sent


@pytest.mark.parametrize("kind", COMMANDS, ids=named)
@amount(12)
@given(data=st.data())
def test_what_is_nearly_a_command_is_one_or_is_refused(
    kind: type[protocol.Command], data: st.DataObject
) -> None:
    text = data.draw(nearly(kind))
    assert_has_a_word_for(text)
    assert_has_a_word_for(text.encode())


@amount(100)
@given(frame=st.binary(max_size=200) | st.text(max_size=200))
def test_what_is_anything_at_all_is_refused_with_a_code(frame: bytes | str) -> None:
    assert_has_a_word_for(frame)
