"""A file is confirmed: what came is looked at, and kept only if it is what was promised.

Nothing is decided by what the client says. The steps may be done again from the start, by a retry or by two calls at
once: the copy is of one version of the object, the thumbnail is the same each time, and the row is changed once.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import filetype
import trio

from common.errors import MadangError
from common.postgres import Connection
from common.s3 import StoredObject
from control.services import Services
from control.uploads import files, pictures, queries
from control.uploads.pictures import NotAPicture, Picture
from control.uploads.purposes import LARGEST_PICTURE, PICTURES, SHOWN
from control.uploads.views import Upload, told_of

_HEAD: Final = 8192  # bytes by which a type is known
_DOWNLOAD: Final = "application/octet-stream"
# What filetype says of containers whose words for the same thing differ.
_SAME: Final = {
    "audio/x-wav": "audio/wav",
    "audio/x-m4a": "audio/mp4",
    "video/x-m4v": "video/mp4",
    "video/quicktime": "video/mp4",
}
_AUDIO_TOO: Final = {"audio/mp4": "video/mp4", "audio/webm": "video/webm"}  # told apart by their tracks alone
_decoders: Final = trio.CapacityLimiter(2)  # pictures unpacked at once: each may take much memory

Row = Any  # asyncpg's record


class _MissingError(Exception):
    """There is nothing where the file was to be sent."""


class _Found(NamedTuple):
    """What the file is: the type it is kept as, and the picture if it is one."""

    media_type: str
    picture: Picture | None


async def confirm(services: Services, user: str, upload: str) -> Upload:
    """The file is there, says its owner. Raises `not_found`, `upload_missing`, `upload_mismatch` (and it is gone then)."""
    row = await services.db.read(_own, upload, user)
    if row["confirmed_at"] is not None:
        return Upload(**told_of(row))
    fault = None
    try:
        await _accept(services, row)
    except _MissingError as missing:
        fault = missing
    row = await services.db.read(_own, upload, user)
    if row["confirmed_at"] is None:
        raise MadangError("upload_missing") from fault
    return Upload(**told_of(row))  # perhaps by another call that was faster


async def _accept(services: Services, row: Row) -> None:
    upload, incoming = row["id"], files.incoming(row["id"])
    stored = await services.s3.head(incoming)
    if stored is None:
        raise _MissingError
    found = await _look_at(services, row, stored)
    if found is None:
        await services.db.transaction(_refuse, upload)
        raise MadangError("upload_mismatch")
    if found.picture is not None:
        await services.s3.put(
            files.thumbnail(upload), found.picture.small, media_type=pictures.THUMBNAIL_TYPE
        )
    copied = await services.s3.copy(
        incoming, files.kept(upload), etag=stored.etag, media_type=found.media_type
    )
    if not copied:
        raise _MissingError  # it was sent once more, or swept, while we looked
    if not await services.db.transaction(_keep, upload, found):  # another call did it, or the sweep took it
        return
    await services.s3.delete([incoming])


async def _look_at(services: Services, row: Row, stored: StoredObject) -> _Found | None:
    """What the file is; None when it is not what was promised."""
    claimed: str = row["media_type"]
    if stored.size != row["size"]:
        return None
    if claimed in PICTURES and (row["purpose"] != "attachment" or stored.size <= LARGEST_PICTURE):
        data = await _read(services, row["id"], stored.size)
        try:
            picture = await trio.to_thread.run_sync(pictures.look_at, data, limiter=_decoders)
        except NotAPicture:
            return None
        return _Found(claimed, picture) if picture.media_type == claimed else None
    if claimed not in SHOWN:
        return _Found(_DOWNLOAD, None)  # offered as a download, whatever it is: nobody's browser will run it
    return (
        _Found(claimed, None)
        if _is_what_it_claims(claimed, await _read(services, row["id"], _HEAD))
        else None
    )


async def _read(services: Services, upload: str, first: int) -> bytes:
    try:
        return await services.s3.read(files.incoming(upload), first=first)
    except KeyError:
        raise _MissingError from None


def _is_what_it_claims(claimed: str, head: bytes) -> bool:
    guess = filetype.guess_mime(head)
    return guess is not None and _SAME.get(guess, guess) in {claimed, _AUDIO_TOO.get(claimed)}


async def _own(connection: Connection, upload: str, user: str) -> Row:
    row = await connection.fetchrow(queries.OWN, upload, user)
    if row is None:
        raise MadangError("not_found")
    return row


async def _keep(connection: Connection, upload: str, found: _Found) -> bool:
    picture = found.picture
    size = (picture.width, picture.height) if picture else (None, None)
    kept = await connection.fetchval(queries.CONFIRM, upload, found.media_type, *size, picture is not None)
    return kept is not None


async def _refuse(connection: Connection, upload: str) -> None:
    await connection.execute(queries.REMOVE, upload)
