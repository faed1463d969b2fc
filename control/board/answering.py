"""Answers: given, changed, removed, and one of them chosen.

Choosing is for good, as wherever it is paid for: whoever was chosen was given points for it, and may have spent them. So the
chosen answer cannot be taken back by who wrote it, either. When a moderator takes it away, the asker may choose anew.

Asking costs nothing, so two people could make points for each other all day. Therefore one person's choices earn another
one points only so often in a day. What is chosen beyond that is the best answer all the same, and counts as one.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from msgspec import UNSET

from common.errors import MadangError
from common.postgres import Connection
from control.admin.audit import record
from control.board import pictures, queries
from control.board.news import tell
from control.board.posts import (
    Row,
    clear,
    lock_answer,
    lock_answer_and_question,
    lock_question,
    require_author,
    require_author_or_moderator,
)
from control.board.reading import answer_for
from control.board.shelves import shelves_of
from control.board.views import Answer, ChangeAnswer, WriteAnswer
from control.once import Once
from control.people import queries as people
from control.points.ledger import reward, rewards
from control.principal import Principal
from control.services import Services
from control.words import prose

POINTS: Final = 50  # for the answer that was chosen
REWARDED: Final = 3  # answers of one person that one asker chose, in a day
_DAY: Final = timedelta(days=1)


async def answer(services: Services, author: str, question: str, wanted: WriteAnswer) -> Answer:
    """Answer. Raises `invalid`, `question_not_found`, `attachment_not_found`, `reference_reused`."""
    text, shown = prose("text", wanted.text), list(dict.fromkeys(wanted.pictures))
    once = Once.of(services, author, wanted, question)
    return await services.db.transaction(_answer, once, question, text, shown)


async def change(services: Services, who: Principal, answer: str, wanted: ChangeAnswer) -> Answer:
    """Change what `wanted` names. Raises `invalid`, `answer_not_found`, `forbidden`, `attachment_not_found`."""
    text = None if wanted.text is UNSET else prose("text", wanted.text)
    shown = None if wanted.pictures is UNSET else list(dict.fromkeys(wanted.pictures))
    return await services.db.transaction(_change, who, answer, text, shown)


async def remove(services: Services, who: Principal, answer: str) -> None:
    """Take an answer back, or away. Raises `answer_not_found`, `forbidden`, `answer_chosen`."""
    await services.db.transaction(_remove, who, answer)


async def choose(services: Services, who: Principal, question: str, answer: str) -> None:
    """Choose the best answer. To choose it again changes nothing.

    Raises `question_not_found`, `answer_not_found`, `forbidden`, `not_oneself`, `best_chosen`.
    """
    await services.db.transaction(_choose, who, question, answer)


async def _answer(connection: Connection, once: Once, question: str, text: str, shown: list[str]) -> Answer:
    given = await once.made(connection, partial(_add, connection, once.by, question, text, shown))
    return await answer_for(connection, once.by, given)


async def _add(connection: Connection, author: str, question: str, text: str, shown: list[str]) -> str:
    asked = await lock_question(connection, question)
    given: str = await connection.fetchval(queries.ADD_ANSWER, question, author, text)
    await pictures.show(connection, author, given, shown)
    await _count(connection, question, asked, 1)
    await tell(connection, asked["author"], "answered", by=author, question=question, post=given)
    return given


async def _change(
    connection: Connection, who: Principal, answer: str, text: str | None, shown: list[str] | None
) -> Answer:
    row = await lock_answer(connection, answer)
    require_author(who, row["author"])
    before = row["text"], await pictures.shown(connection, answer)
    after = before[0] if text is None else text, before[1] if shown is None else shown
    if after != before:
        await pictures.show(connection, who.user, answer, after[1])
        await connection.execute(queries.CHANGE_ANSWER, answer, after[0])
    return await answer_for(connection, who.user, answer)


async def _remove(connection: Connection, who: Principal, answer: str) -> None:
    row, asked = await lock_answer_and_question(connection, answer)
    moderates = require_author_or_moderator(who, row["author"])
    if asked["best"] == answer:
        if not moderates:
            raise MadangError("answer_chosen")
        await connection.execute(queries.CHOOSE, row["question"], None)
    await clear(connection, [answer])
    await connection.execute(queries.REMOVE_ANSWER, answer)
    await _count(connection, row["question"], asked, -1)
    if moderates:
        await record(connection, who.user, "board.answer_removed", person=row["author"], object=answer)


async def _count(connection: Connection, question: str, asked: Row, change: int) -> None:
    """There is one answer more, or less."""
    answers: int = await connection.fetchval(queries.COUNT_ANSWER, question, change)
    shelves = shelves_of(asked["author"], asked["category"], asked["tags"])
    await connection.execute(queries.SHELVE_ANSWERED, question, shelves, answers > 0)


async def _choose(connection: Connection, who: Principal, question: str, answer: str) -> None:
    await connection.execute(people.LOCK_PERSON, who.user)  # so that his choices are counted one by one
    asked = await lock_question(connection, question)
    require_author(who, asked["author"])
    chosen = await lock_answer(connection, answer)
    if chosen["question"] != question:
        raise MadangError("answer_not_found")
    if asked["best"] == answer:
        return
    if asked["best"] is not None:
        raise MadangError("best_chosen")
    if chosen["author"] == who.user:
        raise MadangError("not_oneself")
    await connection.execute(queries.CHOOSE, question, answer)
    await _reward(connection, chosen["author"], who.user, answer)
    await tell(connection, chosen["author"], "chosen", by=who.user, question=question, post=answer)


async def _reward(connection: Connection, author: str, by: str, answer: str) -> None:
    if await rewards(connection, author, by=by, within=_DAY) < REWARDED:
        await reward(connection, author, POINTS, reference=f"answer:{answer}:best", subject=answer, by=by)
