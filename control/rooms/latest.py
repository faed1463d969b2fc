"""What was said last in each of many rooms: asked of the room log in one round trip.

The newest message of a room stands at the end of its keys, where an index finds it, past what other events followed it.
`$unionWith` puts the answers for many rooms side by side. It is nested, because servers bound the stages of one pipeline
(the smaller MongoDB Atlas tiers allow 50, and the stand-in of development is slow beyond them).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from common.mongo import Mongo
from common.roomlog.position import key_of
from control.rooms.views import LastMessage

_FAN_OUT: Final = 32  # unions in one pipeline; two levels of it serve a thousand rooms
_ABOVE: Final = 10**12  # every seq

Stages = list[dict[str, Any]]


async def last_messages(mongo: Mongo, rooms: Sequence[str]) -> dict[str, LastMessage]:
    """The newest message of each of `rooms`; those without any are left out. Raises `StoreUnavailable`."""
    if not rooms:
        return {}
    events = mongo.database.events
    found = await mongo.run(lambda: list(events.aggregate(_pipeline(rooms))))
    return {
        each["room"]: LastMessage(
            seq=each["seq"], mseq=each["mseq"], at=each["at"], sender=each["sender"], text=each["text"]
        )
        for each in found
    }


def _pipeline(rooms: Sequence[str]) -> Stages:
    """Finds the newest message of the first room, and unites it with those of the rest, dealt out to a few pipelines."""
    first, rest = rooms[0], rooms[1:]
    stages: Stages = [
        {"$match": {"_id": {"$gte": key_of(first, 0), "$lt": key_of(first, _ABOVE)}, "type": "message"}},
        {"$sort": {"_id": -1}},
        {"$limit": 1},
    ]
    for start in range(min(_FAN_OUT, len(rest))):
        share = _pipeline(rest[start::_FAN_OUT])
        stages.append({"$unionWith": {"coll": "events", "pipeline": share}})
    return stages
