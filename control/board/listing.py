"""Lists of questions: a shelf, in one of three orders."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from common.errors import MadangError
from common.postgres import Connection
from control import faults
from control.board import queries
from control.board.reading import MOST, card
from control.board.shelves import ALL, author_shelf, category_shelf, tag_shelf
from control.board.views import ListedQuestion, Questions, QuestionsQuery
from control.cursor import LAST, cut, unseal
from control.services import Services
from control.words import tag

Row = Any  # asyncpg's record


class _LikedKey(Struct, array_like=True):
    """Where a page of what is liked most ended."""

    likes: Annotated[int, Meta(ge=0, le=MOST)] = MOST
    question: UUID = LAST


async def questions(services: Services, user: str, query: QuestionsQuery) -> Questions:
    """A page of a list. Raises `invalid` for two filters at once."""
    shelf = _shelf(query)
    before = _before(query)
    rows = await services.db.read(_questions, user, query, shelf, before)
    page = cut(rows, query.limit, partial(_key, query))
    return Questions([listed_question(row) for row in page.rows], next=page.next)


def _shelf(query: QuestionsQuery) -> str:
    filters = [name for name in ("category", "tag", "author") if getattr(query, name) is not None]
    if len(filters) > 1:
        raise MadangError("invalid", fields=dict.fromkeys(filters, faults.ONE_OF_THESE))
    if query.category is not None:
        return category_shelf(query.category)
    if query.tag is not None:
        return tag_shelf(tag("tag", query.tag))
    return ALL if query.author is None else author_shelf(query.author)


def _before(query: QuestionsQuery) -> _LikedKey:
    """Where to begin; the likes do not count but in the order of likes."""
    if query.cursor is None:
        return _LikedKey()
    if query.order == "liked":
        return unseal(query.cursor, _LikedKey)
    return _LikedKey(question=unseal(query.cursor, UUID))


def _key(query: QuestionsQuery, row: Row) -> _LikedKey | str:
    if query.order == "liked":
        return _LikedKey(row["shelved_likes"], UUID(row["id"]))
    id_: str = row["id"]
    return id_


async def _questions(
    connection: Connection, user: str, query: QuestionsQuery, shelf: str, before: _LikedKey
) -> list[Row]:
    arguments = (user, shelf, before.question, query.limit + 1)
    if query.order == "liked":
        return await connection.fetch(queries.LIKED, *arguments, before.likes)
    return await connection.fetch(
        queries.NEWEST if query.order == "newest" else queries.UNANSWERED, *arguments
    )


def listed_question(row: Row) -> ListedQuestion:
    """A row of a list, as it is shown."""
    return ListedQuestion(excerpt=row["excerpt"], **card(row))
