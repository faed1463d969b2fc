"""Records over HTTP: as numbers, as a picture, and as the log they are counted from."""

from __future__ import annotations

from control.operations import LOGGED_IN, Call, Document, Operations
from control.records import reading
from control.records.days import Period
from control.records.graphs import graph
from control.records.views import GraphQuery, LogQuery, Record, RecordQuery, StayLog

operations = Operations("records", "Records: how long I was in which kind of room, on which days.")


@operations.get("/api/v1/me/records/log", permission=LOGGED_IN)
async def list_stays(call: Call, query: LogQuery) -> StayLog:
    """When I entered and left rooms. The newest first. Nobody else reads it, and after three years nobody at all."""
    return await reading.log(call.services, call.person.user, query)


@operations.get("/api/v1/me/records/{period}", permission=LOGGED_IN)
async def get_record(call: Call, period: Period, query: RecordQuery) -> Record:
    """How long I was in rooms. Over a day, week, month or year of my timezone, by category and by day. Weeks begin on Monday."""
    return await reading.record(call.services, call.person.user, period, query)


@operations.get("/api/v1/me/records/{period}/graph.svg", permission=LOGGED_IN, media_type="image/svg+xml")
async def get_record_graph(call: Call, period: Period, query: GraphQuery) -> Document:
    """The same as a picture. A day and a week by category, a month by day, a year as a calendar. It is a text to those who do
    not see it."""
    record = await reading.record(call.services, call.person.user, period, query)
    picture = graph(
        record,
        period,
        names=call.services.categories.all(),
        language=query.language or call.language,
        theme=query.theme,
    )
    headers = {
        "cache-control": "private, max-age=60",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    }
    return Document("image/svg+xml; charset=utf-8", picture.encode(), headers=headers)
