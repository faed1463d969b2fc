"""A file is asked for: may it be sent, and where to."""

from __future__ import annotations

from typing import Any, Final

from common.errors import MadangError
from common.ids import uuid7
from common.postgres import Connection
from common.protocol import MAX_ATTACHMENTS
from common.units import MINUTES, SECONDS, to_ms
from control import faults
from control.services import Services
from control.uploads import files, queries
from control.uploads.purposes import RULES
from control.uploads.views import AskUpload, SignedUpload
from control.words import line

LIFE: Final = 2 * MINUTES  # of what is signed
MOST_OPEN: Final = 20  # files of one person that are asked for and not confirmed
# Bytes of one person that are nowhere in use, asked for or sent: as much as the largest message carries.
MOST_UNUSED: Final = MAX_ATTACHMENTS * RULES["attachment"].size


async def ask(services: Services, user: str, wanted: AskUpload) -> SignedUpload:
    """Sign one file. Raises `invalid`, `upload_too_large`, `upload_type_refused`, `not_a_member`, `too_many_uploads`."""
    wanted.name = line("name", wanted.name)
    _judge(wanted)
    upload = uuid7()
    signed = await _sign(services, upload, wanted)  # first: a store that is away leaves nothing behind
    await services.db.transaction(_add, user, upload, wanted)
    return signed


def _judge(wanted: AskUpload) -> None:
    rules = RULES[wanted.purpose]
    if (wanted.room is not None) != (wanted.purpose == "attachment"):
        raise MadangError(
            "invalid", fields={"room": faults.ROOM_OF_ATTACHMENT if wanted.room is None else faults.NO_ROOM}
        )
    if rules.types is not None and wanted.media_type not in rules.types:
        raise MadangError("upload_type_refused", fields={"media_type": ", ".join(sorted(rules.types))})
    if wanted.size > rules.size:
        raise MadangError("upload_too_large", fields={"size": f"Expected `int` <= {rules.size}"})


async def _sign(services: Services, upload: str, wanted: AskUpload) -> SignedUpload:
    key, seconds = files.incoming(upload), int(LIFE / SECONDS)
    expires_at = services.clock() + to_ms(LIFE)
    if wanted.method == "POST":
        form = await services.s3.presign_post(
            key, media_type=wanted.media_type, size=wanted.size, seconds=seconds
        )
        return SignedUpload(
            id=upload, method="POST", url=form.url, headers={}, fields=form.fields, expires_at=expires_at
        )
    url = await services.s3.presign_put(key, media_type=wanted.media_type, size=wanted.size, seconds=seconds)
    headers = {"content-type": wanted.media_type}
    return SignedUpload(id=upload, method="PUT", url=url, headers=headers, fields={}, expires_at=expires_at)


async def _add(connection: Connection, user: str, upload: str, wanted: AskUpload) -> None:
    await connection.execute(queries.LOCK_OWNER, user)  # so that many at once are counted one by one
    pending: Any = await connection.fetchrow(queries.PENDING, user)
    if pending["open"] >= MOST_OPEN or pending["bytes"] + wanted.size > MOST_UNUSED:
        raise MadangError("too_many_uploads")
    if wanted.room is not None and not await connection.fetchval(queries.IS_MEMBER, wanted.room, user):
        raise MadangError("not_a_member")
    await connection.execute(
        queries.ADD, upload, user, wanted.purpose, wanted.room, wanted.name, wanted.media_type, wanted.size
    )
