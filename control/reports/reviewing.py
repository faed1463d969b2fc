"""Reports as admins read and resolve them. The first who resolves one resolves it."""

from __future__ import annotations

from typing import Any, Final, get_args
from uuid import UUID

from common.clock import ms_of
from common.errors import MadangError
from common.postgres import Connection
from control.admin.audit import record
from control.cursor import LAST, cut, unseal
from control.reports import queries
from control.reports.views import (
    MatchObject,
    Post,
    Report,
    ReportedClass,
    ReportedQuestion,
    ReportedRoom,
    Reports,
    ReportsQuery,
    Resolve,
)
from control.rooms.views import Somebody
from control.services import Services
from control.words import paragraphs

_POSTS: Final = get_args(Post)
_AT_MATCH_POSTS: Final = get_args(MatchObject)


async def reports(services: Services, query: ReportsQuery) -> Reports:
    """A page of reports."""
    before = unseal(query.cursor, UUID) if query.cursor else LAST
    rows = await services.db.read(_reports, query, before)
    page = cut(rows, query.limit, lambda row: row["id"])
    return Reports([_report(row) for row in page.rows], next=page.next)


async def resolve(services: Services, by: str, report: str, wanted: Resolve) -> None:
    """Say what becomes of it. To say the same again changes nothing. Raises `report_not_found`, `report_resolved`."""
    wanted = Resolve(outcome=wanted.outcome, note=paragraphs("note", wanted.note))
    await services.db.transaction(_resolve, by, report, wanted)


async def _reports(connection: Connection, query: ReportsQuery, before: UUID) -> list[Any]:
    statement = queries.RESOLVED if query.resolved else queries.OPEN
    return await connection.fetch(statement, before, query.limit + 1)


def _report(row: Any) -> Report:
    return Report(
        id=row["id"],
        kind=row["kind"],
        room=ReportedRoom(row["room"], row["room_title"]) if row["room"] else None,
        seq=int(row["object"].rpartition(":")[2]) if row["kind"] == "message" else None,
        question=ReportedQuestion(row["question"], row["question_title"]) if row["question"] else None,
        post=row["object"] if row["kind"] in _POSTS else None,
        match_post=row["object"].partition(":")[0] if row["kind"] in _AT_MATCH_POSTS else None,
        class_=ReportedClass(row["class"], row["class_title"]) if row["class"] else None,
        person=Somebody(row["person"], row["nickname"], row["bot"]) if row["person"] else None,
        reason=row["reason"],
        words=row["words"],
        evidence=row["evidence"],
        reporter=Somebody(row["reporter"], row["reporter_nickname"]),
        reported_at=ms_of(row["reported_at"]),
        outcome=row["outcome"],
        note=row["note"],
        resolved_by=Somebody(row["resolved_by"], row["resolved_by_nickname"]) if row["resolved_by"] else None,
        resolved_at=ms_of(row["resolved_at"]) if row["resolved_at"] else None,
    )


async def _resolve(connection: Connection, by: str, report: str, wanted: Resolve) -> None:
    resolved: Any = await connection.fetchrow(queries.RESOLVE, report, wanted.outcome, wanted.note, by)
    if resolved is not None:
        await record(
            connection,
            by,
            "report.resolved",
            person=resolved["person"],
            object=report,
            outcome=wanted.outcome,
            note=wanted.note,
        )
        return
    stands: Any = await connection.fetchrow(queries.RESOLUTION, report)
    if stands is None:
        raise MadangError("report_not_found")
    if (stands["outcome"], stands["note"], stands["resolved_by"]) != (wanted.outcome, wanted.note, by):
        raise MadangError("report_resolved")
