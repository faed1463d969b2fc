"""What somebody wrote on the questions board is taken back, as they might have done it themselves.

Where others built on it, a question with answers or the answer that was chosen, only its words go: what others wrote stays
where it stands.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final

from common.errors import MadangError
from common.postgres import Connection
from control.board import answering, asking, commenting, pictures
from control.erasure import queries
from control.principal import Principal
from control.services import Services

_BATCH: Final = 100
# Others built on it, or another was faster: then there is nothing to blank.
_REFUSALS: Final = frozenset(
    {"question_answered", "answer_chosen", "question_not_found", "answer_not_found", "comment_not_found"}
)
_TAKE_BACK: Final = (
    (queries.QUESTIONS, asking.remove, queries.BLANK_QUESTION),
    (queries.ANSWERS, answering.remove, queries.BLANK_ANSWER),
    (queries.COMMENTS, commenting.remove, queries.BLANK_COMMENT),
)


async def take_back(services: Services, user: str) -> None:
    """Take back everything of `user`. Raises `StoreUnavailable`; then the rest is still there.

    Each round blanks whatever it could not take back, so the next one finds other posts, or none.
    """
    author = Principal(user, session="", roles=(), permissions=frozenset(), by_cookie=False)
    for theirs, remove, blank in _TAKE_BACK:
        while posts := await services.db.read(_ids, theirs, user):
            for post in posts:
                if not await _removed(remove(services, author, post)):
                    await services.db.transaction(_blank, blank, post)


async def _removed(removing: Awaitable[None]) -> bool:
    """Whether it could be taken back whole."""
    try:
        await removing
    except MadangError as refusal:
        if refusal.code not in _REFUSALS:
            raise
        return False
    return True


async def _ids(connection: Connection, statement: str, user: str) -> list[str]:
    return [row["id"] for row in await connection.fetch(statement, user, _BATCH)]


async def _blank(connection: Connection, statement: str, post: str) -> None:
    await pictures.drop(connection, [post])
    await connection.execute(statement, post)
