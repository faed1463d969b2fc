"""What events do to the messages they speak of, as marks: numbers of which only the highest counts.

A mark is made of its event's seq, so the last word wins; joining two sets of marks takes the higher of each. Therefore
it does not matter in which order, how often, or by whom events are applied: the same events make the same marks.

    edited               seq of the last edit
    deleted              seq of the last deletion; nothing else counts beside it
    pin                  twice the seq of the last pin or unpin, and one more for a pin
    r/<emoji>/<user>     the same for a person's emoji (the emoji's UTF-8 in hexadecimal: some servers know plain names best)
    replies              how many replies there are, as counted by whoever added one: counts only grow
    replied              seq of the last of them

It decides what marks mean and knows no store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from common.roomlog.lists import IMAGES, TIMER, Item, edits_of, thread_of

Document = dict[str, Any]
Marks = dict[str, int]

EDITED: Final = "edited"
DELETED: Final = "deleted"
PIN: Final = "pin"
REPLIES: Final = "replies"
REPLIED: Final = "replied"
_REACTION: Final = "r/"


def is_plain(document: Document) -> bool:
    """Whether an event stands for itself: it is in no list, and marks nothing. Asked about every event that is stored."""
    if document["type"] == "message":
        return not (
            "reply_to" in document
            or "mentions" in document
            or "mention_all" in document
            or "kind" in document
        )
    return document["type"] in {"member", "room", "void"}


def items_of(document: Document) -> Iterator[Item]:
    """The lists an event belongs to."""
    room, seq = document["room"], document["seq"]
    match document["type"]:
        case "message.edited":
            yield Item(room, edits_of(document["of"]), seq, seq)
        case "timer":
            yield Item(room, TIMER, seq, seq)
        case "message":
            if parent := document.get("reply_to"):
                yield Item(room, thread_of(parent), seq, seq)
            yield from shown_in(document)


def shown_in(document: Document) -> Iterator[Item]:
    """The lists a message belongs to by what it says, and leaves when it is deleted."""
    if document.get("kind") == "image":
        yield Item(document["room"], IMAGES, document["seq"], document["seq"])


def marks_of(document: Document) -> Marks:
    """What an event marks the message it is `of` with; nothing when it is of none."""
    seq = document["seq"]
    match document:
        case {"type": "message.edited"}:
            return {EDITED: seq}
        case {"type": "message.deleted"}:
            return {DELETED: seq}
        case {"type": "pin", "change": change}:
            return {PIN: 2 * seq + (change == "pinned")}
        case {"type": "reaction", "emoji": emoji, "user": user, "change": change}:
            return {reaction_by(emoji, user): 2 * seq + (change == "added")}
    return {}


def answered(marks: Mapping[str, int], reply: Document) -> Marks:
    """The marks of a message with one more reply, unless they count it already."""
    if reply["seq"] <= marks.get(REPLIED, 0):
        return dict(marks)
    return {**marks, REPLIES: marks.get(REPLIES, 0) + 1, REPLIED: reply["seq"]}


def now_says(edit: Document) -> str:
    """What the field `now` of a message becomes by an edit: as of marks, only the highest counts, and the seq is first."""
    return f"{edit['seq']:012d} {edit['text']}"


def text_of(message: Document) -> str:
    """What a stored message says by now."""
    now: str | None = message.get("now")
    said: str = message["text"]
    return said if now is None else now[13:]


def joined(some: Mapping[str, int], others: Mapping[str, int]) -> Marks:
    """Both, the higher of each."""
    return {name: max(some.get(name, 0), others.get(name, 0)) for name in some.keys() | others.keys()}


class Word(NamedTuple):
    """The last word on something that comes and goes: whether it is there, by the event of which seq."""

    there: bool
    seq: int


def word(mark: int) -> Word:
    """What a mark of something that comes and goes says."""
    return Word(bool(mark & 1), mark >> 1)


def reaction_by(emoji: str, user: str) -> str:
    """The name of the mark of a person's emoji."""
    return f"{_REACTION}{emoji.encode().hex()}/{user}"


def reactions(marks: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Who reacted, by emoji: `{emoji: {user: seq}}`, emoji and people in the order in which they came."""
    there: list[tuple[int, str, str]] = []
    for name, mark in marks.items():
        if name.startswith(_REACTION) and (last := word(mark)).there:
            _, emoji, user = name.split("/", 2)
            there.append((last.seq, bytes.fromhex(emoji).decode(), user))
    found: dict[str, dict[str, int]] = {}
    for seq, emoji, user in sorted(there):
        found.setdefault(emoji, {})[user] = seq
    return found
