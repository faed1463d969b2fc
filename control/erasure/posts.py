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
_BUILT_UPON: Final = frozenset({"question_answered", "answer_chosen"})
# Another was faster.
_GONE: Final = frozenset({"question_not_found", "answer_not_found", "comment_not_found"})
_TAKE_BACK: Final = (
    (queries.QUESTIONS, asking.remove, queries.BLANK_QUESTION),
    (queries.ANSWERS, answering.remove, queries.BLANK_ANSWER),
    (queries.COMMENTS, commenting.remove, ""),  # these can always be taken back
)


async def take_back(services: Services, user: str) -> None:
    """Take back everything of `user`. Raises `StoreUnavailable`; then the rest is still there."""
    author = Principal(user, session="", roles=(), permissions=frozenset(), by_cookie=False)
    for theirs, remove, blank in _TAKE_BACK:
        while posts := await services.db.read(_ids, theirs, user):
            for post in posts:
                if not await _removed(remove(services, author, post)):
                    await services.db.transaction(_blank, blank, user, post)


async def _removed(removing: Awaitable[None]) -> bool:
    """Whether it could be taken back whole."""
    try:
        await removing
    except MadangError as refusal:
        if refusal.code not in _BUILT_UPON | _GONE:
            raise
        return refusal.code in _GONE
    return True


async def _ids(connection: Connection, statement: str, user: str) -> list[str]:
    return [row["id"] for row in await connection.fetch(statement, user, _BATCH)]


async def _blank(connection: Connection, statement: str, user: str, post: str) -> None:
    await pictures.show(connection, user, post, [])
    await connection.execute(statement, post)
