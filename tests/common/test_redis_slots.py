"""Where a command goes on a cluster: by its keys, found without asking anybody."""

from __future__ import annotations

import pytest

from common.redis.connection import Argument, RedisRefusal
from common.redis.slots import SLOTS, Route, Unroutable, route, slot_of
from common.redis.topology import Node, Redirection, read_topology, redirection

ASKED = Node("10.0.0.1", 7000)


# As CLUSTER KEYSLOT answers: the tag is what stands between the first brace and the next, unless that is nothing.
@pytest.mark.parametrize(
    ("key", "slot"),
    [
        ("123456789", 12739),
        ("foo{bar}{zap}", slot_of("bar")),
        ("{s3}:events", slot_of("s3")),
        ("foo{{bar}}zap", slot_of("{bar")),
        ("foo{}{bar}", 8363),
        ("마당", slot_of("{마당}")),
    ],
)
def test_a_key_is_hashed_by_its_tag(key: str, slot: int) -> None:
    assert slot_of(key) == slot < SLOTS


@pytest.mark.parametrize(
    ("command", "key"),
    [
        (("GET", "k"), "k"),
        (("get", b"k"), "k"),
        (("SET", 7, "v", "PX", 5), "7"),
        (("DEL", "{t}a", "{t}b"), "{t}"),
        (("MSET", "{t}a", "x{u}", "{t}b", "y{u}"), "{t}a"),
        (("XGROUP", "CREATE", "stream", "group", "0", "MKSTREAM"), "stream"),
        (("EVALSHA", "digest", 2, "{t}a", "{t}b", "no key", "{u}"), "{t}"),
        (("EVAL", "return 1", "1", "k"), "k"),
        (("RENAME", "{t}a", "{t}b"), "{t}"),
    ],
)
def test_a_command_goes_where_its_keys_are(command: tuple[Argument, ...], key: str) -> None:
    assert route(command) == Route(slot_of(key))


@pytest.mark.parametrize(
    ("command", "key"),
    [
        (("XREAD", "COUNT", 9, "BLOCK", 5, "STREAMS", "{t}a", "{t}b", "0-0", b"7-1"), "{t}"),
        (("XREADGROUP", "GROUP", "streams", "me", "streams", "stream", ">"), "stream"),
        (("BLPOP", "{t}a", "{t}b", 0.05), "{t}"),
    ],
)
def test_who_waits_for_something_is_known_to_wait(command: tuple[Argument, ...], key: str) -> None:
    assert route(command) == Route(slot_of(key), waits=True)


def test_what_concerns_no_key_goes_to_every_master_or_to_any() -> None:
    assert route(("PING",)) == Route(None, every=True)
    assert route(("SCRIPT", "FLUSH")) == Route(None, every=True)
    assert route(("TIME",)) == Route(None)


@pytest.mark.parametrize(
    "command",
    [
        ("DEL", "one", "another"),
        ("EVALSHA", "digest", 2, "{s1}:epoch", "{s2}:epoch"),
        ("XREAD", "STREAMS", "{s1}:events", "{s2}:events", "0-0", "0-0"),
        ("EVALSHA", "digest", 0, "no key"),
        ("RANDOMKEY",),
        ("SELECT", 1),
        ("NEVERHEARDOF", "k"),
    ],
)
def test_what_has_no_one_place_is_refused(command: tuple[Argument, ...]) -> None:
    with pytest.raises(Unroutable):
        route(command)


def test_a_map_names_who_holds_a_slot_and_whom_to_ask() -> None:
    info = b"cluster_state:ok\r\ncluster_current_epoch:8\r\n"
    slots = [
        [0, 99, [b"10.0.0.2", 7000, b"id"], [b"10.0.0.3", 7000, b"id"]],
        [100, SLOTS - 2, [b"", 7001, b"id", []]],  # it does not know its own name
    ]
    found = read_topology(ASKED, info, slots)
    assert found.age == 8
    assert [found.master(slot) for slot in (0, 99, 100)] == [
        Node("10.0.0.2", 7000), Node("10.0.0.2", 7000), Node("10.0.0.1", 7001),
    ]  # fmt: skip
    assert found.master(SLOTS - 1) is None
    assert not found.whole
    assert found.nodes == [Node("10.0.0.2", 7000), Node("10.0.0.1", 7001), Node("10.0.0.3", 7000)]


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("MOVED 3999 10.0.0.9:7002", Redirection(True, 3999, Node("10.0.0.9", 7002))),
        ("ASK 3999 10.0.0.9:7002", Redirection(False, 3999, Node("10.0.0.9", 7002))),
        ("MOVED 3999 :7002", Redirection(True, 3999, Node("10.0.0.1", 7002))),
        ("MOVED 3999 fe80::1:7002", Redirection(True, 3999, Node("fe80::1", 7002))),
        ("ERR unknown command", None),
    ],
)
def test_a_redirection_is_understood(answer: str, word: Redirection | None) -> None:
    assert redirection(ASKED, RedisRefusal(answer)) == word


def test_an_answer_that_is_none_redirects_nobody() -> None:
    assert redirection(ASKED, b"MOVED 3999 10.0.0.9:7002") is None
