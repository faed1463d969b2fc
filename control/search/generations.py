"""Since when what was found holds: a generation for each kind, another whenever something changes that searches may find.

PostgreSQL tells everybody who listens, in one order, at the commit of a change, and what it says is the name of the new
generation; so all processes call it by the same name, and nobody has to write it anywhere. Who begins to listen cannot know
what the present one is called: he gives all kinds a new name, for everybody.

A process trusts what it heard only as long as it knows that it hears: a round trip, several times a second, proves that
whatever committed before it was heard. Without one it knows no generation, and nothing may be taken from the cache.
"""

from __future__ import annotations

from typing import Any, Final, NoReturn

import trio

from common.errors import StoreUnavailable
from common.ids import uuid7
from common.logs import get_logger
from common.postgres import Connection, open_session
from common.supervise import Backoff, jittered
from common.units import SECONDS

# After the beginning of a round trip: what is older than a second is never shown.
TRUSTED: Final = 0.9 * SECONDS
_EVERY: Final = 0.3 * SECONDS
_CHANNEL: Final = "search"  # told by `search_changed` in the schema: "<kind>:<generation>"
_ALL: Final = "*"  # said in place of a kind

_ANEW: Final = "SELECT pg_notify($1, $2)"
_log = get_logger(__name__)


class Generations:
    """What the generations are called now, as far as this process knows."""

    def __init__(self) -> None:
        self._begun = ""  # what all kinds were called last, at once
        self._changed: dict[str, str] = {}  # those that were called otherwise since
        self._proven_at = -float("inf")

    def of(self, kind: str) -> str | None:
        """The name of the present generation of `kind`; None when it is not known."""
        if not self._begun or trio.current_time() - self._proven_at > TRUSTED:
            return None
        return self._changed.get(kind, self._begun)

    async def run(self, database_url: str) -> NoReturn:
        """Listen, for ever."""
        backoff = Backoff(most=1 * SECONDS)
        failing = False
        while True:
            try:
                async with open_session(database_url, listen=_CHANNEL, hear=self.hear) as session:
                    await session.run(_say, f"{_ALL}:{uuid7()}")
                    while True:
                        began = trio.current_time()
                        await session.run(_alive)
                        self._proven_at = began
                        failing = False
                        backoff.reset()
                        await trio.sleep(jittered(_EVERY))
            except StoreUnavailable as fault:
                if not failing:
                    _log.warning("searches are not cached: nobody says what changes", why=str(fault))
                failing = True
            finally:
                self._begun = ""
            await trio.sleep(backoff.next())

    def hear(self, said: str) -> None:
        """What PostgreSQL says: of a kind, or of all, the name of the generation that has begun."""
        kind, _, generation = said.partition(":")
        if kind == _ALL:
            self._begun = generation
            self._changed.clear()
        else:
            self._changed[kind] = generation


async def _say(connection: Connection, what: str) -> Any:
    return await connection.fetchval(_ANEW, _CHANNEL, what)


async def _alive(connection: Connection) -> Any:
    return await connection.fetchval("SELECT 1")
