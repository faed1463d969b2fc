"""Telling admins of a message, a person, a room, a post on the board or one that looks for company, or a review: once
for each reporter and object.

What was said is kept as it stood when it was reported: it may be edited or deleted a moment later. Only what a
reporter may see can be reported.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from common.clock import ms_of
from common.errors import MadangError
from common.postgres import Connection
from common.roomlog.log import Log
from control.classes import reading as classes
from control.matching.posts import reading as match_posts
from control.reports import queries
from control.reports.views import MakeReport, Object, Post
from control.rooms import queries as rooms
from control.rooms import reading
from control.services import Services
from control.words import paragraphs


class _Subject(NamedTuple):
    """What a report is about, where that stands, who said it, and what it says."""

    kind: Object
    object: str
    room: str | None = None
    question: str | None = None
    of_class: str | None = None
    person: str | None = None
    evidence: str = ""


_POSTS: Final[dict[Post, tuple[str, str]]] = {  # how each is found, and what is said when it is not
    "question": (queries.QUESTION, "question_not_found"),
    "answer": (queries.ANSWER, "answer_not_found"),
    "comment": (queries.COMMENT, "comment_not_found"),
}


async def report_message(services: Services, user: str, room: str, seq: int, wanted: MakeReport) -> None:
    """Raises `not_a_member`, `message_not_found`, `message_deleted`, `not_oneself`, `already_reported`."""
    reader = await services.db.read(_reader, user, room)
    if reader is None:
        raise MadangError("not_a_member")
    log = Log(services.mongo)
    message = (await log.at(room, [seq])).get(seq)
    if message is None or message["type"] != "message":
        raise MadangError("message_not_found")
    if not reader["sees_all"] and message["at"] < ms_of(reader["joined_at"]):
        raise MadangError("message_not_found")
    states = await log.states.views(room, [seq], user)
    state = states[0] if states else None
    if state is not None and state.deleted is not None:
        raise MadangError("message_deleted")
    text = state.edited.text if state is not None and state.edited is not None else message["text"]
    sender = message["sender"] if message.get("origin") != "hook" else None
    await _report(
        services, user, _Subject("message", f"{room}:{seq}", room, person=sender, evidence=text), wanted
    )


async def report_person(services: Services, user: str, person: str, wanted: MakeReport) -> None:
    """Raises `not_oneself`, `person_not_found`, `already_reported`."""
    if not await services.db.read(_exists, person):
        raise MadangError("person_not_found")
    await _report(services, user, _Subject("person", person, person=person), wanted)


async def report_room(services: Services, user: str, room: str, wanted: MakeReport) -> None:
    """Raises `room_not_found`, also for a private room that is not his; `already_reported`."""
    await reading.one(services, user, room)
    await _report(services, user, _Subject("room", room, room=room), wanted)


async def report_post(services: Services, user: str, kind: Post, post: str, wanted: MakeReport) -> None:
    """Raises `question_not_found`, `answer_not_found`, `comment_not_found`, `not_oneself`, `already_reported`."""
    statement, missing = _POSTS[kind]
    said = await services.db.read(_said, statement, post)
    if said is None:
        raise MadangError(missing)
    subject = _Subject(kind, post, question=said["question"], person=said["person"], evidence=said["text"])
    await _report(services, user, subject, wanted)


async def report_review(services: Services, user: str, of: str, person: str, wanted: MakeReport) -> None:
    """Raises `class_not_found`, also for who may not see it; `review_not_found`, `not_oneself`,
    `already_reported`."""
    await classes.one(services, user, of)
    said = await services.db.read(_said, queries.REVIEW, of, person)
    if said is None:
        raise MadangError("review_not_found")
    subject = _Subject("review", f"{of}:{person}", of_class=of, person=person, evidence=said["text"])
    await _report(services, user, subject, wanted)


async def report_match_post(services: Services, user: str, post: str, wanted: MakeReport) -> None:
    """Raises `post_not_found`, `not_oneself` for one's own, `already_reported`."""
    seen = await services.db.read(match_posts.require_post, user, post)
    words = f"{seen['title']}\n{seen['text']}".rstrip()
    subject = _Subject("match_post", post, person=str(seen["author_id"]), evidence=words)
    await _report(services, user, subject, wanted)


async def report_match_comment(
    services: Services, user: str, post: str, comment: str, wanted: MakeReport
) -> None:
    """Raises `post_not_found`, `comment_not_found`, `not_oneself` for one's own, `already_reported`."""
    said = await services.db.read(match_posts.require_comment, user, post, comment)
    subject = _Subject("match_comment", f"{post}:{comment}", person=said["author"], evidence=said["text"])
    await _report(services, user, subject, wanted)


async def _report(services: Services, user: str, subject: _Subject, wanted: MakeReport) -> None:
    if subject.person == user:
        raise MadangError("not_oneself")
    wanted = MakeReport(reason=wanted.reason, words=paragraphs("words", wanted.words))
    await services.db.transaction(_add, user, subject, wanted)


async def _reader(connection: Connection, user: str, room: str) -> Any:
    return await connection.fetchrow(rooms.READER, room, user)


async def _said(connection: Connection, statement: str, *of: str) -> Any:
    return await connection.fetchrow(statement, *of)


async def _exists(connection: Connection, person: str) -> bool:
    found: bool = await connection.fetchval(queries.EXISTS, person)
    return found


async def _add(connection: Connection, user: str, subject: _Subject, wanted: MakeReport) -> None:
    if not await connection.fetchval(queries.ADD, user, *subject, wanted.reason, wanted.words):
        raise MadangError("already_reported")
