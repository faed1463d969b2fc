"""The database's schema: numbered SQL files, applied forward only, each once and each in a transaction of its own.

`apply` may be run by many processes at once: one of them works while the others wait, and then find nothing to do. The
wait polls, because a session blocked on an advisory lock holds a snapshot that CREATE INDEX CONCURRENTLY waits for. A
file that was applied is never edited; its checksum is remembered and compared. A migration must leave the previous
release working, for its processes live on until they are replaced; so one that we do not know is none of our business.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import asyncpg

from common.postgres import Connection, Postgres
from common.units import HOURS
from control.locks import Lock

_FOLDER: Final = Path(__file__).parent
_LONGEST: Final = 1 * HOURS

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    name       text PRIMARY KEY,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
_TRY_LOCK: Final = "SELECT pg_try_advisory_lock($1)"
_UNLOCK: Final = "SELECT pg_advisory_unlock($1)"
_APPLIED: Final = "SELECT name, checksum FROM schema_migrations"
_REMEMBER: Final = "INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)"


class SchemaDrift(Exception):
    """A migration that was applied is no longer the file we have."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its name orders it, its checksum tells whether it is still what was applied."""

    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, in hex."""
        return sha256(self.sql.encode()).hexdigest()


def migrations(folder: Path = _FOLDER) -> list[Migration]:
    """The files of `folder` in their order."""
    return [Migration(path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("[0-9]*.sql"))]


async def apply(db: Postgres, folder: Path = _FOLDER) -> list[str]:
    """Apply what is pending; the names of what was. Raises `SchemaDrift`, and then has changed nothing."""
    return await db.read(_apply, migrations(folder))  # a plain connection: each file is its own transaction


async def pending(db: Postgres, folder: Path = _FOLDER) -> list[str]:
    """The names of the migrations that are still to be applied. Raises `SchemaDrift`."""
    return [migration.name for migration in await db.read(_pending, migrations(folder))]


async def _apply(connection: Connection, known: list[Migration]) -> list[str]:
    while not await connection.fetchval(_TRY_LOCK, Lock.MIGRATIONS):
        await connection.fetchval("SELECT pg_sleep(0.1)")
    await connection.execute(_TABLE)
    todo = await _pending(connection, known)
    for migration in todo:
        async with connection.transaction():
            await connection.execute(migration.sql, timeout=_LONGEST)
            await connection.execute(_REMEMBER, migration.name, migration.checksum)
    await connection.fetchval(_UNLOCK, Lock.MIGRATIONS)  # when something went wrong, the pool does it
    return [migration.name for migration in todo]


async def _pending(connection: Connection, known: list[Migration]) -> list[Migration]:
    try:
        applied = {row["name"]: row["checksum"] for row in await connection.fetch(_APPLIED)}
    except asyncpg.UndefinedTableError:
        return known
    for migration in known:
        if applied.get(migration.name, migration.checksum) != migration.checksum:
            raise SchemaDrift(f"the migration {migration.name} was edited after it was applied")
    return [migration for migration in known if migration.name not in applied]
