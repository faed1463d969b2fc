"""The register beside a simple model of it: whatever happens, the same people are told of."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatd.core.presence import State, Word
from tests.chatd.presence.town import PEOPLE, News, Replica, Town
from tests.support.redis import Direct

# --- against a simple model -------------------------------------------------------------------------------------------


@dataclass
class ModelTerm:
    """What one replica has said since it began: each user's connections, and those that are awake."""

    seen: float
    here: Counter[str] = field(default_factory=Counter)
    awake: Counter[str] = field(default_factory=Counter)


Present = dict[str, tuple[str, bool]]  # connection -> user, awake


class Model:
    """Presence as it is meant: who is told what, and when, in thirty lines of dictionaries."""

    def __init__(self, lease: float, calm: float) -> None:
        self.lease, self.calm = lease, calm
        self.terms: dict[str, ModelTerm] = {}
        self.states: dict[str, State] = {}  # as told
        self.due: dict[str, float] = {}  # who lost a connection, and when to say what that means
        self.told: News = []

    def say(self, name: str, present: Present, now: float) -> None:
        term = self.terms.setdefault(name, ModelTerm(now))
        before, term.seen = term.here, now
        term.here = Counter(user for user, _ in present.values())
        term.awake = Counter(user for user, awake in present.values() if awake)
        for user in before:
            if term.here[user] < before[user]:
                self.lose(user, now)
        for user in before | term.here:
            if user not in self.due or user not in self.states or self.state(user) == "online":
                self.tell(user)

    def lose(self, user: str, at: float) -> None:
        self.due[user] = max(self.due.get(user, 0), at + self.calm)

    def state(self, user: str) -> State:
        if any(term.awake[user] for term in self.terms.values()):
            return "online"
        return "away" if any(term.here[user] for term in self.terms.values()) else "offline"

    def tell(self, user: str) -> None:
        state = self.state(user)
        if state != self.states.get(user, "offline"):
            self.told.append((user, state))
        if state == "offline":
            self.states.pop(user, None)
        else:
            self.states[user] = state

    def end(self, name: str, seen: float | None = None) -> None:
        if term := self.terms.pop(name, None):
            for user in +term.here:
                self.lose(user, seen or term.seen)

    def sweep(self, now: float) -> None:
        for name, term in list(self.terms.items()):
            if term.seen <= now - self.lease:
                self.end(name)
        for user, due in list(self.due.items()):
            if due <= now:
                del self.due[user]
                self.tell(user)


class Both:
    """The register and the model, led through the same story."""

    def __init__(self, town: Town, model: Model) -> None:
        self.town = town
        self.model = model
        self.replicas = {name: Replica(town, name) for name in ("one", "two")}
        self.present: dict[str, Present] = {name: {} for name in self.replicas}
        self.silent: set[str] = set()

    async def say(self, name: str, *, stammer: bool = False) -> None:
        if name not in self.silent:
            await self.replicas[name].say(stammer=stammer)
            self.model.say(name, self.present[name], self.town.now)

    async def arrive(self, name: str, connection: int) -> None:
        user = f"user-{connection % 3}"
        self.present[name].setdefault(f"{name}-{connection}", (user, True))
        self.replicas[name].roster.arrived(user, f"{name}-{connection}")
        await self.say(name)

    async def leave(self, name: str, connection: int) -> None:
        self.present[name].pop(f"{name}-{connection}", None)
        self.replicas[name].roster.left(f"{name}-{connection}")
        await self.say(name)

    async def turn(self, name: str, connection: int, word: Word) -> None:
        self.replicas[name].roster.turn(f"{name}-{connection}", word)
        if here := self.present[name].get(f"{name}-{connection}"):
            self.present[name][f"{name}-{connection}"] = (here[0], word == "online")
        await self.say(name)

    async def stammer(self, name: str) -> None:
        await self.say(name, stammer=True)

    async def pause(self, name: str) -> None:
        self.silent.add(name)

    async def resume(self, name: str) -> None:
        self.silent.discard(name)
        await self.say(name)

    async def restart(self, name: str) -> None:
        """It crashed; its next boot begins at once."""
        self.silent.discard(name)
        self.replicas[name] = Replica(self.town, name)
        self.present[name] = {}
        self.model.end(name)
        await self.say(name)

    async def drain(self, name: str) -> None:
        """It says good-bye, and the next boot begins."""
        await self.resume(name)
        await self.replicas[name].release()
        self.model.end(name, self.town.now)
        await self.restart(name)

    async def live(self, seconds: int) -> None:
        await self.town.pass_time(seconds)
        for name in self.replicas:
            await self.say(name)
        await self.town.sweep()
        self.model.sweep(self.town.now)
        told, self.model.told = self.model.told, []
        assert sorted(await self.town.news()) == sorted(told)
        assert await self.town.register.states(["user-0", "user-1", "user-2"]) == self.model.states
        assert await self.town.register.count() == len(self.model.states)


names = st.sampled_from(["one", "two"])
steps = st.one_of(
    st.tuples(st.sampled_from(["arrive", "leave"]), names, st.integers(0, 4)),
    st.tuples(st.just("turn"), names, st.integers(0, 4), st.sampled_from(["online", "away"])),
    st.tuples(st.just("live"), st.integers(1, 9)),
    st.tuples(st.sampled_from(["stammer", "pause", "resume", "restart", "drain"]), names),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(steps, max_size=40), times=st.sampled_from([(15, 15), (6, 10), (10, 4)]))
async def test_whatever_happens_those_are_told_whom_the_model_tells(
    redis_url: str, script: list[tuple[str, *tuple[object, ...]]], times: tuple[int, int]
) -> None:
    lease, calm = times
    with closing(Direct(redis_url, PEOPLE)) as server:
        town = Town(server, lease=lease, calm=calm, gap=1_000_000_000)
        await town.open()
        both = Both(town, Model(lease, calm))
        for name, *arguments in script:
            await getattr(both, name)(*arguments)
        for _ in range(6):
            await both.live(5)
        awake = both.present.keys() - both.silent
        here = [each for name in awake for each in both.present[name].values()]
        assert both.model.states == {user: "online" if (user, True) in here else "away" for user, _ in here}
