"""People who apply, admins who decide, and mentors whom others follow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from common.ids import uuid7
from common.postgres import Connection
from tests.control.reports.conftest import Admins, admins, news, talk
from tests.control.rooms.conftest import Guest, Guests
from tests.control.rooms.conftest import guests as strangers
from tests.support.categories import offer
from tests.support.control import Control

__all__ = [
    "AddPaper",
    "Admins",
    "Mentors",
    "admins",
    "guests",
    "mentors",
    "news",
    "paper",
    "strangers",
    "talk",
]

Mentors = Callable[..., Awaitable[list[Guest]]]
AddPaper = Callable[..., Awaitable[str]]

_AUTHORIZE = "INSERT INTO user_roles (user_id, role) SELECT id, 'mentor' FROM unnest($1::uuid[]) AS id"
_ADD_MENTORS = """
    INSERT INTO mentors (user_id, company, department, introduction, hours, categories)
    SELECT id, '마당', '', '안녕하세요', '[]', $2 FROM unnest($1::uuid[]) AS id
"""
_ADD_PAPER = """
    INSERT INTO uploads (id, owner_id, purpose, name, media_type, size, confirmed_at)
    VALUES ($1, $2, $3, '증명서.pdf', 'application/pdf', 100, CASE WHEN $4 THEN now() END)
"""


@pytest.fixture
async def guests(control: Control, strangers: Guests) -> Guests:
    """`mina, jun = await guests(2)`, who find some categories to choose from."""
    await offer(control, "career", "cooking", "design", "development")
    return strangers


@pytest.fixture
def mentors(control: Control, guests: Guests) -> Mentors:
    """`mina, jun = await mentors(2)`: people who were made mentors, of the category `development` unless others are named."""

    async def mentors(count: int, *categories: str) -> list[Guest]:
        people = await guests(count)

        async def add(connection: Connection) -> None:
            ids = [person.id for person in people]
            await connection.execute(_AUTHORIZE, ids)
            await connection.execute(_ADD_MENTORS, ids, list(categories or ("development",)))

        await control.services.db.transaction(add)
        return people

    return mentors


@pytest.fixture
def paper(control: Control) -> AddPaper:
    """`await paper(mina)`: an upload of hers, put straight into the database."""

    async def paper(owner: Guest, purpose: str = "certificate", *, confirmed: bool = True) -> str:
        upload = uuid7()

        async def add(connection: Connection) -> Any:
            await connection.execute(_ADD_PAPER, upload, owner.id, purpose, confirmed)

        await control.services.db.transaction(add)
        return upload

    return paper
