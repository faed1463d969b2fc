"""Every command, made of its Struct's own schema, right and nearly right: answered exactly once, with a code it declares."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from common import answers, protocol
from common.asyncapi import COMMANDS, tag_of
from common.codec import Undecodable, decode_command
from common.disconnect import BY_CODE
from common.errors import ERRORS
from common.ids import uuid7
from tests.chatd.hostile.conftest import greet, serves
from tests.support.fuzz import Frames, Pools, amount, frames, nearly, valid
from tests.support.rawsocket import Raw, frame, open_raw
from tests.support.world import Person, Replica, World

_WITHIN = 60  # seconds: that forty commands are all answered is asked here, and not how soon
_LAST = "the last word"
Expected = Counter[tuple[str, str | None]]  # the id of an answer, and the type of the command it answers


class Playground:
    """A person, rooms they are in and one they are not, and what they said."""

    def __init__(self, world: World) -> None:
        self.mina, jun = world.people(2)
        rooms = [world.room(self.mina, jun), world.room(jun, self.mina), world.room(jun)]
        self.pools: Pools = {
            "room": [*rooms, uuid7(), rooms[0].upper()],
            "token": [self.mina.token(), self.mina.token(-5), jun.token(), "not a token", "a.b.c"],
            "client_id": [f"client-{number}" for number in range(40)],
            "of": [1, 2, 3, 4, 5, 10**9],
            "reply_to": [None, 1, 2, 3, 10**9],
            "users": [[self.mina.id], [jun.id, uuid7()]],
            "mentions": [[], [jun.id], [self.mina.id, jun.id], [uuid7()]],
            "emoji": ["👍", "❤️", "👩‍👩‍👧‍👦", "x", "", "👍👍"],
        }


@pytest.fixture(scope="module")
def playground(shared_world: World) -> Playground:
    return Playground(shared_world)


def expected_of(texts: Sequence[str]) -> Expected:
    """The answers that these frames must get, by the decoder that chatd has, too."""
    expected: Expected = Counter()
    for text in texts:
        try:
            command = decode_command(text)
        except Undecodable as refusal:
            expected[refusal.id or "", None] += 1
        else:
            if command.id is not None:
                expected[command.id, tag_of(type(command))] += 1
    return expected


async def answers_of(raw: Raw, count: int) -> list[dict[str, Any]]:
    """So many replies, and any more that came before the answer to a ping after them."""
    replies = [await raw.hears("reply") for _ in range(count)]
    await raw.ok("ping", id=_LAST)
    return [*replies, *[each for each in await raw.heard_so_far("reply") if each["id"] != _LAST]]


def judge(replies: Sequence[dict[str, Any]], expected: Expected) -> None:
    """Each answered once, by something to be had for that command."""
    due: Counter[str] = Counter()
    for (command_id, _), times in expected.items():
        due[command_id] += times
    assert Counter(reply["id"] for reply in replies) == due
    for reply in replies:
        kinds = {kind for command_id, kind in expected if command_id == reply["id"]}
        assert ("ok" in reply) != ("error" in reply)
        if "error" in reply:
            code = reply["error"]["code"]
            assert code in ERRORS
            assert any(code in codes_of(kind) for kind in kinds), f"{kinds} do not declare {code}"
            assert reply["error"]["message"]


def codes_of(kind: str | None) -> set[str]:
    if kind is None:
        return set(answers.UNREADABLE)
    (command,) = (each for each in COMMANDS if tag_of(each) == kind)
    return set(answers.COMMANDS[command].codes)


async def play(replica: Replica, person: Person, texts: Sequence[str]) -> None:
    expected = expected_of(texts)
    async with open_raw(replica.port) as raw:
        with trio.fail_after(_WITHIN):
            await greet(raw, person)
            await raw.send(b"".join(frame(text) for text in texts))
            judge(await answers_of(raw, expected.total()), expected)


def sendable(text: str) -> bool:
    """Whether it fits in a frame; what does not ends the connection, as other tests say."""
    return len(text.encode()) <= protocol.MAX_FRAME


def unhurt(replica: Replica, said_before: int) -> None:
    said = replica.log.read_bytes()[said_before:].decode()
    assert '"level": "error"' not in said, said
    assert "Traceback" not in said, said


@pytest.mark.parametrize("kind", COMMANDS, ids=tag_of)
def test_what_is_nearly_this_command_is_answered_once(
    unlimited: Replica, playground: Playground, kind: type[protocol.Command]
) -> None:
    said_before = len(unlimited.log.read_bytes())
    one = nearly(kind, playground.pools).filter(sendable)

    @amount(8)
    @given(texts=frames(one, 12))
    def fuzz(texts: Frames) -> None:
        trio.run(play, unlimited, playground.mina, texts)

    fuzz()
    unhurt(unlimited, said_before)


def test_commands_of_all_kinds_one_after_the_other_are_answered_once_each(
    unlimited: Replica, playground: Playground, good: tuple[Person, str]
) -> None:
    said_before = len(unlimited.log.read_bytes())
    right = st.one_of([valid(kind, playground.pools).map(json.dumps) for kind in COMMANDS])
    wrong = st.one_of([nearly(kind, playground.pools) for kind in COMMANDS])

    @amount(40)
    @given(texts=frames((right | wrong).filter(sendable), 40))
    def fuzz(texts: Frames) -> None:
        trio.run(play, unlimited, playground.mina, texts)

    fuzz()
    unhurt(unlimited, said_before)
    trio.run(serves, unlimited, *good)


def test_whatever_is_said_first_is_welcomed_or_ended_with_a_reason(
    unlimited: Replica, playground: Playground
) -> None:
    said_before = len(unlimited.log.read_bytes())
    first = nearly(protocol.Hello, playground.pools) | st.one_of(
        [nearly(kind, playground.pools) for kind in COMMANDS]
    )

    async def say_first(text: str) -> None:
        async with open_raw(unlimited.port) as raw:
            with trio.fail_after(_WITHIN):
                await raw.shake_hands()
                await raw.send(frame(text))
                await raw.send(frame(random.choice([b"\x03\xe8", b""]), 8))
                end = await raw.ends()
                assert end.code in {*BY_CODE, 1000, 1005, None}, end

    @amount(40)
    @given(texts=frames(first.filter(sendable), 1))
    def fuzz(texts: Frames) -> None:
        trio.run(say_first, *texts)

    fuzz()
    unhurt(unlimited, said_before)
