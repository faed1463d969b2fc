"""A file is read: by a URL that is signed for two minutes, for who may see what it belongs to."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from common.errors import MadangError
from common.postgres import Connection
from common.units import MINUTES, SECONDS, to_ms
from control.operations import Document
from control.principal import Principal
from control.services import Services
from control.uploads import files, queries
from control.uploads.purposes import SHOWN
from control.uploads.views import ContentQuery, ReadableUpload, told_of

LIFE: Final = 2 * MINUTES  # of a signed URL
_CACHED: Final = 1 * MINUTES  # that a browser may follow the same one again
_REVIEWS_MENTORS: Final = "mentor.review"  # the permission of who reads certificates
_SEES_CLASSES: Final = "class.review"  # and of who sees every class

Row = Any  # asyncpg's record


async def read(services: Services, who: Principal, upload: str) -> ReadableUpload:
    """The file and where to fetch it. Raises `not_found`, also for one that is not for this person."""
    row = await services.db.read(_readable, who, upload)
    return ReadableUpload(
        **told_of(row),
        url=await _signed(services, row),
        thumbnail_url=await _signed_thumbnail(services, row) if row["thumbnail"] else None,
        expires_at=services.clock() + to_ms(LIFE),
    )


async def content(services: Services, who: Principal, upload: str, query: ContentQuery) -> Document:
    """A redirect to the file, for pages that show it. A file without a thumbnail is its own. Raises `not_found`."""
    row = await services.db.read(_readable, who, upload, query.link)
    small = query.size == "thumbnail" and row["thumbnail"]
    url = await (_signed_thumbnail(services, row) if small else _signed(services, row))
    headers = {"location": url, "cache-control": f"private, max-age={int(_CACHED / SECONDS)}"}
    return Document("text/plain; charset=utf-8", b"", status=303, headers=headers)


async def _readable(connection: Connection, who: Principal, upload: str, link: str | None = None) -> Row:
    reviews_mentors, sees_classes = who.may(_REVIEWS_MENTORS), who.may(_SEES_CLASSES)
    row = await connection.fetchrow(queries.READABLE, upload, who.user, reviews_mentors, sees_classes, link)
    if row is None:
        raise MadangError("not_found")
    return row


async def _signed(services: Services, row: Row) -> str:
    how = "inline" if row["media_type"] in SHOWN else "attachment"
    disposition = f"{how}; filename*=UTF-8''{quote(row['name'], safe='')}"  # RFC 6266, RFC 8187
    return await services.s3.presign_get(
        files.kept(row["id"]), seconds=int(LIFE / SECONDS), disposition=disposition
    )


async def _signed_thumbnail(services: Services, row: Row) -> str:
    return await services.s3.presign_get(files.thumbnail(row["id"]), seconds=int(LIFE / SECONDS))
