"""How many rooms the public list has, kept small to read.

Whoever changes what the list has only notes it, so that nobody who makes a room waits for another; whoever reads adds the
notes to the tallies (`room_place` in the schema). Here the notes are folded into the tallies, so that there are never many.
A reader sees a fold whole or not at all: the total is exact before, during and after. Were it never to happen, lists would
grow slower and stay right.
"""

from __future__ import annotations

from typing import Final

from common.postgres import Connection, Postgres
from common.units import SECONDS
from control.locks import Lock
from control.services import Services

EVERY: Final = 2 * SECONDS
_MANY: Final = 500  # notes whose places are given back at once: every list reads the whole table

_MAY_FOLD: Final = "SELECT EXISTS (SELECT 1 FROM room_tally_notes) AND pg_try_advisory_xact_lock($1)"
_FOLD: Final = """
    WITH notes AS (
        DELETE FROM room_tally_notes RETURNING category, node, listed, possible
    ), tallied AS (
        INSERT INTO room_tallies AS tally (category, shift, node, listed, possible)
        SELECT lists.category, shifts.shift, node >> (shifts.shift - 8), sum(listed), sum(possible)
        FROM notes, LATERAL (VALUES (''), (notes.category)) lists (category), (VALUES (8), (13), (18)) shifts (shift)
        WHERE lists.category IS NOT NULL
        GROUP BY 1, 2, 3
        ON CONFLICT (category, shift, node) DO UPDATE
        SET listed = tally.listed + excluded.listed, possible = tally.possible + excluded.possible
    )
    SELECT count(*) FROM notes
"""
_GIVE_BACK: Final = "VACUUM room_tally_notes"


async def upkeep(services: Services) -> None:
    """Fold, unless another process does. Raises `StoreUnavailable`."""
    await fold(services.db)


async def fold(db: Postgres) -> int:
    """Fold what notes there are, unless another process does: how many they were. Raises `StoreUnavailable`."""
    folded = await db.transaction(fold_within)
    if folded >= _MANY:
        await db.read(Connection.execute, _GIVE_BACK)  # not in a transaction
    return folded


async def fold_within(connection: Connection) -> int:
    """The same in a transaction of the caller's, and only that."""
    if not await connection.fetchval(_MAY_FOLD, Lock.TALLIES):
        return 0
    folded: int = await connection.fetchval(_FOLD)
    return folded
