"""How an entry is put into a list that is kept in memory, or retired, by an admin.

An entry is for ever: others refer to it. Put in again it has other names or another place, or is offered again. It is named
by where it stands: its key, with the name of its list before that where a table has several lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from common.errors import MadangError
from common.postgres import Connection
from control.admin.audit import record
from control.admin.views import Act
from control.commons.views import PutCategory
from control.words import line

MOST: Final = 200  # in one list, the retired ones among them: every client holds them all


@dataclass(frozen=True, slots=True)
class Editing:
    """The statements that edit a table, each given where the entry stands (`count` only its list), and what the audit calls
    each act. `put` and `retire` say whether that changed anything."""

    lock: str
    count: str
    has: str
    put: str
    retire: str
    put_as: Act
    retired_as: Act


def tidy(wanted: PutCategory) -> PutCategory:
    """`wanted` in the one form we keep. Raises `invalid`."""
    return PutCategory(ko=line("ko", wanted.ko), en=line("en", wanted.en), position=wanted.position)


async def put(
    connection: Connection, table: Editing, by: str, entry: Sequence[str], wanted: PutCategory
) -> None:
    """Offer an entry under these tidy names. Raises `list_full`."""
    await connection.execute(table.lock)
    known = await connection.fetchval(table.has, *entry)
    if not known and await connection.fetchval(table.count, *entry[:-1]) >= MOST:
        raise MadangError("list_full")
    if await connection.fetchval(table.put, *entry, wanted.ko, wanted.en, wanted.position):
        detail = msgspec.structs.asdict(wanted)
        await record(connection, by, table.put_as, object="/".join(entry), **detail)


async def retire(connection: Connection, table: Editing, by: str, entry: Sequence[str]) -> None:
    """Offer an entry no more. Retiring it again changes nothing. Raises `not_found`."""
    await connection.execute(table.lock)
    if not await connection.fetchval(table.has, *entry):
        raise MadangError("not_found")
    if await connection.fetchval(table.retire, *entry):
        await record(connection, by, table.retired_as, object="/".join(entry))
