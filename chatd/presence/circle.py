"""Who may know of whom, one person at a time and remembered for half a minute: for lists that many ask for at once.

The rule, which `people` and `audience` keep, too. A person's setting says who may know whether they are here: `everyone`
is whoever shares a room with them or is on their list of friends, `friends` is those on that list alone, `nobody` is
nobody. Being on one's own list of somebody gives no right to know of them, or any stranger could take it. And whoever
has blocked the other, or was blocked, knows nothing: to them the other is offline, and was never seen.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import trio

from chatd.batcher import Batcher
from common.postgres import Connection, Postgres
from common.units import SECONDS

Setting = Literal["everyone", "friends", "nobody"]

FRESH: Final = 30 * SECONDS
_MOST: Final = 50_000  # remembered at once; the longest unused go first

_CIRCLES: Final = """
    SELECT other_id::text AS viewer, user_id::text AS person, 'shunned_by' AS why
    FROM relations WHERE other_id = ANY($1::uuid[]) AND kind = 'blocked'
    UNION ALL
    SELECT user_id::text, other_id::text, 'shuns'
    FROM relations WHERE user_id = ANY($1::uuid[]) AND kind = 'blocked'
    UNION ALL
    SELECT other_id::text, user_id::text, 'listed'
    FROM relations
    WHERE other_id = ANY($1::uuid[]) AND kind = 'friend'
        AND (SELECT presence FROM users WHERE users.id = relations.user_id) = 'friends'
"""


class Circle(NamedTuple):
    """What decides of whom somebody may know, among those who share a room with them.

    `shunned_by` are those who blocked them, `shuns` those whom they blocked, and `blocked` both; `listed_by` are those with
    the setting `friends` who have them on their list.
    """

    blocked: frozenset[str] = frozenset()
    listed_by: frozenset[str] = frozenset()
    shunned_by: frozenset[str] = frozenset()
    shuns: frozenset[str] = frozenset()

    def may_know(self, person: str, setting: Setting) -> bool:
        """Whether they may know of somebody with this setting."""
        if person in self.blocked or setting == "nobody":
            return False
        return setting == "everyone" or person in self.listed_by


class Circles:
    """The circles that were asked for lately."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._known: OrderedDict[str, tuple[float, Circle]] = OrderedDict()
        self._batcher: Batcher[str, Circle] = Batcher(self._load)
        self._drops = 0

    async def run(self) -> None:
        """Answer questions, for ever."""
        await self._batcher.run()

    def peek(self, viewer: str) -> Circle | None:
        """The circle of a person if it is freshly known."""
        known = self._known.get(viewer)
        return known[1] if known is not None and known[0] >= trio.current_time() else None

    async def of(self, viewer: str) -> Circle:
        """The circle of a person. Raises `StoreUnavailable`."""
        if (known := self.peek(viewer)) is not None:
            self._known.move_to_end(viewer)
            return known
        drops = self._drops
        circle = await self._batcher.ask(viewer) or Circle()
        if drops == self._drops:
            self._known[viewer] = (trio.current_time() + FRESH, circle)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return circle

    def drop(self, *viewers: str) -> None:
        """Something changed between these; an answer under way may be older than the change."""
        self._drops += 1
        for viewer in viewers:
            self._known.pop(viewer, None)

    def drop_all(self) -> None:
        """Something may have changed unheard."""
        self._drops += 1
        self._known.clear()

    async def _load(self, viewers: Sequence[str]) -> Mapping[str, Circle]:
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in await self._postgres.read(_rows, list(viewers)):
            found[row["viewer"]][row["why"]].add(row["person"])
        return {
            viewer: Circle(
                blocked=frozenset(sets["shunned_by"] | sets["shuns"]),
                listed_by=frozenset(sets["listed"]),
                shunned_by=frozenset(sets["shunned_by"]),
                shuns=frozenset(sets["shuns"]),
            )
            for viewer, sets in found.items()
        }


async def _rows(connection: Connection, viewers: list[str]) -> list[Any]:
    return await connection.fetch(_CIRCLES, viewers)
