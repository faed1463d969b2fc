"""Whatever the order, and however often: the same events make the same of a message."""

from __future__ import annotations

import functools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from common.roomlog import marks
from common.roomlog.marks import Document, Marks, joined, marks_of
from common.roomlog.states import state_of

PEOPLE = ["mina", "jun", "noor"]
EMOJI = ["👍", "❤️", "👨‍👩‍👧‍👦"]


def change(seq: int, kind: str, who: str, emoji: str, on: bool) -> Document:
    """An event about the message 1."""
    base: Document = {"room": "r", "seq": seq, "mseq": 1, "at": seq * 10, "of": 1, "type": kind, "by": who}
    match kind:
        case "message.edited":
            return base | {"text": f"words {seq}"}
        case "reaction":
            return base | {"emoji": emoji, "user": who, "change": "added" if on else "removed"}
        case "pin":
            return base | {"change": "pinned" if on else "unpinned"}
    return base


KINDS = st.sampled_from(["message.edited", "reaction", "reaction", "reaction", "pin", "message.deleted"])
LIVELY = st.sampled_from(["message.edited", "reaction", "reaction", "reaction", "pin"])


def histories(kinds: st.SearchStrategy[str]) -> st.SearchStrategy[list[Document]]:
    """What happened to a message, in order."""
    acts = st.tuples(kinds, st.sampled_from(PEOPLE), st.sampled_from(EMOJI), st.booleans())
    return st.lists(acts, max_size=25).map(
        lambda acts: [change(seq, *act) for seq, act in enumerate(acts, 2)]
    )


def of(history: list[Document]) -> Marks:
    return functools.reduce(joined, map(marks_of, history), {})


def shown(history: list[Document], made: Marks) -> Any:
    return state_of(1, made, {event["seq"]: event for event in history}, "mina")


@given(history=histories(KINDS), data=st.data())
def test_any_order_and_any_repetition_makes_the_same_state(
    history: list[Document], data: st.DataObject
) -> None:
    mixed = data.draw(
        st.permutations(history + data.draw(st.lists(st.sampled_from(history)) if history else st.just([])))
    )
    assert shown(history, of(mixed)) == shown(history, of(history))


@given(history=histories(LIVELY))
def test_the_state_is_what_reading_the_events_in_order_says(history: list[Document]) -> None:
    text, pinned, reactions = None, False, set()
    for event in history:
        match event["type"]:
            case "message.edited":
                text = event["text"]
            case "pin":
                pinned = event["change"] == "pinned"
            case "reaction" if event["change"] == "added":
                reactions.add((event["emoji"], event["user"]))
            case "reaction":
                reactions.discard((event["emoji"], event["user"]))
    state = shown(history, of(history))
    assert (state.edited.text if state.edited else None) == text
    assert bool(state.pinned) == pinned
    assert {(each.emoji, user) for each in state.reactions for user in each.users} == reactions
    assert all(each.count == len(each.users) for each in state.reactions)
    assert all(each.mine == ("mina" in each.users) for each in state.reactions)


@given(history=histories(KINDS), at=st.integers(2, 40))
def test_nothing_counts_beside_a_deletion_whether_before_or_after_it(
    history: list[Document], at: int
) -> None:
    gone = change(100, "message.deleted", "jun", "", True)
    only = [event for event in history if event["type"] != "message.deleted"]
    state = shown([*only, gone], of([*only, gone]))
    assert state.deleted is not None
    assert (state.edited, state.pinned, state.reactions) == (None, None, [])


def test_reactions_stand_in_the_order_in_which_they_came() -> None:
    history = [
        change(2, "reaction", "jun", "❤️", True),
        change(3, "reaction", "mina", "👍", True),
        change(4, "reaction", "jun", "👍", True),
        change(5, "reaction", "jun", "❤️", False),
        change(6, "reaction", "jun", "❤️", True),
    ]
    assert marks.reactions(of(history)) == {"👍": {"mina": 3, "jun": 4}, "❤️": {"jun": 6}}


def test_who_reacted_is_told_by_name_up_to_a_limit_and_counted_beyond() -> None:
    made = {marks.reaction_by("👍", f"user {number:03}"): 2 * number + 1 for number in range(1, 121)}
    state = state_of(1, made | {marks.reaction_by("👍", "mina"): 2 * 500 + 1}, {}, "mina")
    (thumbs,) = state.reactions
    assert (thumbs.count, len(thumbs.users), thumbs.mine) == (121, 50, True)
    assert thumbs.users[0] == "user 001"


def test_a_plain_message_touches_nothing() -> None:
    plain = {"type": "message", "room": "r", "seq": 1, "mseq": 1, "text": 'about "reply_to": 5'}
    assert marks.is_plain(plain)
    assert not list(marks.items_of(plain))
    assert not marks_of(plain)
    assert not marks.is_plain(plain | {"reply_to": 1})
