"""How often somebody is mentioned in what they have not read: counted in the lists that the log fills.

A message that mentions a person twice over (by name, and everybody) counts once. Mentions in messages that were deleted
are taken out of the lists, so they do not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from common.mongo import Mongo
from common.roomlog.lists import EVERYBODY, mentions_of, range_of
from common.roomlog.united import Question, answers

MOST: Final = 100  # are counted; more are as many as that


class Unread(NamedTuple):
    """A person who has read a room up to the mseq `last_read`."""

    user: str
    room: str
    last_read: int


async def count(mongo: Mongo, readers: Sequence[Unread]) -> dict[tuple[str, str], int]:
    """How many messages after `last_read` mention each: `{(user, room): count}`, without those of whom none does.

    One round trip for all. Raises `StoreUnavailable`.
    """
    found = await mongo.run(
        answers, mongo.database, [question for each in readers for question in questions(each)]
    )
    return counted(readers, found)


def questions(reader: Unread) -> list[Question]:
    """What to ask of `united.answers` about one reader."""
    return [
        Question("lists", [*range_of(reader.room, name, low=reader.last_read + 1), {"$limit": MOST}])
        for name in (mentions_of(reader.user), EVERYBODY)
    ]


def counted(readers: Iterable[Unread], found: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    """The counts, from the answers to their questions; other answers among them are passed over."""
    mentions: dict[tuple[str, str], set[int]] = defaultdict(set)  # by room and list: mseqs
    for document in found:
        room, name, number = _item(document["_id"])
        mentions[room, name].add(number)
    counts = {}
    for user, room, last_read in readers:
        mseqs = mentions.get((room, mentions_of(user)), set()) | mentions.get((room, EVERYBODY), set())
        if unread := sum(mseq > last_read for mseq in mseqs):
            counts[user, room] = min(unread, MOST)
    return counts


def _item(key: str) -> tuple[str, str, int]:
    room, _, rest = key.partition(":")
    name, _, number = rest.rpartition(":")
    return room, name, int(number)
