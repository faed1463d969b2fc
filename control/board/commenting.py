"""Comments on questions and answers, and replies to comments, a few deep.

A comment's place is the numbers of the comments above it and its own; numbers are given out behind the lock of the post,
one after another, and never again. Of a removed comment the place stays as long as something is below it.
"""

from __future__ import annotations

from functools import partial
from typing import Final, Literal

from common.errors import MadangError
from common.postgres import Connection
from control.admin.audit import record
from control.board import queries
from control.board.news import tell
from control.board.posts import (
    Row,
    lock_answer,
    lock_comment,
    lock_question,
    require_author,
    require_author_or_moderator,
)
from control.board.reading import comment_for
from control.board.views import DEEPEST, Comment, WriteComment
from control.once import Once
from control.principal import Principal
from control.services import Services
from control.words import prose

On = Literal["question", "answer"]

_LOCK: Final = {"question": lock_question, "answer": lock_answer}
_NUMBER: Final = {
    "question": queries.NUMBER_COMMENT_ON_QUESTION,
    "answer": queries.NUMBER_COMMENT_ON_ANSWER,
}
_UNCOUNT: Final = {
    "question": queries.UNCOUNT_COMMENT_ON_QUESTION,
    "answer": queries.UNCOUNT_COMMENT_ON_ANSWER,
}
_INTO: Final = {"question": queries.COMMENT_ON_QUESTION, "answer": queries.COMMENT_ON_ANSWER}


async def comment(services: Services, author: str, on: On, post: str, wanted: WriteComment) -> Comment:
    """Comment on a question or an answer.

    Raises `invalid`, `question_not_found`, `answer_not_found`, `comment_not_found`, `comment_too_deep`,
    `reference_reused`.
    """
    once = Once.of(services, author, wanted, on, post)
    wanted = WriteComment(text=prose("text", wanted.text), parent=wanted.parent)
    return await services.db.transaction(_comment, once, on, post, wanted)


async def change(services: Services, who: Principal, comment: str, text: str) -> Comment:
    """Say it otherwise. Raises `invalid`, `comment_not_found`, `forbidden`."""
    return await services.db.transaction(_change, who, comment, prose("text", text))


async def remove(services: Services, who: Principal, comment: str) -> None:
    """Take a comment back, or away. Raises `comment_not_found`, `forbidden`."""
    await services.db.transaction(_remove, who, comment)


async def _comment(connection: Connection, once: Once, on: On, post: str, wanted: WriteComment) -> Comment:
    added = await once.made(connection, partial(_add, connection, once.by, on, post, wanted))
    return await comment_for(connection, once.by, added)


async def _add(connection: Connection, author: str, on: On, post: str, wanted: WriteComment) -> str:
    row = await _LOCK[on](connection, post)
    above = None if wanted.parent is None else await _lock_parent(connection, post, wanted.parent)
    number: int = await connection.fetchval(_NUMBER[on], post)
    place = [*(above["place"] if above else ()), number]
    added: str = await connection.fetchval(_INTO[on], post, wanted.parent, place, author, wanted.text)
    question = post if on == "question" else row["question"]
    if above is not None:
        await connection.execute(queries.COUNT_REPLY, wanted.parent)
        await tell(connection, above["author"], "replied", by=author, question=question, post=added)
    if above is None or above["author"] != row["author"]:  # once for each person
        await tell(connection, row["author"], "commented", by=author, question=question, post=added)
    return added


async def _lock_parent(connection: Connection, post: str, parent: str) -> Row:
    """The comment on `post`, which is locked, that is replied to."""
    above = await connection.fetchrow(queries.LOCK_COMMENT, parent)
    if above is None or above["post"] != post:
        raise MadangError("comment_not_found")
    if len(above["place"]) > DEEPEST:
        raise MadangError("comment_too_deep")
    return above


async def _change(connection: Connection, who: Principal, comment: str, text: str) -> Comment:
    row = await lock_comment(connection, comment)
    require_author(who, row["author"])
    if row["text"] != text:
        await connection.execute(queries.CHANGE_COMMENT, comment, text)
    return await comment_for(connection, who.user, comment)


async def _remove(connection: Connection, who: Principal, comment: str) -> None:
    row = await lock_comment(connection, comment)
    moderates = require_author_or_moderator(who, row["author"])
    await connection.execute(queries.FORGET_LIKES, [comment])
    await connection.execute(queries.REMOVE_COMMENT, comment)
    await connection.execute(_UNCOUNT["answer" if row["question"] is None else "question"], row["post"])
    await _clear_away(connection, comment)
    if moderates:
        await record(connection, who.user, "board.comment_removed", person=row["author"], object=comment)


async def _clear_away(connection: Connection, comment: str) -> None:
    """Nothing is kept of a removed comment below which nothing is, nor of those above that stood for its sake alone."""
    bare: str | None = comment
    while bare is not None:
        row = await connection.fetchrow(queries.DROP_COMMENT, bare)
        bare = None if row is None else row["parent_id"]
        if bare is not None:
            await connection.execute(queries.UNCOUNT_REPLY, bare)
