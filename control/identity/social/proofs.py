"""Whose an identity is: proofs of those that are nobody's yet, and links, each inside the transaction of its caller."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from common.errors import MadangError
from common.postgres import Connection
from control.identity.social import queries
from control.identity.social.providers import Name

Row = Any  # asyncpg's record


async def owner_of(connection: Connection, name: Name, subject: str) -> str | None:
    """Whose it is, if anybody's."""
    owner: str | None = await connection.fetchval(queries.OWNER, name, subject)
    return owner


async def link(connection: Connection, user: str, name: Name, subject: str, now: datetime) -> bool:
    """Make it this person's; whether that is news. Raises `identity_taken` when it is another's, or the person has one of that
    provider already."""
    if await connection.fetchval(queries.LINK, name, subject, user, now) is not None:
        return True
    if await owner_of(connection, name, subject) != user:
        raise MadangError("identity_taken")
    return False


async def take_proof(connection: Connection, proof: bytes, now: datetime) -> tuple[Name, str]:
    """Use up a proof: the provider and the subject. Raises `social_unproven`."""
    row: Row | None = await connection.fetchrow(queries.TAKE_PROOF, proof, now)
    if row is None:
        raise MadangError("social_unproven")
    return row["provider"], row["subject"]
