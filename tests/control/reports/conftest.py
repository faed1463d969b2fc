"""People who report, and admins who look into it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import msgspec
import pytest

from common.permissions import ROLES
from common.tokens import sign
from tests.control.rooms.conftest import Guest, Guests, claims_of, guests, news, talk
from tests.support.control import Control

__all__ = ["Admins", "admins", "guests", "news", "talk"]

Admins = Callable[[int], Awaitable[list[Guest]]]


@pytest.fixture
async def admins(control: Control, guests: Guests) -> AsyncIterator[Admins]:
    """`(sol,) = await admins(1)`: people whose tokens say that they are admins."""
    async with AsyncExitStack() as stack:

        async def admins(count: int) -> list[Guest]:
            people = await guests(count)
            key = await control.services.keys.signing()
            for person in people:
                claims = claims_of(person.id, person.session, control.clock.now_ms // 1000)
                claims = msgspec.structs.replace(
                    claims, roles=("mentee", "admin"), permissions=tuple(sorted(ROLES["admin"]))
                )
                person.http = await stack.enter_async_context(control.with_token(sign(claims, key)))
            return people

        yield admins
