"""A message as a client knows it is the message as the server tells it, whatever the order in which it heard."""

from __future__ import annotations

import functools
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from chatd.client.saying import Saying, sayings
from common import protocol
from common.protocol import AnyEvent
from common.roomlog.marks import Marks, joined, marks_of
from common.roomlog.states import state_of

PEOPLE = ["mina", "jun", "noor"]
EMOJI = ["👍", "❤️"]
FIRST = protocol.Message(
    seq=1, at=10, room="r", mseq=1, sender="mina", client_id="name-0001", text="at first"
)


def change(seq: int, kind: str, who: str, emoji: str, on: bool) -> AnyEvent:
    base: dict[str, Any] = {"seq": seq, "at": seq * 10, "room": "r", "of": 1}
    match kind:
        case "edit":
            return protocol.MessageEdited(**base, text=f"words {seq}", by=who)
        case "react":
            return protocol.Reaction(**base, emoji=emoji, change="added" if on else "removed", user=who)
        case "pin":
            return protocol.Pin(**base, change="pinned" if on else "unpinned", by=who)
    return protocol.MessageDeleted(**base, by=who)


acts = st.tuples(
    st.sampled_from(["edit", "react", "react", "react", "pin", "delete"]),
    st.sampled_from(PEOPLE),
    st.sampled_from(EMOJI),
    st.booleans(),
)
histories = st.lists(acts, max_size=20).map(lambda found: [change(n, *act) for n, act in enumerate(found, 2)])


def told(history: list[AnyEvent]) -> protocol.State:
    """What the server would tell on a page."""
    documents = [_document(event) for event in history]
    empty: Marks = {}
    made = functools.reduce(joined, map(marks_of, documents), empty)
    return state_of(1, made, {document["seq"]: document for document in documents}, "mina")


def _document(event: AnyEvent) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(event)
    return document


def shown(saying: Saying) -> Any:
    return (saying.text, saying.edited, saying.deleted, saying.pinned, sorted(saying.reactions().items()))


def by_page(history: list[AnyEvent]) -> Saying:
    (saying,) = sayings(protocol.Page(events=[FIRST], more=False, states=[told(history)]), "mina")
    return saying


@given(history=histories, data=st.data())
def test_heard_in_any_order_it_is_what_a_page_would_say(history: list[AnyEvent], data: st.DataObject) -> None:
    saying = Saying(FIRST)
    again = data.draw(st.lists(st.sampled_from(history)) if history else st.just([]))
    for event in data.draw(st.permutations(history + again)):
        assert saying.apply(event)
    assert shown(saying) == shown(by_page(history))


@given(history=histories, cut=st.integers(0, 20))
def test_a_page_and_what_came_since_are_the_whole(history: list[AnyEvent], cut: int) -> None:
    saying = by_page(history[:cut])
    for event in history[cut:]:
        saying.apply(event)
    assert shown(saying) == shown(by_page(history))


@given(history=histories, cut=st.integers(0, 20))
def test_a_page_that_knows_more_than_what_comes_is_not_undone(history: list[AnyEvent], cut: int) -> None:
    """The page was made of the present, and its reader hears of that one by one."""
    saying = by_page(history)
    for event in history[cut:]:
        saying.apply(event)
    assert shown(saying) == shown(by_page(history))


def test_what_is_about_another_message_changes_nothing() -> None:
    saying = Saying(FIRST)
    assert not saying.apply(protocol.MessageDeleted(seq=3, at=1, room="r", of=2, by="mina"))
    assert not saying.apply(protocol.Void(seq=4, at=1, room="r", of=1))
    assert not saying.apply(protocol.Member(seq=5, at=1, room="r", user="jun", name="jun", change="joined"))
    assert shown(saying) == shown(Saying(FIRST))


def test_answers_are_counted() -> None:
    saying = by_page([])
    saying.become(protocol.State(seq=1, replies=3, replied=8), "mina")
    for seq in (7, 8, 9, 9):  # two of them were counted by the page already, and one is heard twice
        answer = protocol.Message(
            seq=seq, at=1, room="r", mseq=2, sender="jun", client_id="name-0002", text="re", reply_to=1
        )
        assert saying.apply(answer)
    assert saying.replies == 4


def test_an_emoji_that_nobody_is_left_with_is_gone() -> None:
    saying = by_page([change(2, "react", "mina", "👍", True)])
    saying.apply(change(3, "react", "mina", "👍", False))
    assert saying.reactions() == {}


def test_those_who_are_not_named_count_too() -> None:
    saying = Saying(FIRST)
    crowd = protocol.Reactions(emoji="👍", count=120, users=[f"user {n}" for n in range(50)], mine=True)
    saying.become(protocol.State(seq=1, reactions=[crowd]), "mina")
    assert saying.reactions() == {"👍": 120}
    assert saying.has_reaction("👍", "mina")
    saying.apply(change(5, "react", "mina", "👍", False))
    assert saying.reactions() == {"👍": 119}
