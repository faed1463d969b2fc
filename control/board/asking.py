"""Questions: asked, changed, removed.

Who asked may change a question at any time, and take it back as long as nobody has answered: from then on it belongs to
those who answered, too. A moderator takes it away with everything below it.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from common.errors import MadangError
from common.postgres import Connection
from control.admin.audit import record
from control.board import pictures, queries
from control.board.posts import clear, lock_question, require_author, require_author_or_moderator
from control.board.reading import question_for
from control.board.shelves import shelves_of
from control.board.views import AskQuestion, ChangeQuestion, Question
from control.once import Once
from control.principal import Principal
from control.services import Services
from control.words import Fields, Rules, fields_of, line, prose, tags, tidied

_RULES: Final[Rules] = {
    "title": partial(line, "title"),
    "text": partial(prose, "text"),
    "tags": partial(tags, "tags"),
    "pictures": lambda pictures: list(dict.fromkeys(pictures)),
}


async def ask(services: Services, author: str, wanted: AskQuestion) -> Question:
    """Ask. Raises `invalid`, `category_unknown`, `attachment_not_found`, `reference_reused`."""
    asked = tidied(fields_of(wanted), {**_RULES, "category": services.categories.one})
    return await services.db.transaction(_ask, Once.of(services, author, wanted), asked)


async def change(services: Services, who: Principal, question: str, wanted: ChangeQuestion) -> Question:
    """Change what `wanted` names. Raises `invalid`, `category_unknown`, `attachment_not_found`, `question_not_found`,
    `forbidden`."""
    asked = tidied(fields_of(wanted), _RULES)
    return await services.db.transaction(_change, services, who, question, asked)


async def remove(services: Services, who: Principal, question: str) -> None:
    """Take a question back, or away. Raises `question_not_found`, `forbidden`, `question_answered`."""
    await services.db.transaction(_remove, who, question)


async def _ask(connection: Connection, once: Once, asked: Fields) -> Question:
    question = await once.made(connection, partial(_add, connection, once.by, asked))
    return await question_for(connection, once.by, question)


async def _add(connection: Connection, author: str, asked: Fields) -> str:
    question: str = await connection.fetchval(
        queries.ADD_QUESTION, author, asked["title"], asked["text"], asked["category"], asked["tags"]
    )
    shelves = shelves_of(author, asked["category"], asked["tags"])
    await connection.execute(queries.PUT_ON_SHELVES, question, shelves)
    await pictures.show(connection, author, question, asked["pictures"])
    return question


async def _change(
    connection: Connection, services: Services, who: Principal, question: str, asked: Fields
) -> Question:
    row = await lock_question(connection, question)
    require_author(who, row["author"])
    before: Fields = {name: row[name] for name in ("title", "text", "category", "tags")}
    before["pictures"] = await pictures.shown(connection, question)
    after = before | asked
    if after["category"] is not None:
        services.categories.chosen([after["category"]], kept=[before["category"]], field="category")
    if after != before:
        await pictures.show(connection, who.user, question, after.pop("pictures"))
        await connection.execute(queries.CHANGE_QUESTION, question, *after.values())
        old = shelves_of(who.user, before["category"], before["tags"])
        new = shelves_of(who.user, after["category"], after["tags"])
        await connection.execute(queries.TAKE_OFF_SHELVES, question, sorted(set(old) - set(new)))
        await connection.execute(queries.PUT_ON_SHELVES, question, new)
    return await question_for(connection, who.user, question)


async def _remove(connection: Connection, who: Principal, question: str) -> None:
    row = await lock_question(connection, question)
    moderates = require_author_or_moderator(who, row["author"])
    if row["answers"] and not moderates:
        raise MadangError("question_answered")
    await connection.execute(
        queries.TAKE_OFF_SHELVES, question, shelves_of(row["author"], row["category"], row["tags"])
    )
    answers = [each["id"] for each in await connection.fetch(queries.REMOVE_ANSWERS, question)]
    await clear(connection, [question, *answers])
    await connection.execute(queries.REMOVE_QUESTION, question)
    if moderates:
        await record(connection, who.user, "board.question_removed", person=row["author"], object=question)
