"""Every frame of the wire has an example, and an example is what it says it is."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from common import answers, protocol
from common.asyncapi import COMMANDS, EVENTS, PUSHES, tag_of
from common.codec import decode_command
from common.examples import EXAMPLES, example_of
from common.permissions import permissions_of

ANSWERS = list(dict.fromkeys(answer.ok for answer in answers.COMMANDS.values()))


def named(kind: type[msgspec.Struct]) -> str:
    return kind.__name__


@pytest.mark.parametrize("kind", [*COMMANDS, *EVENTS, *PUSHES, *ANSWERS], ids=named)
def test_every_struct_of_the_wire_has_an_example(kind: type[msgspec.Struct]) -> None:
    assert kind in EXAMPLES, f"write one: add protocol.{kind.__name__}(…) to its list in common/examples.py"


@pytest.mark.parametrize("kind", COMMANDS, ids=named)
def test_every_command_says_what_answers_it(kind: type[protocol.Command]) -> None:
    assert kind in answers.COMMANDS, (
        f"say it: add protocol.{kind.__name__}: Answer(its ok, its error codes) to COMMANDS in common/answers.py"
    )


def test_a_command_that_concerns_others_needs_a_permission_that_people_have() -> None:
    needs = {kind: answer.needs for kind, answer in answers.COMMANDS.items()}
    free = {kind for kind, permission in needs.items() if permission is None}
    assert free == {
        protocol.Hello,
        protocol.AuthRefresh,
        protocol.Ping,
        protocol.RoomClose,
        protocol.CallLeave,
        protocol.PresenceSet,
    }, "say which in common/answers.py: `needs=`, or here why none"
    assert {each for each in needs.values() if each} <= set(permissions_of(["mentee"]))


def test_no_answer_is_left_out() -> None:
    assert set(get_args(protocol.Ok)) == set(ANSWERS)


@pytest.mark.parametrize("kind", COMMANDS, ids=named)
def test_the_example_of_a_command_is_one_that_the_server_takes(kind: type[protocol.Command]) -> None:
    command = decode_command(msgspec.json.encode(example_of(kind)))
    assert command == EXAMPLES[kind]
    assert command.id is not None, "an example shows how to get an answer"


@pytest.mark.parametrize("kind", [*EVENTS, *PUSHES], ids=named)
def test_the_example_of_a_push_is_one_that_a_client_takes(kind: type[msgspec.Struct]) -> None:
    read = msgspec.convert(example_of(kind), protocol.AnyEvent | protocol.AnyPush)
    assert read == EXAMPLES[kind]
    assert example_of(kind)["type"] == tag_of(kind)


@pytest.mark.parametrize("kind", ANSWERS, ids=named)
def test_the_example_of_an_answer_is_one_that_a_client_takes(kind: type[msgspec.Struct]) -> None:
    assert msgspec.convert(example_of(kind), kind) == EXAMPLES[kind]
