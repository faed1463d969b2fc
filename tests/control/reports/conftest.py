"""People who report, and admins who look into it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.control.rooms.conftest import Guest, Guests, guests, news, talk
from tests.support.control import Control

__all__ = ["Admins", "admins", "guests", "news", "talk"]

Admins = Callable[[int], Awaitable[list[Guest]]]


@pytest.fixture
async def admins(control: Control, guests: Guests) -> Admins:
    """`(sol,) = await admins(1)`: people who are admins."""

    async def admins(count: int) -> list[Guest]:
        people = await guests(count)
        for person in people:
            await control.grant(person.id, "admin")
        return people

    return admins
