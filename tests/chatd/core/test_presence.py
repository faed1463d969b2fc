"""What a replica says of its connections: however it is garbled on the way, the register ends up right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.presence import GONE, Change, Report, Roster, coalesced


def said(roster: Roster) -> dict[str, int]:
    """Everything unsaid, said and heard."""
    counts: dict[str, int] = {}
    while not roster.all_said:
        report = roster.take(500)
        roster.heard(report)
        counts.update(report.counts)
    return counts


def test_a_user_is_counted_by_connections_and_a_connection_once() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    roster.arrived("ann", "a2")
    roster.arrived("ann", "a2")
    assert said(roster) == {"ann": 2}
    roster.left("a1")
    roster.left("a1")
    roster.left("never here")
    assert said(roster) == {"ann": 1}
    assert roster.here("ann")
    roster.left("a2")
    assert said(roster) == {"ann": 0}
    assert not roster.here("ann")


def test_nothing_is_said_twice_but_on_demand() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    assert said(roster) == {"ann": 1}
    assert said(roster) == {}
    roster.arrived("ann", "a1")  # asks for the total
    assert said(roster) == {"ann": 1}


def test_who_came_and_went_unheard_is_not_spoken_of() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    roster.left("a1")
    assert roster.all_said


def test_who_went_while_the_arrival_was_on_its_way_is_said_to_be_gone() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    report = roster.take(500)
    roster.left("a1")
    roster.unheard(report)
    assert said(roster) == {"ann": 0}


def test_a_batch_takes_who_has_waited_longest_and_counts_its_calls() -> None:
    roster = Roster()
    for number in range(5):
        roster.arrived(f"user-{number}", f"c{number}")
    first = roster.take(2)
    assert first == Report(serial=1, acked=0, counts=[("user-0", 1), ("user-1", 1)])
    roster.unheard(first)
    second = roster.take(3)
    assert (second.serial, second.acked) == (2, 0)
    assert second.counts == [("user-2", 1), ("user-3", 1), ("user-4", 1)]
    roster.heard(second)
    assert roster.take(9) == Report(serial=3, acked=2, counts=[("user-0", 1), ("user-1", 1)])


def test_a_new_term_says_everybody_here() -> None:
    roster = Roster()
    for user in ("ann", "bob"):
        roster.arrived(user, f"{user}-1")
    said(roster)
    roster.left("bob-1")
    roster.begin(forgotten=False)
    report = roster.take(500)
    assert report == Report(serial=1, acked=0, counts=[("ann", 1)])


def test_after_all_was_forgotten_those_who_left_meanwhile_are_said_too() -> None:
    roster = Roster()
    for user in ("ann", "bob"):
        roster.arrived(user, f"{user}-1")
    said(roster)
    roster.left("bob-1")
    roster.begin(forgotten=True)
    assert said(roster) == {"ann": 1, "bob": GONE}
    roster.begin(forgotten=True)
    assert said(roster) == {"ann": 1}


def test_one_who_was_gone_and_is_back_is_not_said_to_be_gone() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    said(roster)
    roster.left("a1")
    roster.begin(forgotten=True)
    roster.arrived("ann", "a2")
    assert said(roster) == {"ann": 1}
    roster.left("a2")
    assert said(roster) == {"ann": 0}


def test_of_several_changes_the_last_is_news() -> None:
    changes = [Change("ann", "online", 1), Change("bob", "online", 2), Change("ann", "offline", 3)]
    assert coalesced(changes) == [Change("ann", "offline", 3), Change("bob", "online", 2)]


# --- however it is garbled --------------------------------------------------------------------------------------------


@dataclass
class ToyRegister:
    """Remembers what one replica said in one term, as the real one does."""

    heard_to: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    late: list[Report] = field(default_factory=list)

    def hear(self, report: Report) -> bool:
        if not report.acked <= self.heard_to < report.serial:
            return False
        self.heard_to = report.serial
        for user, count in report.counts:
            self.counts[user] = count
        return True


class World:
    def __init__(self) -> None:
        self.roster = Roster()
        self.register = ToyRegister()
        self.present: dict[str, str] = {}
        self.remembered = ToyRegister()

    def arrive(self, connection: int) -> None:
        user = f"user-{connection % 3}"
        self.present[str(connection)] = user
        self.roster.arrived(user, str(connection))

    def leave(self, connection: int) -> None:
        self.present.pop(str(connection), None)
        self.roster.left(str(connection))

    def say(self, fate: str) -> None:
        report = self.roster.take(2)
        match fate:
            case "heard":
                if self.register.hear(report):
                    self.roster.heard(report)
                else:
                    self.roster.unheard(report)
                    self.begin()
            case "answer lost":
                if not self.register.hear(report):
                    self.begin()
                else:
                    self.roster.unheard(report)
            case "late":
                self.register.late.append(report)
                self.roster.unheard(report)

    def begin(self) -> None:
        self.register = ToyRegister()
        self.roster.begin(forgotten=False)

    def hear_late(self) -> None:
        for report in self.register.late:
            self.register.hear(report)

    def remember(self) -> None:
        self.remembered = ToyRegister(self.register.heard_to, self.register.counts.copy(), self.register.late)

    def lose(self) -> None:
        """The register comes back as it was when it last saved; if that was in this term."""
        if self.remembered.late is self.register.late:
            self.register = self.remembered
            self.remember()

    def settle(self) -> None:
        self.say("heard")
        while not self.roster.all_said:
            self.say("heard")


connections = st.integers(min_value=0, max_value=5)
steps = st.one_of(
    st.tuples(st.just("arrive"), connections),
    st.tuples(st.just("leave"), connections),
    st.tuples(st.just("say"), st.sampled_from(["heard", "answer lost", "late"])),
    st.tuples(st.sampled_from(["hear_late", "remember", "lose", "begin", "settle"])),
)


@given(st.lists(steps, max_size=60))
def test_whatever_is_lost_repeated_or_late_the_register_ends_up_right(script: list[tuple[str, ...]]) -> None:
    world = World()
    for name, *arguments in script:
        getattr(world, name)(*arguments)
    world.settle()
    assert +world.register.counts == Counter(world.present.values())
    assert {user for user in ("user-0", "user-1", "user-2") if world.roster.here(user)} == set(
        world.present.values()
    )
