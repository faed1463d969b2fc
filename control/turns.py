"""Turns: of what would wait for one row's lock, one at a time goes to the database.

Whoever waits for a lock in PostgreSQL keeps a connection of the pool while he waits. When very many want the same row, as
on the minute a class opens, they would keep them all, and nobody else would be served. So they wait here, where it costs
nothing, in the order in which they came; between processes it is still the row's lock that decides.
"""

from __future__ import annotations

from weakref import WeakValueDictionary

import trio


class Turns:
    """A queue for each key, as long as somebody stands in it."""

    def __init__(self) -> None:
        self._queues: WeakValueDictionary[str, trio.Lock] = WeakValueDictionary()

    def of(self, key: str) -> trio.Lock:
        """What to enter with `async with`, in one's turn. Who is cancelled while he waits leaves the queue."""
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = trio.Lock()
        return queue
