"""What one replica says to the shared presence register, and what it has to say anew.

The register is told states, not steps: "this user has n connections with me". Said twice, late or after a loss, that
is still right, so a count cannot drift. `Roster` knows who is connected here, what is yet to be said, and which
sayings are known to have arrived. It refuses to know how they travel, and who is connected elsewhere.

A connection **waits** until the register has admitted it, which it does while its person has few enough of them over all
replicas; from then on it is **held**, and counts whatever happens. A connection is **awake** unless its own word says
that its person is away from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final, Literal, NamedTuple

Word = Literal["online", "away"]
State = Literal["online", "away", "offline"]
GONE: Final = -1  # in place of a count: told to be online in a memory that is lost, and not here any more


class Change(NamedTuple):
    """A person came, went, or turned away, over all replicas.

    Times are milliseconds since 1970 UTC by the register's clock: `at` is when it was told, `last_seen` when the last
    connection of one who is offline ended, if that is known.
    """

    user: str
    state: State
    at: int
    last_seen: int | None = None


class Saying(NamedTuple):
    """A user's connections here: how many are held (or `GONE`), how many of them are awake, and those that wait.

    `waiting` is in the order of arrival, `waiting_awake` the same as text, "1" for each that is awake and "0" for others.
    """

    user: str
    held: int
    awake: int
    waiting: tuple[str, ...] = ()
    waiting_awake: str = ""


class Report(NamedTuple):
    """What is said in one call.

    `serial` grows by one with every call of a term; `acked` is the last one known to have been heard. A register that
    heard less than `acked` has lost something, one that heard `serial` or more is hearing an old saying late.
    """

    serial: int
    acked: int
    sayings: list[Saying]


class _Here:
    """One connection."""

    __slots__ = ("awake", "held")

    def __init__(self, *, awake: bool) -> None:
        self.awake = awake
        self.held = False


class Roster:
    """The connections of this replica by user.

    A term is a time during which the register remembers all that it was told: it begins with `begin`, and ends when a
    call finds something forgotten. Everything is then said anew.
    """

    def __init__(self) -> None:
        self._owner: dict[str, str] = {}  # connection -> user
        self._here: dict[str, dict[str, _Here]] = {}  # user -> connections, the oldest first
        self._unsaid: dict[str, None] = {}  # users who are yet to be said, the longest waiting first
        self._told: set[str] = set()  # users the register may count as connected here
        self._orphans: set[str] = set()  # those of them that are `GONE`
        self._serial = 0
        self._acked = 0

    @property
    def all_said(self) -> bool:
        """Whether there is nothing to say but that we live."""
        return not self._unsaid

    def arrived(self, user: str, connection: str, word: Word = "online") -> None:
        """`connection` is here, and waits; said twice, it is still one."""
        if connection not in self._owner:
            self._owner[connection] = user
            self._here.setdefault(user, {})[connection] = _Here(awake=word == "online")
        self._unsaid[user] = None

    def hold(self, connection: str) -> None:
        """`connection` waits no longer: it counts, whether or not the register would admit it."""
        user = self._owner.get(connection)
        if user is not None:
            self._here[user][connection].held = True
            self._unsaid[user] = None

    def turn(self, connection: str, word: Word) -> None:
        """A person is at `connection`, or away from it. One that is not here changes nothing."""
        user = self._owner.get(connection)
        if user is None or self._here[user][connection].awake == (word == "online"):
            return
        self._here[user][connection].awake = word == "online"
        self._unsaid[user] = None

    def left(self, connection: str) -> None:
        """`connection` is gone. One that never was here changes nothing."""
        user = self._owner.pop(connection, None)
        if user is None:
            return
        del self._here[user][connection]
        if not self._here[user]:
            del self._here[user]
        self._say_or_skip(user)

    def _say_or_skip(self, user: str) -> None:
        if user in self._here or user in self._told:
            self._unsaid[user] = None
        else:
            self._unsaid.pop(user, None)  # came and went unheard

    def here(self, user: str) -> bool:
        """Whether a connection of this user is here."""
        return user in self._here

    def users(self) -> list[str]:
        """Everybody who has a connection here."""
        return list(self._here)

    def begin(self, *, forgotten: bool) -> None:
        """A new term: everybody here is to be said anew.

        Who left unheard in the term before needs no saying, for the register ends the whole of that term by itself;
        unless all of it was `forgotten`, when nobody else could tell that they are gone.
        """
        self._told = {user for user in self._told if user not in self._here} if forgotten else set()
        self._orphans = set(self._told)
        self._unsaid = dict.fromkeys([*self._here, *self._told])
        self._serial = self._acked = 0

    def take(self, most: int) -> Report:
        """What to say next, of up to `most` users; then call `heard`, `unheard` or `begin` before the next one."""
        sayings = [self._saying(user) for user in islice(self._unsaid, most)]
        for saying in sayings:
            del self._unsaid[saying.user]
            if saying.held > 0 or saying.waiting:
                self._told.add(saying.user)
        self._serial += 1
        return Report(self._serial, self._acked, sayings)

    def _saying(self, user: str) -> Saying:
        here = self._here.get(user)
        if here is None:
            return Saying(user, GONE if user in self._orphans else 0, 0)
        waiting = {connection: each for connection, each in here.items() if not each.held}
        held = len(here) - len(waiting)
        awake = sum(each.awake for each in here.values() if each.held)
        marks = "".join("1" if each.awake else "0" for each in waiting.values())
        return Saying(user, held, awake, tuple(waiting), marks)

    def heard(self, report: Report, admitted: Mapping[str, int] = {}) -> list[str]:
        """The register answered, and admitted so many of those who waited, by user; the connections that it refused.

        Those are here no more. Who was not to be admitted but held meanwhile, is; and who turned meanwhile is said again.
        """
        self._acked = report.serial
        refused: list[str] = []
        for saying in report.sayings:
            granted = admitted.get(saying.user, 0)
            refused += self._settle(saying, granted)
            if saying.held <= 0 and not granted:
                self._told.discard(saying.user)
            self._orphans.discard(saying.user)
            if saying.user not in self._here and saying.user not in self._told:
                self._unsaid.pop(saying.user, None)
        return refused

    def _settle(self, saying: Saying, granted: int) -> list[str]:
        """The first of those who waited are held now; the others go, but for those who were held meanwhile."""
        here = self._here.get(saying.user, {})
        for connection in saying.waiting[:granted]:
            if connection in here:
                here[connection].held = True
        refused = [each for each in saying.waiting[granted:] if each in here and not here[each].held]
        for connection in refused:
            del here[connection], self._owner[connection]
        if refused and not here:
            del self._here[saying.user]
        return refused

    def unheard(self, report: Report) -> None:
        """No answer came, and nobody knows whether it was heard: say it again."""
        for saying in report.sayings:
            self._say_or_skip(saying.user)


class Told:
    """Who is here, as far as this replica has told its own people: what must be taken back when nobody else will.

    A replica that dies for good while the register is emptied leaves nobody who remembers its people; but everybody who
    was told of them does.
    """

    def __init__(self) -> None:
        self._states: dict[str, State] = {}

    def __len__(self) -> int:
        return len(self._states)

    def users(self) -> list[str]:
        """Everybody told to be here."""
        return list(self._states)

    def tell(self, states: Iterable[tuple[str, State]]) -> None:
        """These were told, one after the other."""
        for user, state in states:
            if state == "offline":
                self._states.pop(user, None)
            else:
                self._states[user] = state

    def corrections(self, users: Sequence[str], found: Mapping[str, State], at: int) -> list[Change]:
        """What is to be told anew of `users`, when in truth those of `found` are here, and nobody else of them."""
        changes = []
        for user in users:
            told = self._states.get(user)
            state = found.get(user, "offline")
            if told is not None and told != state:
                changes.append(Change(user, state, at))
        return changes


def coalesced(changes: Iterable[Change]) -> list[Change]:
    """The last change of each user; what it overtook is no news any more."""
    return list({change.user: change for change in changes}.values())
