"""People who search, and what they find."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import trio

from common.postgres import Connection
from tests.control.board.conftest import ask
from tests.control.rooms.conftest import Guest, Json, good, guests, news
from tests.support.control import PATIENCE, Control

__all__ = ["ask", "guests", "make_mentor", "news", "search", "suggest", "titles", "until"]


async def search(guest: Guest, text: str, **query: Any) -> list[Json]:
    """What is found."""
    found = good(await guest.http.get("/api/v1/search", params={"text": text, **query}))
    hits: list[Json] = found["hits"]
    return hits


async def titles(guest: Guest, text: str, **query: Any) -> list[str]:
    """How what is found is called."""
    shown = [(hit["kind"], hit[hit["kind"]]) for hit in await search(guest, text, **query)]
    return [each["nickname" if kind == "mentor" else "title"] for kind, each in shown]


async def suggest(guest: Guest, text: str, **query: Any) -> list[str]:
    """The titles that are suggested."""
    found = good(await guest.http.get("/api/v1/search/suggestions", params={"text": text, **query}))
    return [each["title"] for each in found["suggestions"]]


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what another task brings about, by what it heard from PostgreSQL."""
    with trio.fail_after(PATIENCE):
        while not await true():  # noqa: ASYNC110 - it tells nobody
            await trio.sleep(0.01)


async def make_mentor(control: Control, guest: Guest, nickname: str, introduction: str = "") -> None:
    """`guest` is a mentor of that name."""

    async def make(connection: Connection) -> None:
        await connection.execute("UPDATE users SET nickname = $2 WHERE id = $1", guest.id, nickname)
        await connection.execute("INSERT INTO user_roles (user_id, role) VALUES ($1, 'mentor')", guest.id)
        await connection.execute(
            "INSERT INTO mentors (user_id, company, department, introduction, hours, categories)"
            " VALUES ($1, '마당', '개발', $2, '[]', '{music}')",
            guest.id,
            introduction,
        )

    await control.services.db.transaction(make)
