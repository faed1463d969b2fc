"""One question with its answers, what somebody answered, and comments, as one person may see them. Nothing is changed here."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct

from common.clock import ms_of
from common.errors import MadangError
from common.postgres import Connection
from control.board import queries
from control.board.views import (
    Answer,
    AnsweredQuestion,
    Answers,
    AnswersOf,
    Author,
    Comment,
    Comments,
    FirstPageQuery,
    PostPageQuery,
    Question,
    QuestionPage,
)
from control.cursor import LAST, cut, unseal
from control.services import Services

MOST: Final = 2**31 - 1  # that a count can be

Row = Any  # asyncpg's record


class _AnswerKey(Struct, array_like=True):
    """Where a page of answers ended: what is liked most is first."""

    fewer: Annotated[int, Meta(ge=-MOST, le=0)] = -MOST  # likes, negative
    answer: UUID = UUID(int=0)


_Place = Annotated[list[Annotated[int, Meta(ge=0, le=MOST)]], Meta(max_length=8)]


async def page(services: Services, user: str, question: str, query: FirstPageQuery) -> QuestionPage:
    """A question and the first of its answers. Raises `question_not_found`."""
    return await services.db.transaction(_page, user, question, query.limit)


async def question_for(connection: Connection, user: str, question: str) -> Question:
    """A question as `user` sees it. Raises `question_not_found`."""
    row = await connection.fetchrow(queries.QUESTION, user, question)
    if row is None:
        raise MadangError("question_not_found")
    return Question(text=row["text"], pictures=row["pictures"], **card(row))


def card(row: Row) -> dict[str, Any]:
    """What is shown of a question wherever it is shown: a row of `question_cards`."""
    return {
        "id": row["id"],
        "author": _author(row),
        "title": row["title"],
        "category": row["category"],
        "tags": row["tags"],
        "best": row["best"],
        "answers": row["answers"],
        "comments": row["comments"],
        "likes": row["likes"],
        "liked": row["liked"],
        "folded": row["folded"],
        "asked_at": ms_of(row["asked_at"]),
        "edited_at": _ms_or_none(row["edited_at"]),
    }


async def answers(services: Services, user: str, question: str, query: PostPageQuery) -> Answers:
    """A page of the answers that were not chosen. Raises `question_not_found`."""
    after = unseal(query.cursor, _AnswerKey) if query.cursor else _AnswerKey()
    rows = await services.db.transaction(_answers_there, user, question, after, query.limit)
    return Answers(*_page_of_answers(rows, query.limit))


async def answer_for(connection: Connection, user: str, answer: str) -> Answer:
    """An answer as `user` sees it. Raises `answer_not_found`."""
    row = await connection.fetchrow(queries.ANSWER, user, answer)
    if row is None:
        raise MadangError("answer_not_found")
    return _answer(row)


async def answers_of(services: Services, user: str, person: str, query: PostPageQuery) -> AnswersOf:
    """A page of what `person` answered."""
    before = unseal(query.cursor, UUID) if query.cursor else LAST
    rows = await services.db.read(_answers_of, user, person, before, query.limit + 1)
    page = cut(rows, query.limit, lambda row: row["id"])
    return AnswersOf(
        [AnsweredQuestion(title=row["title"], answer=_answer(row)) for row in page.rows],
        next=page.next,
    )


async def comments_on_question(
    services: Services, user: str, question: str, query: PostPageQuery
) -> Comments:
    """A page of the comments on a question. Raises `question_not_found`."""
    return await services.db.transaction(_comments_on_question, user, question, query)


async def comments_on_answer(services: Services, user: str, answer: str, query: PostPageQuery) -> Comments:
    """A page of the comments on an answer. Raises `answer_not_found`."""
    return await services.db.transaction(_comments_on_answer, user, answer, query)


async def comment_for(connection: Connection, user: str, comment: str) -> Comment:
    """A comment that is there, as `user` sees it."""
    return _comment(await connection.fetchrow(queries.COMMENT, user, comment))


async def _page(connection: Connection, user: str, question: str, limit: int) -> QuestionPage:
    asked = await question_for(connection, user, question)
    best = None if asked.best is None else await answer_for(connection, user, asked.best)
    rows = await _answers(connection, user, question, _AnswerKey(), limit)
    others, next_ = _page_of_answers(rows, limit)
    return QuestionPage(question=asked, best=best, answers=others, next=next_)


async def _answers_there(
    connection: Connection, user: str, question: str, after: _AnswerKey, limit: int
) -> list[Row]:
    if not await connection.fetchval(queries.QUESTION_IS_THERE, question):
        raise MadangError("question_not_found")
    return await _answers(connection, user, question, after, limit)


async def _answers(
    connection: Connection, user: str, question: str, after: _AnswerKey, limit: int
) -> list[Row]:
    return await connection.fetch(queries.ANSWERS, user, question, after.fewer, after.answer, limit + 1)


def _page_of_answers(rows: list[Row], limit: int) -> tuple[list[Answer], str | None]:
    page = cut(rows, limit, lambda row: _AnswerKey(-row["likes"], UUID(row["id"])))
    return [_answer(row) for row in page.rows], page.next


def _answer(row: Row) -> Answer:
    return Answer(
        id=row["id"],
        question=row["question"],
        author=_author(row),
        text=row["text"],
        pictures=row["pictures"],
        best=row["best"],
        comments=row["comments"],
        likes=row["likes"],
        liked=row["liked"],
        folded=row["folded"],
        answered_at=ms_of(row["answered_at"]),
        edited_at=_ms_or_none(row["edited_at"]),
    )


async def _answers_of(connection: Connection, user: str, person: str, before: UUID, most: int) -> list[Row]:
    return await connection.fetch(queries.ANSWERS_OF, user, person, before, most)


async def _comments_on_question(
    connection: Connection, user: str, question: str, query: PostPageQuery
) -> Comments:
    if not await connection.fetchval(queries.QUESTION_IS_THERE, question):
        raise MadangError("question_not_found")
    return await _comments(connection, user, question, query)


async def _comments_on_answer(
    connection: Connection, user: str, answer: str, query: PostPageQuery
) -> Comments:
    if not await connection.fetchval(queries.ANSWER_IS_THERE, answer):
        raise MadangError("answer_not_found")
    return await _comments(connection, user, answer, query)


async def _comments(connection: Connection, user: str, post: str, query: PostPageQuery) -> Comments:
    after: list[int] = unseal(query.cursor, _Place) if query.cursor else []
    rows = await connection.fetch(queries.COMMENTS, user, post, after, query.limit + 1)
    page = cut(rows, query.limit, lambda row: row["place"])
    return Comments(
        [_comment(row) for row in page.rows],
        next=page.next,
    )


def _comment(row: Row) -> Comment:
    return Comment(
        id=row["id"],
        parent=row["parent"],
        depth=len(row["place"]) - 1,
        author=None if row["removed"] else _author(row),
        text=row["text"],
        removed=row["removed"],
        likes=row["likes"],
        liked=row["liked"],
        folded=row["folded"] and not row["removed"],
        commented_at=ms_of(row["commented_at"]),
        edited_at=_ms_or_none(row["edited_at"]),
    )


def _author(row: Row) -> Author:
    """Who wrote what a row shows."""
    return Author(id=row["author"], nickname=row["nickname"], mentor=row["is_mentor"], avatar=row["avatar"])


def _ms_or_none(at: Any) -> int | None:
    return None if at is None else ms_of(at)
