"""People in rooms, the badges that there are, and admins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from common.ids import uuid7
from common.postgres import Connection
from control import serving
from control.badges import arrears, judging
from tests.control.records.test_records import stay
from tests.control.rooms.conftest import Guest, Guests, Json, good, guests, news
from tests.control.rooms.test_plans import ask
from tests.support import badges
from tests.support.control import Control

__all__ = ["guests", "news", "stay"]

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # a Saturday evening in Seoul
_BEAT = """
    INSERT INTO replica_beats (boot, at) VALUES ($1, $2) ON CONFLICT (boot) DO UPDATE SET at = excluded.at RETURNING true
"""
_DUE = "SELECT count(*) FROM badge_looks WHERE due_at <= $1"

Offer = Callable[..., Awaitable[None]]


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """People are judged when a test says so."""
    others = tuple(each for each in serving._UPKEEP if each[2] not in {judging.judge, arrears.catch_up})
    monkeypatch.setattr(serving, "_UPKEEP", others)


@pytest.fixture
def control(control: Control) -> Control:
    control.clock.now_ms = int(NOW.timestamp() * 1000)
    return control


@pytest.fixture
def offer_badge(control: Control) -> Offer:
    """`await offer_badge("hour", kind="minutes", minutes=60, category="reading", per="week")`"""

    return partial(badges.offer_badge, control.services.db)


@pytest.fixture
async def boss(control: Control, guests: Guests) -> Guest:
    """An admin."""
    (boss,) = await guests(1)
    await control.grant(boss.id, "admin")
    return boss


def now_of(control: Control) -> datetime:
    return datetime.fromtimestamp(control.clock.now_ms / 1000, UTC)


async def judged(control: Control) -> None:
    """Whoever is due has been judged."""
    await judging.judge(control.services)
    assert await ask(control.services.db, _DUE, now_of(control)) == 0


async def live(control: Control, boot: str) -> None:
    """A replica gives a sign of life, now."""
    await ask(control.services.db, _BEAT, boot, now_of(control))


async def badges_of(who: Guest) -> dict[str, Json]:
    """What somebody sees of the badges, by key."""
    listed = good(await who.http.get("/api/v1/me/badges"))["badges"]
    return {each["key"]: each for each in listed}


async def has(control: Control, who: Guest) -> set[str]:
    """The keys of the badges that somebody has."""
    held = "SELECT array_agg(badge) FROM badge_awards WHERE user_id = $1"
    return set(await ask(control.services.db, held, who.id) or ())


async def enters(control: Control, who: Guest, category: str | None = None) -> tuple[str, str]:
    """Somebody is in a room from now on, as a replica sees that lives: that run of the replica, and the stay."""
    boot = uuid7()
    await live(control, boot)
    await stay(control, who, now_of(control), None, category, boot=boot)
    return boot, await ask(control.services.db, "SELECT id::text FROM stays WHERE boot = $1", boot)


async def leaves(control: Control, seen: str) -> None:
    """The stay ends now."""

    async def end(connection: Connection) -> None:
        await connection.execute("UPDATE stays SET left_at = $2 WHERE id = $1", seen, now_of(control))

    await control.services.db.transaction(end)
