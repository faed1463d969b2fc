"""Mentions, as the log notes them when it keeps a message."""

from __future__ import annotations

from collections.abc import Iterable

from common.mongo import Mongo
from common.roomlog import mentions


async def mention(
    mongo: Mongo, room: str, mseqs: Iterable[int], *users: str, everybody: bool = False
) -> None:
    """The messages of these mseqs mention these users, or everybody."""
    documents = [
        {"type": "message", "room": room, "mseq": mseq, "mentions": users, "mention_all": everybody}
        for mseq in mseqs
    ]
    await mongo.run(mentions.add, mongo.database, documents)
