"""What questions, answers and comments share: their locks, whose they are, and what goes with them.

What looks a post up raises its own `question_not_found`, `answer_not_found` or `comment_not_found`: for one that never was,
that was removed, or whose question was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from common.errors import MadangError
from common.postgres import Connection
from control.board import pictures, queries
from control.principal import Principal

_MODERATES: Final = "board.moderate"

Row = Any  # asyncpg's record


async def lock_question(connection: Connection, question: str) -> Row:
    """The question as it is, until the transaction ends."""
    row = await connection.fetchrow(queries.LOCK_QUESTION, question)
    if row is None:
        raise MadangError("question_not_found")
    return row


async def lock_answer(connection: Connection, answer: str) -> Row:
    """The answer as it is, until the transaction ends."""
    row = await connection.fetchrow(queries.LOCK_ANSWER, answer)
    if row is None:
        raise MadangError("answer_not_found")
    return row


async def lock_answer_and_question(connection: Connection, answer: str) -> tuple[Row, Row]:
    """The answer, and the question it answers, locked in that order in which everybody does: the question first."""
    question = await connection.fetchval(queries.QUESTION_OF, answer)
    if question is None:
        raise MadangError("answer_not_found")
    try:
        asked = await lock_question(connection, question)
    except MadangError:
        raise MadangError("answer_not_found") from None
    return await lock_answer(connection, answer), asked


async def lock_comment(connection: Connection, comment: str) -> Row:
    """The comment, behind the lock of the question or answer it stands on."""
    post = await connection.fetchrow(queries.POST_OF, comment)
    if post is None:
        raise MadangError("comment_not_found")
    try:
        if post["question"] is not None:
            await lock_question(connection, post["question"])
        else:
            await lock_answer(connection, post["answer"])
    except MadangError:
        raise MadangError("comment_not_found") from None
    row = await connection.fetchrow(queries.LOCK_COMMENT, comment)
    if row is None:
        raise MadangError("comment_not_found")
    return row


async def clear(connection: Connection, posts: Sequence[str]) -> None:
    """Questions and answers go, and with them their pictures, likes and comments. They are locked."""
    await pictures.drop(connection, posts)
    await connection.execute(queries.DROP_COMMENTS, posts)
    await connection.execute(queries.FORGET_LIKES, posts)


def require_author(who: Principal, author: str) -> None:
    """Raise `forbidden` unless it is his own."""
    if who.user != author:
        raise MadangError("forbidden")


def require_author_or_moderator(who: Principal, author: str) -> bool:
    """Whether he removes it as a moderator. Raises `forbidden` unless it is his own, or he moderates the board."""
    if who.user == author:
        return False
    if not who.may(_MODERATES):
        raise MadangError("forbidden")
    return True
