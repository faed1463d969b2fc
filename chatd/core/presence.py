"""What one replica says to the shared presence register, and what it has to say anew.

The register is told states, not steps: "this user has n connections with me". Said twice, late or after a loss, that
is still right, so a count cannot drift. `Roster` knows who is connected here, what is yet to be said, and which
sayings are known to have arrived. It refuses to know how they travel, and who is connected elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Final, Literal, NamedTuple

State = Literal["online", "offline"]
GONE: Final = -1  # in place of a count: told to be online in a memory that is lost, and not here any more


class Change(NamedTuple):
    """A person came or went, over all replicas. `at` is milliseconds since 1970 UTC by the register's clock."""

    user: str
    state: State
    at: int


class Report(NamedTuple):
    """What is said in one call: how many connections each of these users has here, or `GONE`.

    `serial` grows by one with every call of a term; `acked` is the last one known to have been heard. A register that
    heard less than `acked` has lost something, one that heard `serial` or more is hearing an old saying late.
    """

    serial: int
    acked: int
    counts: list[tuple[str, int]]


class Roster:
    """The connections of this replica by user.

    A term is a time during which the register remembers all that it was told: it begins with `begin`, and ends when a
    call finds something forgotten. Everything is then said anew.
    """

    def __init__(self) -> None:
        self._owner: dict[str, str] = {}  # connection -> user
        self._counts: Counter[str] = Counter()
        self._unsaid: dict[str, None] = {}  # users whose count is yet to be said, the longest waiting first
        self._told: set[str] = set()  # users the register may count as connected here
        self._orphans: set[str] = set()  # those of them that are `GONE`
        self._serial = 0
        self._acked = 0

    @property
    def all_said(self) -> bool:
        """Whether there is nothing to say but that we live."""
        return not self._unsaid

    def arrived(self, user: str, connection: str) -> None:
        """`connection` is here; said twice, it is still one."""
        if connection not in self._owner:
            self._owner[connection] = user
            self._counts[user] += 1
        self._unsaid[user] = None

    def left(self, connection: str) -> None:
        """`connection` is gone. One that never was here changes nothing."""
        user = self._owner.pop(connection, None)
        if user is None:
            return
        self._counts[user] -= 1
        if self._counts[user]:
            self._unsaid[user] = None
            return
        del self._counts[user]
        self._say_or_skip(user)

    def _say_or_skip(self, user: str) -> None:
        if user in self._counts or user in self._told:
            self._unsaid[user] = None
        else:
            self._unsaid.pop(user, None)  # came and went unheard

    def here(self, user: str) -> bool:
        """Whether a connection of this user is here."""
        return user in self._counts

    def begin(self, *, forgotten: bool) -> None:
        """A new term: everybody here is to be said anew.

        Who left unheard in the term before needs no saying, for the register ends the whole of that term by itself;
        unless all of it was `forgotten`, when nobody else could tell that they are gone.
        """
        self._told = {user for user in self._told if user not in self._counts} if forgotten else set()
        self._orphans = set(self._told)
        self._unsaid = dict.fromkeys([*self._counts, *self._told])
        self._serial = self._acked = 0

    def take(self, most: int) -> Report:
        """What to say next, of up to `most` users; then call `heard`, `unheard` or `begin` before the next one."""
        counts = [(user, self._count(user)) for user in islice(self._unsaid, most)]
        for user, count in counts:
            del self._unsaid[user]
            if count > 0:
                self._told.add(user)
        self._serial += 1
        return Report(self._serial, self._acked, counts)

    def _count(self, user: str) -> int:
        return self._counts[user] or (GONE if user in self._orphans else 0)

    def heard(self, report: Report) -> None:
        """The register answered."""
        self._acked = report.serial
        self._told.difference_update(user for user, count in report.counts if count <= 0)
        self._orphans.difference_update(user for user, _ in report.counts)

    def unheard(self, report: Report) -> None:
        """No answer came, and nobody knows whether it was heard: say it again."""
        for user, _ in report.counts:
            self._say_or_skip(user)


def coalesced(changes: Iterable[Change]) -> list[Change]:
    """The last change of each user; what it overtook is no news any more."""
    return list({change.user: change for change in changes}.values())
