"""Drafts and entries to write with."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from common.ids import uuid7
from common.roomlog.bus import Placed, Refusal
from common.roomlog.position import Draft, Entry, MessageBody, shard_of

_milliseconds = itertools.count(1_800_000_000_000)  # above 31 bits, as real ones are


def a_room(*, beside: str | None = None) -> str:
    """A room nobody wrote to; `beside` another one, in the same shard."""
    room = uuid7()
    while beside is not None and shard_of(room) != shard_of(beside):
        room = uuid7()
    return room


def a_draft(room: str, text: str, *, sender: str = "mina") -> Draft:
    """A message whose client_id is its text."""
    return Draft.of(MessageBody(room=room, sender=sender, client_id=text, text=text))


def an_entry(room: str, seq: int, text: str, *, epoch: str = "e1", mseq: int | None = None) -> Entry:
    """A message in a place of its own, as the bus would have given it."""
    return Entry(
        b"%d-0" % next(_milliseconds),
        room,
        seq,
        seq if mseq is None else mseq,
        epoch,
        a_draft(room, text).body,
    )


def entries_of(outcomes: Sequence[Placed | Refusal]) -> list[Entry]:
    """The entries of drafts that all have a place."""
    entries = []
    for outcome in outcomes:
        assert isinstance(outcome, Placed), outcome
        entries.append(outcome.entry)
    return entries


def text_of(entry: Entry) -> str:
    text: str = entry.document()["text"]
    return text
