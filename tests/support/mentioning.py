"""Mentions, as the log notes them when it keeps a message, and as they are counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from common.mongo import Mongo
from common.roomlog import mentions
from common.roomlog.mentions import Unread


async def mention(
    mongo: Mongo, room: str, mseqs: Iterable[int], *users: str, everybody: bool = False, sender: str = "jun"
) -> None:
    """The messages of these mseqs mention these users, or everybody."""
    documents = [
        {
            "type": "message",
            "room": room,
            "sender": sender,
            "mseq": mseq,
            "mentions": users,
            "mention_all": everybody,
        }
        for mseq in mseqs
    ]
    await mongo.run(mentions.add, mongo.database, documents)


async def counts(
    mongo: Mongo, readers: Sequence[Unread], *, shunned: Collection[str] = ()
) -> dict[tuple[str, str], int]:
    """How often each is mentioned in what they have not read, where they are at all."""
    return {
        key: mentions.count(said, shunned) for key, said in (await mentions.unread(mongo, readers)).items()
    }
