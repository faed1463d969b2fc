"""Whoever is told of a call's changes knows it, or knows that something is missing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.call import Call, call_of
from common import protocol


def change(kind: Any, version: int, count: int, peer: str, **more: Any) -> Any:
    return kind(room="r", version=version, count=count, at=version * 10, peer=peer, user=f"u-{peer}", **more)


def joined(version: int, count: int, peer: str) -> protocol.CallJoined:
    made: protocol.CallJoined = change(
        protocol.CallJoined, version, count, peer, mic=version % 2 == 0, camera=False
    )
    return made


def left(version: int, count: int, peer: str) -> protocol.CallLeft:
    made: protocol.CallLeft = change(protocol.CallLeft, version, count, peer, why="left")
    return made


def test_the_first_to_come_and_the_last_to_go_need_no_question() -> None:
    call = Call().after(joined(7000, 1, "a"))
    assert call is not None
    assert list(call.peers) == ["a"]
    assert call.after(left(9000, 0, "z")) == Call(9000, {})
    assert call.after(joined(9000, 1, "b")) == Call().after(joined(9000, 1, "b"))


def test_a_change_that_does_not_follow_is_a_question_and_an_old_one_is_nothing() -> None:
    call = Call.of(10, [])
    assert call.after(joined(12, 2, "a")) is None
    assert call.after(left(12, 1, "a")) is None
    assert call.after(change(protocol.CallMedia, 11, 1, "a", mic=True, camera=True)) is None
    assert call.after(joined(10, 1, "a")) is call


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[protocol.AnyCallChange, Call]]:
    """Changes as the book makes them, each with the call after it."""
    peers: dict[str, protocol.CallPeer] = {}
    version = draw(st.integers(1000, 2000))
    story: list[tuple[protocol.AnyCallChange, Call]] = []
    for _ in range(draw(st.integers(1, 30))):
        version += 1
        peer = draw(st.sampled_from("abcde"))
        if peer not in peers:
            came = joined(version, len(peers) + 1, peer)
            peers[peer] = protocol.CallPeer(peer, f"u-{peer}", came.mic, came.camera, came.at)
            story.append((came, Call.of(version, peers.values())))
        elif draw(st.booleans()):
            del peers[peer]
            story.append((left(version, len(peers), peer), Call.of(version, peers.values())))
        else:
            mic, camera = draw(st.booleans()), draw(st.booleans())
            at = peers[peer].joined_at
            peers[peer] = protocol.CallPeer(peer, f"u-{peer}", mic, camera, at)
            switched = change(protocol.CallMedia, version, len(peers), peer, mic=mic, camera=camera)
            story.append((switched, Call.of(version, peers.values())))
    return story


@given(stories(), st.data())
def test_whatever_is_lost_or_comes_again_one_knows_the_call_of_ones_version(
    story: list[tuple[protocol.AnyCallChange, Call]], data: st.DataObject
) -> None:
    truth = {call.version: call for _, call in story}
    call, newest = Call(), 0
    for index, (told, _) in enumerate(story):
        newest = told.version
        if data.draw(st.integers(0, 3)) == 0:
            continue  # lost on its way
        again = data.draw(st.integers(0, index))
        for each in (told, story[again][0]):
            after = call.after(each)
            call = truth[newest] if after is None else after  # asked for
        assert call.version == newest
        assert call == truth[newest]
        assert call_of(call.told()) == call
