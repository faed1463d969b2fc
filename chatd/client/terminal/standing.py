"""How the connection stands, in words for the status line: connected, connecting, or how long until the next try."""

from __future__ import annotations

import math

from chatd.client.effects import AnyNews, Lost
from chatd.client.terminal.words import say
from common import protocol
from common.errors import Language


class Standing:
    """Follows the client's news. Times are Trio's."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._connected = False
        self._next_try = 0.0
        self._away_since: float | None = None  # None before the first welcome

    @property
    def connected(self) -> bool:
        """Whether a replica has welcomed us and is still there."""
        return self._connected

    def heard(self, news: AnyNews, now: float) -> float:
        """Take news in; after a welcome, how many seconds there was none."""
        if isinstance(news, Lost):
            if self._connected:
                self._away_since = now
            self._connected = False
            self._next_try = now + news.back_in
        elif isinstance(news, protocol.Welcome):
            away = 0.0 if self._away_since is None else now - self._away_since
            self._connected, self._away_since = True, None
            return away
        return 0.0

    def words(self, now: float) -> str:
        """The present standing."""
        if self._connected:
            return "● " + say(self._language, "status connected")
        seconds = math.ceil(self._next_try - now)
        if seconds > 0:
            return "○ " + say(self._language, "status reconnecting", seconds=seconds)
        return "○ " + say(self._language, "status connecting")
