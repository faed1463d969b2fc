"""Nicknames for ids, asked of control in batches and remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import trio

from chatd.client.api import MOST_PEOPLE, ApiUnavailable, Person
from chatd.client.errors import CommandFailed, TokenRefused, TokenUnavailable
from chatd.client.tokens import Session
from common.units import SECONDS

REMEMBERED: Final = 10_000
_BATCH: Final = 0.05 * SECONDS
_PATIENCE: Final = 2 * SECONDS
_RETRY: Final = 5 * SECONDS


class Names:
    """`name_of` answers at once, with a stand-in while the name is being asked; `changed` is called when one comes."""

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        self._session = session
        self._changed = changed
        self._names: dict[str, str] = {}
        self._wanted: dict[str, None] = {}
        self._asked = trio.Event()
        self._came = trio.Event()

    def learn(self, user: str, name: str) -> None:
        """An event told a name."""
        if len(self._names) >= REMEMBERED:
            self._names.pop(next(iter(self._names)))
        self._names[user] = name

    def name_of(self, user: str) -> str:
        """The nickname, or the id's end until it is known."""
        name = self._names.get(user)
        if name is None:
            self._wanted[user] = None
            self._asked.set()
        return name or f"…{user[-4:]}"

    async def name_soon(self, user: str) -> str:
        """The nickname, waiting a little for it."""
        with trio.move_on_after(_PATIENCE):
            while user not in self._names:
                self.name_of(user)
                await self._came.wait()
        return self.name_of(user)

    async def run(self) -> None:
        """Ask for what is wanted."""
        while True:
            await self._asked.wait()
            await trio.sleep(_BATCH)
            batch = list(self._wanted)[:MOST_PEOPLE]
            try:
                people = await self._session.api.people(await self._session.access(), batch)
            except (ApiUnavailable, CommandFailed, TokenUnavailable, TokenRefused):
                await trio.sleep(_RETRY)  # the stand-ins stay until then
                continue
            self._take(batch, people)

    def _take(self, batch: list[str], people: list[Person]) -> None:
        found = {person.id: person.nickname for person in people}
        for user in batch:
            self.learn(user, found.get(user, f"…{user[-4:]}"))  # who does not exist is not asked for again
            del self._wanted[user]
        if not self._wanted:
            self._asked = trio.Event()
        self._came.set()
        self._came = trio.Event()
        self._changed()
