"""Many small questions to MongoDB in one round trip: pipelines whose answers come side by side.

`$unionWith` appends the answer of one pipeline to another's. The unions are nested, because servers bound the stages of
one pipeline (the smaller MongoDB Atlas tiers allow 50, and the stand-in of development is slow beyond them).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from pymongo.errors import DuplicateKeyError, OperationFailure

from common.mongo import Database

_FAN_OUT: Final = 32  # unions in one pipeline; two levels of it serve a thousand questions

_NOBODY: Final = {"_id": "-"}  # by whose coming and going a collection is made

Stages = list[dict[str, Any]]
Answer = dict[str, Any]


class Question(NamedTuple):
    """A pipeline over a collection. Whoever asks several must be able to tell their answers apart."""

    collection: str
    stages: Stages


def answers(database: Database, questions: Sequence[Question]) -> list[Answer]:
    """The answers to all of them, in no order. For a thread, as `Mongo.run` gives one."""
    if not questions:
        return []
    whole = _united(questions)
    try:
        return list(database[whole.collection].aggregate(whole.stages))
    except OperationFailure:
        # To MongoDB a collection that nobody wrote to is an empty one; the stand-in of development refuses to unite it.
        if not make_missing(database, {question.collection for question in questions}):
            raise
    return list(database[whole.collection].aggregate(whole.stages))


def make_missing(database: Database, collections: set[str]) -> bool:
    """Make those of `collections` that are not there; whether any was not. For a thread, too."""
    missing = collections - set(database.list_collection_names())
    for name in missing:
        with suppress(DuplicateKeyError):  # another is at it
            database[name].insert_one(dict(_NOBODY))
        database[name].delete_one(_NOBODY)
    return bool(missing)


def _united(questions: Sequence[Question]) -> Question:
    """The first question, united with the rest, which are dealt out to a few pipelines."""
    first, rest = questions[0], questions[1:]
    stages = list(first.stages)
    for start in range(min(_FAN_OUT, len(rest))):
        share = _united(rest[start::_FAN_OUT])
        stages.append({"$unionWith": {"coll": share.collection, "pipeline": share.stages}})
    return Question(first.collection, stages)
