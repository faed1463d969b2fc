"""The others in a room: what they are called, who of them types now, and how far each has read. Pure.

Times are seconds of any one monotonic clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from common import protocol
from common.units import MILLISECONDS

MOST: Final = protocol.MAX_MENTIONS
_AT: Final = re.compile(r"(?<!\w)@")


class Company:
    """Everybody else in one room, as far as was told. `me` is not of it."""

    def __init__(self, me: str) -> None:
        self._me = me
        self._names: dict[str, str] = {}  # by nickname, in lower case: ids
        self._typing: dict[str, float] = {}  # until when
        self._read: dict[str, int] = {}

    def learn(self, user: str, name: str) -> None:
        """A member is called so."""
        self._names[name.casefold()] = user

    def gone(self, user: str) -> None:
        """Somebody is no member any more."""
        self._names = {name: each for name, each in self._names.items() if each != user}
        self._typing.pop(user, None)
        self._read.pop(user, None)

    def said(self, user: str, mseq: int) -> None:
        """Somebody said the message `mseq`: they type no more, and have read what stood before it."""
        self._typing.pop(user, None)
        self._has_read(user, mseq)

    def heard(self, news: protocol.Typing | protocol.Read, now: float) -> None:
        """Take news of the room in."""
        if isinstance(news, protocol.Read):
            self._has_read(news.user, news.mseq)
        elif news.on and news.user != self._me:
            self._typing[news.user] = now + news.expires_in_ms * MILLISECONDS
        else:
            self._typing.pop(news.user, None)

    def _has_read(self, user: str, mseq: int) -> None:
        if user != self._me:
            self._read[user] = max(mseq, self._read.get(user, 0))

    def typing(self, now: float) -> list[str]:
        """Who types now, who began first at the front."""
        self._typing = {user: until for user, until in self._typing.items() if until > now}
        return list(self._typing)

    def readers(self, mseq: int) -> int:
        """How many are known to have read the message `mseq`."""
        return sum(read >= mseq for read in self._read.values())

    def mentioned(self, text: str) -> list[str]:
        """The ids of those whom `text` names with an @, `MOST` at most; of names that begin alike, the longest counts.

        What follows a name may stand right behind it, as particles do in Korean.
        """
        found = {self._named(text[at.end() :].casefold(), self._names): None for at in _AT.finditer(text)}
        return [user for user in found if user is not None][:MOST]

    @staticmethod
    def _named(rest: str, names: Mapping[str, str]) -> str | None:
        fitting = [name for name in names if rest.startswith(name)]
        return names[max(fitting, key=len)] if fitting else None
